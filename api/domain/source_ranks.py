"""Who is believed about what: one row for each source, one column for each group of fields.

A new source is one row. Refuses a rank for the source as a whole: the archive knows the abstract best, the registry the
venue, the person everything.
"""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from api.domain.papers import Finding, Kind

Column = Literal["title", "abstract", "venue", "dates", "preprinted", "primary_class"]

PERSON = "user"  # what a person entered beats all and passes every gate


class Ranks(NamedTuple):
    """Smaller is believed first; None is never asked. `title` serves authors too, `venue` all of the publication."""

    title: int
    abstract: int
    venue: int
    dates: int
    preprinted: int
    primary_class: int | None


_SOURCES = {
    PERSON: Ranks(0, 0, 0, 0, 0, 0),
    "crossref": Ranks(1, 5, 1, 1, 3, None),
    "page": Ranks(2, 3, 2, 3, 5, 2),
    "pubmed": Ranks(3, 4, 3, 2, 7, None),
    "arxiv": Ranks(4, 1, 12, 11, 1, 1),
    "biorxiv": Ranks(5, 2, 13, 12, 2, 3),
    "datacite": Ranks(6, 6, 4, 4, 4, None),
    "europepmc": Ranks(7, 7, 5, 6, 6, None),
    "zenodo": Ranks(8, 8, 6, 5, 8, None),
    "import": Ranks(9, 11, 7, 7, 9, 4),
    "openalex": Ranks(10, 9, 9, 8, 10, None),
    "s2": Ranks(11, 10, 8, 9, 11, None),
    "unpaywall": Ranks(12, 13, 10, 10, 13, None),
    "huggingface": Ranks(13, 12, 11, 13, 12, None),
}
_UNKNOWN = Ranks(50, 50, 50, 50, 50, None)
_PLAIN_PAGE = 100  # behind everything: a page that is no paper's knows only how it calls itself

PUBLISHED: frozenset[Kind] = frozenset(
    ("article", "inproceedings", "thesis", "book", "chapter", "report", "dataset", "software")
)
_PREPRINT_SERVER = re.compile(
    r"\W*(?:(?:arxiv|bio-?rxiv|med-?rxiv|chem-?rxiv|techrxiv|psyarxiv|eartharxiv)\b.*|corr(?:[\s,]*abs\b.*)?"
    r"|computing research repository\b.*|ssrn(?: electronic journal)?|research square|preprints(?:\.org)?)\W*",
    re.IGNORECASE,
)


def rank(finding: Finding, column: Column) -> int | None:
    """How far behind the best this finding's source stands for the fields of a column, or None: not believed."""
    place = getattr(_SOURCES.get(finding.source, _UNKNOWN), column)
    if not isinstance(place, int):
        return None
    plain = finding.kind == "webpage" and finding.source != PERSON
    return place + _PLAIN_PAGE if plain else place


def is_preprint_server(name: str | None) -> bool:
    """Whether this "venue" or "publisher" is a preprint server, as in `CoRR abs/2401.00001`: no venue at all."""
    return name is not None and _PREPRINT_SERVER.fullmatch(" ".join(name.split())) is not None


def is_preprint(finding: Finding) -> bool:
    """Whether the finding is about a preprint, whatever it calls it: an article in CoRR is one."""
    in_venue = finding.kind in ("article", "inproceedings")
    return finding.kind == "preprint" or (in_venue and is_preprint_server(finding.venue))
