-- A person's corrections of papers. Why it looks like this:
-- * `paper` is shared, so what a library says of it lies beside it, one row for each library and paper;
-- * what queries sort and search by is lifted out of the JSON, and is NULL where the person said nothing about it.

CREATE TABLE correction (
  library_id TEXT NOT NULL,
  paper_id TEXT NOT NULL,
  fields TEXT NOT NULL,
  title_folded TEXT,
  year BIGINT,
  venue TEXT,
  search_text TEXT NOT NULL,
  PRIMARY KEY (library_id, paper_id)
);
