-- What readers did with papers, and what trends. Why it looks like this:
-- * `signal` is made of a library's objects behind its back, from the version that `signal_seen` names on, so that no save
--   waits for it; a paper's rows are made anew whenever something of it changed, so that what is undone counts no more;
-- * whoever does not want to be counted has no rows (`counted`);
-- * `outside_pick` is what an outside list said of a paper on a day: its share among that list, from 0 to 1, and words;
-- * `trend` is the last ranking, whole: nobody who looks waits for it, and all who look see the same.

ALTER TABLE library ADD COLUMN counted BIGINT NOT NULL DEFAULT 1;

CREATE TABLE signal_seen (
  library_id TEXT NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL
);

CREATE TABLE signal (
  library_id TEXT NOT NULL,
  paper_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (library_id, paper_id, kind)
);
CREATE INDEX signal_at ON signal (at);

CREATE TABLE outside_pick (
  source TEXT NOT NULL,
  day TEXT NOT NULL,
  paper_id TEXT NOT NULL,
  share DOUBLE PRECISION NOT NULL,
  words TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (source, day, paper_id)
);
CREATE INDEX outside_pick_at ON outside_pick (at);

CREATE TABLE trend (
  span TEXT NOT NULL,
  place BIGINT NOT NULL,
  paper_id TEXT NOT NULL,
  score DOUBLE PRECISION NOT NULL,
  people BIGINT NOT NULL,
  reasons TEXT NOT NULL,
  days TEXT NOT NULL,
  ranked_at BIGINT NOT NULL,
  PRIMARY KEY (span, place)
);
