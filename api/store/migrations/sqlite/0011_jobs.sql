-- Jobs that a person can see. Why it looks like this:
-- * a job that kills its worker says nothing any more, so its start is written before it begins: `starts` counts those
--   since one came to an end, and `trouble` says why the last one did not; at the cap the job is a dead letter
--   (`dead_at`), which comes back only when a person asks;
-- * `asked_by` is the request that the work goes back to, so that both logs can be read together;
-- * `clock_round` is what the tickers do in turns: each slot is taken by one of them, and the last one can be looked at;
-- * somebody must be the one who may look at all that: the owner, who is the first that was let in by the machine.

ALTER TABLE paper ADD COLUMN starts BIGINT NOT NULL DEFAULT 0;
ALTER TABLE paper ADD COLUMN dead_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE paper ADD COLUMN trouble TEXT;
ALTER TABLE paper ADD COLUMN asked_by TEXT;
CREATE INDEX paper_begun ON paper (starts) WHERE starts > 0 AND dead_at = 0;
CREATE INDEX paper_failed ON paper (id) WHERE dead_at > 0 OR enrich_state = 'failed';

ALTER TABLE import_job ADD COLUMN starts BIGINT NOT NULL DEFAULT 0;
ALTER TABLE import_job ADD COLUMN dead_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE import_job ADD COLUMN trouble TEXT;
ALTER TABLE import_job ADD COLUMN asked_by TEXT;
CREATE INDEX import_dead ON import_job (dead_at) WHERE dead_at > 0;

ALTER TABLE account ADD COLUMN is_owner BIGINT NOT NULL DEFAULT 0;
UPDATE account SET is_owner = 1 WHERE id = (SELECT id FROM account ORDER BY created_at, id LIMIT 1);

CREATE TABLE clock_round (
  name TEXT PRIMARY KEY,
  slot BIGINT NOT NULL,
  began_at BIGINT NOT NULL,
  ended_at BIGINT,
  found BIGINT NOT NULL DEFAULT 0,
  trouble TEXT
);
