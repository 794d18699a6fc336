"""A source that fails again and again is left alone by all, and one worker tries whether it is back."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator

import pytest
from redis.asyncio import Redis

from api.domain.papers import Identifier
from tests.fakes import ReplayServer
from workers import breaker
from workers.breaker import FAILURES, KEY, WINDOW, Breaker
from workers.gateway import Gateway
from workers.gateway_limits import GatewayLimits
from workers.origins import origin_of
from workers.refusals import Refused, TryLater
from workers.sources.base import BadAnswer, Request
from workers.sources.crossref import Crossref


@pytest.fixture
async def client(redis_url: str) -> AsyncIterator[Redis]:
    """A client on the real Valkey, emptied."""
    opened = Redis.from_url(redis_url)
    yield opened
    await opened.aclose()


@pytest.fixture
def server() -> Iterator[ReplayServer]:
    """The outside world."""
    with ReplayServer() as replay:
        yield replay


def asking(client: Redis, url: str) -> Gateway:
    """A worker's way out."""
    limits = GatewayLimits("Scholium", {"x": 0.0}, allow_private_for=frozenset({origin_of(url)}))
    return Gateway(limits, client, lambda: 0)


async def time_passes(client: Redis, source: str = "x") -> None:
    """The pause is over."""
    await client.hset(KEY + source, "shut", "1")


async def test_five_failures_in_a_row_shut_a_source_for_all_and_no_other(client: Redis) -> None:
    one, other = Breaker(client), Breaker(client)
    waits = [await one.failed("x") for _ in range(FAILURES)]
    assert waits == [0, 0, 0, 0, 300]
    assert 299 < await other.allow("x") <= 300
    assert await other.allow("y") == 0


async def test_an_answer_in_between_forgets_the_failures(client: Redis) -> None:
    shared = Breaker(client)
    for _ in range(3):
        assert [await shared.failed("x") for _ in range(FAILURES - 1)] == [0] * (FAILURES - 1)
        await shared.answered("x")
    assert await shared.allow("x") == 0


async def test_more_than_half_of_the_last_twenty_shut_a_source_too(client: Redis) -> None:
    shared = Breaker(client)
    for number in range(WINDOW):  # ten and ten, never five in a row
        await (shared.failed("x") if number % 2 else shared.answered("x"))
    assert await shared.allow("x") == 0
    await shared.failed("x")  # pushes an answer out
    assert 299 < await shared.allow("x") <= 300


async def test_one_that_failed_too_often_and_fails_its_try_is_left_alone_for_twice_as_long(client: Redis) -> None:
    shared = Breaker(client)
    for number in range(WINDOW + 1):
        await (shared.failed("x") if number % 2 == 0 else shared.answered("x"))
    await shared.failed("x")
    await shared.failed("x")
    await time_passes(client)
    assert await shared.allow("x") == 0
    assert await shared.failed("x") == 600


async def test_half_of_the_last_twenty_is_not_too_much_however_long_it_goes_on(client: Redis) -> None:
    shared = Breaker(client)
    for number in range(5 * WINDOW):
        await (shared.failed("x") if number % 4 < 2 else shared.answered("x"))
    assert await shared.allow("x") == 0


async def test_an_answer_that_was_under_way_when_a_source_was_shut_does_not_open_it(client: Redis) -> None:
    shared = Breaker(client)
    for _ in range(FAILURES):
        await shared.failed("x")
    await shared.answered("x")
    assert await shared.allow("x") > 299


async def test_after_the_pause_one_of_many_tries_and_a_failure_doubles_the_pause(client: Redis) -> None:
    workers = [Breaker(client) for _ in range(8)]
    for _ in range(FAILURES):
        await workers[0].failed("x")
    for pause in (600, 1200, 2400, 4800, 9600, 19_200, 21_600, 21_600):
        await time_passes(client)
        waits = await asyncio.gather(*(each.allow("x") for each in workers))
        assert waits.count(0) == 1
        assert max(waits) <= breaker.PROBE_SECONDS
        assert await workers[0].failed("x") == pause
    await time_passes(client)
    assert await workers[0].allow("x") == 0
    await workers[0].answered("x")
    assert await workers[1].allow("x") == 0


async def test_a_prober_that_was_killed_is_followed_by_another(client: Redis) -> None:
    shared = Breaker(client)
    for _ in range(FAILURES):
        await shared.failed("x")
    await time_passes(client)
    assert await shared.allow("x") == 0
    assert await shared.allow("x") > 0
    await time_passes(client)
    assert await shared.allow("x") == 0


async def test_failures_that_were_under_way_do_not_lengthen_the_pause(client: Redis) -> None:
    shared = Breaker(client)
    for _ in range(FAILURES + 20):
        await shared.failed("x")
    assert 299 < await shared.allow("x") <= 300


async def test_what_is_known_of_a_source_is_forgotten_in_a_day(client: Redis) -> None:
    await Breaker(client).failed("x")
    assert 0 < await client.ttl(KEY + "x") <= 86_400


@pytest.mark.parametrize("status", [401, 403, 429, 500, 503])
async def test_a_source_in_trouble_hears_of_us_five_times(client: Redis, server: ReplayServer, status: int) -> None:
    server.route = lambda path, query: (status, {}, b"")
    async with asking(client, server.url) as gateway:
        for _ in range(FAILURES):
            with pytest.raises((TryLater, Refused)):
                await gateway.fetch(Request("x", server.url, "*/*"))
        for _ in range(10):
            with pytest.raises(TryLater, match="left_alone"):
                await gateway.fetch(Request("x", server.url, "*/*"))
        assert len(server.seen) == FAILURES
        server.route = lambda path, query: (200, {}, b"{}")
        await time_passes(client)
        for _ in range(2):
            assert (await gateway.fetch(Request("x", server.url, "*/*"))).status == 200


@pytest.mark.parametrize(
    ("body", "kind", "counts"),
    [
        (b"<!doctype html><title>Just a moment...</title>", "application/json", True),
        (b"Sign in", "text/html", True),
        (b'{"message": {"DOI": "10.5555/x"', "application/json", True),
        (b'{"message": {"DOI": "10.5555/y"}}', "application/json", False),
    ],
    ids=["bot check", "captive portal", "cut off", "another paper"],
)
async def test_no_answer_at_all_counts_against_the_source_and_another_paper_does_not(
    client: Redis, server: ReplayServer, body: bytes, kind: str, counts: bool
) -> None:
    source = Crossref(server.url, "")
    request = source.ask([Identifier("doi", "10.5555/x")])
    assert request is not None
    server.route = lambda path, query: (200, {"Content-Type": kind}, body)
    limits = GatewayLimits("Scholium", {"crossref": 0.0}, allow_private_for=frozenset({origin_of(server.url)}))
    async with Gateway(limits, client, lambda: 0) as gateway:
        for _ in range(FAILURES):
            with pytest.raises(BadAnswer):
                await gateway.ask(request, source.read)
        with pytest.raises(TryLater if counts else BadAnswer):
            await gateway.ask(request, source.read)
    assert len(server.seen) == FAILURES + (not counts)


async def test_a_source_that_cannot_be_reached_is_left_alone_after_the_first_try(client: Redis) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening: every connection is refused
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        async with asking(client, url) as gateway:
            for reason in ("connect", "pace", "pace"):
                with pytest.raises(TryLater, match=reason) as caught:
                    await gateway.fetch(Request("x", url, "*/*"))
                assert 25 < caught.value.after_seconds <= 30
