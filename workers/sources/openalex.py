"""OpenAlex (developers.openalex.org): one merged record of a work, with all places where it is open.

Abstracts come as an inverted index, venues as a "source" that may be a repository. Refuses a work that does not name
the DOI asked for, parts of works, and a repository as a venue. Its 404 is a small page of its own, which alone among
web pages means that there is no such work.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from urllib.parse import quote, unquote, urlsplit

from api.domain.names import author
from api.domain.papers import Author, Dates, Finding, Identifier, Kind, Manifestation
from api.domain.schemes import claim
from workers.answer_dates import date_of, loose_date
from workers.answer_text import clean, marked, paragraphs, plain
from workers.doi_prefixes import published_first
from workers.json_fields import Fields, inner, number, rows, text
from workers.languages import language
from workers.open_forms import open_form
from workers.sources.base import Answer, BadAnswer, Request, is_absent, json_object

KINDS: dict[str, Kind] = {
    "article": "article",
    "review": "article",
    "letter": "article",
    "editorial": "article",
    "erratum": "article",
    "retraction": "article",
    "data-paper": "article",
    "conference-paper": "inproceedings",
    "proceedings-article": "inproceedings",
    "preprint": "preprint",
    "dissertation": "thesis",
    "book": "book",
    "book-chapter": "chapter",
    "reference-entry": "chapter",
    "report": "report",
    "standard": "report",
    "dataset": "dataset",
    "software": "software",
}
IN_VENUE = ("article", "inproceedings", "chapter", None)  # elsewhere it is the publisher's shop
PARTS = ("peer-review", "supplementary-materials", "paratext")
NOT_FOUND = b"<title>404 Not Found</title>"
LONGEST_ABSTRACT = 20_000  # words; a position above it is nonsense
MOST_LOCATIONS = 20
SELECT = (
    "id,doi,title,ids,language,type,publication_date,publication_year,is_paratext,authorships,biblio,"
    "primary_location,locations,abstract_inverted_index"
)


class OpenAlex:
    """OpenAlex at `base_url`, without a slash at its end; `key` raises the quota, empty for none."""

    name = "openalex"

    def __init__(self, base_url: str, key: str = "") -> None:
        self._base_url = base_url
        self._secret = (("api_key", key),) if key else ()

    def ask(self, identifiers: Collection[Identifier]) -> Request | None:
        """The work of the paper's DOI, else of its arXiv id, PMID or PMCID."""
        names = {"doi": "doi:{}", "arxiv": "doi:10.48550/arxiv.{}", "pmid": "pmid:{}", "pmcid": "pmcid:{}"}
        for scheme, form in names.items():
            values = published_first(identifiers) if scheme == "doi" else _values(identifiers, scheme)
            if values:
                path = quote(form.format(values[0]), safe=":/")
                url = f"{self._base_url}/works/{path}?select={SELECT}"
                return Request(self.name, url, "application/json", secret_query=self._secret)
        return None

    def read(self, answer: Answer) -> Finding | None:
        """The work, or None when OpenAlex has none; raises BadAnswer."""
        if answer.status == 404 and NOT_FOUND in answer.body[:512]:
            return None
        if is_absent(answer):
            return None
        work = json_object(answer)
        named = tuple(dict.fromkeys(_identifiers(work)))
        if not named:
            raise BadAnswer("malformed")
        asked = _asked(answer.url)
        if asked is None or asked not in named:
            raise BadAnswer("other_paper")
        if text(work, "type") in PARTS or work.get("is_paratext") is True:
            return None
        return _finding(work, named)


def _values(identifiers: Collection[Identifier], scheme: str) -> list[str]:
    return sorted(each.value for each in identifiers if each.scheme == scheme)


def _asked(url: str) -> Identifier | None:
    scheme, _, value = unquote(urlsplit(url).path.partition("/works/")[2]).partition(":")
    if scheme == "https":  # the other spelling that OpenAlex takes: a whole address
        scheme, value = "doi", value.removeprefix("//doi.org/")
    found = claim(scheme, value) if scheme in ("doi", "pmid", "pmcid") else None
    return found.identifiers[0] if found else None


def _finding(work: Fields, named: tuple[Identifier, ...]) -> Finding:
    place, details = inner(work, "primary_location"), inner(work, "biblio")
    where = inner(place, "source")
    stored = text(where, "type") == "repository"
    kind = _kind(text(work, "type"), stored)
    venue = plain(text(where, "display_name") or text(place, "raw_source_name"))
    when = loose_date(text(work, "publication_date")) or date_of(number(work, "publication_year"))
    authors = (_author(each) for each in rows(work, "authorships"))
    return Finding(
        source=OpenAlex.name,
        identifiers=named,
        kind=kind,
        title=marked(text(work, "title")) or None,
        authors=tuple(author for author in authors if author),
        abstract=_abstract(work.get("abstract_inverted_index")) or None,
        dates=Dates(preprinted=when) if kind == "preprint" else Dates(issued=when),
        venue=None if stored or kind not in IN_VENUE else venue or None,
        volume=clean(text(details, "volume")) or None,
        issue=clean(text(details, "issue")) or None,
        pages=_pages(clean(text(details, "first_page")), clean(text(details, "last_page"))) or None,
        publisher=None if stored else plain(text(where, "host_organization_name")) or None,
        language=language(text(work, "language")),
        manifestations=tuple(_open_forms(work)),
    )


def _kind(name: str, stored: bool) -> Kind | None:
    """An article whose first place is a repository is not published yet."""
    kind = KINDS.get(name)
    return "preprint" if stored and kind == "article" else kind


def _identifiers(work: Fields) -> Iterator[Identifier]:
    """The work's own ids, then those of the arXiv and PubMed records that OpenAlex merged into it."""
    ids = inner(work, "ids")
    addresses = [("doi", text(work, "doi")), ("pmid", text(ids, "pmid")), ("pmcid", text(ids, "pmcid"))]
    for each in rows(work, "locations"):
        page = text(each, "landing_page_url")
        if "arxiv.org/abs/" in page:
            addresses.append(("arxiv", page))
    for scheme, address in addresses:
        value = address.rstrip("/")
        value = value.partition("doi.org/")[2] if scheme == "doi" else value.rpartition("/")[2]
        if scheme == "arxiv":
            value = address.partition("/abs/")[2]
        found = claim(scheme, f"PMC{value}" if scheme == "pmcid" and value.isdigit() else value) if value else None
        yield from found.identifiers if found else ()


def _author(authorship: Fields) -> Author | None:
    """The name as printed on this work rather than the one that OpenAlex gives the person."""
    return author(plain(text(authorship, "raw_author_name") or text(inner(authorship, "author"), "display_name")))


def _abstract(index: object) -> str:
    """The words put back into their places; empty where the places make no sense."""
    words: dict[int, str] = {}
    for word, places in index.items() if isinstance(index, dict) else ():
        for place in places if isinstance(places, list) else ():
            if isinstance(place, int) and 0 <= place < LONGEST_ABSTRACT:
                words[place] = str(word)
    return paragraphs(" ".join(words[place] for place in sorted(words)))


def _pages(first: str, last: str) -> str:
    return first if first == last else "-".join(filter(None, (first, last)))


def _open_forms(work: Fields) -> Iterator[Manifestation]:
    for each in rows(work, "locations")[:MOST_LOCATIONS]:
        if each.get("is_oa") is True:
            forms = (open_form("pdf", text(each, "pdf_url")), open_form("landing", text(each, "landing_page_url")))
            yield from (form for form in forms if form is not None)
