"""Outside lists: shares of a day between nothing and all, in the order of the votes, equal for equal ones."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from api.domain.listings import MOST_LISTED, Listed, day_words, listing, shares
from api.domain.papers import Finding, Identifier


def listed(value: str, votes: int = 0) -> Listed:
    return Listed(Finding("arxiv", (Identifier("arxiv", value),)), votes, "on a list")


@given(st.lists(st.integers(0, 50), min_size=1, max_size=120))
def test_a_share_lies_within_the_list_and_follows_the_votes(votes: list[int]) -> None:
    found = shares(votes)
    assert all(0 < one < 1 for one in found)
    assert abs(sum(found) / len(found) - 0.5) < 1e-9
    pairs = sorted(zip(votes, found, strict=True))
    assert all((a[0] < b[0]) == (a[1] < b[1]) for a, b in pairwise(pairs))


def test_where_nobody_votes_all_are_in_the_middle() -> None:
    assert shares([0, 0, 0]) == [0.5, 0.5, 0.5]
    assert shares([]) == []


def test_a_list_holds_each_paper_once_with_its_most_votes_and_a_hundred_at_most() -> None:
    found = listing("hub", "2026-11-18", [listed("1", 3), listed("2", 9), listed("1", 5)])
    assert [(one.finding.identifiers[0].value, one.votes) for one in found.papers] == [("2", 9), ("1", 5)]
    many = listing("hub", "2026-11-18", [listed(str(n)) for n in range(MOST_LISTED + 5)])
    assert [one.finding.identifiers[0].value for one in many.papers] == [str(n) for n in range(MOST_LISTED)]


def test_a_day_is_said_in_words() -> None:
    assert day_words("2026-11-08") == "8 November"
