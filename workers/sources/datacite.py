"""DataCite's REST API (support.datacite.org/docs/api): datasets, software, theses, and arXiv's own records.

arXiv deposits a record for each paper, with the DOI of the publication where its authors gave one: a way in when arXiv
itself is slow. Refuses a record of another DOI, and every relation but that one as a claim of identity: Zenodo calls
each version of a piece of software a version of one DOI, and those are different things.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from urllib.parse import quote, unquote, urlsplit

from api.domain.link_hosts import place_of
from api.domain.names import author
from api.domain.papers import Author, Dates, Finding, Identifier, Kind, Link, LinkKind
from api.domain.schemes import claim
from workers.answer_dates import date_of, iso_date
from workers.answer_text import clean, marked, paragraphs, plain
from workers.doi_prefixes import published_first
from workers.json_fields import Fields, inner, number, objects, rows, text
from workers.languages import language
from workers.sources.base import Answer, BadAnswer, Request, is_absent, json_object

ARXIV = "10.48550/arxiv."
KINDS: dict[str, Kind] = {
    "JournalArticle": "article",
    "DataPaper": "article",
    "ConferencePaper": "inproceedings",
    "Preprint": "preprint",
    "Dissertation": "thesis",
    "Book": "book",
    "ConferenceProceeding": "book",
    "BookChapter": "chapter",
    "Report": "report",
    "Standard": "report",
    "Dataset": "dataset",
    "Collection": "dataset",
    "Software": "software",
    "ComputationalNotebook": "software",
    "Workflow": "software",
}
BIBTEX: dict[str, Kind] = {
    "article": "article",
    "inproceedings": "inproceedings",
    "phdthesis": "thesis",
    "mastersthesis": "thesis",
    "book": "book",
    "inbook": "chapter",
    "incollection": "chapter",
    "techreport": "report",
}
SUPPLEMENTS = ("IsSupplementedBy", "IsDocumentedBy")
CONFIDENCE = 0.85  # the depositor's word


class DataCite:
    """DataCite at `base_url`, without a slash at its end."""

    name = "datacite"

    def __init__(self, base_url: str) -> None:
        self._base_url = base_url

    def ask(self, identifiers: Collection[Identifier]) -> Request | None:
        """The record of the paper's DOI, else that of its arXiv id. The caller drops the DOIs of other agencies."""
        dois = published_first(identifiers)
        dois += [ARXIV + each for each in sorted(each.value for each in identifiers if each.scheme == "arxiv")]
        if not dois:
            return None
        return Request(self.name, f"{self._base_url}/dois/{quote(dois[0], safe='')}", "application/vnd.api+json")

    def read(self, answer: Answer) -> Finding | None:
        """The record, or None when DataCite has none; raises BadAnswer."""
        if is_absent(answer):
            return None
        record = inner(inner(json_object(answer), "data"), "attributes")
        own = claim("doi", text(record, "doi"))
        if own is None:
            raise BadAnswer("malformed")
        asked = claim("doi", unquote(urlsplit(answer.url).path.partition("/dois/")[2]))
        if asked is None or asked.identifiers[0] != own.identifiers[0]:
            raise BadAnswer("other_paper")
        return _finding(record, own.identifiers)


def _finding(record: Fields, own: tuple[Identifier, ...]) -> Finding:
    kind, container = _kind(record), inner(record, "container")
    in_venue = kind in ("article", "inproceedings", "chapter")
    authors = (_author(each) for each in rows(record, "creators"))
    return Finding(
        source=DataCite.name,
        identifiers=tuple(dict.fromkeys((*own, *_published(record)))),
        kind=kind,
        title=_title(rows(record, "titles")) or None,
        authors=tuple(author for author in authors if author),
        abstract=_abstract(record) or None,
        dates=_dates(record, kind),
        venue=plain(text(container, "title")) or None if in_venue else None,
        volume=clean(text(container, "volume")) or None,
        issue=clean(text(container, "issue")) or None,
        pages="-".join(filter(None, (clean(text(container, key)) for key in ("firstPage", "lastPage")))) or None,
        publisher=plain(text(record, "publisher") or text(inner(record, "publisher"), "name")) or None,
        language=language(text(record, "language")),
        links=tuple(_links(record)),
    )


def _kind(record: Fields) -> Kind | None:
    if text(record, "doi").lower().startswith(ARXIV):
        return "preprint"
    types = inner(record, "types")
    return KINDS.get(text(types, "resourceTypeGeneral")) or BIBTEX.get(text(types, "bibtex"))


def _title(titles: list[Fields]) -> str:
    title = next((marked(text(each, "title")) for each in titles if not text(each, "titleType")), "")
    subtitle = next((marked(text(each, "title")) for each in titles if text(each, "titleType") == "Subtitle"), "")
    return f"{title}: {subtitle}" if title and subtitle and subtitle.casefold() not in title.casefold() else title


def _author(creator: Fields) -> Author | None:
    family, given, name = (plain(text(creator, key)) for key in ("familyName", "givenName", "name"))
    if text(creator, "nameType") == "Organizational":
        return Author(literal=name) if name else None
    if family and given:
        return Author(family=family, given=given)
    return author(name or family or given)


def _abstract(record: Fields) -> str:
    found = (each for each in rows(record, "descriptions") if text(each, "descriptionType") == "Abstract")
    return next((paragraphs(text(each, "description")) for each in found), "")


def _dates(record: Fields, kind: Kind | None) -> Dates:
    """A preprint's first submission; of anything else when it was issued, and when it was put online."""
    known: dict[str, list[str]] = {}
    for each in rows(record, "dates"):
        if found := iso_date(text(each, "date")):
            known.setdefault(text(each, "dateType"), []).append(found)
    year = date_of(number(record, "publicationYear"))
    first = {name: min(found) for name, found in known.items()}
    if kind == "preprint":
        return Dates(preprinted=first.get("Submitted") or first.get("Available") or first.get("Issued") or year)
    return Dates(online=first.get("Available"), issued=first.get("Issued") or first.get("Available") or year)


def _published(record: Fields) -> Iterator[Identifier]:
    """The DOI of the publication that arXiv's authors gave, which arXiv deposits as "is version of"."""
    if not text(record, "doi").lower().startswith(ARXIV):
        return
    for each in rows(record, "relatedIdentifiers"):
        if text(each, "relationType") == "IsVersionOf" and text(each, "relatedIdentifierType") == "DOI":
            found = claim("doi", text(each, "relatedIdentifier"))
            yield from found.identifiers if found else ()


def _links(record: Fields) -> Iterator[Link]:
    """What supplements the paper; for software also the repository that it was archived from."""
    related = objects(record.get("relatedIdentifiers"))
    software = _kind(record) == "software"
    for each in related:
        relation, value = text(each, "relationType"), text(each, "relatedIdentifier").strip()
        url = f"https://doi.org/{value}" if text(each, "relatedIdentifierType") == "DOI" else value
        place = place_of(url)
        if place is None or not (relation in SUPPLEMENTS or (software and relation == "IsSupplementTo")):
            continue
        kind: LinkKind = "code" if text(each, "resourceTypeGeneral") == "Software" else place.kind
        yield Link(kind, url, "available", CONFIDENCE, f"DataCite: {relation}", DataCite.name)
