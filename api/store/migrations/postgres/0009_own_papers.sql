-- A person's word about identity, for their own library. Why it looks like this:
-- * a library that splits or joins papers gets rows of its own in `paper` (`for_library`), derived anew from the shared
--   answers; they are done for ever, so that no worker takes them, and no other library sees them;
-- * `own_identifier` says whose an identifier is in that library, and beats `paper_identifier` there: a library that
--   spoke about one identifier of a shared paper has a row for each of them;
-- * it is also asked from the other side, which libraries spoke about an identifier, hence its index;
-- * `apart` keeps which two papers are not the same, so that nobody proposes it again; `one` sorts before `other`.

ALTER TABLE paper ADD COLUMN for_library TEXT;
CREATE INDEX paper_own ON paper (for_library) WHERE for_library IS NOT NULL;

CREATE TABLE own_identifier (
  library_id TEXT NOT NULL,
  scheme TEXT NOT NULL,
  value TEXT NOT NULL,
  paper_id TEXT NOT NULL,
  said_at BIGINT NOT NULL,
  PRIMARY KEY (library_id, scheme, value)
);
CREATE INDEX own_identifier_paper ON own_identifier (library_id, paper_id);
CREATE INDEX own_identifier_value ON own_identifier (scheme, value);

CREATE TABLE apart (
  library_id TEXT NOT NULL,
  one TEXT NOT NULL,
  other TEXT NOT NULL,
  said_at BIGINT NOT NULL,
  PRIMARY KEY (library_id, one, other)
);
