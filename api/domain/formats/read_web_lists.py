"""Lists of web pages become records: browser bookmarks and Pocket's export (HTML), Omnivore's and Hypothesis' JSON.

The address says what each is; a page of a paper becomes that paper. Refuses what has no web address, such as a
browser's own pages and bookmarklets, each with a line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

from msgspec import DecodeError, ValidationError, convert

from api.domain.clock import read_rfc3339, rfc3339
from api.domain.errors import BadUrl
from api.domain.fields import Selector, Status
from api.domain.formats.imported import SOURCE, Imported, ImportedMark, Read, Unread, checked
from api.domain.formats.read_csl import Item, text
from api.domain.identifiers import identify
from api.domain.markup import plain_text
from api.domain.names import authors
from api.domain.papers import Dates, Finding

MOST_SELECTORS = 8
_SPACES = re.compile(r"\s+")


def page_record(line: int, url: str, title: str, **more: Any) -> Read:
    """The record of a page by its address; `more` are fields of `Imported`."""
    try:
        identity = identify(url.strip())
    except BadUrl as wrong:
        return Unread(line, wrong.code, wrong.detail)
    finding = Finding(
        SOURCE,
        identifiers=identity.identifiers,
        kind="webpage" if identity.kind == "webpage" else None,
        title=plain_text(title) or url.strip()[:1000],
        abstract=more.pop("abstract", None),
        authors=more.pop("authors", ()),
        dates=more.pop("dates", Dates()),
    )
    return checked(Imported(line=line, finding=finding, url=url.strip(), **more))


def tag_names(words: str) -> tuple[str, ...]:
    """The tags in a list with commas or bars between them."""
    return tuple(dict.fromkeys(tag[:255] for word in re.split(r"[,|;]", words) if (tag := plain_text(word))))


def read_bookmarks(html: str) -> Iterator[Read]:
    """A record or a line for each link of a bookmark file or of Pocket's page; folders become lists."""
    reading = _Links()
    reading.feed(html)
    reading.close()
    yield from reading.found


class _Links(HTMLParser):
    """Collects links with the heading or folder that they stand under."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[Read] = []
        self._folders: list[str] = []
        self._named = ""
        self._words: list[str] | None = None
        self._link: dict[str, str] | None = None
        self._line = 0
        self._status: Status | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A link, a heading, or a folder's beginning."""
        if tag == "a":
            self._link, self._words, self._line = {k: v or "" for k, v in attrs}, [], self.getpos()[0]
        elif tag in ("h1", "h3"):
            self._words = []
        elif tag == "dl" and len(self._folders) < 100:
            self._folders.append(self._named)
            self._named = ""

    def handle_endtag(self, tag: str) -> None:
        """The link or heading is whole, or a folder ends."""
        if tag == "a" and self._link is not None:
            self.found.append(self._record(self._link, "".join(self._words or ())))
            self._link = self._words = None
        elif tag in ("h1", "h3") and self._words is not None:
            self._named, self._words = _SPACES.sub(" ", "".join(self._words)).strip(), None
            self._status = {"Unread": "to_read", "Read Archive": "read"}.get(self._named, self._status)  # type: ignore[assignment]
        elif tag == "dl" and self._folders:
            self._folders.pop()

    def handle_data(self, data: str) -> None:
        """The words of a link or heading."""
        if self._words is not None and len(self._words) < 1000:
            self._words.append(data)

    def _record(self, link: dict[str, str], title: str) -> Read:
        added = link.get("time_added") or link.get("add_date") or ""
        return page_record(
            self._line,
            link.get("href", ""),
            title,
            tags=tag_names(link.get("tags", "")),
            lists=tuple(name[:255] for name in self._folders[-1:] if name),
            status=self._status,
            saved_at=at_seconds(added),
        )


def at_seconds(number: str) -> str | None:
    """The time of a number of Unix seconds; None for any other text, and for times before the web."""
    return rfc3339(int(number) * 1000) if re.fullmatch(r"[1-9]\d{8,9}", number, re.ASCII) else None


def is_omnivore(item: object) -> bool:
    """Whether a JSON value looks like one of Omnivore's."""
    return isinstance(item, dict) and "url" in item and ("slug" in item or "savedAt" in item)


def read_omnivore(items: list[Any]) -> Iterator[Read]:
    """A record or a line for each saved page; lines count items."""
    for line, item in enumerate(items, 1):
        if not isinstance(item, dict):
            yield Unread(line, "invalid_record", "no object")
            continue
        labels = listed(item.get("labels"))
        names = [one if isinstance(one, str) else text(one, "name") if isinstance(one, dict) else "" for one in labels]
        state = text(item, "state").lower()
        yield page_record(
            line,
            text(item, "url"),
            text(item, "title"),
            abstract=text(item, "description") or None,
            authors=authors([text(item, "author")]) if text(item, "author") else (),
            tags=tuple(dict.fromkeys(name[:255] for name in names if name)),
            status="archived" if state == "archived" else None,
            saved_at=time_of(text(item, "savedAt")),
        )


def is_hypothesis(item: object) -> bool:
    """Whether a JSON value looks like one of Hypothesis' annotations."""
    return isinstance(item, dict) and "uri" in item and "target" in item


def read_hypothesis(items: list[Any]) -> Iterator[Read]:
    """A record for each annotation: the page, with its highlight or, where it marks no text, its note."""
    for line, item in enumerate(items, 1):
        if not isinstance(item, dict):
            yield Unread(line, "invalid_record", "no object")
            continue
        document = item.get("document") if isinstance(item.get("document"), dict) else {}
        selectors, tags = _selectors(item), listed(item.get("tags"))
        words, named = _said(item), tuple(str(tag)[:255] for tag in tags if str(tag).strip())
        made = time_of(text(item, "created"))
        mark = ImportedMark(selectors, words, named, created_at=made) if selectors else None
        title = text(document, "title") if isinstance(document, dict) else ""
        more = {"marks": (mark,)} if mark else {"note": words, "tags": named}
        yield page_record(line, text(item, "uri"), title, saved_at=made, **more)


def _said(item: Item) -> str | None:
    value = item.get("text")
    return value.strip()[:500_000] or None if isinstance(value, str) else None


def _selectors(item: Item) -> tuple[Selector, ...]:
    first = next((one for one in listed(item.get("target")) if isinstance(one, dict)), {})
    kept: list[Selector] = []
    for one in listed(first.get("selector")):
        try:
            kept.append(convert(_ours(one), Selector))
        except (ValidationError, DecodeError):
            continue  # a kind of selector that we do not know; the others find the place
    return tuple(kept[:MOST_SELECTORS])


def _ours(one: Any) -> Any:
    """Hypothesis writes a range flat: `startContainer`, `startOffset`, …; the standard has selectors in selectors."""
    if not isinstance(one, dict) or "startContainer" not in one:
        return one

    def at(side: str) -> dict[str, object]:
        offset = one.get(f"{side}Offset")
        refined = {"type": "TextPositionSelector", "start": offset, "end": offset}
        return {"type": "XPathSelector", "value": one.get(f"{side}Container"), "refinedBy": refined}

    return {"type": "RangeSelector", "startSelector": at("start"), "endSelector": at("end")}


def listed(value: object) -> list[Any]:
    """The value where it is a list, else an empty one."""
    return value if isinstance(value, list) else []


def time_of(value: str) -> str | None:
    """The time that an RFC 3339 text names, in our spelling; None for any other."""
    try:
        return rfc3339(read_rfc3339(value)) if value else None
    except ValueError:
        return None
