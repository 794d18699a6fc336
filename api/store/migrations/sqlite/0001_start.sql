-- The first schema. Why it looks like this:
-- * user data carries library_id as the first column of every key, so that one library lives on one node;
-- * everything that syncs is one row of `object` with one version from the library's counter, so that a pull is
--   one walk over one index; what queries filter by is lifted out of the JSON into columns;
-- * being tagged or listed is a row of `member` with its own stamps, never an array inside an entry;
-- * work to be done is a state in the database (enrich_state, next_try_at, import state), the queue only reminds;
-- * `epoch`, `floor` and `library_commit` are there from the first day: restore and eviction need them.
-- Times are Unix milliseconds, truth values 0 or 1, JSON is text.

CREATE TABLE account (
  id TEXT PRIMARY KEY,
  email TEXT NOT NULL,
  email_folded TEXT NOT NULL UNIQUE,
  password_hash TEXT NOT NULL,
  disabled BIGINT NOT NULL DEFAULT 0,
  created_at BIGINT NOT NULL
);

CREATE TABLE library (
  id TEXT PRIMARY KEY,
  owner_id TEXT NOT NULL REFERENCES account (id),
  version BIGINT NOT NULL DEFAULT 0,
  floor BIGINT NOT NULL DEFAULT 0,
  epoch TEXT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE INDEX library_owner ON library (owner_id);

CREATE TABLE library_epoch (
  library_id TEXT NOT NULL,
  epoch TEXT NOT NULL,
  parent TEXT,
  at_version BIGINT NOT NULL,
  started_at BIGINT NOT NULL,
  PRIMARY KEY (library_id, epoch)
);

CREATE TABLE library_commit (
  library_id TEXT NOT NULL,
  version BIGINT NOT NULL,
  tag TEXT NOT NULL,
  PRIMARY KEY (library_id, version)
);

CREATE TABLE device (
  id TEXT PRIMARY KEY,
  account_id TEXT NOT NULL REFERENCES account (id),
  library_id TEXT NOT NULL REFERENCES library (id),
  name TEXT NOT NULL,
  client_id TEXT NOT NULL,
  scopes TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  seen_at BIGINT NOT NULL,
  revoked_at BIGINT
);
CREATE INDEX device_account ON device (account_id);

CREATE TABLE refresh_token (
  token_hash TEXT PRIMARY KEY,
  device_id TEXT NOT NULL REFERENCES device (id),
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  used_at BIGINT
);
CREATE INDEX refresh_token_device ON refresh_token (device_id);

CREATE TABLE device_grant (
  device_code_hash TEXT PRIMARY KEY,
  user_code TEXT NOT NULL UNIQUE,
  client_id TEXT NOT NULL,
  device_name TEXT NOT NULL,
  state TEXT NOT NULL,
  account_id TEXT,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  polled_at BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE one_time_link (
  token_hash TEXT PRIMARY KEY,
  purpose TEXT NOT NULL,
  email TEXT,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  used_at BIGINT
);

CREATE TABLE access_token (
  id TEXT PRIMARY KEY,
  token_hash TEXT NOT NULL UNIQUE,
  account_id TEXT NOT NULL REFERENCES account (id),
  library_id TEXT NOT NULL REFERENCES library (id),
  name TEXT NOT NULL,
  scopes TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT,
  used_at BIGINT,
  revoked_at BIGINT
);
CREATE INDEX access_token_account ON access_token (account_id);

CREATE TABLE paper (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  title TEXT NOT NULL,
  title_folded TEXT NOT NULL,
  year BIGINT,
  venue TEXT,
  has_code BIGINT NOT NULL DEFAULT 0,
  has_pdf BIGINT NOT NULL DEFAULT 0,
  record TEXT NOT NULL,
  provenance TEXT NOT NULL,
  search_text TEXT NOT NULL,
  enrich_state TEXT NOT NULL,
  next_try_at BIGINT NOT NULL,
  attempts BIGINT NOT NULL DEFAULT 0,
  lease_until BIGINT NOT NULL DEFAULT 0,
  redirect_to TEXT,
  version BIGINT NOT NULL DEFAULT 1,
  created_at BIGINT NOT NULL
);
CREATE INDEX paper_due ON paper (next_try_at) WHERE enrich_state <> 'done';

CREATE TABLE paper_identifier (
  scheme TEXT NOT NULL,
  value TEXT NOT NULL,
  paper_id TEXT NOT NULL REFERENCES paper (id),
  source TEXT NOT NULL,
  claimed_at BIGINT NOT NULL,
  PRIMARY KEY (scheme, value)
);
CREATE INDEX paper_identifier_paper ON paper_identifier (paper_id);

CREATE TABLE observation (
  paper_id TEXT NOT NULL REFERENCES paper (id),
  source TEXT NOT NULL,
  asked TEXT NOT NULL,
  asked_at BIGINT NOT NULL,
  status BIGINT NOT NULL,
  raw BLOB NOT NULL,
  finding TEXT,
  parser_version BIGINT NOT NULL,
  PRIMARY KEY (paper_id, source, asked)
);

CREATE TABLE object (
  library_id TEXT NOT NULL REFERENCES library (id),
  key TEXT NOT NULL,
  type TEXT NOT NULL,
  version BIGINT NOT NULL,
  deleted BIGINT NOT NULL DEFAULT 0,
  merged_into TEXT,
  paper_id TEXT,
  parent_key TEXT,
  name_folded TEXT,
  citekey TEXT,
  has_note BIGINT NOT NULL DEFAULT 0,
  status TEXT,
  saved_at TEXT,
  liveness TEXT,
  edited TEXT NOT NULL,
  fields TEXT NOT NULL,
  stamps TEXT NOT NULL,
  other_versions TEXT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (library_id, key)
);
CREATE UNIQUE INDEX object_version ON object (library_id, version);
CREATE UNIQUE INDEX object_paper ON object (library_id, type, paper_id)
  WHERE paper_id IS NOT NULL AND merged_into IS NULL;
CREATE INDEX object_of_paper ON object (paper_id) WHERE type = 'paper';
CREATE INDEX object_name ON object (library_id, type, name_folded) WHERE name_folded IS NOT NULL;
CREATE INDEX object_parent ON object (library_id, parent_key) WHERE parent_key IS NOT NULL;
CREATE INDEX object_saved ON object (library_id, type, saved_at);

CREATE TABLE member (
  library_id TEXT NOT NULL,
  key TEXT NOT NULL,
  field TEXT NOT NULL,
  member TEXT NOT NULL,
  present BIGINT NOT NULL,
  added TEXT,
  removed TEXT,
  PRIMARY KEY (library_id, key, field, member)
);
CREATE INDEX member_of ON member (library_id, field, member, key) WHERE present = 1;

CREATE TABLE citekey (
  library_id TEXT NOT NULL,
  folded TEXT NOT NULL,
  entry_key TEXT NOT NULL,
  PRIMARY KEY (library_id, folded)
);

CREATE TABLE op (
  library_id TEXT NOT NULL,
  op_id TEXT NOT NULL,
  device_id TEXT NOT NULL,
  seq BIGINT NOT NULL,
  result TEXT NOT NULL,
  taken_at BIGINT NOT NULL,
  PRIMARY KEY (library_id, op_id)
);

CREATE TABLE sequence (
  library_id TEXT NOT NULL,
  device_id TEXT NOT NULL,
  seq BIGINT NOT NULL,
  op_id TEXT NOT NULL,
  PRIMARY KEY (library_id, device_id, seq)
);

CREATE TABLE sync_device (
  library_id TEXT NOT NULL,
  device_id TEXT NOT NULL,
  session_id TEXT NOT NULL,
  PRIMARY KEY (library_id, device_id)
);

CREATE TABLE ack (
  library_id TEXT NOT NULL,
  device_id TEXT NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (library_id, device_id)
);

CREATE TABLE import_job (
  library_id TEXT NOT NULL,
  id TEXT NOT NULL,
  account_id TEXT NOT NULL,
  filename TEXT NOT NULL,
  format TEXT NOT NULL,
  body BLOB NOT NULL,
  state TEXT NOT NULL,
  total BIGINT NOT NULL DEFAULT 0,
  imported BIGINT NOT NULL DEFAULT 0,
  merged BIGINT NOT NULL DEFAULT 0,
  reported BIGINT NOT NULL DEFAULT 0,
  report TEXT NOT NULL,
  lease_until BIGINT NOT NULL DEFAULT 0,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (library_id, id)
);
CREATE INDEX import_due ON import_job (state) WHERE state IN ('queued', 'running');
