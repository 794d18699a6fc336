-- What was merged into an object, by that object: pages, exports and searches ask it of what they show, and without this
-- index each of them walks over the library.

CREATE INDEX object_merged ON object (library_id, merged_into) WHERE merged_into IS NOT NULL;
