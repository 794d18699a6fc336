"""Semantic Scholar's Graph API (api.semanticscholar.org/api-docs/graph): the bridge between many kinds of ids.

It knows arXiv, DOI, ACL, DBLP and PubMed ids of one paper. Its date is that of the first version, so that for a paper
that is on arXiv too only the year is taken. Refuses a paper that does not name the id asked for.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from urllib.parse import quote, unquote, urlsplit

from msgspec.structs import replace

from api.domain.names import author
from api.domain.papers import Dates, Finding, Identifier, Kind, Manifestation
from api.domain.schemes import claim
from api.domain.source_ranks import is_preprint_server
from workers.answer_dates import date_of, loose_date
from workers.answer_text import clean, marked, paragraphs, plain
from workers.json_fields import Fields, inner, number, rows, text, texts
from workers.open_forms import open_form
from workers.sources.base import Answer, BadAnswer, Request, is_absent, json_list, json_object

# scheme: its name in a question, and in an answer; the first that a paper has is asked for
NAMES = {
    "arxiv": ("ARXIV", "ArXiv"),  # its DOI, 10.48550/arXiv.…, is not known there
    "doi": ("DOI", "DOI"),
    "pmid": ("PMID", "PubMed"),
    "pmcid": ("PMCID", "PubMedCentral"),
    "acl": ("ACL", "ACL"),
    "corpusid": ("CorpusId", "CorpusId"),
    "s2": ("", ""),
    "dblp": ("", "DBLP"),
}
FIELDS = (
    "externalIds,title,abstract,venue,publicationVenue,year,publicationDate,publicationTypes,journal,authors,"
    "openAccessPdf"
)
KINDS: dict[str, Kind] = {"Conference": "inproceedings", "Book": "book", "BookSection": "chapter", "Dataset": "dataset"}


class SemanticScholar:
    """Semantic Scholar at `base_url`, without a slash at its end; `key` gives a pace of our own, empty for none."""

    name = "s2"
    most_at_once = 100  # of 500: records may be long, and an answer has a limit of ours

    def __init__(self, base_url: str, key: str = "") -> None:
        self._base_url = base_url
        self._headers = (("x-api-key", key),) if key else ()

    def ask(self, identifiers: Collection[Identifier]) -> Request | None:
        """The paper by the first id that is known there."""
        for scheme, (prefix, _) in NAMES.items():
            values = sorted(each.value for each in identifiers if each.scheme == scheme)
            if not values or (not prefix and scheme != "s2"):
                continue
            value = values[0].removeprefix("PMC") if scheme == "pmcid" else values[0]
            name = quote(f"{prefix}:{value}" if prefix else value, safe=":/")
            url = f"{self._base_url}/graph/v1/paper/{name}?fields={FIELDS}"
            return Request(self.name, url, "application/json", headers=self._headers)
        return None

    def read(self, answer: Answer) -> Finding | None:
        """The paper, or None when Semantic Scholar has none; raises BadAnswer."""
        if is_absent(answer):
            return None
        paper = json_object(answer)
        named = tuple(dict.fromkeys(_identifiers(paper)))
        asked = _asked(answer.url)
        if not inner(paper, "externalIds") or asked is None:
            raise BadAnswer("malformed")
        # A hash may be that of a record which was merged into this one.
        if asked.scheme != "s2" and asked not in named:
            raise BadAnswer("other_paper")
        return _finding(paper, named)

    def ask_many(self, questions: Sequence[Request]) -> Request:
        """The papers of all these questions."""
        body = json.dumps({"ids": [_name(each.url) for each in questions]}).encode()
        url = f"{self._base_url}/graph/v1/paper/batch?fields={FIELDS}"
        return Request(self.name, url, "application/json", headers=self._headers, body=body)

    def split(self, questions: Sequence[Request], answer: Answer) -> list[Answer]:
        """The record of each paper; where there is none, null stands in its place, and a 404 is what it means."""
        if answer.status != 200:
            raise BadAnswer("unexpected_status")
        papers = json_list(answer)
        if is_absent(answer) or len(papers) != len(questions):
            raise BadAnswer("malformed")
        return [
            replace(
                answer,
                url=each.url,
                status=404 if paper is None else 200,
                body=json.dumps({"error": "Paper not found"} if paper is None else paper).encode(),
                etag="",
                last_modified="",
            )
            for each, paper in zip(questions, papers, strict=True)
        ]


def _name(url: str) -> str:
    """A paper's name there, as it stands in the address of the question about it."""
    return unquote(urlsplit(url).path.partition("/paper/")[2])


def _asked(url: str) -> Identifier | None:
    prefix, colon, value = _name(url).partition(":")
    scheme = next((scheme for scheme, (name, _) in NAMES.items() if name == prefix), "") if colon else "s2"
    found = _claim(scheme, value if colon else prefix) if scheme else ()
    return found[0] if found else None


def _claim(scheme: str, value: str) -> tuple[Identifier, ...]:
    found = claim(scheme, f"PMC{value}" if scheme == "pmcid" and value.isdigit() else value)
    return found.identifiers if found else ()


def _identifiers(paper: Fields) -> Iterator[Identifier]:
    names = inner(paper, "externalIds")
    for scheme, (_, name) in NAMES.items():
        value = text(names, name) or str(number(names, name) or "") if name else text(paper, "paperId")
        if value:
            yield from _claim(scheme, value)


def _finding(paper: Fields, named: tuple[Identifier, ...]) -> Finding:
    journal = inner(paper, "journal")
    place = inner(paper, "publicationVenue")
    venue = plain(text(place, "name") or text(paper, "venue") or text(journal, "name"))
    kind = _kind(paper, venue)
    authors = (author(plain(text(each, "name"))) for each in rows(paper, "authors"))
    return Finding(
        source=SemanticScholar.name,
        identifiers=named,
        kind=kind,
        title=marked(text(paper, "title")) or None,
        authors=tuple(author for author in authors if author),
        abstract=paragraphs(text(paper, "abstract")) or None,
        dates=_dates(paper, kind, {each.scheme for each in named}),
        venue=venue or None,
        volume=None if kind == "preprint" else clean(text(journal, "volume")) or None,
        pages=None if kind == "preprint" else "".join(clean(text(journal, "pages")).split()) or None,
        manifestations=tuple(_open_pdf(inner(paper, "openAccessPdf"))),
    )


def _kind(paper: Fields, venue: str) -> Kind | None:
    """All of arXiv is called a journal there, and a review or a study says nothing of the form."""
    if is_preprint_server(venue):
        return "preprint"
    if not venue:
        return None
    types = texts(paper.get("publicationTypes"))
    if text(inner(paper, "publicationVenue"), "type") == "conference":
        return "inproceedings"
    found = next((KINDS[name] for name in types if name in KINDS), None)
    return found or ("article" if "JournalArticle" in types else None)


def _dates(paper: Fields, kind: Kind | None, schemes: set[str]) -> Dates:
    year, day = date_of(number(paper, "year")), loose_date(text(paper, "publicationDate"))
    if kind == "preprint":
        return Dates(preprinted=day or year)
    return Dates(issued=year if "arxiv" in schemes else day or year)


def _open_pdf(form: Fields) -> Iterator[Manifestation]:
    url = text(form, "url").strip()
    found = open_form("pdf" if url.lower().partition("?")[0].endswith(".pdf") else "landing", url)
    if found is not None:
        yield found
