-- The parts of a library's citation keys, with spaces between them; empty for the usual ones.

ALTER TABLE library ADD COLUMN key_pattern TEXT NOT NULL DEFAULT '';
