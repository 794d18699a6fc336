"""Library records become an Atom feed (RFC 4287), for feed readers: a paper an entry, dated by the day it was saved.

Refuses markup: titles and abstracts are plain text, escaped, whatever they hold.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape

from api.domain.formats.latex import verbatim_doi
from api.domain.formats.records import BibEntry, address_of, arxiv_of, doi_of, plain
from api.domain.papers import Author

_UNDATED = "1970-01-01"  # every entry and feed must have a date (RFC 4287 4.1.1, 4.1.2)


def render(entries: Iterable[BibEntry], feed_id: str) -> Iterator[str]:
    """The feed with this id (an IRI), an entry a piece, in the order of the entries; its own date comes last."""
    yield '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">\n'
    yield f"{_element('id', feed_id)}<title>Scholium</title>\n<author><name>Scholium</name></author>\n"
    newest = _UNDATED
    for entry in entries:
        newest = max(newest, entry.accessed or _UNDATED)
        yield f"<entry>\n{''.join(_parts(entry))}</entry>\n"
    yield f"{_element('updated', _midnight(newest))}</feed>\n"


def _parts(entry: BibEntry) -> Iterator[str]:
    paper, url = entry.paper, _address(entry)
    yield _element("id", f"urn:uuid:{paper.id}")
    yield _element("title", plain(paper.title) or "Untitled")
    yield _element("updated", _midnight(entry.accessed or _UNDATED))
    for name in filter(None, map(_name, paper.authors)):
        yield f"<author>{_element('name', name).strip()}</author>\n"
    yield f'<link rel="alternate" href="{escape(url)}"/>\n' if url else ""
    for tag in filter(None, map(plain, entry.tags)):
        yield f'<category term="{escape(tag)}"/>\n'
    yield _element("summary", plain(paper.abstract))  # also what 4.1.2 asks of an entry without a link


def _address(entry: BibEntry) -> str:
    paper = entry.paper
    doi, arxiv = doi_of(paper), arxiv_of(paper)
    if arxiv and paper.kind == "preprint":
        return f"https://arxiv.org/abs/{arxiv}"
    return f"https://doi.org/{verbatim_doi(doi)}" if doi else address_of(entry)


def _name(author: Author) -> str:
    parts = (author.given, author.particle, author.family, author.suffix)
    return " ".join(plain(part) for part in parts if plain(part)) or plain(author.literal)


def _midnight(day: str) -> str:
    return f"{day}T00:00:00Z"


def _element(name: str, text: str) -> str:
    return f"<{name}>{escape(text)}</{name}>\n"
