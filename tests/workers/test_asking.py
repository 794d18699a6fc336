"""One paper, many sources: what one names another is asked, what is none is remembered, and time is not endless."""

from __future__ import annotations

import json
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from msgspec import structs
from redis.asyncio import Redis

from api.actions.desk import Desk
from api.actions.get_paper import get_paper
from api.actions.list_entries import list_entries
from api.actions.save_paper import SaveWish, save_paper
from api.actions.split_paper import SplitWish, split_paper
from api.domain.accounts import Who
from api.domain.entries import EntryFilter
from api.domain.papers import Paper
from api.store import enrichment
from api.store.database import Tx
from tests.conftest import Clock
from tests.fakes import ReplayServer, Reply, not_found
from tests.make import make_id
from workers.agencies import Agencies
from workers.enrich import Outside, enrich
from workers.gateway import Gateway
from workers.source_table import SETTINGS, doi_agency_of, limits_of, sources_of

FEED = b"""<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>http://arxiv.org/abs/1706.03762v1</id>
<title>On Slow Light</title><summary>We slow.</summary><published>2017-06-12T00:00:00Z</published>
<author><name>Ada Lovelace</name></author></entry></feed>"""
DOI = "10.1038/slow.7"
BRIDGE = {
    "externalIds": {"ArXiv": "1706.03762", "DOI": DOI},
    "title": "On slow light",
    "authors": [{"name": "A. Lovelace"}],
}
JOURNAL = {"DOI": DOI, "type": "journal-article", "title": ["On slow light"], "container-title": ["J. Slow"]}


class World:
    """The outside: what each source answers, by a word in the question; all else is not there."""

    def __init__(self) -> None:
        self.answers: dict[str, Callable[[], Reply]] = {"arxiv/api": lambda: reply(FEED)}
        self.asked: list[str] = []

    def __call__(self, path: str, query: str) -> Reply:
        self.asked.append(path.split("/")[1])
        return next((made() for word, made in self.answers.items() if word in path), not_found(path, query))


def reply(body: Any, status: int = 200) -> Reply:
    """An answer with a body, JSON unless it is bytes."""
    return status, {}, body if isinstance(body, bytes) else json.dumps(body).encode()


@pytest.fixture
def world() -> World:
    """An outside where only arXiv knows the paper."""
    return World()


@pytest.fixture
def server(world: World) -> Iterator[ReplayServer]:
    """The outside at an address."""
    with ReplayServer(world) as running:
        yield running


@pytest.fixture
async def paper_id(desk: Desk, who: Who) -> str:
    """A paper that was just saved from arXiv."""
    return (await save_paper(desk, who, SaveWish(make_id("entry"), "https://arxiv.org/abs/1706.03762"))).paper.id


@asynccontextmanager
async def outside(desk: Desk, server: ReplayServer, **more: Any) -> AsyncIterator[Outside]:
    """Every source at its own path of the server, without pauses."""
    told: dict[str, Any] = {f"{name}_url": f"{server.url}/{name}" for name in SETTINGS.values()}
    told |= {f"{name}_interval_seconds": 0.0 for name in SETTINGS.values()}
    settings = structs.replace(desk.settings, allow_private_sources=True, openalex_key="open-secret", **told)
    async with (
        Redis.from_url(desk.settings.redis_url) as redis,
        Gateway(limits_of(settings), redis, desk.now) as gateway,
    ):
        yield Outside(gateway, sources_of(settings), Agencies(redis, gateway, doi_agency_of(settings)), **more)


async def paper_of(desk: Desk, who: Who) -> Paper:
    """The library's only paper."""
    page = await list_entries(desk, who.library_id, EntryFilter())
    assert len(page.items) == 1
    return page.items[0].paper


async def asked_again(desk: Desk, outer: Outside, paper_id: str) -> None:
    """Another attempt at a paper."""

    async def wake(tx: Tx) -> None:
        await enrichment.wake(tx, [paper_id], desk.now())

    await desk.database.write(wake)
    await enrich(desk, outer, paper_id)


async def test_the_publication_that_a_later_source_names_is_asked_for_in_the_same_attempt(
    desk: Desk, who: Who, paper_id: str, server: ReplayServer, world: World
) -> None:
    world.answers |= {"semantic_scholar/": lambda: reply(BRIDGE), "crossref/": lambda: reply({"message": JOURNAL})}
    async with outside(desk, server) as outer:
        assert await enrich(desk, outer, paper_id)
    paper = await paper_of(desk, who)
    assert (paper.kind, paper.venue, paper.enrich_state) == ("article", "J. Slow", "done")
    assert paper.identifiers["doi"] == (DOI,)
    assert world.asked.index("crossref") > world.asked.index("semantic_scholar")


@pytest.mark.parametrize(
    "other",
    [{"title": "On slow light, part II"}, {"title": "Correction to: On slow light"}, {"authors": [{"name": "X Y"}]}],
)
async def test_a_map_of_ids_that_means_another_paper_names_nothing(
    desk: Desk, who: Who, paper_id: str, server: ReplayServer, world: World, other: dict[str, Any]
) -> None:
    world.answers |= {"semantic_scholar/": lambda: reply(BRIDGE | other)}
    async with outside(desk, server) as outer:
        await enrich(desk, outer, paper_id)
    assert "doi" not in (await paper_of(desk, who)).identifiers
    assert "crossref" not in world.asked


async def test_what_nobody_knows_is_asked_once_a_day(
    desk: Desk, who: Who, paper_id: str, server: ReplayServer, world: World, clock: Clock
) -> None:
    async with outside(desk, server) as outer:
        await enrich(desk, outer, paper_id)
        first = list(world.asked)
        assert {"arxiv", "datacite", "openalex", "semantic_scholar", "huggingface"} == set(first)
        await asked_again(desk, outer, paper_id)
        assert world.asked == first
        assert (await paper_of(desk, who)).enrich_state == "done"
        clock.forward(86_401)
        await asked_again(desk, outer, paper_id)
        assert sorted(world.asked) == sorted(first * 2)


async def test_where_the_time_is_up_the_rest_is_asked_soon_and_what_was_heard_is_kept(
    desk: Desk, who: Who, paper_id: str, server: ReplayServer, world: World, clock: Clock
) -> None:
    go_on = threading.Event()
    world.answers["datacite/"] = lambda: reply({}, 404) if go_on.wait(30) else reply({}, 500)
    async with outside(desk, server, budget_seconds=1.0) as outer:
        assert await enrich(desk, outer, paper_id)
        go_on.set()
    paper = await paper_of(desk, who)
    assert (paper.title, paper.enrich_state) == ("On Slow Light", "partial")
    assert "openalex" not in world.asked
    clock.forward(13)
    async with outside(desk, server) as outer:
        assert await enrich(desk, outer, paper_id)
    assert (await paper_of(desk, who)).enrich_state == "done"
    assert (world.asked.count("arxiv"), world.asked.count("openalex")) == (1, 1)


async def test_where_the_time_is_up_a_source_that_asks_for_long_holds_nobody_else_up(
    desk: Desk, who: Who, paper_id: str, server: ReplayServer, world: World, clock: Clock
) -> None:
    go_on = threading.Event()
    world.answers |= {
        "datacite/": lambda: (429, {"Retry-After": "5000"}, b""),
        "openalex/": lambda: reply({}, 404) if go_on.wait(30) else reply({}, 500),
    }
    async with outside(desk, server, budget_seconds=1.0) as outer:
        await enrich(desk, outer, paper_id)
        go_on.set()
    clock.forward(13)
    async with outside(desk, server) as outer:
        assert await enrich(desk, outer, paper_id)
    assert (world.asked.count("datacite"), world.asked.count("huggingface")) == (1, 1)


async def test_a_source_that_is_always_busy_does_not_make_a_known_paper_fail(
    desk: Desk, who: Who, paper_id: str, server: ReplayServer, world: World, clock: Clock
) -> None:
    world.answers["semantic_scholar/"] = lambda: reply({"message": "Too Many Requests"}, 429)
    async with outside(desk, server) as outer:
        for _ in range(8):
            await enrich(desk, outer, paper_id)
            clock.forward(3600)
    paper = await paper_of(desk, who)
    assert (paper.title, paper.enrich_state) == ("On Slow Light", "partial")


async def test_a_key_reaches_its_source_and_no_row_of_the_database(
    desk: Desk, paper_id: str, server: ReplayServer, world: World
) -> None:
    async with outside(desk, server) as outer:
        await enrich(desk, outer, paper_id)
    sent = [seen for seen in server.seen if "open-secret" in f"{seen.path}?{seen.query} {seen.headers}"]
    assert {seen.path.split("/")[1] for seen in sent} == {"openalex"}

    async def read(tx: Tx) -> list[str]:
        return [row["asked"] for row in await tx.rows("SELECT asked FROM observation")]

    kept = await desk.database.read(read)
    assert any("/openalex/" in asked for asked in kept)
    assert "secret" not in str(kept)


async def test_each_half_of_a_paper_that_was_split_is_asked_about_by_its_own_identifiers(
    desk: Desk, who: Who, paper_id: str, server: ReplayServer, world: World, clock: Clock
) -> None:
    world.answers |= {"semantic_scholar/": lambda: reply(BRIDGE), "crossref/": lambda: reply({"message": JOURNAL})}
    async with outside(desk, server) as outer:
        await enrich(desk, outer, paper_id)
        stay, go = await split_paper(desk, who, paper_id, SplitWish([f"doi:{DOI}"]))
        world.asked.clear()
        assert await enrich(desk, outer, go)
        assert await enrich(desk, outer, stay)
        assert "crossref" not in world.asked  # it told of this half a moment ago, and knows nothing of the other
        clock.forward(8 * 86_400)  # Crossref's answers are remembered for a week
        world.asked.clear()
        await asked_again(desk, outer, stay)
        assert ("arxiv" in world.asked, "crossref" in world.asked) == (True, False)
        await asked_again(desk, outer, go)
        assert ("crossref" in world.asked, world.asked.count("arxiv")) == (True, 1)
    shown = [(await get_paper(desk, who.library_id, half)).paper for half in (stay, go)]
    assert [(one.kind, one.venue, one.enrich_state) for one in shown] == [
        ("preprint", None, "done"),
        ("article", "J. Slow", "done"),
    ]
