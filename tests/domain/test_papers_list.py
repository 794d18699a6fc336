"""Lists of title and abstract are read record by record; what cannot be taken is reported with its place."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.domain.errors import BadInput, TooLarge
from api.domain.formats import papers_list
from api.domain.formats.papers_list import ListedPaper, read_papers_list

SEED = Path(__file__).parents[3] / "shared/fixtures/seed/papers.json"


def test_records_become_papers_with_their_place() -> None:
    raw = '\ufeff[{"title": " On\\n Engines ", "abstract": "We  show $x_1$."}, {"title": "Zwei", "year": 3}]'.encode()
    assert read_papers_list(raw) == ((ListedPaper(1, "On Engines", "We show $x_1$."), ListedPaper(2, "Zwei", None)), ())


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("SubscribeEngines in Use", "Engines in Use"),
        ("SubscribeÉtudes", "Études"),
        ("Subscribe", "Subscribe"),
        ("Subscribe Now: A Study", "Subscribe Now: A Study"),
        ("Subscribers of Engines", "Subscribers of Engines"),
        ("Subscribe2Vec", "Subscribe2Vec"),
        ("To SubscribeEngines", "To SubscribeEngines"),
    ],
)
def test_a_button_glued_to_a_title_goes_and_nothing_else(written: str, title: str) -> None:
    papers, _ = read_papers_list(msgspec.json.encode([{"title": written}]))
    assert papers[0].title == title


def test_a_bad_record_is_reported_and_the_others_are_taken() -> None:
    bad = [
        "3",
        "null",
        '{"abstract": "x"}',
        '{"title": "  "}',
        '{"title": 4}',
        '{"title": "a", "abstract": []}',
        r'{"title": "a\u0000b"}',
        r'{"title": "\ud800"}',
        f'{{"title": "{"a" * 2_001}"}}',
        f'{{"title": "a", "abstract": "{"a" * 100_001}"}}',
    ]
    papers, refusals = read_papers_list(f'[{", ".join(bad)}, {{"title": "Good"}}]'.encode())
    assert papers == (ListedPaper(11, "Good"),)
    assert [(one.line, one.code) for one in refusals] == [
        (1, "invalid_record"),
        (2, "invalid_record"),
        (3, "no_title"),
        (4, "no_title"),
        (5, "invalid_record"),
        (6, "invalid_record"),
        (7, "invalid_text"),
        (8, "invalid_text"),
        (9, "too_large"),
        (10, "too_large"),
    ]


@pytest.mark.parametrize(
    "raw",
    [b"", b"[", b"{}", b"null", b'"x"', b"[1,]", b"\xff\xfe[]", b'[{"title": "\xff"}]', b"[" + b"9" * 5_000 + b"]"],
)
def test_what_is_no_list_is_refused_as_a_whole(raw: bytes) -> None:
    with pytest.raises(BadInput):
        read_papers_list(raw)


@pytest.mark.parametrize("bomb", [b"[" * 1_000_000, b'{"a":' * 1_000_000, b"[" * 100_000 + b"]" * 100_000])
def test_a_nesting_bomb_is_refused(bomb: bytes) -> None:
    with pytest.raises(BadInput):
        read_papers_list(bomb)


def test_more_than_the_limits_is_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(TooLarge):
        read_papers_list(b" " * (papers_list.MOST_BYTES + 1))
    monkeypatch.setattr(papers_list, "MOST_PAPERS", 2)
    assert len(read_papers_list(b"[1, 2]")[1]) == 2
    with pytest.raises(TooLarge):
        read_papers_list(b"[1, 2, 3]")


@given(
    st.lists(st.none() | st.dictionaries(st.sampled_from(["title", "abstract"]), st.none() | st.integers() | st.text()))
)
def test_every_record_is_either_taken_or_reported(records: list[object]) -> None:
    papers, refusals = read_papers_list(msgspec.json.encode(records))
    assert sorted(one.line for one in [*papers, *refusals]) == list(range(1, len(records) + 1))


def test_the_seed_is_read_whole() -> None:
    if not SEED.exists():
        pytest.skip("shared fixtures are not here: the seed's abstracts are their authors'")
    papers, refusals = read_papers_list(SEED.read_bytes())
    assert (len(papers), refusals) == (70, ())
    assert all(paper.abstract for paper in papers)
    assert not any(paper.title.startswith("Subscribe") for paper in papers)
