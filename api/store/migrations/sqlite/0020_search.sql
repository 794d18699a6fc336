-- What searching reads. Why it looks like this:
-- * all of it is made from other tables and may be lost without loss: no backup holds it, and a library whose epoch is
--   another than the one that was read is read anew;
-- * `search_place` is how far a library's changes were read, as a device's cursor is: a save writes nothing for it;
-- * `search_doc` holds the folded words of a library's entries by field, one blank before and after each; the library ''
--   stands for what public sources tell of papers, which all may find;
-- * `search_index` is the full-text index over it: `scope` names the library, so that the index itself skips others;
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
  key TEXT NOT NULL,
  number BIGINT NOT NULL,
  title TEXT NOT NULL,
  authors TEXT NOT NULL,
  venue TEXT NOT NULL,
  abstract TEXT NOT NULL,
  note TEXT NOT NULL,
  marks TEXT NOT NULL,
  PRIMARY KEY (library_id, key)
);
CREATE UNIQUE INDEX search_doc_number ON search_doc (number);

CREATE TABLE search_word (
  library_id TEXT NOT NULL,
  stem TEXT NOT NULL,
  shown TEXT NOT NULL,
  n BIGINT NOT NULL,
  PRIMARY KEY (library_id, stem)
);

CREATE TABLE search_gram (
  library_id TEXT NOT NULL,
  gram TEXT NOT NULL,
  stem TEXT NOT NULL,
  PRIMARY KEY (library_id, gram, stem)
);

CREATE VIRTUAL TABLE search_index USING fts5(
  scope, title, rest, content='', tokenize="unicode61 remove_diacritics 0 categories 'L* N* Co Mn Mc'"
);
CREATE TRIGGER search_doc_added AFTER INSERT ON search_doc BEGIN
  INSERT INTO search_index (rowid, scope, title, rest) VALUES (new.number, 'l' || replace(new.library_id, '-', ''), new.title, new.authors || new.venue || new.abstract || new.note || new.marks); END;
CREATE TRIGGER search_doc_gone AFTER DELETE ON search_doc BEGIN
  INSERT INTO search_index (search_index, rowid, scope, title, rest) VALUES ('delete', old.number, 'l' || replace(old.library_id, '-', ''), old.title, old.authors || old.venue || old.abstract || old.note || old.marks); END;

ALTER TABLE paper ADD COLUMN indexed_version BIGINT NOT NULL DEFAULT 0;
CREATE INDEX paper_unindexed ON paper (id) WHERE indexed_version <> version;
