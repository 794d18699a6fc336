"""Records of every kind with any text in every field that a user or a source can fill, made to break out of a format.

The text fields are asked of the records themselves: one that is new is tried too.
"""

from __future__ import annotations

from typing import get_args, get_type_hints

from hypothesis import strategies as st

from api.domain.formats.records import BibEntry
from api.domain.papers import Author, Dates, Extra, Kind, Paper

TEX = [
    "@article{x,\n",
    "@string{a={",
    "}",
    "{",
    "\\input{x}",
    "\\",
    "^^5c",
    "^^M",
    "%",
    '"',
    ",",
    " and ",
    "\n",
    "=",
    "#",
]
TEX += ["$", "$x$", "$\\input{x}$", "$\\mathrm{\\csname x\\endcsname}$", "\\verb|", "~", "_", "&", "<i>", "</sub>"]
ROWS = ["=cmd|' /C'!A0", "+1", "-1", "@SUM(A1)", "\t=1", "ER  - \r\n\r\nTY  - JOUR\r\n", "\u2028", "\x85"]
PAGES = ["<script>", "]]>", "&amp;", "](x)", "`"]
TEXT = st.lists(st.sampled_from(TEX + ROWS + PAGES) | st.text(max_size=6), max_size=4).map("".join)
MAYBE = st.none() | TEXT
AUTHORS = st.lists(st.builds(Author, MAYBE, MAYBE, MAYBE, MAYBE, MAYBE), max_size=3).map(tuple)
SCHEMES = ["doi", "arxiv", "isbn", "pmid", "url"]
VALUES = TEXT | TEXT.map("10.1/".__add__) | TEXT.map("10.48550/arXiv.".__add__) | TEXT.map("https://x.example/".__add__)


def _texts(record: type, *, may_be_unknown: bool) -> list[str]:
    wanted = str | None if may_be_unknown else str
    return [name for name, type_ in get_type_hints(record).items() if type_ == wanted]


PAPER_TEXTS = _texts(Paper, may_be_unknown=True)
EXTRA_TEXTS = _texts(Extra, may_be_unknown=False)
PAPERS = st.builds(
    Paper,
    id=st.just("0199aaaa-0000-7000-8000-000000000001"),
    kind=st.sampled_from(get_args(Kind)),
    title=TEXT,
    authors=AUTHORS,
    year=st.none() | st.integers(0, 9999),
    dates=st.builds(Dates, MAYBE, MAYBE, MAYBE),
    **dict.fromkeys(PAPER_TEXTS, MAYBE),
    identifiers=st.dictionaries(st.sampled_from(SCHEMES), st.tuples(VALUES)),
    extra=st.builds(Extra, editors=AUTHORS, **dict.fromkeys(EXTRA_TEXTS, TEXT)),
)
ENTRIES = st.builds(
    BibEntry,
    key=TEXT,
    paper=PAPERS,
    tags=st.lists(TEXT, max_size=2).map(tuple),
    url=st.none() | VALUES,
    note=MAYBE,
    accessed=MAYBE | st.just("2026-11-30"),
)
"""Entries: their keys, papers, tags, addresses, notes and days."""
