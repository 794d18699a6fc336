"""SIGKILL in the middle of pushes: each batch is there whole or not at all, and sending it again changes nothing."""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from collections.abc import Callable
from itertools import count
from typing import Any

import asyncpg
import httpx
import pytest

from tests.durability.conftest import Service
from tests.durability.devices import HttpDevice, new_key
from tests.durability.scale import scaled
from tests.journeys.conftest import until

PUSHES = scaled(500, 10)
OPS = scaled(100, 40)
KILL_ONE_IN = 3
SEED = int(os.environ.get("SCHOLIUM_TEST_SEED", "0")) or time.time_ns() % 1_000_000
SignIn = Callable[[str, str], HttpDevice]


class Diary:
    """What the library must hold: the device's own edits, in their order."""

    def __init__(self, device: HttpDevice, chance: random.Random) -> None:
        self.device, self.chance = device, chance
        self.names: dict[str, str] = {}

    def batch(self, turn: int) -> tuple[dict[str, Any], dict[str, str]]:
        """The next batch, half new tags and half new names of old ones, and the names that it leaves behind."""
        after = dict(self.names)
        ops = []
        for number in range(OPS):
            name = f"name {turn} {number}"
            if number % 2 and self.names:
                key = self.chance.choice(sorted(self.names))
                ops.append(self.device.op("tag", key, base=2**53, set={"name": name}))
            else:
                key = new_key()
                ops.append(self.device.tag(key, name))
            after[key] = name
        return self.device.envelope(ops), after

    def held(self) -> dict[str, str]:
        """The names of the tags as the server shows them."""
        shown = [c for page in self.device.pages() for c in page["changes"]]
        assert len({c["key"] for c in shown}) == len(shown)
        return {c["key"]: c["data"]["name"] for c in shown}


def send(device: HttpDevice, envelope: dict[str, Any]) -> dict[str, Any] | None:
    """The answer, or None where the connection broke or the server was not itself."""
    try:
        return device.send(envelope)
    except httpx.HTTPError:
        return None


def test_a_batch_is_whole_or_absent_whenever_the_api_is_killed(service: Service, sign_in: SignIn) -> None:
    print(f"SCHOLIUM_TEST_SEED={SEED}")
    chance = random.Random(SEED)  # noqa: S311  a seed that repeats is wanted
    diary = Diary(sign_in(service.url, "laptop"), chance)
    taking, kills, cut = 0.05, 0, 0
    for turn in count():
        if turn >= PUSHES and cut:  # chance may have it that no kill met a request on its way yet
            break
        assert turn < 5 * PUSHES, "no kill met a request on its way"
        envelope, after = diary.batch(turn)
        began = time.monotonic()
        if turn % KILL_ONE_IN or turn == 0:
            answer = send(diary.device, envelope)
            taking = time.monotonic() - began
        else:
            kills += 1
            answer = killed_while(service, diary, envelope, chance.uniform(0, 1.3 * taking))
            cut += answer is None
            check_whole(diary, after, answer)
        check_same_again(diary, envelope, after, answer)
    assert kills >= (PUSHES - 1) // KILL_ONE_IN
    assert diary.held() == diary.names
    print(f"{kills} kills, {cut} of them before the answer")


def killed_while(service: Service, diary: Diary, envelope: dict[str, Any], pause: float) -> dict[str, Any] | None:
    """Send a batch and kill the API after a pause; the API runs again when this returns."""
    alarm = threading.Timer(pause, service.kill)
    alarm.start()
    answer = send(diary.device, envelope)
    alarm.join()
    service.start("api")
    return answer


def check_whole(diary: Diary, after: dict[str, str], answer: dict[str, Any] | None) -> None:
    """The library is as before the batch or as after it; after it, where it was acknowledged."""
    held = diary.held()
    assert held in (diary.names, after), "half a batch"
    assert answer is None or held == after, "an acknowledged batch is gone"


def check_same_again(
    diary: Diary, envelope: dict[str, Any], after: dict[str, str], first: dict[str, Any] | None
) -> None:
    """The batch sent again ends in the same, and a third time moves nothing."""
    again = diary.device.send(envelope)
    statuses = {result["status"] for result in again["results"]}
    assert statuses in ({"applied"}, {"duplicate"}), statuses
    assert first is None or statuses == {"duplicate"}
    assert diary.device.send(envelope)["version"] == again["version"]
    assert again["acked_seq"] == envelope["first_seq"] + OPS - 1
    diary.names = after


@pytest.mark.parametrize("service", ["postgres"], indirect=True)
@pytest.mark.skipif("SCHOLIUM_TEST_DATABASE_URL" in os.environ, reason="the server's processes are not ours to kill")
async def test_a_batch_is_whole_or_absent_when_the_database_crashes(service: Service, sign_in: SignIn) -> None:
    chance = random.Random(SEED)  # noqa: S311  a seed that repeats is wanted
    diary = Diary(sign_in(service.url, "laptop"), chance)
    taking = 0.1
    for turn in range(scaled(40, 3)):
        envelope, after = diary.batch(turn)
        victim = await backend_of(service.environment["SCHOLIUM_DATABASE_URL"])
        alarm = threading.Timer(chance.uniform(0, taking), os.kill, (victim, signal.SIGKILL))
        alarm.start()
        answer = send(diary.device, envelope)
        alarm.join()
        until(lambda: httpx.get(f"{service.url}/health/ready").status_code == 200, what="the API with its database")
        check_whole(diary, after, answer)
        check_same_again(diary, envelope, after, answer)
    assert diary.held() == diary.names


async def backend_of(url: str) -> int:
    """The process of the server that serves the API; to lose it makes the server end all others and recover."""
    connection = await asyncpg.connect(url)
    try:
        pid: int = await connection.fetchval(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() LIMIT 1"
        )
        return pid
    finally:
        await connection.close()
