"""What every source is: a question it would ask, and a reading of the answer. Fetching is the gateway's.

An answer is kept raw and read again when the reader gets better; so reading is pure. Refuses web pages where data
was asked for (a bot check or a captive portal is a wall, never "no such paper"), any DTD, deep nesting, and so many
small parts that reading them would take the memory of many answers.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from typing import Literal, Protocol, runtime_checkable
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import XMLParser
from msgspec import Struct

from api.domain.listings import Listing
from api.domain.papers import Finding, Identifier, Link

MOST_BYTES = 5 * 2**20
MOST_LEVELS = 64
MOST_PARTS = 200_000  # elements, objects and lists: in memory each takes many times its bytes
BadAnswerCode = Literal["web_page", "malformed", "other_paper", "unexpected_status", "source_error"]


class Request(Struct, frozen=True):
    """One GET, or a POST of JSON where there is a `body`: `source` names the pace, `accept` the media types wanted.

    `headers` and `secret_query` may hold keys: they are sent to the origin of `url` alone, and are kept nowhere. Some
    sources take a key in the query only; it joins the address as it is dialled, and is never part of `url`.
    `absent_statuses` are no wall here: with them this source says that there is no such thing.
    """

    source: str
    url: str
    accept: str
    headers: tuple[tuple[str, str], ...] = ()
    secret_query: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    absent_statuses: tuple[int, ...] = ()

    def __repr__(self) -> str:
        return f"Request({self.source!r}, {self.url!r}, {self.accept!r})"


class Answer(Struct, frozen=True):
    """What came back: `url` is the one asked (before redirects), `content_type` without parameters, `body` inflated.

    `fetched_at` is RFC 3339. `etag` and `last_modified` are what the source said to ask by again, or empty.
    """

    source: str
    url: str
    status: int
    content_type: str
    body: bytes
    fetched_at: str
    etag: str = ""
    last_modified: str = ""


class BadAnswer(Exception):
    """An answer that says nothing about the paper, for a reason that an operator can look up by `code`."""

    def __init__(self, code: BadAnswerCode) -> None:
        super().__init__(code)
        self.code = code


class Source(Protocol):
    """One outside API."""

    @property
    def name(self) -> str:
        """The name in findings, paces and provenance."""

    def ask(self, identifiers: Collection[Identifier]) -> Request | None:
        """The one request worth making for a paper with these identifiers, or None if this source cannot know it."""

    def read(self, answer: Answer) -> Finding | None:
        """What the answer says, or None when the source does not know the paper; raises BadAnswer."""


class LinkHost(Protocol):
    """What answers for links rather than for papers."""

    @property
    def name(self) -> str:
        """The name of its checks in findings; one of `derive_links.CHECKS`."""

    def ask_link(self, url: str) -> Request | None:
        """The request that tells what became of the thing at this address, or None if it is not for this host."""

    def go_on(self, answer: Answer) -> Request | None:
        """What is to be asked besides, where an answer does not tell all."""

    def check(self, link: Link, answer: Answer) -> Finding:
        """What became of a link that somebody named, as a finding that holds this check alone; raises BadAnswer."""


@runtime_checkable
class BatchSource(Source, Protocol):
    """A source that takes the questions of several papers in one."""

    @property
    def most_at_once(self) -> int:
        """How many papers one question may be about."""

    def ask_many(self, questions: Sequence[Request]) -> Request:
        """One request for the papers of these questions, which are this source's own."""

    def split(self, questions: Sequence[Request], answer: Answer) -> list[Answer]:
        """What each question would have been told alone, in their order; raises BadAnswer."""


class DailyList(Protocol):
    """A list of papers that is made anew every day."""

    @property
    def name(self) -> str:
        """The source whose pace it keeps, which is also its name among the outside lists."""

    def ask(self, day: str) -> Request:
        """The request for the list of a day, `YYYY-MM-DD`."""

    def read(self, answer: Answer) -> Listing:
        """The list; one that is empty yet is none to refuse. Raises BadAnswer."""


def is_absent(answer: Answer) -> bool:
    """Whether the source says plainly that it has no such paper; raises BadAnswer for all but that and a 200."""
    start = answer.body[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if answer.content_type == "text/html" or start.startswith((b"<!doctype html", b"<html")):
        raise BadAnswer("web_page")
    if answer.status in (404, 410):
        return True
    if answer.status != 200:
        raise BadAnswer("unexpected_status")
    return False


def json_object(answer: Answer) -> dict[str, object]:
    """The body as one JSON object; raises BadAnswer for anything else."""
    found = _json(answer)
    if not isinstance(found, dict):
        raise BadAnswer("malformed")
    return found


def json_list(answer: Answer) -> list[object]:
    """The body as one JSON array; raises BadAnswer for anything else."""
    found = _json(answer)
    if not isinstance(found, list):
        raise BadAnswer("malformed")
    return found


def xml_root(answer: Answer, *, doctype: bool = False) -> Element:
    """The body as XML without DTD, at most 64 levels and 200,000 elements; raises BadAnswer for anything else.

    With `doctype` a document may name its DTD, which is not read; entities of its own are refused all the same.
    """
    if len(answer.body) > MOST_BYTES:
        raise BadAnswer("malformed")
    parser = XMLParser(target=_ShallowTree(), forbid_dtd=not doctype)
    try:
        parser.feed(answer.body)
        root: Element = parser.close()
    except (ParseError, DefusedXmlException, ValueError, LookupError, AssertionError):
        raise BadAnswer("malformed") from None
    return root


def _json(answer: Answer) -> object:
    # The standard library's reader, as some sources send unpaired surrogates, which msgspec refuses.
    if len(answer.body) > MOST_BYTES or answer.body.count(b"{") + answer.body.count(b"[") > MOST_PARTS:
        raise BadAnswer("malformed")
    try:
        return json.loads(answer.body)
    except (ValueError, RecursionError):
        raise BadAnswer("malformed") from None


class _ShallowTree(TreeBuilder):
    """A tree that refuses to grow deep or wide: a million nested tags would take 300 MB."""

    _level = 0
    _parts = 0

    def start(self, tag: str, attrs: dict[str, str], /) -> Element:
        self._level += 1
        self._parts += 1
        if self._level > MOST_LEVELS or self._parts > MOST_PARTS:
            raise ValueError("nested too deep, or too many")
        return super().start(tag, attrs)

    def end(self, tag: str, /) -> Element:
        self._level -= 1
        return super().end(tag)
