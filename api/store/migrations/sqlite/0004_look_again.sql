-- Looking at a paper again once it is known. Why it looks like this:
-- * `again_at` is when a paper that is done is due once more (0: never), beside `next_try_at`, which is that of work
--   not done; `looks` counts how often it was done, for the gaps grow;
-- * a paper is taken by one statement that also moves its lease, so that however many tickers remind, each time is one
--   look; papers done before this migration come back within two weeks, each at its own time;
-- * whether anybody still has a paper must not cost a walk over all libraries.

ALTER TABLE paper ADD COLUMN again_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE paper ADD COLUMN looks BIGINT NOT NULL DEFAULT 0;
UPDATE paper SET again_at = next_try_at + 604800000 + created_at % 604800000, looks = 1
  WHERE enrich_state = 'done' AND kind <> 'webpage';
CREATE INDEX paper_again ON paper (again_at) WHERE again_at > 0;
CREATE INDEX object_entry_of_paper ON object (paper_id) WHERE type = 'entry' AND deleted = 0;
