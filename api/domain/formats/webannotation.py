"""Highlights become W3C web annotations (JSON-LD), which Hypothesis and other annotation tools read.

One collection with one page (Web Annotation Data Model 5). Refuses what the model has no words for: status, rating
and the rest of an entry; those are in our own JSON (`library_json`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec
from msgspec import Struct

from api.domain.fields import Json
from api.domain.formats.shelf import Mark, ShelfRecord, source_of, without_nulls

_CONTEXT = "http://www.w3.org/ns/anno.jsonld"


class TextualBody(Struct, frozen=True, tag=True):
    """A comment or a tag (Web Annotation Data Model 3.2.5)."""

    value: str
    purpose: str
    format: str = "text/plain"


class Stylesheet(Struct, frozen=True, tag="CssStylesheet"):
    """How the highlight looks (4.4); the colour is ours to know."""

    value: str


class Target(Struct, frozen=True):
    """The passage: where it is, and selectors that each name it (4.2)."""

    source: str
    selector: list[Json]
    styleClass: str = "highlight"  # noqa: N815 - the standard's own spelling


class Annotation(Struct, frozen=True, tag=True, omit_defaults=True):
    """One highlight (3)."""

    id: str
    motivation: str
    target: Target
    body: tuple[TextualBody, ...] = ()
    created: str | None = None
    stylesheet: Stylesheet | None = None


def render(records: Iterable[ShelfRecord], collection: str) -> Iterator[str]:
    """A collection with this address (an IRI) and one page in it, an annotation a line, in reading order."""
    head = {"@context": _CONTEXT, "id": collection, "type": "AnnotationCollection"}
    page = {"id": f"{collection}#page", "type": "AnnotationPage", "startIndex": 0}
    yield f'{_json(head)[:-1]},"first":{_json(page)[:-1]},"items":['
    total = 0
    for record in records:
        lines = [_json(annotation(record, mark)) for mark in record.marks]
        yield "".join(f"{',' if total + place else ''}\n{line}" for place, line in enumerate(lines))
        total += len(lines)
    yield f'\n]}},"total":{total}}}\n'


def annotation(record: ShelfRecord, mark: Mark) -> Annotation:
    """The annotation of a highlight; its source is the form of the paper that was marked, else the saved page."""
    highlight = mark.highlight
    comment = [TextualBody(highlight.comment, "commenting")] if highlight.comment else []
    return Annotation(
        id=f"urn:uuid:{highlight.id}",
        motivation="commenting" if comment else "highlighting",
        target=Target(source_of(record, highlight.manifestation), without_nulls(mark.selectors)),
        body=(*comment, *(TextualBody(tag, "tagging") for tag in mark.tags)),
        created=highlight.created_at,
        stylesheet=Stylesheet(f".highlight {{ background-color: {highlight.color} }}"),
    )


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
