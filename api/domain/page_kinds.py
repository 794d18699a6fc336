"""What kind of work a page shows, and whether it shows one at all.

Refuses to take a page for a paper because it has a title, an author or a DOI: blogs and news have those too.
"""

from __future__ import annotations

import re

from api.domain import schemes
from api.domain.identifiers import Identity
from api.domain.page_jsonld import SCHOLARLY, Work
from api.domain.page_tags import Tags
from api.domain.papers import Identifier, Kind

_DC_KINDS: tuple[tuple[str, Kind], ...] = (
    (r".*(?:preprint|pre-print|(?:working|discussion) ?paper).*", "preprint"),
    (r".*(?:thesis|dissertation).*", "thesis"),
    (r".*(?:conference|proceedings).*", "inproceedings"),
    (r".*(?:book ?chapter|book ?section|book ?part|bookitem|^chapter$).*", "chapter"),
    (r".*(?:technical|project) ?report.*", "report"),
    (r".*(?:monograph|^book$|edited ?book).*", "book"),
    (r".*report.*", "report"),
    (r".*data ?set.*", "dataset"),
    (r".*software.*", "software"),
    (
        r".*(?:research|review|original|journal|brief|short)[ -]?(?:article|paper|communication)?.*|.*article.*",
        "article",
    ),
)
_NOT_A_WORK = re.compile(
    r"news|news ?article|blog|blog ?post(?:ing)?|press ?release|podcast|opinion ?news ?article", re.I
)
_SERVERS = re.compile(
    r"(?:arxiv|biorxiv|medrxiv|chemrxiv|psyarxiv|socarxiv|eartharxiv|engrxiv|techrxiv|edarxiv|research square|ssrn.*"
    r"|preprints(?:\.org)?|authorea|osf preprints|hal|lingbuzz|zenodo)",
    re.I,
)
_SERVER_DOI = re.compile(
    r"10\.(?:48550|26434|21203|20944|31234|31235|31219|36227|2139|64898)/.*|10\.1101/(?:20\d\d\.|\d{6}$).*", re.A
)
_MEETING = re.compile(r"(?:companion )?proceedings of .*\b(?:conference|workshop|symposium|meeting|congress)\b", re.I)
_PROCEEDINGS = ("nips", "pmlr", "cvf")
_THESES = (
    "citation_dissertation_institution",
    "citation_dissertation_name",
    "bepress_citation_dissertation_institution",
    "bepress_citation_dissertation_name",
)
_WITNESSES = (
    "citation_journal_title",
    "citation_conference_title",
    "citation_conference",
    "citation_doi",
    "citation_issn",
    "citation_isbn",
    "citation_volume",
    "citation_firstpage",
    "citation_pdf_url",
    "citation_arxiv_id",
    "citation_pmid",
    "citation_inbook_title",
    "citation_book_title",
    "citation_dissertation_institution",
    "citation_dissertation_name",
    "citation_technical_report_institution",
    "citation_technical_report_number",
)


def page_kind(identity: Identity, tags: Tags, work: Work, claims: tuple[Identifier, ...]) -> Kind | None:
    """The kind that the page states; `webpage` for a page that is no work; None for a paper of a kind not told."""
    if _is_no_work(tags, work) or not _is_work(identity, tags, work):
        return "webpage"
    stated = _by_highwire(tags, work, claims) or _by_scheme(claims) or _by_dublin_core(tags)
    if stated:
        return stated
    return SCHOLARLY.get(work.type)


def is_many(tags: Tags) -> bool:
    """Whether the citation tags are those of a list of papers."""
    return any(
        len({_canonical(scheme, text) for text in tags.every(name)}) > 1
        for scheme, name in (("doi", "citation_doi"), ("arxiv", "citation_arxiv_id"))
    )


def _canonical(scheme: str, text: str) -> str:
    claim = schemes.claim(scheme, text)
    return claim.identifiers[0].value if claim else text


def kind_in(venue: str | None, kind: Kind | None) -> Kind | None:
    """The kind, where `article` is all that was told and the venue turns out to be the volume of a meeting."""
    return "inproceedings" if kind == "article" and venue and _MEETING.match(venue) else kind


def _is_no_work(tags: Tags, work: Work) -> bool:
    told = (*tags.every("dc_type", "dcterms_type", "prism_section", "citation_article_type"), work.type)
    return any(_NOT_A_WORK.fullmatch(text) for text in told) and not tags.has("citation_journal_title")


def _is_work(identity: Identity, tags: Tags, work: Work) -> bool:
    if identity.kind == "paper" or work.is_scholarly:
        return identity.kind != "list"
    if identity.kind == "list" or is_many(tags):
        return False
    if tags.has("citation_title") and tags.has(*_WITNESSES):
        return True
    named = tags.has("prism_doi", "bepress_citation_title", "eprints_title") or any(
        re.search(r"\b10\.\d{4,9}/", text) for text in tags.every("dc_identifier", "dc_identifier_doi")
    )
    return tags.has("dc_title", "bepress_citation_title", "eprints_title") and (
        named or _by_dublin_core(tags) is not None
    )


def _by_highwire(tags: Tags, work: Work, claims: tuple[Identifier, ...]) -> Kind | None:
    if work.type in ("dataset", "softwaresourcecode", "thesis"):
        return SCHOLARLY[work.type]
    if tags.has(*_THESES):
        return "thesis"
    if tags.has("citation_technical_report_institution", "citation_technical_report_number"):
        return "report"
    journal = tags.first("citation_journal_title", "bepress_citation_journal_title")
    if (journal and _SERVERS.fullmatch(journal)) or (not journal and _on_server(claims)):
        return "preprint"
    if journal:
        return "inproceedings" if any(claim.scheme in _PROCEEDINGS for claim in claims) else "article"
    if tags.has("citation_conference_title", "citation_conference"):
        return "inproceedings"
    if tags.has("citation_inbook_title", "citation_book_title"):
        return "chapter"
    if tags.has("citation_isbn") and work.type in ("", "book"):
        return "book"
    return None


def _on_server(claims: tuple[Identifier, ...]) -> bool:
    return any(claim.scheme == "doi" and _SERVER_DOI.fullmatch(claim.value) for claim in claims)


def _by_scheme(claims: tuple[Identifier, ...]) -> Kind | None:
    return next((schemes.KINDS[claim.scheme] for claim in claims if claim.scheme in schemes.KINDS), None)


def _by_dublin_core(tags: Tags) -> Kind | None:
    for told in tags.every(
        "eprints_monograph_type",
        "dc_type",
        "dcterms_type",
        "dc_type_articletype",
        "eprints_type",
        "citation_article_type",
    ):
        for pattern, kind in _DC_KINDS:
            if re.fullmatch(pattern, told.replace("_", " "), re.I):
                return kind
    return None
