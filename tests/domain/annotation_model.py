"""What the W3C's Web Annotation Data Model says that must be, as checks on a file; numbers are its sections.

The W3C publishes no checker that is kept up; this one asks nothing that is a SHOULD.
"""

from __future__ import annotations

import re
from typing import Any

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
_IRI = re.compile(r"[a-z][a-z0-9+.-]*:[^\s<>\"{}|\\^`\x00-\x20]+", re.IGNORECASE)  # RFC 3987, its shape
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
_WORDS = "assessing bookmarking classifying commenting describing editing highlighting identifying linking moderating"
_MOTIVATIONS = {*_WORDS.split(), "questioning", "replying", "tagging"}


def check_collection(whole: dict[str, Any]) -> list[dict[str, Any]]:
    """5.1 and 5.2: a collection with its first page in it; its annotations, each checked."""
    assert whole["@context"] == CONTEXT
    _iri(whole["id"])
    assert whole["type"] == "AnnotationCollection"
    assert type(whole["total"]) is int
    page = whole["first"]
    _iri(page["id"])
    assert page["type"] == "AnnotationPage"
    assert page["startIndex"] >= 0
    assert isinstance(page["items"], list)
    assert "next" in page or whole["total"] == len(page["items"])
    for one in page["items"]:
        check_annotation(one)
    assert len({one["id"] for one in page["items"]}) == len(page["items"])
    items: list[dict[str, Any]] = page["items"]
    return items


def check_annotation(one: dict[str, Any]) -> None:
    """3.1: one id, the type, a target; what else there is, is what it must be."""
    _iri(one["id"])
    assert one["type"] == "Annotation"
    assert one["motivation"] in _MOTIVATIONS
    assert "created" not in one or _TIME.fullmatch(one["created"])
    for body in one.get("body", []):
        assert body["type"] == "TextualBody"
        assert isinstance(body["value"], str)
        assert body["purpose"] in _MOTIVATIONS
    target = one["target"]
    _iri(target["source"])  # 4: exactly one
    for selector in target["selector"]:
        check_selector(selector)
    if "styleClass" in target:  # 4.4: then a stylesheet says what it means
        assert one["stylesheet"]["type"] == "CssStylesheet"
        assert f".{target['styleClass']}" in one["stylesheet"]["value"]


def check_selector(one: dict[str, Any]) -> None:
    """4.2: each kind with exactly what it must have."""
    match one["type"]:
        case "TextQuoteSelector":
            assert isinstance(one["exact"], str)
            assert all(isinstance(one[name], str) for name in ("prefix", "suffix") if name in one)
        case "TextPositionSelector":
            assert type(one["start"]) is type(one["end"]) is int
            assert one["start"] >= 0 <= one["end"]
        case "FragmentSelector":
            assert isinstance(one["value"], str)
            assert "conformsTo" not in one or _iri(one["conformsTo"]) is None
        case "XPathSelector":
            assert isinstance(one["value"], str)
        case "RangeSelector":
            check_selector(one["startSelector"])
            check_selector(one["endSelector"])
        case "PageSelector":  # Hypothesis's own, beside the model's: the label of a page; others pass it by
            assert type(one["index"]) is int
            assert isinstance(one.get("label", ""), str)
        case other:
            raise AssertionError(f"no selector of the model: {other}")
    if "refinedBy" in one:
        check_selector(one["refinedBy"])


def _iri(text: Any) -> None:
    assert isinstance(text, str)
    assert _IRI.fullmatch(text), text
