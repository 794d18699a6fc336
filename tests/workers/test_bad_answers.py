"""What is no answer at all, and what real answers look like."""

from __future__ import annotations

import json

import pytest
from msgspec import structs

from api.domain.papers import Finding
from tests.workers.sources.answers import outcome, recorded
from workers.sources.arxiv import Arxiv, read_feed
from workers.sources.base import Answer, BadAnswer, Source
from workers.sources.crossref import Crossref

ARXIV, CROSSREF = Arxiv("https://arxiv.example"), Crossref("https://crossref.example", "")
SOURCES: list[Source] = [ARXIV, CROSSREF]
ANSWER = Answer(
    "crossref",
    "https://crossref.example/works/10.5555%2Fx",
    200,
    "application/json",
    b'{"message": {"DOI": "10.5555/X"}}',
    "",
)


@pytest.mark.parametrize("source", SOURCES, ids=["arxiv", "crossref"])
@pytest.mark.parametrize("status", [200, 404])
@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("text/html", b"Sign in to the hotel's network"),
        ("application/json", b"\xef\xbb\xbf\r\n <!DOCTYPE HTML><title>Just a moment...</title>"),
        ("", b"<html lang=en>"),
    ],
)
def test_a_web_page_is_a_wall_and_never_means_no_such_paper(
    source: Source, status: int, kind: str, body: bytes
) -> None:
    with pytest.raises(BadAnswer, match="web_page"):
        source.read(structs.replace(ANSWER, status=status, content_type=kind, body=body))


@pytest.mark.parametrize("status", [404, 410])
def test_not_found_in_plain_words_is_no_finding(status: int) -> None:
    absent = structs.replace(ANSWER, status=status, content_type="text/plain", body=b"Resource not found.")
    assert CROSSREF.read(absent) is None
    assert ARXIV.read(absent) is None


@pytest.mark.parametrize("status", [204, 302, 418, 451])
def test_another_status_is_a_bad_answer(status: int) -> None:
    with pytest.raises(BadAnswer, match="unexpected_status"):
        CROSSREF.read(structs.replace(ANSWER, status=status))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b'{"message"',
        b"[]",
        b"null",
        b"{}",
        b'{"message": []}',
        b'{"message": {}}',
        b'{"message": {"DOI": 7}}',
        b'{"message": {"DOI": "10.5555/x"',
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"\xff\xfe\x00",
        b"9" * 100_000,
    ],
    ids=range(14),
)
def test_what_is_no_record_is_a_bad_answer(body: bytes) -> None:
    with pytest.raises(BadAnswer, match="malformed"):
        CROSSREF.read(structs.replace(ANSWER, body=body))


def test_a_record_of_another_doi_is_taken_only_where_it_names_the_one_asked_for() -> None:
    assert CROSSREF.read(ANSWER) is not None
    with pytest.raises(BadAnswer, match="other_paper"):
        CROSSREF.read(structs.replace(ANSWER, body=b'{"message": {"DOI": "10.5555/y"}}'))
    assert CROSSREF.read(structs.replace(ANSWER, body=b'{"message": {"DOI": "10.5555/y", "aliases": ["10.5555/X"]}}'))


@pytest.mark.parametrize("kind", ["component", "peer-review"])
def test_a_figure_or_a_review_of_a_paper_is_not_the_paper(kind: str) -> None:
    body = json.dumps({"message": {"DOI": "10.5555/x", "type": kind}}).encode()
    assert CROSSREF.read(structs.replace(ANSWER, body=body)) is None


def outcomes(source: Source, name: str) -> dict[str, Finding | str | None]:
    """What became of each recorded answer: a finding, nothing, or the code of a bad answer."""
    return {file: outcome(source, answer) for file, answer in recorded(name)}


def test_every_recorded_arxiv_answer_is_read_or_refused_for_its_reason() -> None:
    found = outcomes(ARXIV, "arxiv")
    papers = {file for file, each in found.items() if isinstance(each, Finding)}
    assert papers == {"id-1605.08386.xml", "id-old-style-astro-ph-0601001.xml", "id-versioned-2104.12255v1.xml"}
    assert {file for file, each in found.items() if each is None} == {
        "id-nonexistent-0000.0000.xml",
        "error-400-malformed-id-abc.xml",
    }


def test_every_entry_of_the_recorded_feeds_is_a_whole_paper() -> None:
    feeds = [answer for file, answer in recorded("arxiv") if file.startswith(("feed", "search", "id-two"))]
    papers = [finding for answer in feeds for finding in read_feed(answer)]
    assert len(papers) == sum(answer.body.count(b"<entry>") for answer in feeds) > 0
    for paper in papers:
        assert paper.title
        assert paper.abstract
        assert paper.authors
        assert paper.primary_class
        assert paper.dates.preprinted
        assert len(paper.manifestations) == 2


def test_every_recorded_crossref_work_is_read_or_refused_for_its_reason() -> None:
    found = outcomes(CROSSREF, "crossref")
    works = {file: each for file, each in found.items() if file.startswith("work-")}
    parts = {file for file, each in works.items() if each is None}
    assert parts == {"work-10.1371-journal.pmed.0030277.g001.json", "work-10.7554-elife.55167.sa2.json"}
    assert len(works) == 14
    for file in works.keys() - parts:
        work = works[file]
        assert isinstance(work, Finding), file
        assert work.title, file
        assert work.authors, file
        assert work.kind, file
        assert work.dates.issued or work.dates.preprinted, file
        assert work.venue or work.kind == "preprint", file
    assert found["error-404-bad-doi.txt"] is None
    assert found["search-query.json"] == "malformed"
