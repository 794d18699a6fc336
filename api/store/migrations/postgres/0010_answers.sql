-- What outside sources said, kept for all papers. Why it looks like this:
-- * it is a cache and no record: what a paper is made of stands in `observation`; losing rows costs requests, so no
--   backup holds it, and the oldest rows go when it grows too large (`size` counts what a row takes);
-- * one source asks one address in one way, so that the address is the key; it holds no secret;
-- * `misses` counts how often in a row a source had no such paper: each time it is believed for longer;
-- * `paced` counts a paper's attempts that ended only because it was not its turn anywhere: they are no failures.

CREATE TABLE answer (
  source TEXT NOT NULL,
  asked TEXT COLLATE "C" NOT NULL,
  status BIGINT NOT NULL,
  content_type TEXT NOT NULL,
  raw BYTEA NOT NULL,
  size BIGINT NOT NULL,
  etag TEXT NOT NULL,
  last_modified TEXT NOT NULL,
  fetched_at BIGINT NOT NULL,
  fresh_until BIGINT NOT NULL,
  misses BIGINT NOT NULL,
  PRIMARY KEY (source, asked)
);
CREATE INDEX answer_age ON answer (fetched_at);
ALTER TABLE paper ADD COLUMN paced BIGINT NOT NULL DEFAULT 0;
