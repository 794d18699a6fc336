-- A page of a tag's entries, the last saved first, read from an index and no further than the page goes: PostgreSQL read
-- and sorted all entries of a tag for its first fifty. Why it looks so:
-- * `saved_at` is that of the entry, which never changes, in each of its members;
-- * a process of the version before this one leaves it empty: such an entry comes last until it is written again.

ALTER TABLE member ADD COLUMN saved_at TEXT;
UPDATE member SET saved_at = (SELECT o.saved_at FROM object o WHERE o.library_id = member.library_id AND o.key = member.key)
  WHERE present = 1;
CREATE INDEX member_saved ON member (library_id, field, member, COALESCE(saved_at, ''), key) WHERE present = 1;
