-- The daily mail, and mails at all. Why it looks like this:
-- * `digest` is what a reader wants: nothing is mailed before `confirmed_at`; `next_at` is the moment of the next issue,
--   0 for none, and `next_date` the reader's own date then, in their zone;
-- * `digest_issue` makes an issue unique: one for a reader and local date, however many tickers and workers there are;
-- * `digest_paper` is what was told already, in which part and why: nothing is told twice;
-- * `mail` is the outbox: written in the transaction that decides to send, and sent by a worker. Once it is sent only
--   the hash of its way out (`unsubscribe_hash`) stays, so that old mails can still end what they came from;
-- * a paper says since when its code is there and since when it is published, so that readers can be told.

CREATE TABLE digest (
  library_id TEXT NOT NULL PRIMARY KEY,
  frequency TEXT NOT NULL,
  way TEXT NOT NULL,
  hour BIGINT NOT NULL,
  weekday BIGINT NOT NULL,
  zone TEXT NOT NULL,
  parts TEXT NOT NULL,
  most BIGINT NOT NULL,
  next_at BIGINT NOT NULL DEFAULT 0,
  next_date TEXT NOT NULL DEFAULT '',
  confirmed_at BIGINT NOT NULL DEFAULT 0,
  confirm_hash TEXT UNIQUE,
  confirm_until BIGINT NOT NULL DEFAULT 0,
  consent TEXT NOT NULL DEFAULT '',
  paused TEXT NOT NULL DEFAULT '',
  feed_hash TEXT UNIQUE,
  changed_at BIGINT NOT NULL
);
CREATE INDEX digest_due ON digest (next_at) WHERE next_at > 0;

CREATE TABLE digest_issue (
  library_id TEXT NOT NULL,
  local_date TEXT NOT NULL,
  made_at BIGINT NOT NULL,
  papers BIGINT NOT NULL,
  PRIMARY KEY (library_id, local_date)
);

CREATE TABLE digest_paper (
  library_id TEXT NOT NULL,
  part TEXT NOT NULL,
  paper_id TEXT NOT NULL,
  why TEXT NOT NULL,
  local_date TEXT NOT NULL,
  made_at BIGINT NOT NULL,
  PRIMARY KEY (library_id, part, paper_id)
);

CREATE TABLE mail (
  library_id TEXT NOT NULL,
  slot TEXT NOT NULL,
  recipient TEXT NOT NULL,
  message BLOB NOT NULL,
  state TEXT NOT NULL,
  tries BIGINT NOT NULL DEFAULT 0,
  next_try_at BIGINT NOT NULL,
  trouble TEXT NOT NULL DEFAULT '',
  unsubscribe_hash TEXT UNIQUE,
  created_at BIGINT NOT NULL,
  sent_at BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (library_id, slot)
);
CREATE INDEX mail_due ON mail (next_try_at) WHERE state = 'waiting';

ALTER TABLE paper ADD COLUMN code_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE paper ADD COLUMN published_at BIGINT NOT NULL DEFAULT 0;
CREATE INDEX paper_code_at ON paper (code_at) WHERE code_at > 0;
CREATE INDEX paper_published_at ON paper (published_at) WHERE published_at > 0;
