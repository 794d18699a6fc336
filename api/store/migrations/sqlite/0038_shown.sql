-- What a device is shown of an object, written down when the object is written, so that a pull reads and sends it. Why it
-- looks so:
-- * `shown` is JSON of every field, or null: of what is deleted, of papers (whose record is shown), and of rows that were
--   written before this column; those are made from the state, as before;
-- * `in_full` says that a record has every field that papers have today;
-- * `object_other_name` answers at once whether a library has tags or lists that were merged, which every page asks;
-- * who gives objects or papers another field sets these back to null and 0 in a migration.

ALTER TABLE object ADD COLUMN shown TEXT;
CREATE INDEX object_other_name ON object (library_id, key) WHERE merged_into IS NOT NULL AND type IN ('tag', 'list');
ALTER TABLE paper ADD COLUMN in_full BIGINT NOT NULL DEFAULT 0;
