-- Addresses that keep themselves up to date. Why it looks like this:
-- * whoever holds the secret reads the list, so only its hash is kept, as of every secret that we hand out;
-- * `seen_version` and `changed_at` are those of the library when it was last found changed: programs that know no
--   ETag ask by the second, and nothing else says when a list changed, a deletion and a paper's news among the reasons.

CREATE TABLE public_address (
  library_id TEXT NOT NULL,
  id TEXT NOT NULL,
  secret_hash TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  format TEXT NOT NULL,
  tag TEXT,
  list TEXT,
  q TEXT,
  created_at BIGINT NOT NULL,
  seen_version BIGINT NOT NULL,
  changed_at BIGINT NOT NULL,
  PRIMARY KEY (library_id, id)
);
