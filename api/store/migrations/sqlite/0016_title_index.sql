-- Papers by their title, to propose which might be the same. Why it looks like this:
-- * without it each look at a paper walks over the library, 70 ms where that holds 10,000;
-- * the beginning of the title is enough to find a few, and a title may be longer than PostgreSQL lets an index hold.

CREATE INDEX paper_title ON paper (substr(title_folded, 1, 200));
