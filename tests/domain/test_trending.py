"""What trends: more never harms, order and clock do not matter, and one person never beats two."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.domain.signals import WEIGHTS, Signal, SignalKind, entry_signals, highlight_signal
from api.domain.states import Stamp
from api.domain.trending import DAY_MS, HOUR_MS, SPANS, Facts, Pick, Span, chart, first_day, rank
from tests.make import NOW

PAPERS = ("a", "b", "c")
PEOPLE = ("ada", "bob", "cyd", "dan")
KINDS: tuple[SignalKind, ...] = tuple(WEIGHTS)
FACTS = {"a": Facts(), "b": Facts(has_code=True), "c": Facts(published_at=NOW - 400 * DAY_MS)}
signals = st.builds(
    Signal,
    st.sampled_from(PAPERS),
    st.sampled_from(PEOPLE),
    st.sampled_from(KINDS),
    st.integers(0, 40 * 24).map(lambda hours: NOW - hours * HOUR_MS),
)
histories = st.lists(signals, max_size=30, unique_by=lambda one: (one.paper_id, one.person, one.kind))
spans = st.sampled_from(SPANS)


def did(paper: str, person: str, kind: SignalKind = "save", hours: float = 1) -> Signal:
    return Signal(paper, person, kind, NOW - int(hours * HOUR_MS))


def order(done: list[Signal], span: Span = "week", now: int = NOW, **more: Any) -> list[str]:
    return [one.paper_id for one in rank(done, FACTS, span, now, **more)]


def scores(done: list[Signal], span: Span) -> dict[str, float]:
    """Scores at one moment, so that two histories can be compared."""
    return {one.paper_id: one.score for one in rank(done, FACTS, span, NOW)}


@settings(deadline=None)
@given(histories, signals, spans)
def test_one_more_signal_never_harms_its_paper(done: list[Signal], more: Signal, span: Span) -> None:
    before, after = scores(done, span), scores([*done, more], span)
    if more.paper_id in before:
        assert after[more.paper_id] >= before[more.paper_id] - 1e-4
    others = [one for one in order(done, span) if one != more.paper_id]
    assert [one for one in order([*done, more], span) if one != more.paper_id] == others


@settings(deadline=None)
@given(histories, spans, st.randoms())
def test_the_order_in_which_signals_arrive_does_not_matter(done: list[Signal], span: Span, chance: Any) -> None:
    shuffled = [*done, *done[:3]]
    chance.shuffle(shuffled)
    assert rank(shuffled, FACTS, span, NOW) == rank(done, FACTS, span, NOW)


@settings(deadline=None)
@given(histories, spans, st.integers(-500, 500))
def test_the_same_deeds_at_another_time_are_ranked_alike(done: list[Signal], span: Span, days: int) -> None:
    shift = days * DAY_MS
    facts = {name: Facts(f.has_code, f.published_at and f.published_at + shift) for name, f in FACTS.items()}
    moved = [Signal(one.paper_id, one.person, one.kind, one.at + shift) for one in done]
    assert rank(moved, facts, span, NOW + shift) == rank(done, FACTS, span, NOW)


@settings(deadline=None)
@given(histories, st.integers(0, 30 * 24))
def test_time_that_goes_by_changes_no_order(done: list[Signal], hours: int) -> None:
    later = order(done, "month", NOW + hours * HOUR_MS)
    assert later == [one for one in order(done, "month") if one in later]


@settings(deadline=None)
@given(spans, st.sets(st.sampled_from(KINDS)), st.integers(0, 20))
def test_one_person_never_beats_two(span: Span, kinds: set[SignalKind], hours: int) -> None:
    one = [did("a", "ada", kind, hours) for kind in kinds]
    two = [did("c", "bob", "save", hours), did("c", "cyd", "save", hours)]
    alike = {"a": Facts(), "c": Facts()}
    ranked = rank([*one, *two], alike, span, NOW, fewest=1)
    assert ranked[0].paper_id == "c"
    assert [p.paper_id for p in rank([*one, *two], alike, span, NOW)] == ["c"]


def test_what_one_person_did_is_not_shown_and_told_nowhere() -> None:
    done = [did("a", "ada"), did("a", "ada", "highlight"), did("a", "ada", "read"), did("b", "ada"), did("b", "bob")]
    done.append(did("b", "cyd", "highlight"))
    [shown] = rank(done, FACTS, "week", NOW)
    assert shown.reasons == ("2 people saved it this week", "its code is available")
    assert shown.people == 3


def test_different_deeds_of_two_people_are_told_together() -> None:
    [shown] = rank([did("a", "ada"), did("a", "bob", "note")], FACTS, "day", NOW)
    assert shown.reasons == ("2 people worked with it today",)


def test_newer_deeds_weigh_more_and_a_window_forgets() -> None:
    done = [did("a", who, hours=30 * 24 - 1) for who in ("ada", "bob", "cyd")]
    done += [did("c", who, hours=2) for who in ("ada", "bob")]
    assert order(done, "week") == ["c"]
    assert order(done, "month") == ["c", "a"]


def test_of_papers_that_are_alike_the_newer_save_and_then_the_id_decides() -> None:
    alike = {"a": Facts(), "b": Facts()}
    done = [did("b", "ada"), did("b", "bob"), did("a", "ada"), did("a", "bob")]
    assert [one.paper_id for one in rank(done, alike, "week", NOW)] == ["a", "b"]


def test_a_paper_that_was_new_when_it_was_noticed_stays_before_an_old_one() -> None:
    facts = {"a": Facts(published_at=NOW - 1000 * DAY_MS), "b": Facts(published_at=NOW - 5 * DAY_MS)}
    done = [did(paper, who) for paper in "ab" for who in ("ada", "bob")]
    assert [one.paper_id for one in rank(done, facts, "week", NOW)] == ["b", "a"]


def test_outside_lists_together_weigh_no_more_than_one_person() -> None:
    picks = [Pick("a", f"list {n}", 0.9, NOW - HOUR_MS, f"{n} up-votes") for n in (120, 80)]
    done = [did("b", "ada"), did("b", "bob")]
    ranked = rank(done, FACTS, "week", NOW, picks=picks)
    assert [one.paper_id for one in ranked] == ["b", "a"]
    assert ranked[1].reasons == ("120 up-votes", "80 up-votes")
    assert ranked[1].people == 0
    assert ranked[1].score < 1


def test_the_picture_hides_days_on_which_one_person_was_alone() -> None:
    done = [did("a", "ada", hours=20 * 24), did("a", "ada", "read", hours=1), did("a", "bob", hours=30)]
    days = chart(done, NOW)
    assert len(days) == 30
    assert set(days) == {0, 2}
    assert days[-1] == 2
    assert days[-2] == 0


@pytest.mark.parametrize(
    ("text", "day"), [("2026", "2026-01-01"), ("2026-05", "2026-05-01"), ("2026-05-31", "2026-05-31"), ("soon", None)]
)
def test_a_date_begins_on_its_first_day(text: str, day: str | None) -> None:
    assert first_day(text) == (first_day(day) if day else None)
    assert (first_day(text) is None) == (day is None)


def test_what_came_from_a_file_tells_nothing() -> None:
    own, file = (Stamp(1, f"{NOW:012x}-0000-x", device, 1) for device in ("laptop/rest", "import/rest"))
    told = dict(entry_signals({"saved_at": own, "note": own, "status": file}, "read", has_note=True))
    assert told == {"save": NOW, "note": NOW}
    assert not dict(highlight_signal([{"entry_id": file}]))
    assert dict(highlight_signal([{"entry_id": file}, {"entry_id": own}])) == {"highlight": NOW}
