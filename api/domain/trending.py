"""What trends: papers by what several people did with them lately, with reasons in words.

Forward decay: a deed weighs twice as much as one that is half a life older, so that the order of two papers changes
only when somebody does something, never because time goes by. Refuses to show what fewer than two people did.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Literal, TypeVar

from msgspec import Struct

from api.domain.signals import WEIGHTS, Signal, SignalKind

Span = Literal["day", "week", "month"]
SPANS: tuple[Span, ...] = ("day", "week", "month")
HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
HALF_LIFE_MS: dict[Span, int] = {"day": 36 * HOUR_MS, "week": 5 * DAY_MS, "month": 15 * DAY_MS}
LENGTH_MS: dict[Span, int] = {"day": DAY_MS, "week": 7 * DAY_MS, "month": 30 * DAY_MS}
FEWEST_PEOPLE = 2
MOST_OF_ONE = 1.5  # of one person for one paper: two who save it (2.0) always beat one who does everything
CODE_BONUS = 0.15
CHART_DAYS = 30
_CHART_SPAN_MS = 7 * DAY_MS  # a bar counts the people of the week that ends there
_NEW_DAYS, _OLD_DAYS, _OLD_SHARE = 30, 730, 0.75
_SINCE: dict[Span, str] = {"day": "today", "week": "this week", "month": "this month"}
_DEEDS: dict[SignalKind, str] = {
    "save": "saved it",
    "highlight": "highlighted it",
    "note": "wrote a note on it",
    "read": "read it",
}


class Pick(Struct, frozen=True, order=True):
    """What an outside list said of a paper: its share among that list (0 to 1), when (Unix ms), and in words."""

    paper_id: str
    source: str
    share: float
    at: int
    words: str


T = TypeVar("T", Signal, Pick)


class Facts(Struct, frozen=True):
    """What counts of a paper itself; `published_at` in Unix milliseconds."""

    has_code: bool = False
    published_at: int | None = None


class Trend(Struct, frozen=True):
    """A paper that trends. `score` is in people who save it now; `days` has the people of the week up to each of the
    last 30 days, oldest first, 0 where they were too few to be told."""

    paper_id: str
    score: float
    people: int
    reasons: tuple[str, ...]
    days: tuple[int, ...]


def rank(
    signals: Iterable[Signal],
    facts: Mapping[str, Facts],
    span: Span,
    now_ms: int,
    *,
    picks: Iterable[Pick] = (),
    fewest: int = FEWEST_PEOPLE,
    most: int = 100,
) -> list[Trend]:
    """The papers with facts that trend, the first first. Who did something twice counts once; the order in which
    signals come does not matter; of two papers that are alike the one with the newer save comes first."""
    done, said = _by_paper(set(signals)), _by_paper(set(picks))
    moments = [one.at for its in done.values() for one in its] + [one.at for its in said.values() for one in its]
    newest = max(moments, default=now_ms)
    found = []
    for paper_id in sorted((done.keys() | said.keys()) & facts.keys()):
        its, outside = done.get(paper_id, []), said.get(paper_id, [])
        since = now_ms - LENGTH_MS[span]
        people = {one.person for one in its if one.at > since}
        heard = [one for one in outside if one.at > since]
        if len(people) >= fewest or heard:
            told = its if len(people) >= fewest else []  # fewer show in no number, also not in that of a list
            weight = _weight(told, outside, span, newest) * _factor(facts[paper_id], told, outside)
            save = max((one.at for one in told if one.kind == "save"), default=0)
            found.append((weight, save, paper_id, len(people) if told else 0))
    found.sort(key=lambda one: (-one[0], -one[1], one[2]))
    faded = 0.5 ** ((now_ms - newest) / HALF_LIFE_MS[span])
    return [
        Trend(
            paper_id,
            round(weight * faded, 4),
            people,
            tuple(_reasons(done.get(paper_id, []), said.get(paper_id, []), facts[paper_id], span, now_ms, fewest)),
            chart(done.get(paper_id, []), now_ms, fewest),
        )
        for weight, _, paper_id, people in found[:most]
    ]


def first_day(date: str | None) -> int | None:
    """The beginning of a date (`YYYY`, `YYYY-MM` or `YYYY-MM-DD`) in Unix milliseconds; None for what is none."""
    try:
        year, month, day = (*map(int, (date or "").split("-")), 1, 1)[:3]
        return int(datetime(year, month, day, tzinfo=UTC).timestamp()) * 1000
    except ValueError:
        return None


def chart(signals: Collection[Signal], now_ms: int, fewest: int = FEWEST_PEOPLE) -> tuple[int, ...]:
    """How many people did something in the week up to each of the last 30 days, oldest first."""
    days = []
    for back in reversed(range(CHART_DAYS)):
        end = now_ms - back * DAY_MS
        people = {one.person for one in signals if end - _CHART_SPAN_MS < one.at <= end}
        days.append(len(people) if len(people) >= fewest else 0)
    return tuple(days)


def _by_paper(found: Collection[T]) -> dict[str, list[T]]:
    papers: dict[str, list[T]] = defaultdict(list)
    for one in sorted(found):  # sums of the same numbers in the same order are the same
        papers[one.paper_id].append(one)
    return papers


def _weight(signals: list[Signal], picks: list[Pick], span: Span, newest: int) -> float:
    half = HALF_LIFE_MS[span]
    people: dict[str, list[Signal]] = defaultdict(list)
    for one in signals:
        people[one.person].append(one)
    total = 0.0
    for deeds in people.values():
        last = max(one.at for one in deeds)
        once = {one.kind: one for one in deeds}  # sorted: the latest of each kind
        own = math.fsum(WEIGHTS[one.kind] * 2 ** ((one.at - last) / half) for one in once.values())
        total += min(own, MOST_OF_ONE) * 2 ** ((last - newest) / half)
    return total + _outside(picks, half, newest)


def _outside(picks: list[Pick], half: int, newest: int) -> float:
    """All outside lists together weigh as one person who saves it, at most."""
    if not picks:
        return 0.0
    last = max(one.at for one in picks)
    best = {one.source: one for one in sorted(picks, key=lambda one: (one.share, one.at))}
    return min(1.0, math.fsum(one.share for one in best.values())) * 2 ** ((last - newest) / half)


def _factor(facts: Facts, signals: list[Signal], picks: list[Pick]) -> float:
    """What code and a recent publication add; the age is that when it was first noticed, so that it stays."""
    bonus = 1 + CODE_BONUS * facts.has_code
    if facts.published_at is None:
        return bonus * (1 + _OLD_SHARE) / 2
    noticed = min([one.at for one in signals] + [one.at for one in picks])
    days = max(1.0, (noticed - facts.published_at) / DAY_MS)
    aged = min(1.0, max(0.0, math.log(days / _NEW_DAYS) / math.log(_OLD_DAYS / _NEW_DAYS)))
    return bonus * (1 - (1 - _OLD_SHARE) * aged)


def _reasons(
    signals: list[Signal], picks: list[Pick], facts: Facts, span: Span, now_ms: int, fewest: int
) -> Iterator[str]:
    since = now_ms - LENGTH_MS[span]
    lately = [one for one in signals if one.at > since]
    told = False
    for kind, deed in _DEEDS.items():
        people = len({one.person for one in lately if one.kind == kind})
        if people >= fewest:
            yield f"{people} people {deed} {_SINCE[span]}"
            told = True
    everybody = len({one.person for one in lately})
    if not told and everybody >= fewest:
        yield f"{everybody} people worked with it {_SINCE[span]}"
    yield from dict.fromkeys(one.words for one in picks if one.at > since)
    if facts.has_code:
        yield "its code is available"
