-- What papers mean, for the optional search by meaning. Why it looks like this:
-- * a vector is made of the same texts as its row in `search_doc`, goes when that goes, and no backup holds it;
-- * `model` names who made it: vectors of two models say nothing together;
-- * `made` numbers them, so that a process reads only those that it does not have; `vectors` is the last number, which
--   no other vector gets when its own is gone.

CREATE TABLE search_vector (
  library_id TEXT NOT NULL,
  key TEXT NOT NULL,
  model TEXT NOT NULL,
  made BIGINT NOT NULL,
  vector BLOB NOT NULL,
  PRIMARY KEY (library_id, key)
);
CREATE INDEX search_vector_made ON search_vector (library_id, made);

ALTER TABLE search_place ADD COLUMN vectors BIGINT NOT NULL DEFAULT 0;
