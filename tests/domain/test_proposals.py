"""When two papers of a library are proposed as one: title, an author and the year agree, and no rule speaks against."""

from __future__ import annotations

from typing import Any

import pytest

from api.domain.papers import Author, Paper
from api.domain.proposals import same_title


def paper(**more: Any) -> Paper:
    usual: dict[str, Any] = {"kind": "preprint", "title": "On Slow Light", "year": 2024, "authors": (ADA,)}
    return Paper(id="p", **(usual | more))


ADA = Author(family="Lovelace", given="Ada")
TALK = {"kind": "inproceedings", "identifiers": {"doi": ("10.1/a",)}}


@pytest.mark.parametrize(
    "other",
    [
        {},
        {"title": "On slow-light."},
        {"kind": "article", "year": 2027, "identifiers": {"doi": ("10.5555/slow.7",)}},
        {"authors": (Author(family="Babbage"), Author(family="LOVELACE", given="A."))},
        {"authors": (Author(literal="Ada Lovelace"),)},
        {"year": None},
    ],
)
def test_two_papers_of_one_title_author_and_time_are_proposed(other: dict[str, Any]) -> None:
    assert same_title(paper(), paper(**other))
    assert same_title(paper(**other), paper())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({}, {"title": "On Slow Light II"}),
        ({}, {"title": "Erratum: On Slow Light"}),
        ({}, {"authors": (Author(family="Lovelace", given="Bea"),)}),
        ({}, {"authors": ()}),
        ({}, {"kind": "article", "year": 2028}),
        ({"kind": "article"}, {"kind": "article", "year": 2026}),
        ({}, {"kind": "dataset"}),
        ({"kind": "book"}, {"kind": "chapter"}),
        (TALK, {"kind": "article", "identifiers": {"doi": ("10.1/b",)}}),
        ({"identifiers": {"arxiv": ("2401.00001",)}}, {"identifiers": {"arxiv": ("2401.00002",)}}),
        ({"title": "Just a moment..."}, {"title": "Just a moment..."}),
    ],
)
def test_what_only_looks_alike_is_not_proposed(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert not same_title(paper(**one), paper(**other))
    assert not same_title(paper(**other), paper(**one))
