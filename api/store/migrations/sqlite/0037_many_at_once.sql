-- What changes of many entries at once did, so that a press of "undo" takes back that and nothing else. Why it looks so:
-- * `was` is JSON: of the entries that such a change touched, the keys by what each had before;
-- * a change of a whole library goes in pieces, that a writer never waits for long; each piece is a row, so that what
--   was done is known also where the process ended between two of them.

CREATE TABLE many_edit (
  library_id TEXT NOT NULL,
  id TEXT NOT NULL,
  piece BIGINT NOT NULL,
  wish TEXT NOT NULL,
  was TEXT NOT NULL,
  made_at BIGINT NOT NULL,
  PRIMARY KEY (library_id, id, piece)
);
