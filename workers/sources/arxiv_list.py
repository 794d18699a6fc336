"""arXiv's daily list (info.arxiv.org/help/rss.html): what was announced today in some categories.

It is written anew after midnight in New York and is empty on weekends and holidays. Every paper is as good as any
other. Refuses replacements of papers that were announced before.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from email.utils import parsedate_to_datetime
from urllib.parse import quote
from xml.etree.ElementTree import Element

from api.domain.listings import Listed, Listing, day_words, listing
from api.domain.names import author
from api.domain.papers import Finding, Identifier
from api.domain.schemes import claim
from workers.answer_text import clean
from workers.sources.base import Answer, BadAnswer, Request, is_absent, xml_root

ANNOUNCE_TYPE = "{http://arxiv.org/schemas/atom}announce_type"
CREATOR = "{http://purl.org/dc/elements/1.1/}creator"
NEW = ("new", "cross")


class ArxivList:
    """The list of these categories at `base_url`, without a slash at its end."""

    name = "arxiv"

    def __init__(self, base_url: str, categories: Collection[str]) -> None:
        self._url = f"{base_url}/rss/{'+'.join(quote(one) for one in categories)}"

    def ask(self, day: str) -> Request:
        """The list that stands there, whatever the day: there is only one."""
        return Request(self.name, self._url, "application/rss+xml")

    def read(self, answer: Answer) -> Listing:
        """The list of the day that it names itself; raises BadAnswer."""
        if is_absent(answer):
            raise BadAnswer("unexpected_status")
        channel = xml_root(answer).find("channel")
        if channel is None:
            raise BadAnswer("malformed")
        day = _day(channel.findtext("pubDate", ""))
        items = channel.findall("item")
        papers = list(_papers(items, day))
        if items and not papers and all(_identifier(item) is None for item in items):
            raise BadAnswer("malformed")
        return listing(self.name, day, papers)


def _day(text: str) -> str:
    try:
        return parsedate_to_datetime(text.strip()).date().isoformat()
    except (ValueError, OverflowError):
        raise BadAnswer("malformed") from None


def _papers(items: list[Element], day: str) -> Iterator[Listed]:
    for item in items:
        own = _identifier(item)
        title = clean(item.findtext("title", ""))
        if own is None or not title or item.findtext(ANNOUNCE_TYPE, "").strip() not in NEW:
            continue
        people = (author(clean(name)) for name in item.findtext(CREATOR, "").split(","))
        finding = Finding(
            source=ArxivList.name,
            identifiers=own,
            kind="preprint",
            title=title,
            authors=tuple(one for one in people if one),
            abstract=clean(item.findtext("description", "").partition("Abstract:")[2]) or None,
        )
        category = clean(item.findtext("category", ""))
        yield Listed(finding, 0, f"on arXiv's list of {day_words(day)}" + (f", {category}" if category else ""))


def _identifier(item: Element) -> tuple[Identifier, ...] | None:
    own = claim("arxiv", item.findtext("guid", "").strip().removeprefix("oai:arXiv.org:"))
    return own.identifiers[:1] if own else None
