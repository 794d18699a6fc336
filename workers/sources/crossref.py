"""Crossref's REST API (api.crossref.org/swagger-ui): the published record as the publisher deposited it.

Deposits are uneven: dates in parts or null, titles with JATS and entities, names in one piece. So each field is
read for itself, and what cannot be read is left out rather than failing the rest. Refuses a record
of another DOI, and relations other than between a preprint and its publication.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from urllib.parse import quote, unquote, urlsplit

from api.domain.papers import Author, Dates, Finding, Identifier, Kind
from api.domain.schemes import claim
from workers.answer_text import clean, marked, paragraphs, plain
from workers.sources.base import Answer, BadAnswer, Request, is_absent, json_object

Deposit = dict[str, object]

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
OTHER_AGENCIES = ("10.5281/", "10.6084/", "10.5061/", "10.48550/", "10.7910/", "10.4230/")  # DataCite's
PREPRINT_SERVERS = (
    "10.1101/",
    "10.64898/",
    "10.2139/",
    "10.21203/",
    "10.20944/",
    "10.26434/",
    "10.31234/",
    "10.36227/",
)
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
        dois = [
            each.value for each in identifiers if each.scheme == "doi" and not each.value.startswith(OTHER_AGENCIES)
        ]
        if not dois:
            return None
        doi = min(dois, key=lambda value: (value.startswith(PREPRINT_SERVERS), value))
        return Request(self.name, f"{self._base_url}/works/{quote(doi, safe='')}{self._query}", "application/json")

    def read(self, answer: Answer) -> Finding | None:
        """The record, or None when Crossref has none; raises BadAnswer."""
        if is_absent(answer):
            return None
        work = json_object(answer).get("message")
        if not isinstance(work, dict):
            raise BadAnswer("malformed")
        doi = _text(work, "DOI")
        own = claim("doi", doi)
        if own is None:
            raise BadAnswer("malformed")
        asked = unquote(urlsplit(answer.url).path.rpartition("/works/")[2])
        if asked.lower() not in (known.lower() for known in (doi, *_texts(work.get("aliases")))):
            raise BadAnswer("other_paper")
        if _text(work, "type") in PARTS:
            return None
        return _finding(work, own.identifiers)


def _finding(work: Deposit, own: tuple[Identifier, ...]) -> Finding:
    kind = KINDS.get(_text(work, "type"))
    authors = (_author(each) for each in _objects(work.get("author")))
    institution = next((plain(_text(each, "name")) for each in _objects(work.get("institution"))), "")
    return Finding(
        source=Crossref.name,
        identifiers=tuple(dict.fromkeys((*own, *_related(work)))),
        kind=kind,
        title=_title(work) or None,
        authors=tuple(author for author in authors if author),
        abstract=paragraphs(_text(work, "abstract")) or None,
        dates=_dates(work, kind),
        venue=_venue(work, kind) or None,
        volume=clean(_text(work, "volume")) or None,
        issue=clean(_text(work, "issue")) or None,
        pages=clean(_text(work, "page") or _text(work, "article-number")) or None,
        publisher=plain(_text(work, "publisher")) or institution or None,
        language=clean(_text(work, "language")) or None,
    )


def _title(work: Deposit) -> str:
    """The title, and the subtitle where the title does not already hold it."""
    title = next((marked(text) for text in _texts(work.get("title"))), "")
    subtitle = next((marked(text) for text in _texts(work.get("subtitle"))), "")
    if not title or not subtitle or subtitle.casefold() in title.casefold():
        return title
    return f"{title} {subtitle}" if title[-1] in ":?!" else f"{title}: {subtitle}"


def _venue(work: Deposit, kind: Kind | None) -> str:
    """The journal or the volume; where a series comes first, the volume is the last."""
    titles = [plain(text) for text in _texts(work.get("container-title"))]
    if not titles:
        return ""
    return titles[-1] if kind in ("inproceedings", "chapter") else titles[0]


def _author(deposit: Deposit) -> Author | None:
    family, given, suffix, name = (plain(_text(deposit, key)) for key in ("family", "given", "suffix", "name"))
    if family and given:
        return Author(family=family, given=given, suffix=suffix or None)
    single = name or family or given
    return Author(literal=single) if single else None


def _dates(work: Deposit, kind: Kind | None) -> Dates:
    """A preprint is only preprinted: its date must not pass for that of the publication."""
    issued = _date(work.get("issued"))
    if kind == "preprint":
        return Dates(preprinted=_date(work.get("posted")) or issued)
    return Dates(online=_date(work.get("published-online")), issued=issued)


def _date(value: object) -> str | None:
    """`YYYY`, `YYYY-MM` or `YYYY-MM-DD` from `{"date-parts": [[2020, 4, null]]}`, as far as the parts make sense."""
    rows = value.get("date-parts") if isinstance(value, dict) else None
    parts = rows[0] if isinstance(rows, list) and rows and isinstance(rows[0], list) else []
    limits = ((1000, 2100), (1, 12), (1, 31))
    kept: list[str] = []
    for part, (least, most) in zip(parts, limits, strict=False):
        number = int(part) if isinstance(part, str) and part.isdecimal() and len(part) < 5 else part
        if not isinstance(number, int) or not least <= number <= most:
            break
        kept.append(f"{number:02d}")
    return "-".join(kept) or None


def _related(work: Deposit) -> Iterator[Identifier]:
    """The other half of a preprint and its publication, by DOI or arXiv id."""
    relation = work.get("relation")
    for name in SAME_PAPER:
        for each in _objects(relation.get(name) if isinstance(relation, dict) else None):
            scheme = _text(each, "id-type").lower()
            value = _text(each, "id").strip().removeprefix("https://doi.org/").removeprefix("https://arxiv.org/abs/")
            found = claim(scheme, value) if scheme in ("doi", "arxiv") else None
            yield from found.identifiers if found else ()


def _text(deposit: object, key: str) -> str:
    value = deposit.get(key) if isinstance(deposit, dict) else None
    return value if isinstance(value, str) else ""


def _texts(value: object) -> list[str]:
    return [each for each in value if isinstance(each, str) and clean(each)] if isinstance(value, list) else []


def _objects(value: object) -> list[Deposit]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
