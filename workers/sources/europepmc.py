"""Europe PMC (europepmc.org/RestfulWebService): PubMed and more, with preprints and the articles they became.

It is the way from a PMC id or a preprint's id to a PMID and a DOI. An id that is not known is a list of none. Refuses
a hit that is not the paper asked for, and every relation but that between a preprint and its article.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from urllib.parse import parse_qs, quote, urlsplit

from api.domain.papers import Author, Dates, Finding, Identifier, Kind
from api.domain.schemes import claim
from workers.answer_dates import date_of, iso_date
from workers.answer_text import clean, marked, paragraphs, plain
from workers.json_fields import Fields, inner, number, objects, rows, text
from workers.languages import language
from workers.sources.base import Answer, BadAnswer, Request, is_absent, json_object

FORMS = {"pmcid": "PMCID:{}", "ppr": "EXT_ID:{} AND SRC:PPR", "pmid": "EXT_ID:{} AND SRC:MED"}
SAME_PAPER = ("preprint of", "preprint in")
SERVERS = {"MED": "pmid", "PPR": "ppr"}


class EuropePmc:
    """Europe PMC at `base_url`, without a slash at its end."""

    name = "europepmc"

    def __init__(self, base_url: str) -> None:
        self._base_url = base_url

    def ask(self, identifiers: Collection[Identifier]) -> Request | None:
        """The record of the paper's PMC id, preprint id or PMID."""
        for scheme, form in FORMS.items():
            ids = sorted(each.value for each in identifiers if each.scheme == scheme)
            if ids:
                query = quote(form.format(ids[0]), safe="")
                path = "/europepmc/webservices/rest/search"
                url = f"{self._base_url}{path}?query={query}&resultType=core&format=json&pageSize=5"
                return Request(self.name, url, "application/json")
        return None

    def read(self, answer: Answer) -> Finding | None:
        """The record of the id in the answer's URL; None when there is none; raises BadAnswer."""
        if is_absent(answer):
            return None
        found = json_object(answer).get("resultList")
        hits = found.get("result") if isinstance(found, dict) else None
        if not isinstance(hits, list):
            raise BadAnswer("malformed")
        asked = parse_qs(urlsplit(answer.url).query).get("query", [""])[0]
        for record in objects(hits):
            if asked in _questions(record):
                return _finding(record)
        if hits:
            raise BadAnswer("other_paper")
        return None


def _questions(record: Fields) -> list[str]:
    """The questions that a record answers; a bare number would be any database's."""
    scheme = SERVERS.get(text(record, "source"))
    own = [FORMS[scheme].format(text(record, "id"))] if scheme else []
    return [*own, FORMS["pmcid"].format(text(record, "pmcid"))] if text(record, "pmcid") else own


def _finding(record: Fields) -> Finding:
    journal, preprint = inner(record, "journalInfo"), text(record, "source") == "PPR"
    people = (_author(each) for each in rows(inner(record, "authorList"), "author"))
    title = marked(text(record, "title"))
    kind: Kind = "preprint" if preprint else "article"
    return Finding(
        source=EuropePmc.name,
        identifiers=tuple(dict.fromkeys(_identifiers(record))),
        kind=kind,
        title=(title.removesuffix(".") if not title.endswith("..") else title) or None,
        authors=tuple(author for author in people if author),
        abstract=paragraphs(text(record, "abstractText")) or None,
        dates=_dates(record, journal, preprint),
        venue=plain(text(inner(journal, "journal"), "title")) or None,
        volume=clean(text(journal, "volume")) or None,
        issue=clean(text(journal, "issue")) or None,
        pages=clean(text(record, "pageInfo")) or None,
        language=language(text(record, "language")),
    )


def _identifiers(record: Fields) -> Iterator[Identifier]:
    """The record's ids, then those of the preprint that it was or the article that it became."""
    named = [(SERVERS.get(text(record, "source"), ""), text(record, "id"))]
    named += [(scheme, text(record, scheme)) for scheme in ("pmid", "pmcid", "doi")]
    for each in rows(inner(record, "commentCorrectionList"), "commentCorrection"):
        if text(each, "type").lower() in SAME_PAPER:
            named.append((SERVERS.get(text(each, "source"), ""), text(each, "id")))
    for scheme, value in named:
        found = claim(scheme, value) if scheme and value else None
        yield from found.identifiers if found else ()


def _author(entry: Fields) -> Author | None:
    family, given, group = (plain(text(entry, key)) for key in ("lastName", "firstName", "collectiveName"))
    given = given or plain(text(entry, "initials"))
    if family and given:
        return Author(family=family, given=given)
    single = group or plain(text(entry, "fullName")) or family
    return Author(literal=single) if single else None


def _dates(record: Fields, journal: Fields, preprint: bool) -> Dates:
    first = iso_date(text(record, "firstPublicationDate"))
    if preprint:
        return Dates(preprinted=first)
    issued = date_of(number(journal, "yearOfPublication"), number(journal, "monthOfPublication") or None)
    return Dates(online=iso_date(text(record, "electronicPublicationDate")), issued=issued or first)
