"""A year of daily mails in five zones, three tickers that look at once: none twice, none missed, none repeated.

The calendar alone is walked through whole in `tests/domain/test_digest_times.py`; here the database and the outbox are
real, so the days around both changes of the clocks are enough, and all 400 with SCHOLIUM_TEST_SCALE=full.
"""

from __future__ import annotations

import asyncio
import os
import re
from collections import Counter
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from api.actions.desk import Desk
from api.actions.send_mails import send_mails
from api.actions.write_digest import write_digest
from api.domain.accounts import Who
from api.domain.digest import Digest, DigestWish, next_issue
from api.domain.mails import Delivery, Letter
from api.store import digest_wishes
from api.store.database import Tx
from tests.conftest import Clock
from tests.mailing import body, make_trending, read_mail
from tests.make import make_id, make_library
from workers import ticker

TICKERS = 3
DAY_MS = 86_400_000
ZONES = {  # with an hour that their clocks skip or show twice
    "Europe/Berlin": 2,
    "America/New_York": 1,
    "Australia/Lord_Howe": 2,
    "Asia/Kathmandu": 0,
    "Pacific/Apia": 23,
}
FULL = os.environ.get("SCHOLIUM_TEST_SCALE") == "full"
# Where they begin, and for how many days: in 2011 Apia left out 30 December; clocks change in spring and in autumn.
STRETCHES = [("2011-01-15", 400)] if FULL else [("2011-03-25", 4), ("2011-11-04", 4), ("2011-12-27", 5)]


class Postman:
    """Remembers what went out to whom, by the reader's own date."""

    def __init__(self) -> None:
        self.slots: Counter[tuple[str, str]] = Counter()
        self.titles: Counter[tuple[str, str]] = Counter()

    async def __call__(self, letter: Letter) -> Delivery:
        self.slots[letter.recipient, letter.slot.removeprefix("digest ")] += 1
        html = body(read_mail(letter.message), "html")
        self.titles.update((letter.recipient, title) for title in re.findall(r">(Paper \S+)</a></h3>", html))
        return Delivery("sent")


async def subscribe(desk: Desk, zone: str) -> Who:
    """A reader in a zone who said yes to a mail every day."""
    who = (await make_library(desk, zone.rpartition("/")[2], {"one": make_id(zone)}))["one"]
    wish = DigestWish("daily", hour=ZONES[zone], zone=zone, most=2)
    date, at = next_issue(wish, ZoneInfo(zone), desk.now())

    async def work(tx: Tx) -> None:
        await digest_wishes.keep(tx, who.library_id, Digest(wish, 1, at, date), desk.now())

    await desk.database.write(work)
    return who


async def tick(desk: Desk, postman: Postman) -> None:
    """One ticker's look, and a worker that takes what it was reminded of."""
    for library_id in await desk.database.read(lambda tx: digest_wishes.due(tx, desk.now(), 100)):
        await write_digest(desk, library_id)
        await send_mails(desk, library_id, postman)
    await ticker.remind_of_mails(desk)


@pytest.mark.parametrize(("start", "days"), STRETCHES)
async def test_every_reader_gets_each_date_once_and_no_paper_twice(
    desk: Desk, clock: Clock, start: str, days: int
) -> None:
    clock.now_ms = int(datetime.fromisoformat(start).replace(tzinfo=UTC).timestamp()) * 1000
    readers = {zone: await subscribe(desk, zone) for zone in ZONES}
    postman, expected = Postman(), set[tuple[str, str]]()
    end, news = clock.now_ms + days * DAY_MS, 0
    while (due := await _next(desk, list(readers.values()))) < end:
        clock.now_ms = due + (news % 5) * 600_000  # tickers are late by up to forty minutes
        await make_trending(desk, [f"{start}-{news}"])
        news += 1
        for zone, who in readers.items():
            digest = await desk.database.read(lambda tx, who=who: digest_wishes.get(tx, who.library_id))
            if digest.next_at <= clock.now_ms:
                expected.add(
                    (_address(zone), datetime.fromtimestamp(clock.now_ms / 1000, ZoneInfo(zone)).date().isoformat())
                )
        await asyncio.gather(*(tick(desk, postman) for _ in range(TICKERS)))
        await tick(desk, postman)
    assert {slot: n for slot, n in postman.slots.items() if n > 1} == {}, "twice"
    assert expected - set(postman.slots) == set(), "missed"
    assert {paper: n for paper, n in postman.titles.items() if n > 1} == {}, "repeated"
    for zone in ZONES:
        dates = sorted(date for address, date in postman.slots if address == _address(zone))
        assert days - 2 <= len(dates) <= days + 1
        assert ("2011-12-30" in dates) <= (zone != "Pacific/Apia")


def _address(zone: str) -> str:
    return f"{zone.rpartition('/')[2]}@example.org"


async def _next(desk: Desk, readers: list[Who]) -> int:
    async def work(tx: Tx) -> int:
        return min([(await digest_wishes.get(tx, who.library_id)).next_at for who in readers])

    return await desk.database.read(work)
