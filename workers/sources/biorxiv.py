"""bioRxiv and medRxiv (api.biorxiv.org): a preprint's versions, and the DOI of the article that it became.

A DOI that is not known is a 200 with an empty collection. Which of the two servers has it shows in the DOI: medRxiv
numbers with the year in front. Refuses the journals that share the prefix, and a record of another DOI.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from urllib.parse import quote, unquote, urlsplit

from api.domain.names import author
from api.domain.papers import Dates, Finding, Identifier, Manifestation
from api.domain.schemes import claim
from workers.answer_dates import iso_date
from workers.answer_text import clean, marked, paragraphs, plain
from workers.json_fields import Fields, number, objects, text
from workers.sources.base import Answer, BadAnswer, Request, is_absent, json_object

_OWN = re.compile(r"10\.(?:1101|64898)/(?:\d{4}\.\d\d\.\d\d\.)?(\d{6,8})", re.A)
_NAMES = {"biorxiv": "bioRxiv", "medrxiv": "medRxiv"}


class BioRxiv:
    """Both servers at `base_url`, without a slash at its end."""

    name = "biorxiv"

    def __init__(self, base_url: str) -> None:
        self._base_url = base_url

    def ask(self, identifiers: Collection[Identifier]) -> Request | None:
        """The versions of the preprint with the paper's DOI, if one of its DOIs is of these servers."""
        for doi in sorted(each.value for each in identifiers if each.scheme == "doi"):
            if match := _OWN.fullmatch(doi):
                server = "medrxiv" if len(match.group(1)) == 8 else "biorxiv"
                return Request(self.name, f"{self._base_url}/details/{server}/{quote(doi)}/na/json", "application/json")
        return None

    def read(self, answer: Answer) -> Finding | None:
        """The newest version with the date of the first, or None for a DOI that is not known; raises BadAnswer."""
        if is_absent(answer):
            return None
        collection = json_object(answer).get("collection")
        if not isinstance(collection, list):
            raise BadAnswer("malformed")
        versions = sorted(objects(collection), key=lambda one: number(one, "version") or 0)
        if not versions:
            return None
        server, _, rest = unquote(urlsplit(answer.url).path).partition("/details/")[2].partition("/")
        asked = claim("doi", rest.removesuffix("/na/json"))
        named = {found.identifiers[0] for found in (claim("doi", text(one, "doi")) for one in versions) if found}
        if asked is None or named != {asked.identifiers[0]}:
            raise BadAnswer("other_paper")
        return _finding(versions, asked.identifiers[0], server)


def _finding(versions: list[Fields], own: Identifier, server: str) -> Finding:
    first, last = versions[0], versions[-1]
    people = (author(plain(name)) for name in text(last, "authors").split(";"))
    published = claim("doi", clean(text(last, "published")))
    version = number(last, "version")
    page = f"https://www.{server}.org/content/{own.value}" + (f"v{version}" if version else "")
    return Finding(
        source=BioRxiv.name,
        identifiers=(own, *(published.identifiers if published else ())),
        kind="preprint",
        title=marked(text(last, "title")) or None,
        authors=tuple(author for author in people if author),
        abstract=paragraphs(text(last, "abstract")) or None,
        dates=Dates(preprinted=iso_date(text(first, "date"))),
        venue=_NAMES.get(server),
        primary_class=clean(text(last, "category")) or None,
        manifestations=(Manifestation("abs", page, version), Manifestation("pdf", f"{page}.full.pdf", version)),
    )
