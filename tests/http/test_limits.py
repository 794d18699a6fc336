"""Guessing is slow: tries are counted over all processes, and nobody gets in while they cannot be counted."""

from __future__ import annotations

import asyncio
from typing import Any

from tests.http.conftest import EMAIL, PASSWORD, Client, MakeClient, bearer, submit

WRONG = "not the password"


async def attempt(client: Client, email: str = EMAIL, password: str = WRONG) -> int:
    return (await client.post("/v1/sessions", json={"email": email, "password": password})).status_code


async def test_after_five_tries_even_the_right_password_has_to_wait(
    make_client: MakeClient, ada: dict[str, Any]
) -> None:
    client = await make_client(limits=True)
    assert [await attempt(client) for _ in range(5)] == [401] * 5
    answer = await client.post("/v1/sessions", json={"email": EMAIL.upper(), "password": PASSWORD})
    assert (answer.status_code, answer.json()["code"]) == (429, "too_many_requests")
    assert 0 < int(answer.headers["retry-after"]) <= 900
    shown = await client.get("/sign-in")
    assert (await submit(client, shown, "/sign-in", email=EMAIL, password=PASSWORD)).status_code == 429


async def test_many_at_once_over_two_processes_are_counted_exactly(
    make_client: MakeClient, ada: dict[str, Any]
) -> None:
    clients = [await make_client(limits=True), await make_client(limits=True)]
    tried = await asyncio.gather(*(attempt(clients[i % 2]) for i in range(14)))
    assert (tried.count(401), tried.count(429)) == (5, 9)


async def test_a_right_password_forgets_the_wrong_ones_before_it(make_client: MakeClient, ada: dict[str, Any]) -> None:
    client = await make_client(limits=True)
    for _ in range(3):
        assert [await attempt(client) for _ in range(4)] == [401] * 4
        assert await attempt(client, password=PASSWORD) == 201


async def test_one_address_may_try_twenty_accounts(make_client: MakeClient) -> None:
    client = await make_client(limits=True)
    tried = [await attempt(client, f"{n}@example.org") for n in range(21)]
    assert tried == [401] * 20 + [429]


async def test_a_header_does_not_change_the_address_that_is_counted(make_client: MakeClient) -> None:
    client = await make_client(limits=True, login_per_address=1)
    for n, expected in enumerate((401, 429)):
        headers = {"X-Forwarded-For": f"192.0.2.{n}", "Forwarded": f"for=192.0.2.{n}", "X-Real-IP": f"192.0.2.{n}"}
        wish = {"email": f"{n}@example.org", "password": "not the password"}
        assert (await client.post("/v1/sessions", json=wish, headers=headers)).status_code == expected


async def test_nobody_signs_in_while_tries_cannot_be_counted_but_the_rest_works(
    make_client: MakeClient, ada: dict[str, Any]
) -> None:
    client = await make_client(limits=True, redis_url="unix:///nowhere/valkey.sock")
    answer = await client.post("/v1/sessions", json={"email": EMAIL, "password": PASSWORD})
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert answer.headers["retry-after"] == "10"
    assert (await client.get("/v1/entries", headers=bearer(ada["access_token"]))).status_code == 200


async def test_codes_of_devices_cannot_be_guessed_for_long(make_client: MakeClient, ada: dict[str, Any]) -> None:
    client = await make_client(limits=True, login_per_address=3)
    shown = await client.get("/sign-in")
    await submit(client, shown, "/sign-in", email=EMAIL, password=PASSWORD)
    guessed = [(await client.get("/pair?code=BCDF-GHJK")).status_code for _ in range(4)]
    assert guessed == [404, 404, 404, 429]
    shown = await client.get("/sign-in")
    assert (await submit(client, shown, "/pair", code="BCDF-GHJK", decision="approve")).status_code == 429
