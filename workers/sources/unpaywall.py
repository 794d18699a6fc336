"""Unpaywall (unpaywall.org/products/api): where a published paper is open to read.

Its answers name a PDF for each place that has one; other places are pages. Asks nothing without a contact address,
which it requires. Refuses figures and other parts of papers, which have records of their own, and another DOI's record.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from urllib.parse import quote, unquote, urlsplit

from api.domain.papers import Dates, Finding, Identifier, Manifestation
from api.domain.schemes import claim
from workers.answer_dates import date_of, loose_date
from workers.answer_text import marked, plain
from workers.doi_prefixes import known_agency, published_first
from workers.json_fields import Fields, number, rows, text
from workers.open_forms import open_form
from workers.sources.base import Answer, BadAnswer, Request, is_absent, json_object

PARTS = ("component", "peer-review")


class Unpaywall:
    """Unpaywall at `base_url`, without a slash at its end; `mailto` is who asks."""

    name = "unpaywall"

    def __init__(self, base_url: str, mailto: str) -> None:
        self._base_url = base_url
        self._mailto = mailto

    def ask(self, identifiers: Collection[Identifier]) -> Request | None:
        """The places of the paper's DOI; those of DataCite are not covered there."""
        dois = [doi for doi in published_first(identifiers) if known_agency(doi) != "datacite"]
        if not dois or not self._mailto:
            return None
        url = f"{self._base_url}/v2/{quote(dois[0], safe='')}?email={quote(self._mailto)}"
        return Request(self.name, url, "application/json")

    def read(self, answer: Answer) -> Finding | None:
        """What is known of the DOI, or None; raises BadAnswer."""
        if is_absent(answer):
            return None
        record = json_object(answer)
        doi = text(record, "doi")
        own = claim("doi", doi)
        if own is None:
            raise BadAnswer("malformed")
        if doi.lower() != unquote(urlsplit(answer.url).path.partition("/v2/")[2]).lower():
            raise BadAnswer("other_paper")
        if text(record, "genre") in PARTS or record.get("is_paratext") is True:
            return None
        when = loose_date(text(record, "published_date")) or date_of(number(record, "year"))
        preprint = text(record, "genre") == "posted-content"
        return Finding(
            source=self.name,
            identifiers=own.identifiers,
            kind="preprint" if preprint else None,
            title=marked(text(record, "title")) or None,
            dates=Dates(preprinted=when) if preprint else Dates(issued=when),
            venue=plain(text(record, "journal_name")) or None,
            publisher=plain(text(record, "publisher")) or None,
            manifestations=tuple(dict.fromkeys(_open_forms(record))),
        )


def _open_forms(record: Fields) -> Iterator[Manifestation]:
    """The best place first, as it comes; of each the PDF, else the page."""
    for each in rows(record, "oa_locations"):
        pdf = open_form("pdf", text(each, "url_for_pdf"))
        form = pdf or open_form("landing", text(each, "url_for_landing_page") or text(each, "url"))
        if form is not None:
            yield form
