"""Every route and method against everybody who may stand before it: who passes, who does not, and nothing moved."""

from __future__ import annotations

from typing import Any

from litestar import Litestar
from msgspec.structs import replace

from api.actions.desk import Desk
from api.domain.accounts import ALL_SCOPES
from tests.conftest import Clock
from tests.http.conftest import Client
from tests.security.doors import OPEN, Door, address, doors, knock, listed
from tests.security.house import CANARY, House, changed, fingerprint
from tests.security.principals import Principal, principals

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "TRACE")
NONSENSE = {"no such field": 1}
OVERRIDES = ("X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override", "X-Original-URL", "X-Rewrite-URL")
SPELLINGS = ("{}/", "/{}", "{}//", "{}/.", "{}%2f", "/x/..{}", "{}%00", "{};x=1", "{}.json")
STREAMS = ("GET /v1/sync/stream", "GET /v1/imports/{import_id}/stream")


def app_of(client: Client) -> Litestar:
    app: Litestar = client._transport.app  # type: ignore[attr-defined]
    return app


async def test_the_frameworks_own_pages_are_not_served(door: Client) -> None:
    framework = {route for route in listed(app_of(door)) if route.startswith("GET /openapi")} - {"GET /openapi.json"}
    assert framework
    for route in framework:
        answer = await door.get(route.split(" ")[1].replace("{path}", "x"))
        assert answer.status_code == 404, route


async def test_her_own_device_passes_every_door(door: Client, desk: Desk, house: House) -> None:
    desk.pokes.end()  # so that streams end after what they say first
    for route, one in doors(house.ada).items():
        answer = await knock(door, route, house.ada.ids, one, house.ada.headers)
        assert answer.status_code == one.status, f"{route}: {answer.status_code} {answer.text[:300]}"


async def test_who_may_not_is_refused_at_every_door_and_nothing_moves(door: Client, desk: Desk, house: House) -> None:
    everybody = await principals(door, desk, house)
    before = await fingerprint(desk)
    wrong = []
    for name, who in everybody.items():
        for route, one in doors(house.ada).items():
            wrong += await _refusals(door, house, name, who, route, one)
    assert wrong == []
    assert changed(before, await fingerprint(desk)) == set()


async def _refusals(client: Client, house: House, name: str, who: Principal, route: str, one: Door) -> list[str]:
    """What is wrong with how a door treats somebody."""
    if one.scopes == OPEN:
        return []
    refused = 401 if who.scopes is None else None if one.admits(who.scopes) else 403
    if refused is None:
        return [] if route in STREAMS else await _admitted(client, house, name, who, route, one)
    answer = await knock(client, route, house.ada.ids, one, who.headers)
    said = answer.json()["code"] if "json" in answer.headers.get("content-type", "") else ""
    right = answer.status_code == refused and said == {401: "not_signed_in", 403: "not_allowed"}[refused]
    leaked = CANARY in answer.text
    return [] if right and not leaked else [f"{name} at {route}: {answer.status_code} {said} {leaked=}"]


async def _admitted(client: Client, house: House, name: str, who: Principal, route: str, one: Door) -> list[str]:
    """Who may read reads; a write is sent as nonsense, so that only what comes after the door refuses it."""
    reads = route.startswith("GET")
    if not reads and (one.body is None or route == "POST /v1/imports"):
        return []  # taken without a body: passed by her own device, above
    sent = one if reads else replace(one, body=NONSENSE)
    answer = await knock(client, route, house.ada.ids, sent, who.headers)
    right = answer.status_code == one.status if reads else answer.status_code == 400
    return [] if right else [f"{name} at {route}: {answer.status_code} {answer.text[:200]}"]


async def test_a_method_that_a_route_does_not_have_does_nothing_for_anybody(
    door: Client, desk: Desk, house: House
) -> None:
    there = listed(app_of(door))
    paths = {route.split(" ")[1] for route in doors(house.ada)}
    before = await fingerprint(desk)
    for path in paths:
        for method in METHODS:
            if f"{method} {path}" in there:
                continue
            for headers in ({}, house.ada.headers):
                answer = await door.request(method, address(f"{method} {path}", house.ada.ids), headers=headers)
                assert answer.status_code == 405, f"{method} {path}"
    assert changed(before, await fingerprint(desk)) == set()


async def test_no_header_makes_another_request_of_one(door: Client, desk: Desk, house: House) -> None:
    entry, before = house.ada.ids["entry"], await fingerprint(desk)
    for name in OVERRIDES:
        for value in ("DELETE", "PATCH", "/v1/account"):
            read = await door.get(f"/v1/entries/{entry}", headers=house.ada.headers | {name: value})
            assert (read.status_code, read.json()["id"]) == (200, entry)
            live = await door.get("/health/live", headers={name: value})
            assert live.json() == {"status": "ok"}
    assert changed(before, await fingerprint(desk)) == set()


async def test_no_other_spelling_of_an_address_opens_a_door(door: Client, house: House) -> None:
    for spelled in SPELLINGS:
        for route, one in doors(house.ada).items():
            if one.scopes != OPEN and route.startswith("GET"):
                answer = await door.get(spelled.format(address(route, house.ada.ids)))
                assert answer.status_code in (303, 400, 401, 404), f"{spelled} {route}: {answer.status_code}"
                assert CANARY not in answer.text


async def test_what_is_open_gives_nothing_of_hers_away(door: Client, desk: Desk, house: House) -> None:
    for route, one in doors(house.ada).items():
        if one.scopes == OPEN and route.startswith("GET") and "secret" not in route:
            answer = await knock(door, route, house.ada.ids, one, {})
            assert answer.status_code in (200, 401, 403)
            assert CANARY not in answer.text


async def test_a_revoked_proof_is_dead_within_five_seconds_in_every_process(
    door: Client, make_client: Any, house: House, clock: Clock
) -> None:
    other = await make_client()
    reads = [
        route
        for route, one in doors(house.ada).items()
        if route.startswith("GET") and one.admits(ALL_SCOPES) and one.scopes
    ]
    assert (await other.get("/v1/entries", headers=house.ada.headers)).status_code == 200
    await door.post("/oauth/revoke", data={"token": house.ada.session["refresh_token"]})
    clock.forward(5)
    for client in (door, other):
        for route in reads:
            answer = await client.get(address(route, house.ada.ids), headers=house.ada.headers)
            assert answer.status_code == 401, route
