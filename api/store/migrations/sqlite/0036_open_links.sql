-- An open link: an address whose secret is no secret. Why it looks like this:
-- * `slug` is what stands in the address of a list that its owner shows to everybody, so it is kept as it is and shown
--   again; of every other address only the hash is kept, and the column is empty;
-- * the hash of the slug is in `secret_hash` too: both kinds are found, counted and ended in the same way.

ALTER TABLE public_address ADD COLUMN slug TEXT;
