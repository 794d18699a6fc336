"""Lists of others add to what trends where an operator wants it: asked for kindly, kept once, and never by default."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest
import redis
from msgspec import structs
from redis.asyncio import Redis

from api.actions.desk import Desk
from api.actions.list_trending import list_trending
from api.actions.rank_trending import rank_trending
from api.actions.save_paper import SaveWish, save_paper
from api.domain.accounts import Who
from api.queue import QUEUE
from api.settings import Settings, read_settings
from api.store.database import Tx
from tests.conftest import Clock
from tests.fakes import ReplayServer, Reply, not_found
from tests.make import OFFLINE, PHONE, make_id, make_library
from tests.workers.sources.test_daily_lists import feed, hub_row, item
from workers import jobs, ticker
from workers.gateway import Gateway
from workers.listings import hear
from workers.source_table import limits_of, lists_of

DAY = 86_400
HUB_LIST = json.dumps([hub_row("2611.00001", 5), hub_row("2611.00002", 90)]).encode()


class World:
    """Both lists, with what they ask to be asked by again."""

    def __init__(self) -> None:
        self.status = 200
        self.hub = HUB_LIST
        self.arxiv = feed(item("2611.00002"), item("2611.00003"), date="Wed, 18 Nov 2026 00:00:00 -0500")
        self.server = ReplayServer(self)

    def __call__(self, path: str, query: str) -> Reply:
        body = {"/hub/api/daily_papers": self.hub, "/rss/cs.CL+cs.LG": self.arxiv}.get(path)
        if body is None:
            return not_found(path, query)
        tag = f'"{hash(body)}"'
        if self.server.current.headers.get("if-none-match") == tag:
            return 304, {}, b""
        kind = "application/json" if path.startswith("/hub") else "application/rss+xml"
        return self.status, {"Content-Type": kind, "ETag": tag}, body


@pytest.fixture
def lists() -> Iterator[World]:
    """The outside."""
    made = World()
    with made.server:
        yield made


def switched_on(desk: Desk, world: World) -> Settings:
    """Settings with both lists."""
    return structs.replace(
        desk.settings,
        trending_huggingface=True,
        trending_arxiv="cs.LG, cs.CL",
        huggingface_url=f"{world.server.url}/hub",
        arxiv_list_url=world.server.url,
        huggingface_interval_seconds=0.0,
        arxiv_interval_seconds=0.0,
        allow_private_sources=True,
    )


@asynccontextmanager
async def way_out(settings: Settings, desk: Desk) -> AsyncIterator[Gateway]:
    """The real gateway, on the real Valkey."""
    async with Redis.from_url(settings.redis_url) as client, Gateway(limits_of(settings), client, desk.now) as gateway:
        yield gateway


async def heard(desk: Desk, world: World) -> dict[str, int | None]:
    """What came of asking for each list that is on."""
    settings = switched_on(desk, world)
    async with way_out(settings, desk) as gateway:
        return {name: await hear(desk, gateway, wanted) for name, wanted in lists_of(settings).items()}


async def ranked(desk: Desk, who: Who) -> dict[str, tuple[str, ...]]:
    """Titles of what trends today, the first first, with the reasons."""
    await rank_trending(desk)
    return {one.paper.title: one.trend.reasons for one in await list_trending(desk, who.library_id, "day", 50)}


async def count(desk: Desk, table: str) -> int:
    async def work(tx: Tx) -> int:
        row = await tx.row(f"SELECT COUNT(*) AS n FROM {table}")
        return int(row["n"]) if row else 0

    return await desk.database.read(work)


def waiting(desk: Desk) -> list[str]:
    with redis.Redis.from_url(desk.settings.redis_url) as client:
        return [name.decode() for name in client.lrange(f"rq:queue:{QUEUE}", 0, -1)]


async def test_what_others_list_trends_with_its_reasons_and_waits_to_be_looked_up(
    desk: Desk, who: Who, lists: World
) -> None:
    assert await heard(desk, lists) == {"huggingface": 2, "arxiv": 2}
    assert await ranked(desk, who) == {
        "Paper 2611.00002": (
            "on arXiv's list of 18 November, cs.LG",
            "on Hugging Face's list of 18 November, 90 upvotes",
        ),
        "Paper 2611.00003": ("on arXiv's list of 18 November, cs.LG",),
        "Paper 2611.00001": ("on Hugging Face's list of 18 November, 5 upvotes",),
    }
    [first, *_] = await list_trending(desk, who.library_id, "day", 50)
    assert (first.entry_id, first.paper.enrich_state, first.trend.people) == (None, "pending", 0)
    assert len([name for name in waiting(desk) if name.startswith("enrich-")]) == 3


async def test_a_paper_of_a_list_is_the_one_that_a_reader_has_and_one_reader_shows_in_no_number(
    desk: Desk, who: Who, lists: World
) -> None:
    await heard(desk, lists)
    await rank_trending(desk)
    before = await list_trending(desk, who.library_id, "day", 50)
    wish = SaveWish(make_id("entry"), "https://arxiv.org/abs/2611.00001v3")
    assert (await save_paper(desk, who, wish)).paper.id == before[-1].paper.id
    await rank_trending(desk)
    after = await list_trending(desk, who.library_id, "day", 50)
    assert [(one.paper.id, one.trend) for one in after] == [(one.paper.id, one.trend) for one in before]
    assert [one.entry_id for one in after] == [None, None, make_id("entry")]
    assert await count(desk, "paper") == 3


async def test_two_readers_beat_every_list(desk: Desk, who: Who, lists: World) -> None:
    await heard(desk, lists)
    bob = (await make_library(desk, "bob", {"phone": PHONE}))["phone"]
    for one in (who, bob):
        await save_paper(desk, one, SaveWish(make_id(one.library_id), "https://arxiv.org/abs/2611.00001"))
    assert next(iter((await ranked(desk, who)).items())) == (
        "Paper 2611.00001",
        ("2 people saved it today", "on Hugging Face's list of 18 November, 5 upvotes"),
    )


async def test_a_list_that_is_heard_twice_is_kept_once_and_asked_for_by_its_tag(
    desk: Desk, who: Who, clock: Clock, lists: World
) -> None:
    await heard(desk, lists)
    before = await ranked(desk, who)
    clock.forward(60)
    assert await heard(desk, lists) == {"huggingface": 2, "arxiv": 2}
    assert await ranked(desk, who) == before
    assert (await count(desk, "outside_pick"), await count(desk, "paper")) == (4, 3)
    assert ["if-none-match" in one.headers for one in lists.server.seen] == [False, False, True, True]


async def test_the_last_word_about_a_day_stands(desk: Desk, who: Who, clock: Clock, lists: World) -> None:
    await heard(desk, lists)
    lists.hub, lists.arxiv = json.dumps([hub_row("2611.00001", 500)]).encode(), feed()
    clock.forward(60)
    assert await heard(desk, lists) == {"huggingface": 1, "arxiv": 0}
    assert await ranked(desk, who) == {"Paper 2611.00001": ("on Hugging Face's list of 18 November, 500 upvotes",)}


@pytest.mark.parametrize("status", [200, 403, 404, 503])
async def test_a_list_that_is_not_to_be_had_changes_nothing(
    desk: Desk, who: Who, clock: Clock, lists: World, status: int
) -> None:
    await heard(desk, lists)
    before = await ranked(desk, who)
    lists.status, lists.hub, lists.arxiv = status, b"<html>Busy</html>", b"<html>Busy</html>"
    clock.forward(60)
    assert await heard(desk, lists) == {"huggingface": None, "arxiv": None}
    assert await ranked(desk, who) == before


async def test_a_list_of_a_day_ahead_is_refused(desk: Desk, lists: World) -> None:
    lists.arxiv = feed(item("2611.00003"), date="Mon, 18 Nov 2097 00:00:00 -0500")
    assert await heard(desk, lists) == {"huggingface": 2, "arxiv": None}


async def test_a_list_is_forgotten_after_its_days(desk: Desk, who: Who, clock: Clock, lists: World) -> None:
    await heard(desk, lists)
    clock.forward(2 * DAY)
    assert await ranked(desk, who) == {}
    clock.forward(120 * DAY)
    await rank_trending(desk)
    assert await count(desk, "outside_pick") == 0


async def test_by_default_nobody_is_reminded_and_nothing_is_asked(
    desk: Desk, lists: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert lists_of(Settings()) == {}
    assert await ticker.remind_of_lists(desk) == 0
    set_up(desk, lists, monkeypatch)
    for name in ("huggingface", "arxiv", "another"):
        await jobs.hear_list(name)
    assert (lists.server.seen, waiting(desk), await count(desk, "paper")) == ([], [], 0)


async def test_the_ticker_reminds_once_and_the_job_asks(
    desk: Desk, lists: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = structs.replace(desk, settings=switched_on(desk, lists))
    assert [await ticker.remind_of_lists(told) for _ in range(2)] == [2, 2]
    assert sorted(waiting(desk)) == ["list-arxiv", "list-huggingface"]
    set_up(desk, lists, monkeypatch)
    monkeypatch.setenv("SCHOLIUM_TRENDING_HUGGINGFACE", "on")
    await jobs.hear_list("huggingface")
    [asked] = lists.server.seen
    assert (asked.path, await count(desk, "outside_pick")) == ("/hub/api/daily_papers", 2)


def set_up(desk: Desk, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment of a worker whose sources are on loopback, all lists off."""
    told = OFFLINE | {
        "SCHOLIUM_DATABASE_URL": desk.settings.database_url,
        "SCHOLIUM_REDIS_URL": desk.settings.redis_url,
        "SCHOLIUM_HUGGINGFACE_URL": f"{world.server.url}/hub",
        "SCHOLIUM_ARXIV_LIST_URL": world.server.url,
        "SCHOLIUM_ALLOW_PRIVATE_SOURCES": "on",
    }
    for name, value in told.items():
        monkeypatch.setenv(name, value)


@pytest.mark.parametrize("wrong", ["cs.LG;drop", "CS", "cs.", "../etc", "cs.LG cs.CL", "a?b=1"])
def test_a_category_that_is_none_is_said_at_the_start(wrong: str) -> None:
    with pytest.raises(ValueError, match="SCHOLIUM_TRENDING_ARXIV holds categories"):
        read_settings({"SCHOLIUM_TRENDING_ARXIV": wrong})


def test_categories_are_taken_as_arxiv_writes_them_and_no_more_than_twenty() -> None:
    told = "cs.LG, cond-mat.mes-hall,hep-th,q-bio, astro-ph.CO,"
    assert read_settings({"SCHOLIUM_TRENDING_ARXIV": told}).trending_arxiv == told
    with pytest.raises(ValueError, match="at most 20"):
        read_settings({"SCHOLIUM_TRENDING_ARXIV": ",".join(f"cs.A{'a' * n}" for n in range(21))})
