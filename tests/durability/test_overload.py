"""A locked row and a pool that is used up: who asks is told so within five seconds, and service recovers by itself."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import asyncpg
import httpx
import pytest

from api.store.postgres import POOL
from tests.durability.conftest import Service
from tests.durability.devices import HttpDevice, new_key
from tests.journeys.conftest import until

PROMISED_SECONDS = 5
BUSY_SECONDS = 15  # on a machine whose processors others use too
SignIn = Callable[[str, str], HttpDevice]


@pytest.mark.parametrize("service", ["postgres"], indirect=True)
async def test_what_waits_for_a_lock_or_a_connection_is_turned_away_in_time_and_done_later(
    service: Service, sign_in: SignIn
) -> None:
    writer, reader = sign_in(service.url, "writer"), sign_in(service.url, "reader")
    batches = [writer.envelope([writer.tag(new_key(), f"tag {n}")]) for n in range(POOL + 5)]
    locker = await asyncpg.connect(service.environment["SCHOLIUM_DATABASE_URL"])
    try:
        async with locker.transaction():
            await locker.execute("LOCK TABLE library, object IN ACCESS EXCLUSIVE MODE")
            with ThreadPoolExecutor(len(batches) + 1) as threads:
                asked = [threads.submit(push, writer, batch) for batch in batches]
                asked.append(threads.submit(timed, lambda: reader.client.get("/v1/entries")))
                found = [one.result() for one in asked]
    finally:
        await locker.close()
    assert {answer.status_code for answer, _ in found} == {httpx.codes.SERVICE_UNAVAILABLE}
    assert all(answer.headers["Retry-After"] and answer.json()["code"] == "unavailable" for answer, _ in found)
    slowest = max(took for _, took in found)
    print(f"{len(found)} requests turned away after {slowest:.1f} s at most; {PROMISED_SECONDS} are promised")
    assert slowest < BUSY_SECONDS
    until(lambda: reader.client.get("/v1/entries").status_code == httpx.codes.OK, what="the reader")
    for batch in batches:
        assert writer.send(batch)["acked_seq"] == batch["first_seq"]
    assert len(reader.library_now()) == len(batches)


def push(writer: HttpDevice, batch: dict[str, object]) -> tuple[httpx.Response, float]:
    """One batch, and how long its answer took."""
    return timed(lambda: writer.client.post("/v1/sync/push", json=batch))


def timed(ask: Callable[[], httpx.Response]) -> tuple[httpx.Response, float]:
    """An answer and how long it took."""
    began = time.monotonic()
    return ask(), time.monotonic() - began
