-- The guard against mass deletion. Why it looks like this:
-- * a device that deletes a large part of a library within minutes is more often broken than meant, so those ops
--   wait in `held_op` until a person confirms or discards them; each is kept whole, as it came;
-- * how much a device deleted lately is counted by the minute in `delete_tally`, for `op` keeps results, not ops.

CREATE TABLE held_op (
  library_id TEXT NOT NULL,
  op_id TEXT NOT NULL,
  device_id TEXT NOT NULL,
  seq BIGINT NOT NULL,
  group_id TEXT,
  op TEXT NOT NULL,
  held_at BIGINT NOT NULL,
  PRIMARY KEY (library_id, op_id)
);

CREATE TABLE delete_tally (
  library_id TEXT NOT NULL,
  device_id TEXT NOT NULL,
  minute BIGINT NOT NULL,
  deletes BIGINT NOT NULL,
  PRIMARY KEY (library_id, device_id, minute)
);
