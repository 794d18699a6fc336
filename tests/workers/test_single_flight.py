"""Where a source asks for one connection, all workers together hold one."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from tests.fakes import ReplayServer, Reply
from workers.gateway import Gateway
from workers.gateway_limits import GatewayLimits
from workers.origins import origin_of
from workers.single_flight import KEY, SingleFlight
from workers.sources.base import Request


@pytest.fixture
async def client(redis_url: str) -> AsyncIterator[Redis]:
    """A client on the real Valkey, emptied."""
    opened = Redis.from_url(redis_url)
    yield opened
    await opened.aclose()


async def test_the_second_waits_no_longer_than_its_patience(client: Redis) -> None:
    one, other = SingleFlight(client), SingleFlight(client)
    async with one.alone("x", 60, 0) as first, other.alone("x", 60, 0.15) as second, other.alone("y", 60, 0) as third:
        assert (first, second, third) == (True, False, True)
    async with other.alone("x", 60, 0) as again:
        assert again


async def test_a_killed_holder_s_lease_ends_and_its_return_frees_nothing(client: Redis) -> None:
    flight = SingleFlight(client)
    async with flight.alone("x", 0.05, 0) as late:
        async with flight.alone("x", 60, 5) as next_one:
            assert (late, next_one) == (True, True)
            held = await client.get(KEY + "x")
            async with flight.alone("x", 60, 0) as third:
                assert not third
            assert await client.get(KEY + "x") == held
        await client.set(KEY + "x", "another's")
    assert await client.get(KEY + "x") == b"another's"


async def test_many_gateways_have_one_request_under_way(client: Redis) -> None:
    lock, under_way, most = threading.Lock(), 0, 0

    def route(path: str, query: str) -> Reply:
        nonlocal under_way, most
        with lock:
            under_way += 1
            most = max(most, under_way)
        threading.Event().wait(0.02)
        with lock:
            under_way -= 1
        return 200, {}, b""

    async def one(url: str) -> int:
        private = frozenset({origin_of(url)})
        limits = GatewayLimits("Scholium", {"x": 0.0}, private, frozenset({"x"}), patience_seconds=10)
        async with Gateway(limits, client, lambda: 0) as gateway:
            return (await gateway.fetch(Request("x", url, "*/*"))).status

    with ReplayServer(route) as server:
        assert await asyncio.gather(*(one(server.url) for _ in range(6))) == [200] * 6
    assert most == 1
