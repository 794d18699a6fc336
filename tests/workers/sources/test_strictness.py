"""What holds for every source: a wall is no answer, half an answer is none, and another paper's is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest
from msgspec import structs

from tests.workers.sources.answers import ids, outcome, said
from tests.workers.sources.test_life_sciences import ARTICLE, article_set
from workers.sources.base import Answer, Source
from workers.sources.biorxiv import BioRxiv
from workers.sources.datacite import DataCite
from workers.sources.europepmc import EuropePmc
from workers.sources.huggingface import HuggingFace
from workers.sources.openalex import OpenAlex
from workers.sources.pubmed import PubMed
from workers.sources.semantic_scholar import SemanticScholar
from workers.sources.unpaywall import Unpaywall
from workers.sources.zenodo import Zenodo

HOST = "https://source.example"
DOI, PREPRINT = "10.5555/slow.7", "10.1101/2020.01.02.123456"
HIT = {"source": "MED", "id": "77"}
# A source, the id asked for, its smallest good answer, and the same for another paper.
CASES: list[tuple[Source, str, Any, Any]] = [
    (DataCite(HOST), f"doi:{DOI}", {"data": {"attributes": {"doi": DOI}}}, {"data": {"attributes": {"doi": "10.5/x"}}}),
    (OpenAlex(HOST), f"doi:{DOI}", {"doi": f"https://doi.org/{DOI}"}, {"doi": "https://doi.org/10.5555/other"}),
    (SemanticScholar(HOST), f"doi:{DOI}", {"externalIds": {"DOI": DOI}}, {"externalIds": {"DOI": "10.5555/other"}}),
    (Unpaywall(HOST, "a@example.org"), f"doi:{DOI}", {"doi": DOI}, {"doi": "10.5555/other"}),
    (PubMed(HOST, ""), "pmid:77", article_set(ARTICLE), article_set(ARTICLE.replace(">77<", ">78<"))),
    (EuropePmc(HOST), "pmid:77", {"resultList": {"result": [HIT]}}, {"resultList": {"result": [HIT | {"id": "78"}]}}),
    (
        BioRxiv(HOST),
        f"doi:{PREPRINT}",
        {"collection": [{"doi": PREPRINT}]},
        {"collection": [{"doi": PREPRINT[:-1] + "9"}]},
    ),
    (HuggingFace(HOST), "arxiv:2401.00123", {"id": "2401.00123"}, {"id": "2401.00124"}),
    (Zenodo(HOST), "zenodo:77", {"id": 77, "metadata": {"title": "A"}}, {"id": 78, "metadata": {"title": "A"}}),
]
NAMES = [case[0].name for case in CASES]
FIELDS = {
    "datacite": "titles creators descriptions dates publicationYear container publisher types relatedIdentifiers",
    "openalex": "title ids authorships biblio locations primary_location abstract_inverted_index publication_date type",
    "s2": "title authors journal publicationVenue publicationTypes publicationDate year openAccessPdf abstract paperId",
    "unpaywall": "title genre published_date year oa_locations journal_name publisher is_paratext",
    "europepmc": "title authorList journalInfo abstractText commentCorrectionList doi pmcid language pageInfo",
    "biorxiv": "title authors abstract date version published category",
    "huggingface": "title authors summary publishedAt githubRepo projectPage githubRepoAddedBy",
    "zenodo": "creators resource_type description journal related_identifiers publication_date language files links",
}
ODD_VALUES = [None, "", 0, 1.5, True, [], {}, [None], [[]], [{}], "text", ["\ud800\x00"], {"name": None}, -1, {"a": []}]


def good(number: int, **changed: Any) -> Answer:
    """The good answer of a case."""
    source, name, body, _ = CASES[number]
    return structs.replace(said(source, ids(name), body), **changed)


@pytest.mark.parametrize("number", range(len(CASES)), ids=NAMES)
def test_the_smallest_good_answer_is_a_finding_of_the_paper_asked_for(number: int) -> None:
    source, name, _, _ = CASES[number]
    found = source.read(good(number))
    assert found is not None
    assert found.source == source.name
    assert ids(name)[0] in found.identifiers


@pytest.mark.parametrize("number", range(len(CASES)), ids=NAMES)
def test_another_papers_answer_is_refused(number: int) -> None:
    source, name, _, other = CASES[number]
    assert outcome(source, said(source, ids(name), other)) in ("other_paper", "malformed")
    assert outcome(source, structs.replace(good(number), url=f"{HOST}/elsewhere")) in ("other_paper", "malformed")


@pytest.mark.parametrize("number", range(len(CASES)), ids=NAMES)
@pytest.mark.parametrize("status", [200, 404])
@pytest.mark.parametrize(
    "body", [b"\xef\xbb\xbf\r\n <!DOCTYPE HTML><title>Just a moment...</title>", b"<html lang=en>"]
)
def test_a_web_page_is_a_wall_and_never_means_no_such_paper(number: int, status: int, body: bytes) -> None:
    page = good(number, status=status, body=body, content_type="")
    assert outcome(CASES[number][0], page) == "web_page"
    assert outcome(CASES[number][0], good(number, content_type="text/html")) == "web_page"


@pytest.mark.parametrize("number", range(len(CASES)), ids=NAMES)
def test_not_found_in_plain_words_is_no_finding_and_another_status_is_a_bad_answer(number: int) -> None:
    for status, became in ((404, None), (410, None), (204, "unexpected_status"), (422, "unexpected_status")):
        answer = good(number, status=status, body=b'{"error": "no"}', content_type="application/json")
        assert outcome(CASES[number][0], answer) == became


@pytest.mark.parametrize("number", range(len(CASES)), ids=NAMES)
def test_an_answer_that_was_cut_off_anywhere_is_malformed(number: int) -> None:
    whole = good(number).body
    for end in range(0, len(whole) - 1, 1 + len(whole) // 60):
        assert outcome(CASES[number][0], good(number, body=whole[:end])) == "malformed"


@pytest.mark.parametrize("number", range(len(CASES)), ids=NAMES)
@pytest.mark.parametrize("body", [b"[]", b"null", b"{}", b"[" * 50_000, b'{"a":' * 50_000, b"9" * 50_000, b"<a/>"])
def test_what_is_no_record_is_malformed(number: int, body: bytes) -> None:
    assert outcome(CASES[number][0], good(number, body=body)) == "malformed"


@pytest.mark.parametrize("odd", ODD_VALUES, ids=repr)
@pytest.mark.parametrize("source", FIELDS)
def test_one_odd_field_loses_nothing_else_and_breaks_nothing(source: str, odd: Any) -> None:
    number = NAMES.index(source)
    body = json.loads(good(number).body)
    for place in fields_of(body):
        place |= dict.fromkeys(FIELDS[source].split(), odd)
    found = CASES[number][0].read(good(number, body=json.dumps(body).encode()))
    assert found is None or ids(CASES[number][1])[0] in found.identifiers
    str(found).encode()


def fields_of(body: dict[str, Any]) -> list[dict[str, Any]]:
    """Where a record keeps its fields: itself, and what is inside its envelope."""
    inside = [value for value in body.values() if isinstance(value, dict)]
    lists = [one for value in [body, *inside] for one in value.values() if isinstance(one, list)]
    return [
        body,
        *inside,
        *(v["attributes"] for v in inside if "attributes" in v),
        *(row for one in lists for row in one),
    ]
