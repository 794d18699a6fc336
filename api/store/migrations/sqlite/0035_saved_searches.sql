-- Searches that a person keeps by name. Why it looks like this:
-- * `query` is the query string of the library page, which reads whatever it does not know as nothing: a search that
--   was kept stays good when filters are added or go;
-- * no object of the sync protocol is one, so devices that are out there meet nothing new.

CREATE TABLE saved_search (
  library_id TEXT NOT NULL,
  id TEXT NOT NULL,
  name TEXT NOT NULL,
  query TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (library_id, id)
);
