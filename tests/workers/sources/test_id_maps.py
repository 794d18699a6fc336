"""OpenAlex and Semantic Scholar merge what others recorded; Unpaywall knows where it is open."""

from __future__ import annotations

import pytest

from api.domain.papers import Author, Dates, Finding, Manifestation
from tests.workers.sources.answers import ids, outcome, said
from workers.sources.openalex import OpenAlex
from workers.sources.semantic_scholar import SemanticScholar
from workers.sources.unpaywall import Unpaywall

OPENALEX = OpenAlex("https://openalex.example", "open-secret")
S2 = SemanticScholar("https://s2.example", "s2-secret")
UNPAYWALL = Unpaywall("https://unpaywall.example", "a+b@example.org")
DOI = "10.5555/slow.7"
JOURNAL = {"display_name": "J. Slow", "type": "journal", "host_organization_name": "Slow Press"}
ARCHIVE = {"display_name": "arXiv (Cornell University)", "type": "repository"}


def openalex(*asked: str, **fields: object) -> Finding:
    """What we read from a work with these fields."""
    work = {"id": "https://openalex.org/W7", "doi": f"https://doi.org/{DOI}"} | fields
    found = OPENALEX.read(said(OPENALEX, ids(*asked or [f"doi:{DOI}"]), work))
    assert found is not None
    return found


def s2(*asked: str, **fields: object) -> Finding:
    """What we read from a paper with these fields."""
    paper = {"paperId": "a" * 40, "externalIds": {"DOI": DOI, "CorpusId": 7}} | fields
    found = S2.read(said(S2, ids(*asked or [f"doi:{DOI}"]), paper))
    assert found is not None
    return found


def test_keys_go_apart_from_the_address_and_are_not_shown() -> None:
    open_request, s2_request = OPENALEX.ask(ids(f"doi:{DOI}")), S2.ask(ids(f"doi:{DOI}"))
    assert open_request is not None
    assert s2_request is not None
    assert open_request.secret_query == (("api_key", "open-secret"),)
    assert s2_request.headers == (("x-api-key", "s2-secret"),)
    assert "secret" not in f"{open_request!r} {s2_request!r} {open_request.url} {s2_request.url}"


@pytest.mark.parametrize(
    ("names", "path"),
    [
        ([f"doi:{DOI}", "doi:10.1101/2020.01.01.123456", "arxiv:2401.00123"], f"works/doi:{DOI}?"),
        (["arxiv:2401.00123", "pmid:7"], "works/doi:10.48550/arxiv.2401.00123?"),
        (["pmid:7"], "works/pmid:7?"),
        (["doi:10.1002/(sici)1#2?3"], "works/doi:10.1002/%28sici%291%232%3F3?"),
    ],
)
def test_openalex_is_asked_for_the_published_doi_first(names: list[str], path: str) -> None:
    assert path in str(OPENALEX.ask(ids(*names)))
    assert OPENALEX.ask(ids("acl:P18-1001")) is None


@pytest.mark.parametrize(
    ("names", "path"),
    [
        ([f"doi:{DOI}", "arxiv:2401.00123"], "paper/ARXIV:2401.00123?"),
        ([f"doi:{DOI}", "pmid:7"], f"paper/DOI:{DOI}?"),
        (["pmcid:PMC77"], "paper/PMCID:77?"),
        (["acl:P18-1001"], "paper/ACL:P18-1001?"),
        (["s2:" + "b" * 40, "corpusid:7"], "paper/CorpusId:7?"),
        (["s2:" + "b" * 40], f"paper/{'b' * 40}?"),
    ],
)
def test_semantic_scholar_is_asked_by_the_steadiest_id(names: list[str], path: str) -> None:
    assert path in str(S2.ask(ids(*names)))
    assert S2.ask(ids("dblp:conf/slow/Lovelace25")) is None


def test_a_work_at_openalex_is_read_whole() -> None:
    assert openalex(
        type="article",
        title="Slow &amp; <i>Steady</i>",
        ids={"pmid": "https://pubmed.ncbi.nlm.nih.gov/77", "pmcid": "https://www.ncbi.nlm.nih.gov/pmc/articles/88"},
        publication_date="2025-01-01",
        language="en",
        primary_location={"source": JOURNAL},
        biblio={"volume": "7", "issue": "2", "first_page": "11", "last_page": "19"},
        authorships=[
            {"raw_author_name": "A. van Lovelace", "author": {"display_name": "Augusta Lovelace"}},
            {"author": {"display_name": "Grace Hopper"}},
        ],
        abstract_inverted_index={"slow.": [1], "We": [0], "far": [10**9], "odd": "x"},
        locations=[
            {"is_oa": True, "pdf_url": "https://a.example/7.pdf", "landing_page_url": f"https://doi.org/{DOI}"},
            {"is_oa": True, "landing_page_url": "http://arxiv.org/abs/2401.00123"},
            {"is_oa": False, "pdf_url": "https://closed.example/7.pdf"},
        ],
    ) == Finding(
        source="openalex",
        identifiers=tuple(ids(f"doi:{DOI}", "pmid:77", "pmcid:PMC88", "arxiv:2401.00123")),
        kind="article",
        title="Slow & <i>Steady</i>",
        authors=(Author(family="Lovelace", given="A.", particle="van"), Author(family="Hopper", given="Grace")),
        abstract="We slow.",
        dates=Dates(issued="2025"),
        venue="J. Slow",
        volume="7",
        issue="2",
        pages="11-19",
        publisher="Slow Press",
        language="en",
        manifestations=(
            Manifestation("pdf", "https://a.example/7.pdf"),
            Manifestation("landing", "https://arxiv.org/abs/2401.00123"),
        ),
    )


def test_an_article_in_a_repository_is_a_preprint_without_venue() -> None:
    found = openalex(type="article", publication_date="2024-03-05", primary_location={"source": ARCHIVE})
    assert (found.kind, found.venue, found.dates) == ("preprint", None, Dates(preprinted="2024-03-05"))
    thesis = openalex(type="dissertation", publication_date="2024-03-05", primary_location={"source": ARCHIVE})
    assert (thesis.kind, thesis.dates) == ("thesis", Dates(issued="2024-03-05"))


def test_a_preprint_that_openalex_merged_into_its_publication_is_still_the_one_asked_for() -> None:
    merged = openalex("arxiv:2401.00123", locations=[{"landing_page_url": "http://arxiv.org/abs/2401.00123v2"}])
    assert merged.identifiers == tuple(ids(f"doi:{DOI}", "arxiv:2401.00123"))


def test_only_openalexs_own_page_means_that_it_has_no_such_work() -> None:
    own = said(OPENALEX, ids(f"doi:{DOI}"), b"<!doctype html>\n<html lang=en>\n<title>404 Not Found</title>", 404)
    assert OPENALEX.read(own) is None
    other = said(OPENALEX, ids(f"doi:{DOI}"), b"<!doctype html><title>Welcome to the hotel</title>", 404)
    assert outcome(OPENALEX, other) == "web_page"


@pytest.mark.parametrize("part", [{"type": "peer-review"}, {"type": "paratext"}, {"is_paratext": True}])
def test_a_part_of_a_paper_is_not_the_paper_at_openalex(part: dict[str, object]) -> None:
    assert OPENALEX.read(said(OPENALEX, ids(f"doi:{DOI}"), {"doi": f"https://doi.org/{DOI}"} | part)) is None


def test_a_paper_at_semantic_scholar_is_read_whole() -> None:
    assert s2(
        "arxiv:2401.00123",
        externalIds={
            "ArXiv": "2401.00123",
            "DOI": DOI,
            "DBLP": "conf/slow/L25",
            "PubMed": "77",
            "CorpusId": 7,
            "MAG": "1",
        },
        title="Slow &amp; Steady",
        abstract="We slow.",
        publicationVenue={"name": "Conference on Slowness", "type": "conference"},
        publicationTypes=["JournalArticle", "Review"],
        publicationDate="2024-01-02",
        year=2025,
        journal={"name": "ArXiv", "volume": "7", "pages": "11 - 19"},
        authors=[{"name": "Ada Lovelace"}, {"name": None}],
        openAccessPdf={"url": "https://a.example/7.pdf?x=1"},
    ) == Finding(
        source="s2",
        identifiers=tuple(
            ids("arxiv:2401.00123", f"doi:{DOI}", "pmid:77", "corpusid:7", "s2:" + "a" * 40, "dblp:conf/slow/L25")
        ),
        kind="inproceedings",
        title="Slow & Steady",
        authors=(Author(family="Lovelace", given="Ada"),),
        abstract="We slow.",
        dates=Dates(issued="2025"),
        venue="Conference on Slowness",
        volume="7",
        pages="11-19",
        manifestations=(Manifestation("pdf", "https://a.example/7.pdf?x=1"),),
    )


def test_all_of_arxiv_is_a_preprint_whatever_it_is_called() -> None:
    found = s2(venue="ArXiv", publicationTypes=["JournalArticle"], publicationDate="2024-01-02", year=2024)
    assert (found.kind, found.dates) == ("preprint", Dates(preprinted="2024-01-02"))
    assert s2(publicationTypes=["JournalArticle"]).kind is None


def test_a_hash_may_be_that_of_a_record_which_was_merged() -> None:
    assert s2("s2:" + "b" * 40).identifiers[0].value == DOI


def test_unpaywall_is_asked_by_name_and_about_published_papers() -> None:
    assert "/v2/10.5555%2Fslow.7?email=a%2Bb%40example.org" in str(UNPAYWALL.ask(ids("doi:10.1101/1", f"doi:{DOI}")))
    assert UNPAYWALL.ask(ids("doi:10.5281/zenodo.7", "arxiv:2401.00123")) is None
    assert Unpaywall("https://unpaywall.example", "").ask(ids(f"doi:{DOI}")) is None


def test_open_places_come_with_the_best_first_each_once() -> None:
    pdf = {"url": "https://a.example/7.pdf", "url_for_pdf": "https://a.example/7.pdf"}
    page = {"url": "https://b.example/7", "url_for_pdf": None, "url_for_landing_page": "https://b.example/7"}
    odd = {"url_for_pdf": "javascript:alert(1)", "url_for_landing_page": f"https://doi.org/{DOI}"}
    record = {"doi": DOI, "title": "Slow", "published_date": "2025-03-04", "oa_locations": [pdf, page, pdf, odd, None]}
    found = UNPAYWALL.read(said(UNPAYWALL, ids(f"doi:{DOI}"), record))
    assert found is not None
    assert found.manifestations == (
        Manifestation("pdf", "https://a.example/7.pdf"),
        Manifestation("landing", "https://b.example/7"),
    )
    assert found.dates == Dates(issued="2025-03-04")
    assert UNPAYWALL.read(said(UNPAYWALL, ids(f"doi:{DOI}"), record | {"genre": "component"})) is None
