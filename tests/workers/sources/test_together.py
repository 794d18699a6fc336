"""One question for many papers: what each is told is what it would be told alone."""

from __future__ import annotations

import json

import pytest
from msgspec import structs

from api.domain.papers import Identifier
from tests.workers.outside_world import atom, record
from tests.workers.sources.answers import answer, recorded
from workers.sources.arxiv import Arxiv
from workers.sources.base import Answer, BadAnswer, BatchSource, Request
from workers.sources.semantic_scholar import SemanticScholar

HOST = "https://source.example"
ARXIV, SCHOLAR = Arxiv(HOST), SemanticScholar(HOST, "key")


def questions(source: BatchSource, *names: str) -> list[Request]:
    """The question about each paper, by `scheme:value`."""
    asked = [source.ask([Identifier(*name.split(":", 1))]) for name in names]
    return [each for each in asked if each is not None]


def test_arxiv_is_asked_for_all_ids_in_one_address_and_for_as_many_entries() -> None:
    many = ARXIV.ask_many(questions(ARXIV, "arxiv:1706.03762", "arxiv:hep-th/9711200"))
    assert many.url == f"{HOST}/api/query?id_list=1706.03762,hep-th/9711200&max_results=2"


def test_a_feed_is_told_apart_whatever_its_order_and_absent_papers_are_absent() -> None:
    asked = questions(ARXIV, "arxiv:1706.03762", "arxiv:1706.00001", "arxiv:1706.00002")
    parts = ARXIV.split(asked, answer("arxiv", HOST, atom(["1706.00002", "1706.99999", "1706.03762"])))
    assert [part.url for part in parts] == [one.url for one in asked]
    alone = [
        ARXIV.read(answer("arxiv", one.url, atom([n])))
        for one, n in zip(asked, ("1706.03762", "", "1706.00002"), strict=True)
        if n
    ]
    assert [ARXIV.read(part) for part in parts] == [alone[0], None, alone[1]]


@pytest.mark.parametrize("body", [atom([]), b"<feed>", b"<!doctype html><p>Wait", b""])
def test_a_feed_that_says_nothing_answers_for_nobody(body: bytes) -> None:
    with pytest.raises(BadAnswer):
        ARXIV.split(questions(ARXIV, "arxiv:1706.03762", "arxiv:1706.00001"), answer("arxiv", HOST, body))


def test_semantic_scholar_is_posted_the_names_with_its_key_and_answers_in_their_order() -> None:
    asked = questions(SCHOLAR, "arxiv:1706.03761", "doi:10.5555/x", "pmcid:PMC12")
    many = SCHOLAR.ask_many(asked)
    assert json.loads(many.body) == {"ids": ["ARXIV:1706.03761", "DOI:10.5555/x", "PMCID:12"]}
    assert many.url.startswith(f"{HOST}/graph/v1/paper/batch?fields=externalIds,")
    assert many.headers == (("x-api-key", "key"),)
    parts = SCHOLAR.split(asked, answer("s2", many.url, [record("ARXIV:1706.03761"), None, None]))
    first = SCHOLAR.read(parts[0])
    assert first == SCHOLAR.read(answer("s2", asked[0].url, record("ARXIV:1706.03761")))
    assert first is not None
    assert [SCHOLAR.read(part) for part in parts[1:]] == [None, None]


@pytest.mark.parametrize(
    ("body", "status"),
    [([None], 200), ({"error": "No valid paper ids given"}, 400), ({"a": 1}, 200), (b"[{", 200), (b"<html>", 200)],
)
def test_an_answer_of_another_length_or_shape_answers_for_nobody(body: object, status: int) -> None:
    asked = questions(SCHOLAR, "arxiv:1706.03761", "doi:10.5555/x")
    with pytest.raises(BadAnswer):
        SCHOLAR.split(asked, answer("s2", HOST, body, status))


def test_a_record_that_is_another_paper_s_is_refused_to_the_one_who_asked() -> None:
    asked = questions(SCHOLAR, "arxiv:1706.03761", "arxiv:1706.03762")
    parts = SCHOLAR.split(asked, answer("s2", HOST, [record("ARXIV:1706.03762"), record("ARXIV:1706.03762")]))
    with pytest.raises(BadAnswer, match="other_paper"):
        SCHOLAR.read(parts[0])
    assert SCHOLAR.read(parts[1]) is not None


def recorded_one(name: str, file: str) -> Answer:
    """A recorded answer by its file."""
    return next(one for each, one in recorded(name) if each == file)


def test_arxivs_recorded_feed_of_two_ids_gives_the_one_that_there_is() -> None:
    feed = recorded_one("arxiv", "id-two-0808.05394-1707.08567.xml")
    asked = questions(ARXIV, "arxiv:1707.08567", "arxiv:0808.0539")
    first, second = ARXIV.split(asked, structs.replace(feed, status=200))
    found = ARXIV.read(first)
    assert found is not None
    assert found.identifiers[0] == Identifier("arxiv", "1707.08567")
    assert ARXIV.read(second) is None


def test_semantic_scholars_recorded_batch_gives_each_its_own() -> None:
    batch = recorded_one("semanticscholar", "papers-batch-not-found.json")
    papers = json.loads(batch.body)
    names = [f"doi:{paper['externalIds']['DOI']}" if paper else "doi:10.5555/nobody" for paper in papers]
    parts = SCHOLAR.split(questions(SCHOLAR, *names), batch)
    assert [SCHOLAR.read(part) is not None for part in parts] == [paper is not None for paper in papers]
