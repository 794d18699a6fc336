-- Entries without a citation key, which every export gives one first. Why it looks like this:
-- * nearly always there are none, and without an index that is known only after a walk through the whole library.

CREATE INDEX object_keyless ON object (library_id, saved_at, key)
  WHERE type = 'entry' AND deleted = 0 AND citekey IS NULL;
