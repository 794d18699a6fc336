"""T1 to T7: passwords, tokens and links: how they are kept, how they end, and that they are written nowhere."""

from __future__ import annotations

import asyncio
import logging
import os
import threading
import time
from statistics import median
from typing import Any

import jwt
import pytest
from argon2 import PasswordHasher

from api.actions.desk import Desk
from api.actions.make_link import make_link
from api.actions.register import register
from api.domain.errors import Unavailable
from api.domain.one_way import hashed
from api.store import accounts, password_hashes
from tests.conftest import Clock
from tests.http.conftest import EMAIL, PASSWORD, Client, MakeClient, ada, bearer, refresh, sign_in
from tests.security.corpora import tokens

__all__ = ["ada"]
FULL = os.environ.get("SCHOLIUM_TEST_SCALE") == "full"
FAMILIES = 1000 if FULL else 25
ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def kept_hash(desk: Desk) -> str:
    found = await desk.database.read(lambda tx: accounts.credentials(tx, EMAIL))
    assert found is not None
    return found.password_hash


class Hashing:
    """What argon2 is asked to do, and how often at once."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = self.most = self.times = 0
        self.threads: set[int] = set()
        self._lock = threading.Lock()
        verify = password_hashes._verify

        def watched(password: str, kept: str) -> bool:
            with self._lock:
                self.now, self.times = self.now + 1, self.times + 1
                self.most = max(self.most, self.now)
                self.threads.add(threading.get_ident())
            try:
                return verify(password, kept)
            finally:
                with self._lock:
                    self.now -= 1

        monkeypatch.setattr(password_hashes, "_verify", watched)


async def test_t1_a_hash_of_weaker_times_is_made_anew_at_the_next_sign_in(
    client: Client, desk: Desk, ada: dict[str, Any]
) -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=8_192, parallelism=1).hash(PASSWORD.encode())
    await desk.database.write(lambda tx: accounts.set_hash(tx, ada_id(ada, desk), weak))
    await sign_in(client)
    assert (await kept_hash(desk)).startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    await sign_in(client)


def ada_id(session: dict[str, Any], desk: Desk) -> str:
    """The account that an access token names."""
    return str(jwt.decode(session["access_token"], options={"verify_signature": False})["sub"])


@ON_SQLITE
async def test_t1_many_sign_ins_at_once_hash_four_at_a_time_and_off_the_loop(
    client: Client, ada: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    hashing = Hashing(monkeypatch)
    wishes = [{"email": EMAIL, "password": PASSWORD if n % 2 else "wrong"} for n in range(32)]
    answers = await asyncio.gather(*(client.post("/v1/sessions", json=wish) for wish in wishes))
    assert [answer.status_code for answer in answers].count(201) == 16
    assert (hashing.times, hashing.most <= password_hashes.AT_ONCE) == (32, True)
    assert threading.get_ident() not in hashing.threads
    assert password_hashes.AT_ONCE * 19 <= 300  # MiB


async def test_t1_where_too_many_wait_for_a_hash_the_next_is_told_when_to_come_again() -> None:
    waiting = password_hashes.MOST_WAITING
    asked = [password_hashes.matches(PASSWORD, None) for _ in range(waiting + 6)]
    said = await asyncio.gather(*asked, return_exceptions=True)
    turned_away = [one for one in said if isinstance(one, Unavailable)]
    assert (len(turned_away), said.count(False)) == (6, waiting)
    assert turned_away[0].extra == {"retry_after": password_hashes.AGAIN_SECONDS}
    assert await password_hashes.matches(PASSWORD, None) is False


async def test_t2_unknown_wrong_and_disabled_cost_the_same_work_and_get_the_same_answer(
    client: Client, desk: Desk, ada: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    hashing = Hashing(monkeypatch)
    said = []
    for email, password in (
        (EMAIL, "wrong"),
        ("nobody@example.org", PASSWORD),
        ("", ""),
        ("a\0b@example.org", PASSWORD),
    ):
        said.append(await client.post("/v1/sessions", json={"email": email, "password": password}))
    await desk.database.write(lambda tx: tx.run("UPDATE account SET disabled = 1"))
    said.append(await client.post("/v1/sessions", json={"email": EMAIL, "password": PASSWORD}))
    bodies = {str(answer.json() | {"request_id": ""}) for answer in said}
    assert (hashing.times, len(bodies), {answer.status_code for answer in said}) == (len(said), 1, {401})


@ON_SQLITE
@pytest.mark.skipif(not FULL, reason="a comparison of times is for `make soak`")
async def test_t2_unknown_wrong_and_disabled_take_the_same_time(
    client: Client, desk: Desk, ada: dict[str, Any]
) -> None:
    off = await register(desk, "off@example.org", PASSWORD, by_admin=True)
    await desk.database.write(lambda tx: tx.run("UPDATE account SET disabled = 1 WHERE id = :id", id=off.id))
    tries = {"wrong": (EMAIL, "wrong"), "unknown": ("nobody@example.org", "wrong"), "disabled": (off.email, PASSWORD)}
    took: dict[str, list[float]] = {name: [] for name in tries}
    for _ in range(500):
        for name, (email, password) in tries.items():  # in turn, so that the machine's moods meet all three
            began = time.process_time()
            answer = await client.post("/v1/sessions", json={"email": email, "password": password})
            took[name].append(1000 * (time.process_time() - began))
            assert answer.status_code == 401
    medians = {name: median(times) for name, times in took.items()}
    print(f"medians of 500 tries each, in ms of the processor: {medians}")
    assert max(medians.values()) - min(medians.values()) < max(5, 0.05 * min(medians.values()))


@ON_SQLITE
async def test_t3_no_token_that_is_not_wholly_ours_opens_anything(client: Client, ada: dict[str, Any]) -> None:
    tried = tokens(ada["access_token"])
    assert len(set(tried)) >= 80
    assert (await client.get("/v1/entries", headers=bearer(ada["access_token"]))).status_code == 200
    for token in tried:
        answer = await client.get("/v1/entries", headers={"Authorization": b"Bearer " + token.encode()})
        assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in"), token[:60]


@ON_SQLITE
async def test_t4_lost_answers_and_parallel_refreshes_sign_nobody_out(
    client: Client, clock: Clock, ada: dict[str, Any]
) -> None:
    token = ada["refresh_token"]
    for family in range(FAMILIES):
        token = (await sign_in(client))["refresh_token"] if family % 25 == 0 else token
        answers = await asyncio.gather(*(refresh(client, token) for _ in range(1 + family % 4)))
        assert {answer.status_code for answer in answers} == {200}
        clock.forward(family % 60)
        lost = await refresh(client, token)  # the answer above never came
        assert lost.status_code == 200
        token = lost.json()["refresh_token"]
        clock.forward(3600)


@ON_SQLITE
async def test_t4_a_true_replay_ends_its_family_and_no_other(client: Client, clock: Clock, ada: dict[str, Any]) -> None:
    bystander = ada["refresh_token"]
    for family in range(FAMILIES):
        first = (await sign_in(client))["refresh_token"]
        second = (await refresh(client, first)).json()
        clock.forward(61 + family % 7)
        replayed = await refresh(client, first)
        assert (replayed.status_code, replayed.json()["error"]) == (400, "invalid_grant")
        assert (await refresh(client, second["refresh_token"])).status_code == 400
        assert (await client.get("/v1/tags", headers=bearer(second["access_token"]))).status_code == 401
        kept = await refresh(client, bystander)
        assert kept.status_code == 200
        bystander = kept.json()["refresh_token"]


async def test_t5_another_password_ends_every_other_session_and_a_link_is_used_once(
    client: Client, desk: Desk, ada: dict[str, Any]
) -> None:
    phone = await sign_in(client)
    changed = await client.post(
        "/v1/account/password", json={"old": PASSWORD, "new": PASSWORD + "!"}, headers=bearer(ada["access_token"])
    )
    assert changed.status_code == 204
    assert (await client.get("/v1/tags", headers=bearer(phone["access_token"]))).status_code == 401
    assert (await refresh(client, phone["refresh_token"])).status_code == 400
    old, new = [(await make_link(desk, "password", EMAIL)).rsplit("/", 1)[1] for _ in range(2)]
    assert (await client.get(f"/claim/{old}")).status_code == 404
    assert (await client.get(f"/claim/{new}")).status_code == 200
    rows = await desk.database.read(lambda tx: tx.rows("SELECT token_hash FROM one_time_link"))
    assert new not in {row["token_hash"] for row in rows}
    assert hashed(new) in {row["token_hash"] for row in rows}


async def test_t6_a_personal_token_is_shown_once_kept_as_a_hash_and_ends(
    client: Client, desk: Desk, clock: Clock, ada: dict[str, Any]
) -> None:
    headers = bearer(ada["access_token"])
    made = (await client.post("/v1/tokens", json={"name": "script", "scopes": ["read"]}, headers=headers)).json()
    assert made["token"].startswith("sch_")
    shown = await client.get("/v1/tokens", headers=headers)
    assert made["token"] not in shown.text
    rows = await desk.database.read(lambda tx: tx.rows("SELECT token_hash FROM access_token"))
    assert [row["token_hash"] for row in rows] == [hashed(made["token"])]
    assert (await client.get("/v1/tags", headers=bearer(made["token"]))).status_code == 200
    used = (await client.get("/v1/tokens", headers=bearer((await sign_in(client))["access_token"]))).json()["items"][0]
    assert used["last_used_at"] is not None
    clock.forward(366 * 86_400)
    assert (await client.get("/v1/tags", headers=bearer(made["token"]))).status_code == 401


@ON_SQLITE
async def test_t7_no_secret_is_logged_by_what_handles_it(
    client: Client, ada: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    """Processes as a whole, with everything that has a secret, are in tests/test_logs.py."""
    caplog.set_level(logging.DEBUG)
    secrets = [PASSWORD, ada["access_token"], ada["refresh_token"]]
    await refresh(client, ada["refresh_token"])
    await client.get("/v1/entries", headers=bearer(ada["access_token"][:-2] + "xx"))
    await client.post("/v1/sessions", json={"email": EMAIL, "password": PASSWORD + "?"})
    ours = "\n".join(
        record.getMessage() for record in caplog.records if not record.name.startswith(("httpx", "httpcore"))
    )
    assert not [secret for secret in secrets if secret in ours]


@ON_SQLITE
async def test_t7_no_secret_travels_in_an_address(make_client: MakeClient) -> None:
    contract = (await (await make_client()).get("/openapi.json")).json()
    named = [
        one["name"]
        for path in contract["paths"].values()
        for each in path.values()
        for one in each.get("parameters", [])
        if one["in"] == "query"
    ]
    assert not [name for name in named if "token" in name or "password" in name or "secret" in name]
