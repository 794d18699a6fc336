"""PubMed's efetch (ncbi.nlm.nih.gov/books/NBK25499): the record of the life sciences, as XML.

An id that is not known gives an empty set. Titles end with a full stop that is no part of them, and translated ones
stand in brackets. The document names a DTD, which is never read. Refuses an article of another id, and the ids of the
references, which stand in the same file.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from urllib.parse import parse_qs, quote, urlsplit
from xml.etree.ElementTree import Element, tostring

from api.domain.papers import Author, Dates, Finding, Identifier
from api.domain.schemes import claim
from workers.answer_dates import date_of
from workers.answer_text import clean, marked, paragraphs
from workers.languages import language
from workers.sources.base import Answer, BadAnswer, Request, is_absent, xml_root

SCHEMES = {"doi": "doi", "pmc": "pmcid"}


class PubMed:
    """PubMed at `base_url`, without a slash at its end; `mailto` says who asks, `key` allows a faster pace."""

    name = "pubmed"

    def __init__(self, base_url: str, mailto: str, key: str = "") -> None:
        self._base_url = base_url
        self._who = f"&tool=scholium&email={quote(mailto)}" if mailto else "&tool=scholium"
        self._secret = (("api_key", key),) if key else ()

    def ask(self, identifiers: Collection[Identifier]) -> Request | None:
        """The article of the paper's PMID."""
        ids = sorted(each.value for each in identifiers if each.scheme == "pmid")
        if not ids:
            return None
        url = f"{self._base_url}/entrez/eutils/efetch.fcgi?db=pubmed&id={ids[0]}&retmode=xml{self._who}"
        return Request(self.name, url, "text/xml", secret_query=self._secret)

    def read(self, answer: Answer) -> Finding | None:
        """The article of the id in the answer's URL; None when PubMed has none; raises BadAnswer."""
        if is_absent(answer):
            return None
        root = xml_root(answer, doctype=True)
        if root.tag != "PubmedArticleSet":
            raise BadAnswer("malformed")
        asked = parse_qs(urlsplit(answer.url).query).get("id", [""])[0]
        found = [each for each in root.findall("PubmedArticle") if _text(each, "MedlineCitation/PMID") == asked]
        if not found and len(root):
            raise BadAnswer("other_paper")
        return _finding(found[0], asked) if found else None


def _finding(record: Element, pmid: str) -> Finding:
    article = record.find("MedlineCitation/Article")
    if article is None:
        raise BadAnswer("malformed")
    people = (_author(each) for each in article.findall("AuthorList/Author"))
    issue = "Journal/JournalIssue/"
    return Finding(
        source=PubMed.name,
        identifiers=tuple(dict.fromkeys(_identifiers(record, pmid))),
        kind="article",
        title=_title(article) or None,
        authors=tuple(author for author in people if author),
        abstract=_abstract(article) or None,
        dates=Dates(online=_online(article), issued=_issued(article.find(f"{issue}PubDate"))),
        venue=_text(article, "Journal/Title") or None,
        volume=_text(article, f"{issue}Volume") or None,
        issue=_text(article, f"{issue}Issue") or None,
        pages=_pages(article) or None,
        language=language(_text(article, "Language")),
    )


def _identifiers(record: Element, pmid: str) -> Iterator[Identifier]:
    """The article's own ids; those of its references stand deeper."""
    yield Identifier("pmid", pmid)
    for each in record.findall("PubmedData/ArticleIdList/ArticleId"):
        scheme = SCHEMES.get(each.get("IdType", ""))
        found = claim(scheme, clean(each.text or "")) if scheme else None
        yield from found.identifiers if found else ()


def _title(article: Element) -> str:
    title = marked(_markup(article.find("ArticleTitle")))
    title = title.removesuffix(".") if not title.endswith("..") else title
    if title.startswith("[") and title.endswith("]"):
        return marked(_markup(article.find("VernacularTitle"))).removesuffix(".") or title[1:-1].removesuffix(".")
    return title


def _abstract(article: Element) -> str:
    """Its parts as paragraphs, each behind its heading."""
    parts: list[str] = []
    for each in article.findall("Abstract/AbstractText"):
        said, label = paragraphs(_markup(each)), clean(each.get("Label", ""))
        parts.append(f"{label}: {said}" if label and label != "UNLABELLED" and said else said)
    return "\n\n".join(part for part in parts if part)


def _author(entry: Element) -> Author | None:
    family, given, group = (_text(entry, name) for name in ("LastName", "ForeName", "CollectiveName"))
    if family and given:
        return Author(family=family, given=given, suffix=_text(entry, "Suffix") or None)
    single = group or family
    return Author(literal=single) if single else None


def _issued(when: Element | None) -> str | None:
    """A season or a range such as `2019 Sep-Oct` leaves the year, and the month where it begins with one."""
    if when is None:
        return None
    if loose := _text(when, "MedlineDate"):
        return date_of(*loose.replace("-", " ").split()[:2])
    return date_of(*(_text(when, name) for name in ("Year", "Month", "Day")))


def _online(article: Element) -> str | None:
    for each in article.findall("ArticleDate"):
        if each.get("DateType") == "Electronic":
            return date_of(*(_text(each, name) for name in ("Year", "Month", "Day")))
    return None


def _pages(article: Element) -> str:
    """Both pages in full; PubMed's own field leaves out the digits that both have."""
    first, last = (_text(article, f"Pagination/{name}") for name in ("StartPage", "EndPage"))
    if first:
        return first if last in ("", first) else f"{first}-{last}"
    return _text(article, "Pagination/MedlinePgn")


def _text(parent: Element, path: str) -> str:
    return clean(parent.findtext(path, ""))


def _markup(element: Element | None) -> str:
    """What is inside, with its tags."""
    if element is None:
        return ""
    return (element.text or "") + "".join(tostring(child, "unicode") for child in element)
