"""Library records become a reading list in Markdown, one line a paper.

Refuses to let a text act as Markdown or HTML: what would is escaped with a backslash (CommonMark 2.4). Light markup of
titles is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from api.domain.formats.latex import clean, verbatim_doi
from api.domain.formats.records import (
    BibEntry,
    address_of,
    arxiv_of,
    date_of,
    doi_of,
    plain,
    with_safe_keys,
)
from api.domain.papers import Author

_SPECIAL = re.compile(r"[\\`*_{}\[\]<>#|~$&!@]")
_IN_A_KEY = re.compile(r"[`*\[\]<>&!]")  # the others mean nothing there, and citing tools want the key as it is
_TAG_BREAKS = re.compile(r"[^\w/-]+")
_MOST_AUTHORS = 6


def render(entries: Iterable[BibEntry]) -> Iterator[str]:
    """`- **Title** (2017). Authors. *Venue*. [doi](…) @key #tag`, line by line, in the order of the entries."""
    for key, entry in with_safe_keys(entries):
        yield _line(key, entry)


def _line(key: str, entry: BibEntry) -> str:
    paper = entry.paper
    date, authors = date_of(paper), _authors(paper.authors)
    said = [
        f"**{escaped(plain(paper.title)) or 'Untitled'}**" + (f" ({date[0]})." if date else "."),
        f"{authors.rstrip('.')}." if authors else "",
        f"*{escaped(plain(paper.venue))}*." if plain(paper.venue) else "",
        _link(entry),
        "@" + _IN_A_KEY.sub(r"\\\g<0>", key),
        *(f"#{tag}" for tag in map(tag_word, entry.tags) if tag),
    ]
    note = escaped(plain(entry.note))
    abstract = escaped(plain(paper.abstract))
    beneath = "".join(f"  - {text}\n" for text in (note, abstract) if text)
    return f"- {' '.join(part for part in said if part)}\n{beneath}"


def _authors(authors: tuple[Author, ...]) -> str:
    names = [name for name in map(name_of, authors) if name]
    shown = names if len(names) <= _MOST_AUTHORS else [*names[: _MOST_AUTHORS - 1], "et al."]
    return ", ".join(escaped(name) for name in shown)


def name_of(author: Author) -> str:
    """The name as people write it, given name first; empty for a nameless author."""
    parts = (author.given, author.particle, author.family, author.suffix)
    return " ".join(plain(part) for part in parts if plain(part)) or plain(author.literal)


def _link(entry: BibEntry) -> str:
    paper = entry.paper
    doi, arxiv, url = doi_of(paper), arxiv_of(paper), address_of(entry)
    if doi and not (arxiv and paper.kind == "preprint"):
        return f"[doi](<https://doi.org/{in_angles(verbatim_doi(doi))}>)"
    if arxiv:
        return f"[arXiv](<https://arxiv.org/abs/{arxiv}>)"
    return f"[link](<{in_angles(url)}>)" if url else ""


def in_angles(address: str) -> str:
    """The address as it stands between the angle brackets of a link."""
    return address.replace("<", "%3C").replace(">", "%3E")


def tag_word(tag: str) -> str:
    """The tag as one word, as it stands after `#`."""
    return _TAG_BREAKS.sub("-", clean(tag)).strip("-")


def escaped(text: str) -> str:
    """The text on one line with a backslash before each sign that means something in Markdown (CommonMark 2.4)."""
    return _SPECIAL.sub(r"\\\g<0>", text)
