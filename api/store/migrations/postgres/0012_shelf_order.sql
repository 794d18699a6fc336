-- The order of saving, as the slim index and the library's lists walk it. Why it looks like this:
-- * an entry that a device only named has no time of saving, so the order is that of the expression and not of the
--   column; without an index on the very same expression each page sorts the whole library;
-- * only what lives is listed, and no query asks for the column alone any more.

CREATE INDEX object_shelf ON object (library_id, type, COALESCE(saved_at, ''), key) WHERE deleted = 0;
DROP INDEX object_saved;
