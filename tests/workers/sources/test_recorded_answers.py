"""What the real sources really said, as far as it was recorded: each answer is read, or refused for its reason."""

from __future__ import annotations

import json
from typing import Any

import pytest

from api.domain.papers import Finding
from tests.conftest import NOW, SHARED
from tests.workers.sources.answers import answer, ids, outcome, recorded, said
from workers.refusals import retry_after
from workers.sources.base import BadAnswer, Source
from workers.sources.datacite import DataCite
from workers.sources.europepmc import EuropePmc
from workers.sources.github import GitHub
from workers.sources.huggingface import HuggingFace, paper_of
from workers.sources.openalex import OpenAlex
from workers.sources.pubmed import PubMed
from workers.sources.semantic_scholar import SemanticScholar
from workers.sources.unpaywall import Unpaywall
from workers.sources.zenodo import Zenodo

HOST = "https://source.example"


def outcomes(source: Source, name: str) -> dict[str, Finding | str | None]:
    """What becomes of each recorded answer, by its file."""
    return {file: outcome(source, one) for file, one in recorded(name)}


def loaded(path: str) -> Any:
    """A recorded file that no address belongs to."""
    file = SHARED / "fixtures" / "api" / path
    if not file.is_file():
        pytest.skip(f"shared fixtures are not here: {path}")
    return json.loads(file.read_bytes())


def whole(finding: Finding | str | None) -> Finding:
    """A finding with the fields that no paper lacks."""
    assert isinstance(finding, Finding)
    assert finding.title
    assert finding.authors
    assert finding.identifiers
    assert finding.dates.issued or finding.dates.preprinted
    return finding


def test_datacites_records_are_read_and_its_404_means_none() -> None:
    found = outcomes(DataCite(HOST), "datacite")
    assert found.pop("error-404-doi-not-found.json") is None
    assert len(found) == 11
    kinds = [whole(finding).kind for finding in found.values()]
    assert {"preprint", "article", "inproceedings", "software", "dataset"} <= set(kinds)


def test_openalexs_works_are_read_and_its_own_404_means_none() -> None:
    found = outcomes(OpenAlex(HOST), "openalex")
    assert {file for file, each in found.items() if each is None} == {
        "work-10.7554-elife.55167.sa2.json",
        "error-404-work-10.1046-j.1365-2699.2003.00795-select-open-access-doi.html",
    }
    assert [file for file, each in found.items() if isinstance(each, str)] == ["sample-works-sample-5.json"]
    works = [each for file, each in found.items() if isinstance(each, Finding) and "-select-" not in file]
    assert len(works) == 12
    for work in works:
        assert work.title or work.language == "en"  # one has no title there, only what it was in Japanese
        assert work.authors
        assert work.kind
        assert work.dates.issued


def test_semantic_scholars_errors_end_as_they_should_and_its_papers_are_read() -> None:
    source = SemanticScholar(HOST)
    found = outcomes(source, "semanticscholar")
    assert {file for file, each in found.items() if each is None} == {
        "error-404-paper-or-author.json",
        "error-404-second.json",
    }
    assert {file for file, each in found.items() if each == "unexpected_status"} == {
        "error-400-bad-query.json",
        "error-403.json",
        "error-429.json",
    }
    papers = [one for one in loaded("semanticscholar/papers-batch-not-found.json") if one]
    for paper in papers:
        finding = whole(source.read(said(source, ids(f"doi:{paper['externalIds']['DOI']}"), paper)))
        assert {"doi", "corpusid", "s2"} <= {each.scheme for each in finding.identifiers}
    assert papers


def test_unpaywalls_records_are_read_but_not_the_figure() -> None:
    found = outcomes(Unpaywall(HOST, "a@example.org"), "unpaywall")
    assert [file for file, each in found.items() if each is None] == ["snapshot-10.1371-journal.pone.0061390.g002.json"]
    records = [each for each in found.values() if isinstance(each, Finding)]
    assert len(records) == 7
    assert all(record.title and record.venue for record in records)
    assert sum(any(form.kind == "pdf" for form in record.manifestations) for record in records) == 3


def test_pubmeds_articles_are_read_and_its_error_page_is_a_wall() -> None:
    found = outcomes(PubMed(HOST, ""), "pubmed")
    assert found.pop("error-414-uri-too-long.html") == "web_page"
    assert len(found) == 13
    for finding in found.values():
        article = whole(finding)
        assert article.venue
        assert article.volume
        assert article.language == "en"
        assert {"pmid", "doi"} <= {each.scheme for each in article.identifiers}
        assert len([each for each in article.identifiers if each.scheme == "doi"]) == 1


def test_every_hit_of_a_search_at_europe_pmc_is_read() -> None:
    source = EuropePmc(HOST)
    hits = loaded("europepmc/search.json")
    for record in hits["resultList"]["result"]:
        name = f"pmid:{record['pmid']}" if record["source"] == "MED" else f"ppr:{record['id']}"
        if record["source"] in ("MED", "PPR"):
            article = whole(source.read(said(source, ids(name), hits)))
            assert article.abstract


def test_every_paper_of_hugging_faces_daily_lists_is_read() -> None:
    source = HuggingFace(HOST)
    lists = [loaded(f"huggingface/daily_papers-{name}.json") for name in ("allnews", "sotawhat")]
    papers = [row["paper"] for each in lists for row in each]
    for paper in papers:
        finding = whole(source.read(said(source, ids(f"arxiv:{paper['id']}"), paper)))
        assert finding == paper_of(paper, finding.identifiers)
        assert bool(paper.get("githubRepo")) <= any(link.kind == "code" for link in finding.links)
    assert papers


def test_zenodos_records_are_read() -> None:
    found = outcomes(Zenodo(HOST), "zenodo")
    assert len(found) == 4
    assert all(whole(finding).publisher == "Zenodo" for finding in found.values())


def test_githubs_repositories_are_read_and_all_else_is_refused() -> None:
    source = GitHub(HOST)
    became: dict[str, str] = {}
    for file, one in recorded("github"):
        # What follows a renaming was asked for under the old name.
        asked = "https://api.github.com/repos/protoncoin/protoncoin" if "followed" in file else one.url
        try:
            became[file] = source.read_link(answer("github", asked, one.body, one.status)).status
        except BadAnswer as bad:
            became[file] = bad.code
    assert became["repo-mindwalk.json"] == "available"
    assert became["repo-octokit-hello-world.json"] == "promised"
    assert became["repo-renamed-301-followed.json"] == "moved"
    others = {name: each for name, each in became.items() if not name.startswith("repo-") or "301.json" in name}
    assert set(others.values()) == {"malformed", "unexpected_status"}


def test_a_recorded_plea_to_wait_is_heard() -> None:
    rows = {row["file"]: row["headers"] for row in loaded("github/index.json")}
    assert retry_after(rows["error-403-abuse-retry-after.json"], NOW) == 60
