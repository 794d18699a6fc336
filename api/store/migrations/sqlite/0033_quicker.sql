-- Filters by status and by code or PDF walked over the whole library for a few rows: 150 and 750 ms of 100,000 entries.
CREATE INDEX object_status ON object (library_id, status, COALESCE(saved_at, ''), key) WHERE type = 'entry' AND deleted = 0;
CREATE INDEX paper_with_code ON paper (id) WHERE has_code = 1;
CREATE INDEX paper_with_pdf ON paper (id) WHERE has_pdf = 1;
