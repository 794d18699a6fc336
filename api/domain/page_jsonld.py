"""What the JSON-LD of a page says about the one work that the page is about (schema.org).

Refuses blocks that do not parse, that are nested more than 64 deep, and pages that describe several works: those
are lists, and none of their works is the page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec
from msgspec import Struct

from api.domain.markup import plain_text
from api.domain.names import author, authors
from api.domain.papers import Author, Kind

_DEEPEST = 64
_MOST_NODES = 500
_LONGEST = 20_000
_STRING = re.compile(rb'"(?:[^"\\]|\\.)*"', re.S)
_NOT_BRACKETS = bytes(byte for byte in range(256) if byte not in b"[]{}")

SCHOLARLY: dict[str, Kind] = {
    "scholarlyarticle": "article",
    "medicalscholarlyarticle": "article",
    "dataset": "dataset",
    "softwaresourcecode": "software",
    "thesis": "thesis",
    "chapter": "chapter",
    "book": "book",
    "report": "report",
}
_NEWS = ("newsarticle", "blogposting", "reportagenewsarticle", "opinionnewsarticle")  # may name the work they tell of
_OTHER = (*_NEWS, "article", "techarticle", "webpage")


class Work(Struct, frozen=True):
    """A work as JSON-LD describes it; `type` in lower case, `ids` every text that may name it."""

    type: str = ""
    title: str | None = None
    authors: tuple[Author, ...] = ()
    abstract: str | None = None
    published: str | None = None
    venue: str | None = None
    volume: str | None = None
    issue: str | None = None
    pages: str | None = None
    publisher: str | None = None
    language: str | None = None
    ids: tuple[str, ...] = ()

    @property
    def is_scholarly(self) -> bool:
        """Whether its type is one of those that say so; `Article` is not, blogs use it."""
        return self.type in SCHOLARLY


def page_work(blocks: tuple[msgspec.Raw, ...]) -> Work:
    """The work that the page is about, a scholarly one first; an empty one where there is none or several."""
    nodes = [node for block in blocks for node in _nodes(_parsed(block))]
    scholarly = [] if any(_type(node) in _NEWS for node in nodes) else [n for n in nodes if _type(n) in SCHOLARLY]
    if len({_text(node, "headline", "name") for node in scholarly}) > 1:
        return Work()
    others = sorted((node for node in nodes if _type(node) in _OTHER), key=lambda node: _OTHER.index(_type(node)))
    chosen = next(iter((*scholarly, *others)), None)
    return _work(chosen) if chosen else Work()


def _parsed(block: msgspec.Raw) -> Any:
    brackets, depth = _STRING.sub(b"", bytes(block)).translate(None, _NOT_BRACKETS), 0
    for bracket in brackets:
        depth += 1 if bracket in b"[{" else -1
        if depth > _DEEPEST:
            return None
    try:
        return msgspec.json.decode(block)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def _nodes(top: Any) -> Iterator[dict[str, Any]]:
    """The described things in reading order; nothing that is only mentioned (citations, parts, breadcrumbs)."""
    waiting, seen = [top], 0
    while waiting and seen < _MOST_NODES:
        node = waiting.pop(0)
        seen += 1
        if isinstance(node, list):
            waiting[:0] = node[:_MOST_NODES]
        elif isinstance(node, dict):
            yield node
            waiting[:0] = [node[key] for key in ("@graph", "mainEntity", "mainEntityOfPage") if key in node]


def _work(node: dict[str, Any]) -> Work:
    home = _home(node)
    start, end = _text(node, "pageStart"), _text(node, "pageEnd")
    return Work(
        _type(node),
        title=_text(node, "headline", "name"),
        authors=_authors(node),
        abstract=_text(node, "abstract", "description"),
        published=_text(node, "datePublished", "dateCreated"),
        venue=home.get("venue"),
        volume=home.get("volume") or _text(node, "volumeNumber"),
        issue=home.get("issue") or _text(node, "issueNumber"),
        pages=_text(node, "pagination") or (f"{start}-{end}" if start and end else start),
        publisher=_text(node, "publisher"),
        language=_text(node, "inLanguage"),
        ids=tuple(_ids(node)),
    )


def _type(node: dict[str, Any]) -> str:
    named = [_bare_type(name) for name in _listed(node.get("@type")) if isinstance(name, str)]
    return next((name for name in named if name in SCHOLARLY or name in _OTHER), "")


def _bare_type(name: str) -> str:
    """`dataset` for `Dataset`, `schema:Dataset` and `https://schema.org/Dataset`."""
    return re.split("[/#:]", name)[-1].lower()


def _text(node: dict[str, Any], *keys: str) -> str | None:
    for key in keys:
        for value in _listed(node.get(key)):
            if isinstance(value, dict):
                value = value.get("name") or value.get("@value")
            if (
                isinstance(value, str | int)
                and not isinstance(value, bool)
                and (plain := plain_text(str(value)[:_LONGEST]))
            ):
                return plain
    return None


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _authors(node: dict[str, Any]) -> tuple[Author, ...]:
    found = []
    for person in _listed(node.get("author") or node.get("creator")):
        if isinstance(person, dict):
            family, given = _text(person, "familyName"), _text(person, "givenName")
            one = Author(family, given) if family and given else author(_text(person, "name") or "")
            found += [one] if one else []
        elif isinstance(person, str):
            found += authors([person])
    return tuple(found)


def _home(node: dict[str, Any]) -> dict[str, str | None]:
    """Volume, issue and periodical along `isPartOf`, at most five steps up."""
    home: dict[str, str | None] = {}
    part: Any = node
    for _ in range(5):
        part = next((one for one in _listed(part.get("isPartOf")) if isinstance(one, dict)), None)
        if part is None:
            break
        types = {_bare_type(str(name)) for name in _listed(part.get("@type"))}
        home["volume"] = home.get("volume") or _text(part, "volumeNumber")
        home["issue"] = home.get("issue") or _text(part, "issueNumber")
        if types & {"periodical", "book", "publicationseries", "eventseries"}:
            home["venue"] = home.get("venue") or _text(part, "name")
    return home


def _ids(node: dict[str, Any]) -> Iterator[str]:
    for key in ("identifier", "doi", "sameAs", "@id", "url"):
        for value in _listed(node.get(key))[:20]:
            if isinstance(value, dict):
                value = value.get("value") or value.get("@id")
            if isinstance(value, str) and value:
                yield value
