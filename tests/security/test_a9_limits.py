"""A9: requests are counted by account and address over all processes; without Redis only sign-in stops."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

from api.actions.desk import Desk
from tests.http.conftest import EMAIL, PASSWORD, Client, MakeClient, ada, bearer, sign_in

__all__ = ["ada"]
NOWHERE = "unix:///nowhere/valkey.sock"


async def statuses(clients: list[Client], times: int, path: str = "/v1/tags", **headers: str) -> Counter[int]:
    answers = [await clients[n % len(clients)].get(path, headers=headers) for n in range(times)]
    return Counter(answer.status_code for answer in answers)


async def test_a9_an_account_has_so_many_requests_a_minute_on_all_its_devices(
    make_client: MakeClient, ada: dict[str, Any]
) -> None:
    client = await make_client(limits=True, requests_per_account=25)
    other = bearer((await sign_in(client))["access_token"])
    assert await statuses([client], 20, **bearer(ada["access_token"])) == {200: 20}
    assert await statuses([client], 10, **other) == {200: 5, 429: 5}
    answer = await client.get("/v1/tags", headers=other)
    assert answer.json()["code"] == "too_many_requests"
    assert 0 < int(answer.headers["retry-after"]) <= 60
    page = await client.get("/", headers=other)
    assert (page.status_code, page.headers["content-type"]) == (429, "text/html; charset=utf-8")
    assert page.headers["retry-after"].isdigit()


async def test_a9_no_number_of_processes_lets_one_request_more_through(
    make_client: MakeClient, ada: dict[str, Any]
) -> None:
    clients = [await make_client(limits=True, requests_per_account=40) for _ in range(3)]
    headers = bearer(ada["access_token"])
    answers = await asyncio.gather(*(clients[n % 3].get("/v1/tags", headers=headers) for n in range(120)))
    passed = Counter(answer.status_code for answer in answers)
    assert passed[200] <= 40
    rest = await statuses(clients, 60, **headers)
    assert passed[200] + rest[200] == 40


async def test_a9_who_is_not_signed_in_is_counted_by_address_whatever_they_show(
    make_client: MakeClient, ada: dict[str, Any]
) -> None:
    client = await make_client(limits=True, requests_per_address=12)
    assert await statuses([client], 6, "/sign-in") == {200: 6}
    assert await statuses([client], 4) == {401: 4}
    assert await statuses([client], 4, Authorization="Bearer sch_guessed") == {401: 2, 429: 2}
    assert await statuses([client], 3, **bearer(ada["access_token"])) == {200: 3}
    assert await statuses([client], 20, "/health/live") == {200: 20}


async def test_a9_behind_a_proxy_each_asker_has_a_count_of_their_own(make_client: MakeClient) -> None:
    client = await make_client(limits=True, requests_per_address=5, trusted_proxies="127.0.0.0/8")
    for asker in ("192.0.2.1", "192.0.2.2"):
        assert await statuses([client], 6, "/sign-in", **{"X-Forwarded-For": asker}) == {200: 5, 429: 1}
    forged = {"X-Forwarded-For": "198.51.100.9, 192.0.2.2"}
    assert await statuses([client], 1, "/sign-in", **forged) == {429: 1}


async def test_a9_whole_libraries_are_counted_for_themselves(make_client: MakeClient, ada: dict[str, Any]) -> None:
    client = await make_client(limits=True, heavy_per_account=3)
    headers = bearer(ada["access_token"])
    assert await statuses([client], 4, "/v1/export?format=bibtex", **headers) == {200: 3, 429: 1}
    assert await statuses([client], 1, "/v1/account/export", **headers) == {429: 1}
    assert await statuses([client], 5, **headers) == {200: 5}


async def test_a9_without_redis_nobody_signs_in_and_everything_else_goes_on(
    make_client: MakeClient, desk: Desk, ada: dict[str, Any]
) -> None:
    client = await make_client(limits=True, redis_url=NOWHERE, requests_per_account=3, registration="open")
    guesses = [
        await client.post("/v1/sessions", json={"email": EMAIL, "password": PASSWORD}),
        await client.post("/v1/accounts", json={"email": "b@example.org", "password": PASSWORD}),
        await client.post("/oauth/device_authorization", data={"client_id": "a"}),
    ]
    assert [(answer.status_code, answer.headers["retry-after"]) for answer in guesses] == [(503, "10")] * 3
    headers = bearer(ada["access_token"])
    assert await statuses([client], 8, **headers) == {200: 8}
    save = {"id": "0199aaaa-0000-7000-8000-000000000001", "url": "arXiv:1706.03762"}
    assert (await client.post("/v1/saves", json=save, headers=headers)).status_code == 201
