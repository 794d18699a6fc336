"""What formats beyond bibliographies are written from: an entry whole, with its paper and its highlights.

Shapes, and the two questions that those formats ask: where a highlight stands now, and in which order they are read.
"""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import Struct

from api.domain.fields import FragmentSelector, Json, PageSelector, Selector, TextPositionSelector
from api.domain.formats.latex import verbatim_url
from api.domain.highlights import Highlight
from api.domain.papers import Paper


class Mark(Struct, frozen=True):
    """A highlight: as people see it, as it is stored (`fields`, every one of its type), its tags by name."""

    highlight: Highlight
    anchor: list[Selector] | None = None
    tags: tuple[str, ...] = ()
    fields: dict[str, Json] = {}

    @property
    def selectors(self) -> list[Selector]:
        """Where it stands: where a person put it back, else where it was made."""
        return self.anchor or self.highlight.selectors or []


class ShelfRecord(Struct, frozen=True):
    """An entry as it is stored (`fields`), its paper, the address of its page and its highlights in reading order."""

    id: str
    paper: Paper
    url: str = ""
    fields: dict[str, Json] = {}
    marks: tuple[Mark, ...] = ()


def reading_order(marks: list[Mark]) -> tuple[Mark, ...]:
    """By place in the text where the selectors say it, else by the time when they were made."""
    return tuple(sorted(marks, key=lambda mark: (*_place(mark), mark.highlight.created_at or "", mark.highlight.id)))


def page_of(selectors: list[Selector]) -> int:
    """The page that a fragment names, as in a PDF, or a page's selector; 0 where none does."""
    named = (one for one in selectors if isinstance(one, FragmentSelector | PageSelector))
    pages = (one.index + 1 if isinstance(one, PageSelector) else _page(one) for one in named)
    return next((page for page in pages if page), 0)


def page_label_of(selectors: list[Selector]) -> str:
    """What that page calls itself (`iv`), else its number; empty where no page is named."""
    label = next((one.label for one in selectors if isinstance(one, PageSelector)), None)
    return label or str(page_of(selectors) or "")


def source_of(record: ShelfRecord, manifestation: str | None) -> str:
    """The address of what was marked: that form of the paper, else the saved page, else any form, else a name."""
    forms = {form.id: form.url for form in record.paper.manifestations}
    if manifestation and (manifestation in forms or manifestation.startswith(("http://", "https://"))):
        return verbatim_url(forms.get(manifestation, manifestation))
    return record.url or next(map(verbatim_url, forms.values()), f"urn:uuid:{record.paper.id}")


def _place(mark: Mark) -> tuple[int, int]:
    page = page_of(mark.selectors)
    start = next((one.start for one in mark.selectors if isinstance(one, TextPositionSelector)), 2**53)
    return page, start


def _page(selector: FragmentSelector) -> int:
    # RFC 8118: page=3, among other parameters.
    pages = [part[5:] for part in selector.value.split("&") if part.startswith("page=")]
    return int(pages[0]) if pages and pages[0].isascii() and pages[0].isdigit() and len(pages[0]) < 10 else 0


def without_nulls(value: Any) -> Any:
    """The value as JSON is made of, without members that are null, all the way down."""
    value = msgspec.to_builtins(value)
    if isinstance(value, dict):
        return {name: without_nulls(part) for name, part in value.items() if part is not None}
    return [without_nulls(part) for part in value] if isinstance(value, list) else value
