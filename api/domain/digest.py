"""The daily mail as its reader wants it, and when its next issue is due by the reader's own wall clock.

Refuses a date that the reader's calendar does not have, and never asks a clock: zone and present are given.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Annotated, Literal

from msgspec import Meta, Struct

Frequency = Literal["off", "daily", "weekly"]
Way = Literal["mail", "feed"]
DigestState = Literal["off", "unconfirmed", "on", "paused"]
Part = Literal["trending", "code", "published", "waiting"]
PARTS: tuple[Part, ...] = ("trending", "code", "published", "waiting")
LATE_MS = 6 * 3_600_000  # an issue that is later is left out: a server that was off sends one, not seven
CONFIRM_MS = 48 * 3_600_000  # how long the link of the first mail can be used
CONSENT = "digest 1"  # which words a reader agreed to; another number where they change
_LONGEST_WAIT_DAYS = 10  # the next issue of a week is within seven days, also where a calendar leaves one out


class DigestWish(Struct, frozen=True, forbid_unknown_fields=True):
    """How often, by mail or as a feed alone, at which hour of which weekday (0 is Monday) in which IANA zone, what,
    and how many papers a part has at most."""

    frequency: Frequency = "off"
    way: Way = "mail"
    hour: Annotated[int, Meta(ge=0, le=23)] = 7
    weekday: Annotated[int, Meta(ge=0, le=6)] = 0
    zone: Annotated[str, Meta(min_length=1, max_length=64)] = "UTC"
    parts: Annotated[tuple[Part, ...], Meta(min_length=1, max_length=4)] = PARTS
    most: Annotated[int, Meta(ge=1, le=25)] = 10


class Digest(Struct, frozen=True):
    """A reader's wish with where it stands; times in Unix milliseconds, 0 for never; `paused` says why."""

    wish: DigestWish = DigestWish()
    confirmed_at: int = 0
    next_at: int = 0
    next_date: str = ""
    paused: str = ""
    asked_until: int = 0
    has_feed: bool = False

    @property
    def state(self) -> DigestState:
        """Where a wish stands, in a word."""
        if self.wish.frequency == "off":
            return "off"
        if self.paused:
            return "paused"
        return "on" if self.runs else "unconfirmed"

    @property
    def runs(self) -> bool:
        """Whether issues are made: a mail only once its reader said so twice."""
        agreed = self.wish.way == "feed" or self.confirmed_at > 0
        return self.wish.frequency != "off" and agreed and not self.paused


def next_issue(wish: DigestWish, zone: tzinfo, after_ms: int) -> tuple[str, int]:
    """The reader's date (`YYYY-MM-DD`) of the first issue that is due after a moment, and when (Unix milliseconds)."""
    today = datetime.fromtimestamp(after_ms / 1000, zone).date() - timedelta(days=1)
    for ahead in range(_LONGEST_WAIT_DAYS):
        day = today + timedelta(days=ahead)
        if wish.frequency == "weekly" and day.weekday() != wish.weekday:
            continue
        due = moment(day, wish.hour, zone)
        if due is not None and due > after_ms:
            return day.isoformat(), due
    raise ValueError("no zone leaves out so many days")


def moment(day: date, hour: int, zone: tzinfo) -> int | None:
    """When a zone's clocks show this hour of a day (Unix milliseconds): the first time where they show it twice, the
    next minute that there is where they skip it, None where the day itself is skipped."""
    wall = datetime(day.year, day.month, day.day, hour)
    while wall.date() == day:
        instant = wall.replace(tzinfo=zone).astimezone(UTC)
        if instant.astimezone(zone).replace(tzinfo=None) == wall:
            return int(instant.timestamp()) * 1000
        wall += timedelta(minutes=1)
    return None
