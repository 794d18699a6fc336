"""The fields of a paper out of a page's tags and JSON-LD, each in its own order of precedence.

Refuses what a site says about itself: its keywords, its description, its name as a venue.
"""

from __future__ import annotations

import re

from api.domain.names import authors
from api.domain.page_dates import page_date
from api.domain.page_jsonld import Work
from api.domain.page_tags import Tags
from api.domain.papers import Author, Dates, Finding, Kind

_DC_DATES = ("dc_date_issued", "dcterms_issued", "dc_issued", "dc_date", "dcterms_date", "dcterms_created")
_ISSUED = ("citation_publication_date", "citation_cover_date", "citation_date", "citation_year")
_OTHER_DATES = ("article_published_time", "og_publish_date", "parsely_pub_date", "date")
_INSTITUTIONS = (
    "citation_technical_report_institution",
    "citation_dissertation_institution",
    "bepress_citation_dissertation_institution",
)
_GENERIC_AUTHORS = ("article_author", "author", "parsely_author", "og_article_author")
_VENUES = (
    "citation_journal_title",
    "citation_inbook_title",
    "citation_book_title",
    "citation_conference_title",
    "citation_conference",
    "citation_technical_report_institution",
)


def page_fields(tags: Tags, work: Work, kind: Kind | None, lang: str | None, is_arxiv: bool) -> Finding:
    """A finding of source `page` with all fields but identity, title and manifestations."""
    return Finding(
        "page",
        kind=kind,
        authors=_authors(tags, work),
        abstract=_abstract(tags, work, kind),
        dates=_dates(tags, work, kind, is_arxiv),
        venue=None if kind == "webpage" else _venue(tags, work, kind),
        volume=tags.first("citation_volume", "prism_volume") or work.volume,
        issue=tags.first("citation_issue", "prism_number", "prism_issue") or work.issue,
        pages=_range(tags, work),
        publisher=_publisher(tags, work),
        language=_language(tags, work, lang),
    )


def _authors(tags: Tags, work: Work) -> tuple[Author, ...]:
    """The authors in the order printed, of the best source that names any; the site itself is none of them."""
    own_names = tags.every("og_site_name", "citation_journal_title", "citation_publisher", "dc_publisher")
    return (
        authors(tags.all("citation_author", "citation_authors"))
        or (work.authors if work.is_scholarly else ())
        or authors(tags.all("dc_creator", "dcterms_creator", "dc_creator_personalname"))
        or authors(tags.all("eprints_creators_name", "bepress_citation_author", "dc_contributor"))
        or work.authors
        or authors(text for text in tags.all(*_GENERIC_AUTHORS) if text not in own_names)
    )


def _abstract(tags: Tags, work: Work, kind: Kind | None) -> str | None:
    """The abstract; for a page that is no work its description. A text that was cut off is no abstract."""
    own = tags.first("citation_abstract", "dcterms_abstract", "eprints_abstract", "bepress_citation_abstract")
    told = own or work.abstract or tags.first("dc_description", "dcterms_description")
    if kind == "webpage":
        return told or tags.first("og_description", "description")
    text = re.sub(r"^abstract[:.]?\s+(?=[A-Z])", "", told or "", flags=re.I)
    return None if text.endswith(("...", "…")) else text or None


def _dates(tags: Tags, work: Work, kind: Kind | None, is_arxiv: bool) -> Dates:
    """When it came out; a preprint has only been preprinted. On arXiv `online` is the version shown, so not a date."""
    issued, online = _date(tags, _ISSUED), _date(tags, ("citation_online_date",))
    other = (
        (page_date(work.published or "") if work.is_scholarly else None)
        or _date(
            tags, ("prism_publicationdate", "prism_coverdate", *_DC_DATES, "eprints_date", "bepress_citation_date")
        )
        or page_date(work.published or "")
        or _date(tags, _OTHER_DATES)
    )
    if kind == "preprint":
        return Dates(preprinted=issued or (None if is_arxiv else online) or other)
    return Dates(online=online, issued=issued or (None if online else other))


def _venue(tags: Tags, work: Work, kind: Kind | None) -> str | None:
    """The journal, proceedings, book or, for a report, institution; for a data set the archive."""
    stated = tags.first(*_VENUES) or (work.venue if work.is_scholarly else None)
    told = stated or tags.first("prism_publicationname", "bepress_citation_journal_title", "eprints_publication")
    if told or kind == "dataset":
        return told or work.publisher or tags.first("og_site_name")
    sources = tags.every("dc_relation_ispartof", "dcterms_ispartof", "dc_source")
    return next((text for text in sources if not re.search(r"\d{3}|https?:|\b10\.", text)), None)


def _publisher(tags: Tags, work: Work) -> str | None:
    """The publisher, or the institution of a report or thesis."""
    return tags.first(*_INSTITUTIONS, "citation_publisher", "dc_publisher", "dcterms_publisher") or work.publisher


def _range(tags: Tags, work: Work) -> str | None:
    """`709-718`, or one page or article number; a first page may hold the whole range, with any dash."""
    first = tags.first("citation_firstpage", "prism_startingpage", "bepress_citation_firstpage")
    last = tags.first("citation_lastpage", "prism_endingpage", "bepress_citation_lastpage")
    pages = re.sub(r"\s*[-‐-―−]+\s*", "-", first or work.pages or "")
    return f"{pages}-{last}" if first and last and pages != last and "-" not in pages else pages or None


def _language(tags: Tags, work: Work, lang: str | None) -> str | None:
    """The language of the work, else of the page, as its primary subtag (BCP 47)."""
    told = tags.first("citation_language", "dc_language", "dcterms_language") or work.language or lang or ""
    match = re.match(r"([a-z]{2,3})(?:[-_]|$)", told.strip().lower())
    return match.group(1) if match else None


def _date(tags: Tags, names: tuple[str, ...]) -> str | None:
    return next((date for name in names if (date := page_date(tags.first(name) or ""))), None)
