"""Web annotations: the collection, its annotations, and what they point at; and the order in which they are read."""

from __future__ import annotations

import json
from typing import Any

from msgspec import convert

from api.domain.fields import Selector
from api.domain.formats.shelf import Mark, ShelfRecord, reading_order
from api.domain.formats.webannotation import render
from api.domain.highlights import Highlight
from api.domain.papers import Manifestation
from tests.domain.test_biblatex import make_paper

QUOTE = {"type": "TextQuoteSelector", "exact": "weaves", "prefix": "it ", "suffix": " algebra"}
WHOLE = [
    QUOTE,
    {"type": "TextPositionSelector", "start": 3, "end": 9},
    {
        "type": "RangeSelector",
        "startSelector": {"type": "XPathSelector", "value": "/p[1]"},
        "endSelector": {
            "type": "XPathSelector",
            "value": "/p[1]",
            "refinedBy": {"type": "TextPositionSelector", "start": 3, "end": 9},
        },
    },
    {"type": "FragmentSelector", "value": "page=3"},
    {"type": "PageSelector", "index": 2, "label": "iii"},
]
PAPER = make_paper(manifestations=(Manifestation("pdf", "https://x.org/a.pdf", None, "m1"),))


def mark(key: str = "h1", selectors: list[Any] | None = None, anchor: Any = None, **fields: Any) -> Mark:
    tags = fields.pop("tag_names", ())
    given = {"id": key, "entry_id": "e", "manifestation": "m1", "color": "yellow", "comment": None, "tags": []}
    given |= {"created_at": "2026-01-01T00:00:00.000Z", "version": 1, "selectors": selectors or [QUOTE]} | fields
    return Mark(convert(given, Highlight), convert(anchor, list[Selector] | None), tags)


def written(*records: ShelfRecord) -> dict[str, Any]:
    read: dict[str, Any] = json.loads("".join(render(records, "urn:uuid:l")))
    return read


def annotations(*marks: Mark, url: str = "https://x.org/saved") -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = written(ShelfRecord("e", PAPER, url, {}, marks))["first"]["items"]
    return items


def test_the_collection_counts_its_annotations_over_all_entries() -> None:
    read = written(
        ShelfRecord("a", PAPER, marks=(mark("h1"), mark("h2"))),
        ShelfRecord("b", PAPER),
        ShelfRecord("c", PAPER, marks=(mark("h3"), mark("h4"))),
    )
    assert read["@context"] == "http://www.w3.org/ns/anno.jsonld"
    assert (read["type"], read["id"], read["total"]) == ("AnnotationCollection", "urn:uuid:l", 4)
    assert (read["first"]["type"], read["first"]["startIndex"]) == ("AnnotationPage", 0)
    assert [one["id"] for one in read["first"]["items"]] == ["urn:uuid:h1", "urn:uuid:h2", "urn:uuid:h3", "urn:uuid:h4"]


def test_without_highlights_the_collection_is_empty() -> None:
    assert (written()["total"], written()["first"]["items"]) == (0, [])


def test_a_highlight_is_an_annotation_with_its_selectors_as_they_came() -> None:
    [one] = annotations(mark(selectors=WHOLE, comment="Yes <b>", tag_names=("loom",), color="#ff0000"))
    assert one == {
        "type": "Annotation",
        "id": "urn:uuid:h1",
        "motivation": "commenting",
        "created": "2026-01-01T00:00:00.000Z",
        "body": [
            {"type": "TextualBody", "value": "Yes <b>", "purpose": "commenting", "format": "text/plain"},
            {"type": "TextualBody", "value": "loom", "purpose": "tagging", "format": "text/plain"},
        ],
        "target": {"source": "https://x.org/a.pdf", "selector": WHOLE, "styleClass": "highlight"},
        "stylesheet": {"type": "CssStylesheet", "value": ".highlight { background-color: #ff0000 }"},
    }


def test_a_bare_highlight_has_no_body() -> None:
    [one] = annotations(mark())
    assert (one["motivation"], "body" in one) == ("highlighting", False)


def test_where_a_person_put_it_back_is_where_it_is() -> None:
    [one] = annotations(mark(anchor=[QUOTE | {"exact": "moved"}]))
    assert one["target"]["selector"] == [QUOTE | {"exact": "moved"}]


def test_the_source_is_the_marked_form_else_the_saved_page_else_the_paper() -> None:
    sources = [
        annotations(mark(manifestation=of), url=url)[0]["target"]["source"]
        for of, url in [("m1", "https://x.org/s"), (None, "https://x.org/s"), ("gone", ""), ("https://y.org/p", "")]
    ]
    assert sources == ["https://x.org/a.pdf", "https://x.org/s", "https://x.org/a.pdf", "https://y.org/p"]


def test_highlights_are_read_by_page_then_by_place_then_by_time() -> None:
    def at(start: int) -> list[Any]:
        return [QUOTE, {"type": "TextPositionSelector", "start": start, "end": start + 1}]

    page = [QUOTE, {"type": "FragmentSelector", "value": "page=12&zoom=1"}]
    marks = [mark("late"), mark("p12", page), mark("b", at(9)), mark("a", at(3))]
    marks.append(mark("early", created_at="2025-01-01T00:00:00.000Z"))
    assert [one.highlight.id for one in reading_order(marks)] == ["a", "b", "early", "late", "p12"]
