"""Zenodo's REST API (developers.zenodo.org): papers, data and software that are kept there.

An id may be that of one version or that of all of them (the concept), which answers with the newest. Refuses a record
that is neither, and the DOIs of other versions: another version of a data set is another thing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from urllib.parse import urlsplit

from api.domain.link_hosts import place_of
from api.domain.names import author
from api.domain.papers import Dates, Finding, Identifier, Kind, Link, Manifestation
from api.domain.schemes import claim
from workers.answer_dates import iso_date
from workers.answer_text import clean, marked, paragraphs, plain
from workers.json_fields import Fields, inner, number, rows, text
from workers.languages import language
from workers.sources.base import Answer, BadAnswer, Request, is_absent, json_object

KINDS: dict[str, Kind] = {"dataset": "dataset", "software": "software", "publication": "report"}
PUBLICATIONS: dict[str, Kind] = {
    "article": "article",
    "conferencepaper": "inproceedings",
    "conferenceproceeding": "book",
    "book": "book",
    "section": "chapter",
    "preprint": "preprint",
    "thesis": "thesis",
    "dissertation": "thesis",
}
CONFIDENCE = 0.85  # the depositor's word


class Zenodo:
    """Zenodo at `base_url`, without a slash at its end."""

    name = "zenodo"

    def __init__(self, base_url: str) -> None:
        self._base_url = base_url

    def ask(self, identifiers: Collection[Identifier]) -> Request | None:
        """The record of the paper's Zenodo id."""
        ids = sorted((each.value for each in identifiers if each.scheme == "zenodo"), key=int)
        return Request(self.name, f"{self._base_url}/api/records/{ids[0]}", "application/json") if ids else None

    def read(self, answer: Answer) -> Finding | None:
        """The record, or None when there is none; raises BadAnswer."""
        if is_absent(answer):
            return None
        record = json_object(answer)
        asked = urlsplit(answer.url).path.rpartition("/")[2]
        own, concept = number(record, "id"), number(record, "conceptrecid")
        if own is None or not inner(record, "metadata"):
            raise BadAnswer("malformed")
        if asked not in (str(own), str(concept)):
            raise BadAnswer("other_paper")
        # A concept's own DOI is that of its number; the record's is that of the newest version.
        doi = text(record, "doi") if asked == str(own) else f"10.5281/zenodo.{asked}"
        claims = [claim("zenodo", asked), claim("doi", doi)]
        named = dict.fromkeys(identifier for each in claims if each for identifier in each.identifiers)
        return _finding(record, inner(record, "metadata"), tuple(named))


def _finding(record: Fields, said: Fields, named: tuple[Identifier, ...]) -> Finding:
    kind, journal = _kind(inner(said, "resource_type")), inner(said, "journal")
    when, in_venue = iso_date(text(said, "publication_date")), kind == "article"
    people = (author(plain(text(each, "name"))) for each in rows(said, "creators"))
    return Finding(
        source=Zenodo.name,
        identifiers=named,
        kind=kind,
        title=marked(text(said, "title")) or None,
        authors=tuple(author for author in people if author),
        abstract=paragraphs(text(said, "description")) or None,
        dates=Dates(preprinted=when) if kind == "preprint" else Dates(issued=when),
        venue=plain(text(journal, "title")) or None if in_venue else None,
        volume=clean(text(journal, "volume")) or None if in_venue else None,
        issue=clean(text(journal, "issue")) or None if in_venue else None,
        pages=clean(text(journal, "pages")) or None if in_venue else None,
        publisher="Zenodo",
        language=language(text(said, "language")),
        manifestations=tuple(_forms(record)),
        links=tuple(_links(said, kind)),
    )


def _kind(given: Fields) -> Kind | None:
    kind = KINDS.get(text(given, "type"))
    return PUBLICATIONS.get(text(given, "subtype"), kind) if kind == "report" else kind


def _forms(record: Fields) -> Iterator[Manifestation]:
    """The record's page, and the file where it is one PDF alone."""
    page = text(inner(record, "links"), "self_html")
    if page.startswith("https://"):
        yield Manifestation("landing", page)
    files = [text(inner(each, "links"), "self") for each in rows(record, "files")]
    names = [text(each, "key") for each in rows(record, "files")]
    if len(files) == 1 and names[0].lower().endswith(".pdf") and files[0].startswith("https://"):
        yield Manifestation("pdf", files[0])


def _links(said: Fields, kind: Kind | None) -> Iterator[Link]:
    """What supplements the record; for software also the repository that it was archived from."""
    for each in rows(said, "related_identifiers"):
        relation, value = text(each, "relation"), text(each, "identifier").strip()
        place = place_of(f"https://doi.org/{value}" if text(each, "scheme") == "doi" else value)
        wanted = relation == "isSupplementedBy" or (kind == "software" and relation == "isSupplementTo")
        if place is not None and wanted:
            found = "code" if text(each, "resource_type") == "software" else place.kind
            yield Link(found, place.url, "available", CONFIDENCE, f"Zenodo: {relation}", Zenodo.name)
