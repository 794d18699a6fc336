-- What searching reads. Why it looks like this:
-- * all of it is made from other tables and may be lost without loss: no backup holds it, and a library whose epoch is
--   another than the one that was read is read anew;
-- * `search_place` is how far a library's changes were read, as a device's cursor is: a save writes nothing for it;
-- * `search_doc` holds the folded words of a library's entries by field, one blank before and after each; the library ''
--   stands for what public sources tell of papers, which all may find;
-- * `words` is the same as an index reads it; its word `l…` names the library, so that the index itself skips others;
-- * `search_word` counts in how many documents a word is, `search_gram` finds words that are spelt alike;
-- * a paper whose `indexed_version` is not its version is to be read again, so that old data fills itself in.

CREATE TABLE search_place (
  library_id TEXT NOT NULL,
  epoch TEXT NOT NULL,
  version BIGINT NOT NULL,
  docs BIGINT NOT NULL,
  PRIMARY KEY (library_id)
);

CREATE TABLE search_doc (
  library_id TEXT NOT NULL,
  key TEXT COLLATE "C" NOT NULL,
  title TEXT NOT NULL,
  authors TEXT NOT NULL,
  venue TEXT NOT NULL,
  abstract TEXT NOT NULL,
  note TEXT NOT NULL,
  marks TEXT NOT NULL,
  words TSVECTOR NOT NULL,
  PRIMARY KEY (library_id, key)
);
CREATE INDEX search_doc_words ON search_doc USING gin (words) WITH (fastupdate = off);

CREATE TABLE search_word (
  library_id TEXT NOT NULL,
  stem TEXT COLLATE "C" NOT NULL,
  shown TEXT NOT NULL,
  n BIGINT NOT NULL,
  PRIMARY KEY (library_id, stem)
);

CREATE TABLE search_gram (
  library_id TEXT NOT NULL,
  gram TEXT COLLATE "C" NOT NULL,
  stem TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (library_id, gram, stem)
);

ALTER TABLE paper ADD COLUMN indexed_version BIGINT NOT NULL DEFAULT 0;
CREATE INDEX paper_unindexed ON paper (id) WHERE indexed_version <> version;
