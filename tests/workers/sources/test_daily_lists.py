"""The lists of a day as Hugging Face and arXiv send them: read in full, and refused where they are none."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.conftest import SHARED
from tests.workers.sources.answers import answer
from workers.sources.arxiv_list import ArxivList
from workers.sources.base import BadAnswer, DailyList
from workers.sources.huggingface import HuggingFaceDaily

HUB = HuggingFaceDaily("https://huggingface.example")
ARXIV = ArxivList("https://rss.example", ["cs.CL", "cs.LG"])
DAY = "2026-11-18"


def hub_row(id_: str, votes: object, **more: object) -> dict[str, Any]:
    """A row of Hugging Face's list."""
    paper = {"id": id_, "title": f"Paper {id_}", "authors": [{"name": "Ada Lovelace"}], "upvotes": votes}
    return {"paper": paper | more, "numComments": 1}


def feed(*items: str, date: str = "Wed, 18 Nov 2026 00:00:00 -0500") -> bytes:
    """A list of arXiv's with these items."""
    names = 'xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    channel = f"<title>cs.LG updates</title><pubDate>{date}</pubDate>{''.join(items)}"
    return f'<rss {names} version="2.0"><channel>{channel}</channel></rss>'.encode()


def item(id_: str, kind: str = "new") -> str:
    """A paper that arXiv announces."""
    return (
        f"<item><title>Paper {id_}</title><link>https://arxiv.org/abs/{id_}</link>"
        f"<description>arXiv:{id_}v1 Announce Type: {kind}\nAbstract: What {id_} is about.</description>"
        f'<guid isPermaLink="false">oai:arXiv.org:{id_}v1</guid><category>cs.LG</category>'
        f"<arxiv:announce_type>{kind}</arxiv:announce_type><dc:creator>Ada Lovelace, Alan Turing</dc:creator></item>"
    )


def refused(source: DailyList, body: object, status: int = 200) -> str:
    """The code of the refusal."""
    with pytest.raises(BadAnswer) as bad:
        source.read(answer(source.name, source.ask(DAY).url, body, status))
    return bad.value.code


def test_the_papers_of_the_day_come_with_their_votes_code_and_reason() -> None:
    rows = [hub_row("2611.00001", 1), hub_row("2611.00002", 1200, githubRepo="https://github.com/a/b")]
    found = HUB.read(answer(HUB.name, HUB.ask(DAY).url, rows))
    assert (found.source, found.day) == ("huggingface", DAY)
    assert [one.words for one in found.papers] == [
        "on Hugging Face's list of 18 November, 1,200 upvotes",
        "on Hugging Face's list of 18 November, 1 upvote",
    ]
    first = found.papers[0].finding
    assert (first.title, first.identifiers[0].value) == ("Paper 2611.00002", "2611.00002")
    assert [(link.kind, link.url) for link in first.links] == [("code", "https://github.com/a/b")]


def test_a_row_that_cannot_be_read_spares_the_others() -> None:
    rows = ["?", {}, {"paper": None}, hub_row("none", 3), hub_row("2611.00001", 1, title=""), hub_row("2611.00002", [])]
    [only] = HUB.read(answer(HUB.name, HUB.ask(DAY).url, rows)).papers
    assert (only.finding.title, only.votes) == ("Paper 2611.00002", 0)
    assert only.words == "on Hugging Face's list of 18 November"


def test_what_is_announced_is_listed_and_what_is_replaced_is_not() -> None:
    body = feed(item("2611.00001"), item("2611.00002", "cross"), item("2401.00003", "replace"), item("bad"))
    found = ARXIV.read(answer(ARXIV.name, ARXIV.ask(DAY).url, body))
    assert (found.source, found.day) == ("arxiv", DAY)
    assert [one.finding.title for one in found.papers] == ["Paper 2611.00001", "Paper 2611.00002"]
    first = found.papers[0]
    assert first.words == "on arXiv's list of 18 November, cs.LG"
    assert [one.family for one in first.finding.authors] == ["Lovelace", "Turing"]
    assert first.finding.abstract == "What 2611.00001 is about."


def test_a_list_that_is_empty_yet_is_a_list() -> None:
    assert HUB.read(answer(HUB.name, HUB.ask(DAY).url, [])).papers == ()
    assert ARXIV.read(answer(ARXIV.name, ARXIV.ask(DAY).url, feed())).papers == ()
    only_old = ARXIV.read(answer(ARXIV.name, ARXIV.ask(DAY).url, feed(item("2401.00003", "replace"))))
    assert only_old.papers == ()


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"<!doctype html><p>Sign in", 200, "web_page"),
        ([], 404, "unexpected_status"),
        ({"error": "Invalid date"}, 400, "unexpected_status"),
        ({"error": "no list"}, 200, "malformed"),
        ([{"paper": {"id": "none"}}], 200, "malformed"),
        (b'[{"paper": ', 200, "malformed"),
    ],
)
def test_what_is_no_list_of_hugging_face_is_refused(body: object, status: int, code: str) -> None:
    assert refused(HUB, body, status) == code


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"<!doctype html><p>Busy", 200, "web_page"),
        (feed(), 404, "unexpected_status"),
        (b"<rss><channel>", 200, "malformed"),
        (b"<rss/>", 200, "malformed"),
        (feed(date="soon"), 200, "malformed"),
        (feed(date=""), 200, "malformed"),
        (feed(item("bad")), 200, "malformed"),
        (b'<!DOCTYPE r [<!ENTITY a "b">]>' + feed(), 200, "malformed"),
    ],
)
def test_what_is_no_list_of_arxiv_is_refused(body: bytes, status: int, code: str) -> None:
    assert refused(ARXIV, body, status) == code


@pytest.mark.parametrize("name", ["daily_papers-allnews", "daily_papers-sotawhat"])
def test_recorded_lists_of_hugging_face_are_read_whole(name: str) -> None:
    path = SHARED / "fixtures" / "api" / "huggingface" / f"{name}.json"
    if not path.exists():
        pytest.skip("shared fixtures are not here: huggingface")
    found = HUB.read(answer(HUB.name, HUB.ask(DAY).url, path.read_bytes()))
    assert len(found.papers) == len(json.loads(path.read_bytes()))
    assert found.papers[0].votes > found.papers[-1].votes
    assert all(one.finding.title and one.finding.authors for one in found.papers)


def test_the_recorded_weekend_of_arxiv_is_an_empty_list() -> None:
    path = SHARED / "fixtures" / "api" / "arxiv" / "rss-weekend-empty.xml"
    if not path.exists():
        pytest.skip("shared fixtures are not here: arxiv")
    found = ARXIV.read(answer(ARXIV.name, ARXIV.ask(DAY).url, path.read_bytes()))
    assert (found.day, found.papers) == ("2026-08-01", ())
