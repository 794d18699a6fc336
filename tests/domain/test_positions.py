"""Places in a list: there is always one between two, it sorts by its code points, and it stays short."""

from __future__ import annotations

import random

import pytest

from api.domain.positions import LONGEST, between, spread, standing


def insert(places: list[str], at: int) -> None:
    """Put a new place before number `at`."""
    place = between(places[at - 1] if at else "", places[at] if at < len(places) else None)
    assert place is not None
    places.insert(at, place)


@pytest.mark.parametrize("seed", range(50))
def test_there_is_room_wherever_one_looks_for_it(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311  # no secret
    saved = [f"2026-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}T00:00:00.000Z" for _ in range(5)]
    places = sorted(standing(day, f"0193f2c1-{number}") for number, day in enumerate(saved))
    for _ in range(200):
        insert(places, chance.randint(0, len(places)))
    assert places == sorted(set(places))
    assert places == sorted(places, key=str.encode)


@pytest.mark.parametrize("at", ["first", "last", "second"])
def test_a_thousand_papers_one_after_the_other_find_room_at_one_spot(at: str) -> None:
    places = [standing("2026-01-01T00:00:00.000Z", "a"), standing("2026-01-01T00:00:00.000Z", "b")]
    for _ in range(1000):
        insert(places, {"first": 0, "last": len(places), "second": 1}[at])
    assert places == sorted(set(places))
    assert max(map(len, places)) <= LONGEST


@pytest.mark.parametrize(("before", "after"), [("a", "a"), ("b", "a"), ("a", "a0"), ("", "0"), ("", ""), ("a", "a!")])
def test_where_there_is_no_room_none_is_made_up(before: str, after: str) -> None:
    assert between(before, after) is None


@pytest.mark.parametrize("count", [0, 1, 3, 61, 62, 5000])
def test_a_list_that_is_spread_has_room_before_between_and_after(count: int) -> None:
    places = spread(count)
    assert (len(places), places) == (count, sorted(set(places)))
    for first, second in zip(["", *places], [*places, None], strict=True):
        assert between(first, second) is not None
