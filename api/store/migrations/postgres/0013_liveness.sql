-- Whether an object lives is a rule over the set of its deletions and restores (`api/domain/liveness.py`). Why so:
-- * `liveness` was the last deletion or restore alone; it becomes [standing deletions, latest restore, when it turned];
-- * `clocks` is what earlier versions showed of clocks: an edit's is lifted over what its device had seen.

UPDATE object SET liveness = CASE WHEN deleted = 1
  THEN '[[' || liveness || '],null,' || version || ']' ELSE '[[],' || liveness || ',' || version || ']' END
  WHERE liveness IS NOT NULL;
ALTER TABLE object ADD COLUMN clocks TEXT NOT NULL DEFAULT '[]';
