"""How a person's reading went: papers saved and read by the week, and what they were about by the month.

Weeks begin on Monday, in UTC. Refuses to guess when a paper was read: it is the time at which its status became "read".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta

from msgspec import Struct

WEEKS = 26
MONTHS = 12
MOST_TAGS = 8


class Week(Struct, frozen=True):
    """A week by its Monday (`YYYY-MM-DD`), with how many papers were saved and read in it."""

    monday: str
    saved: int
    read: int


class TagMonths(Struct, frozen=True):
    """A tag, and how many papers with it were saved in each of the months of the picture."""

    name: str
    color: str | None
    papers: tuple[int, ...]


class ReadingPicture(Struct, frozen=True):
    """The last `WEEKS` weeks and `MONTHS` months (`YYYY-MM`), oldest first; of tags those with most papers."""

    weeks: tuple[Week, ...]
    months: tuple[str, ...]
    tags: tuple[TagMonths, ...]


def weeks_of(saved: Iterable[str], read_ms: Iterable[int], now_ms: int) -> tuple[Week, ...]:
    """The last weeks up to now; `saved` are RFC 3339 times, `read_ms` Unix milliseconds."""
    saves = Counter(_monday(date.fromisoformat(one[:10])) for one in saved if one)
    reads = Counter(_monday(_day(one)) for one in read_ms)
    last = _monday(_day(now_ms))
    mondays = [last - timedelta(weeks=back) for back in reversed(range(WEEKS))]
    return tuple(Week(one.isoformat(), saves[one], reads[one]) for one in mondays)


def months_up_to(now_ms: int) -> tuple[str, ...]:
    """The last months up to now."""
    today = _day(now_ms)
    number = today.year * 12 + today.month - 1
    return tuple(f"{one // 12:04}-{one % 12 + 1:02}" for one in range(number - MONTHS + 1, number + 1))


def most_of(tags: Sequence[TagMonths]) -> tuple[TagMonths, ...]:
    """Those with most papers in these months, the most first."""
    used = [one for one in tags if any(one.papers)]
    return tuple(sorted(used, key=lambda one: (-sum(one.papers), one.name.casefold()))[:MOST_TAGS])


def _day(ms: int) -> date:
    return datetime.fromtimestamp(ms / 1000, UTC).date()


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
