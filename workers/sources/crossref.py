"""Crossref's REST API (api.crossref.org/swagger-ui): the published record as the publisher deposited it.

Fieldss are uneven: dates in parts or null, titles with JATS and entities, names in one piece. So each field is
read for itself, and what cannot be read is left out rather than failing the rest. Refuses a record
of another DOI, and relations other than between a preprint and its publication.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from urllib.parse import quote, unquote, urlsplit

from api.domain.papers import Author, Dates, Finding, Identifier, Kind
from api.domain.schemes import claim
from workers.answer_dates import date_of
from workers.answer_text import clean, marked, paragraphs, plain
from workers.doi_prefixes import known_agency, published_first
from workers.json_fields import Fields, objects, text, texts
from workers.sources.base import Answer, BadAnswer, Request, is_absent, json_object

KINDS: dict[str, Kind] = {
    "journal-article": "article",
    "proceedings-article": "inproceedings",
    "posted-content": "preprint",
    "dissertation": "thesis",
    "book": "book",
    "edited-book": "book",
    "monograph": "book",
    "proceedings": "book",
    "reference-book": "book",
    "book-chapter": "chapter",
    "book-part": "chapter",
    "book-section": "chapter",
    "reference-entry": "chapter",
    "report": "report",
    "report-component": "report",
    "standard": "report",
    "database": "dataset",
    "dataset": "dataset",
}
PARTS = ("component", "peer-review")  # of a paper, with its DOI and a tail: not the paper
SAME_PAPER = ("is-preprint-of", "has-preprint")


class Crossref:
    """Crossref at `base_url`, without a slash at its end; `mailto` asks for the polite pool, empty for none."""

    name = "crossref"

    def __init__(self, base_url: str, mailto: str) -> None:
        self._base_url = base_url
        self._query = f"?mailto={quote(mailto)}" if mailto else ""

    def ask(self, identifiers: Collection[Identifier]) -> Request | None:
        """The record of the paper's DOI; of several, the published one's rather than a preprint server's."""
        dois = [doi for doi in published_first(identifiers) if known_agency(doi) != "datacite"]
        if not dois:
            return None
        return Request(self.name, f"{self._base_url}/works/{quote(dois[0], safe='')}{self._query}", "application/json")

    def read(self, answer: Answer) -> Finding | None:
        """The record, or None when Crossref has none; raises BadAnswer."""
        if is_absent(answer):
            return None
        work = json_object(answer).get("message")
        if not isinstance(work, dict):
            raise BadAnswer("malformed")
        doi = text(work, "DOI")
        own = claim("doi", doi)
        if own is None:
            raise BadAnswer("malformed")
        asked = unquote(urlsplit(answer.url).path.rpartition("/works/")[2])
        if asked.lower() not in (known.lower() for known in (doi, *texts(work.get("aliases")))):
            raise BadAnswer("other_paper")
        if text(work, "type") in PARTS:
            return None
        return _finding(work, own.identifiers)


def _finding(work: Fields, own: tuple[Identifier, ...]) -> Finding:
    kind = KINDS.get(text(work, "type"))
    authors = (_author(each) for each in objects(work.get("author")))
    institution = next((plain(text(each, "name")) for each in objects(work.get("institution"))), "")
    return Finding(
        source=Crossref.name,
        identifiers=tuple(dict.fromkeys((*own, *_related(work)))),
        kind=kind,
        title=_title(work) or None,
        authors=tuple(author for author in authors if author),
        abstract=paragraphs(text(work, "abstract")) or None,
        dates=_dates(work, kind),
        venue=_venue(work, kind) or None,
        volume=clean(text(work, "volume")) or None,
        issue=clean(text(work, "issue")) or None,
        pages=clean(text(work, "page") or text(work, "article-number")) or None,
        publisher=plain(text(work, "publisher")) or institution or None,
        language=clean(text(work, "language")) or None,
    )


def _title(work: Fields) -> str:
    """The title, and the subtitle where the title does not already hold it."""
    title = next((marked(each) for each in texts(work.get("title"))), "")
    subtitle = next((marked(each) for each in texts(work.get("subtitle"))), "")
    if not title or not subtitle or subtitle.casefold() in title.casefold():
        return title
    return f"{title} {subtitle}" if title[-1] in ":?!" else f"{title}: {subtitle}"


def _venue(work: Fields, kind: Kind | None) -> str:
    """The journal or the volume; where a series comes first, the volume is the last."""
    titles = [plain(each) for each in texts(work.get("container-title"))]
    if not titles:
        return ""
    return titles[-1] if kind in ("inproceedings", "chapter") else titles[0]


def _author(deposit: Fields) -> Author | None:
    family, given, suffix, name = (plain(text(deposit, key)) for key in ("family", "given", "suffix", "name"))
    if family and given:
        return Author(family=family, given=given, suffix=suffix or None)
    single = name or family or given
    return Author(literal=single) if single else None


def _dates(work: Fields, kind: Kind | None) -> Dates:
    """A preprint is only preprinted: its date must not pass for that of the publication."""
    issued = _date(work.get("issued"))
    if kind == "preprint":
        return Dates(preprinted=_date(work.get("posted")) or issued)
    return Dates(online=_date(work.get("published-online")), issued=issued)


def _date(value: object) -> str | None:
    """`YYYY`, `YYYY-MM` or `YYYY-MM-DD` from `{"date-parts": [[2020, 4, null]]}`, as far as the parts make sense."""
    parts = value.get("date-parts") if isinstance(value, dict) else None
    return date_of(*parts[0]) if isinstance(parts, list) and parts and isinstance(parts[0], list) else None


def _related(work: Fields) -> Iterator[Identifier]:
    """The other half of a preprint and its publication, by DOI or arXiv id."""
    relation = work.get("relation")
    for name in SAME_PAPER:
        for each in objects(relation.get(name) if isinstance(relation, dict) else None):
            scheme = text(each, "id-type").lower()
            value = text(each, "id").strip().removeprefix("https://doi.org/").removeprefix("https://arxiv.org/abs/")
            found = claim(scheme, value) if scheme in ("doi", "arxiv") else None
            yield from found.identifiers if found else ()
