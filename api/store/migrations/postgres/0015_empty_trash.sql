-- Objects whose trash was emptied. Why it looks like this:
-- * such a row is a bare tombstone: what a person wrote is gone, that it was deleted stays known for as long as deletions
--   are; a flag, and not empty fields, because an object that was deleted before it was made has no fields either;
-- * whoever empties the trash looks for what has lain there for long, in all libraries.

ALTER TABLE object ADD COLUMN blank BIGINT NOT NULL DEFAULT 0;
CREATE INDEX object_trash ON object (updated_at) WHERE deleted = 1 AND blank = 0;
