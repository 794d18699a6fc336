"""When an issue is due: by the reader's wall clock, on every date that their calendar has, and once on each."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.domain.digest import Digest, DigestWish, moment, next_issue

DAYS = 400
# Zone, an hour that its clocks skip or show twice, and the day from which on; 2011 is when Apia left out 30 December.
ZONES = [
    ("Europe/Berlin", 2, "2026-01-15"),
    ("America/New_York", 1, "2026-01-15"),
    ("Australia/Lord_Howe", 2, "2026-01-15"),
    ("Asia/Kathmandu", 0, "2026-01-15"),
    ("Pacific/Apia", 23, "2011-01-15"),
]


def at(text: str, zone: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp()) * 1000


def shown(instant: int | None, zone: str) -> str:
    assert instant is not None
    return datetime.fromtimestamp(instant / 1000, ZoneInfo(zone)).isoformat(timespec="minutes")


@pytest.mark.parametrize(("zone", "hour", "start"), ZONES)
def test_in_400_days_every_local_date_has_one_issue_and_none_is_missed(zone: str, hour: int, start: str) -> None:
    wish, there = DigestWish("daily", hour=hour, zone=zone), ZoneInfo(zone)
    now, dates = at(start, zone), []
    for _ in range(DAYS):
        day, due = next_issue(wish, there, now)
        assert due > now
        assert datetime.fromtimestamp(due / 1000, there).date().isoformat() == day
        dates.append(day)
        now = due
    first = date.fromisoformat(dates[0])
    calendar = [first + timedelta(days=n) for n in range(DAYS + 1)]
    there_are = [d.isoformat() for d in calendar if d.isoformat() != "2011-12-30" or zone != "Pacific/Apia"]
    assert dates == there_are[:DAYS]


@pytest.mark.parametrize(
    ("zone", "day", "hour", "expected"),
    [
        ("Europe/Berlin", "2026-03-29", 2, "2026-03-29T03:00+02:00"),  # skipped
        ("Europe/Berlin", "2026-10-25", 2, "2026-10-25T02:00+02:00"),  # twice: the first time
        ("America/New_York", "2026-03-08", 2, "2026-03-08T03:00-04:00"),
        ("America/New_York", "2026-11-01", 1, "2026-11-01T01:00-04:00"),
        ("Australia/Lord_Howe", "2026-10-04", 2, "2026-10-04T02:30+11:00"),  # half an hour is skipped
        ("Asia/Kathmandu", "2026-06-01", 7, "2026-06-01T07:00+05:45"),
        ("Pacific/Apia", "2011-12-29", 23, "2011-12-29T23:00-10:00"),
    ],
)
def test_an_hour_that_is_skipped_or_shown_twice(zone: str, day: str, hour: int, expected: str) -> None:
    assert shown(moment(date.fromisoformat(day), hour, ZoneInfo(zone)), zone) == expected


def test_a_day_that_a_zone_left_out_has_no_issue() -> None:
    assert moment(date(2011, 12, 30), 7, ZoneInfo("Pacific/Apia")) is None


def test_a_weekly_issue_comes_on_its_weekday() -> None:
    wish, there = DigestWish("weekly", hour=7, weekday=4, zone="Europe/Berlin"), ZoneInfo("Europe/Berlin")
    day, due = next_issue(wish, there, at("2026-11-18T12:00", "Europe/Berlin"))
    assert (day, date.fromisoformat(day).weekday()) == ("2026-11-20", 4)
    assert next_issue(wish, there, due)[0] == "2026-11-27"


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from([zone for zone, _, _ in ZONES]),
    st.integers(0, 23),
    st.datetimes(datetime(2011, 1, 1), datetime(2027, 1, 1)),
)
def test_the_next_issue_is_within_a_day_or_two_and_never_now(zone: str, hour: int, after: datetime) -> None:
    now = int(after.replace(tzinfo=UTC).timestamp() * 1000)
    _, due = next_issue(DigestWish("daily", hour=hour, zone=zone), ZoneInfo(zone), now)
    assert now < due <= now + 50 * 3_600_000


def test_nothing_runs_before_it_was_confirmed_and_a_feed_needs_no_mail() -> None:
    daily = DigestWish("daily")
    assert Digest(daily).state == "unconfirmed"
    assert Digest(daily, confirmed_at=1).state == "on"
    assert Digest(daily, confirmed_at=1, paused="refused").state == "paused"
    assert Digest(DigestWish("daily", way="feed")).state == "on"
    assert Digest(DigestWish("off"), confirmed_at=1).state == "off"
