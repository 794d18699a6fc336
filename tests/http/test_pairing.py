"""Pairing a device by a code (RFC 8628), as the device and as the person see it."""

from __future__ import annotations

import re
from typing import Any

import pytest

from api.domain.pairings import ALPHABET, read_user_code
from tests.conftest import Clock
from tests.http.conftest import Client, bearer, refresh, sign_in_by_form, submit

DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
EXTENSION = "scholium-extension"


async def start(client: Client) -> dict[str, Any]:
    form = {"client_id": EXTENSION, "device_name": "Firefox on the <laptop>"}
    answer = await client.post("/oauth/device_authorization", data=form)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def poll(client: Client, started: dict[str, Any], client_id: str = EXTENSION) -> dict[str, Any]:
    form = {"grant_type": DEVICE_GRANT, "device_code": started["device_code"], "client_id": client_id}
    answer = await client.post("/oauth/token", data=form)
    assert answer.status_code == (200 if "access_token" in answer.json() else 400)
    assert answer.headers["cache-control"] == "no-store"
    found: dict[str, Any] = answer.json()
    return found


async def test_a_device_is_let_in_by_its_code_and_is_then_signed_in_once(
    client: Client, clock: Clock, ada: dict[str, Any]
) -> None:
    started = await start(client)
    assert re.fullmatch(rf"[{ALPHABET}]{{4}}-[{ALPHABET}]{{4}}", started["user_code"])
    assert started["verification_uri_complete"] == f"{started['verification_uri']}?code={started['user_code']}"
    assert (await poll(client, started))["error"] == "authorization_pending"
    await sign_in_by_form(client)
    shown = await client.get(f"/pair?code={started['user_code'].lower().replace('-', ' ')}")
    assert "Firefox on the &lt;laptop&gt;" in shown.text
    done = await submit(client, shown, "/pair", decision="approve")
    assert "Paired" in done.text
    clock.forward(started["interval"])
    session = await poll(client, started)
    assert session["library_id"] == ada["library_id"]
    assert session["device_id"] != ada["device_id"]
    client.cookies.clear()
    assert (await client.get("/v1/entries", headers=bearer(session["access_token"]))).status_code == 200
    assert (await refresh(client, session["refresh_token"], EXTENSION)).status_code == 200
    assert (await poll(client, started))["error"] == "invalid_grant"


async def test_a_device_let_in_by_a_code_cannot_manage_the_account(client: Client, ada: dict[str, Any]) -> None:
    started = await start(client)
    await sign_in_by_form(client)
    await submit(client, await client.get(f"/pair?code={started['user_code']}"), "/pair", decision="approve")
    session = await poll(client, started)
    client.cookies.clear()
    for path in ("/v1/tokens", "/v1/sessions"):
        answer = await client.get(path, headers=bearer(session["access_token"]))
        assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")


async def test_a_device_that_polls_too_fast_is_told_to_slow_down(client: Client, clock: Clock) -> None:
    started = await start(client)
    assert (await poll(client, started))["error"] == "authorization_pending"
    clock.forward(2)
    assert (await poll(client, started))["error"] == "slow_down"
    clock.forward(3)
    assert (await poll(client, started))["error"] == "authorization_pending"


async def test_a_device_that_was_turned_away_hears_so(client: Client, ada: dict[str, Any]) -> None:
    started = await start(client)
    await sign_in_by_form(client)
    shown = await client.get(f"/pair?code={started['user_code']}")
    assert "Turned away" in (await submit(client, shown, "/pair", decision="deny")).text
    assert (await poll(client, started))["error"] == "access_denied"
    assert (await submit(client, shown, "/pair", decision="approve")).status_code == 404


async def test_a_code_ends_after_a_quarter_of_an_hour(client: Client, clock: Clock, ada: dict[str, Any]) -> None:
    started = await start(client)
    await sign_in_by_form(client)
    shown = await client.get(f"/pair?code={started['user_code']}")
    clock.forward(started["expires_in"])
    assert (await poll(client, started))["error"] == "expired_token"
    assert (await submit(client, shown, "/pair", decision="approve")).status_code == 404
    assert (await client.get(f"/pair?code={started['user_code']}")).status_code == 404


async def test_a_code_is_of_use_only_to_the_client_that_asked_for_it(client: Client) -> None:
    started = await start(client)
    assert (await poll(client, started, "another"))["error"] == "invalid_grant"
    assert (await poll(client, started | {"device_code": "guessed"}))["error"] == "invalid_grant"


async def test_a_paired_devices_token_is_of_use_only_to_its_client(client: Client, ada: dict[str, Any]) -> None:
    started = await start(client)
    await sign_in_by_form(client)
    await submit(client, await client.get(f"/pair?code={started['user_code']}"), "/pair", decision="approve")
    session = await poll(client, started)
    assert (await refresh(client, session["refresh_token"], "another")).json()["error"] == "invalid_grant"
    assert (await refresh(client, session["refresh_token"], EXTENSION)).status_code == 200


async def test_the_pairing_page_sends_a_stranger_to_sign_in_and_back(client: Client) -> None:
    answer = await client.get("/pair?code=BCDF-GHJK", follow_redirects=False)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/sign-in?next=%2Fpair%3Fcode%3DBCDF-GHJK"


async def test_a_client_without_a_public_name_is_refused(client: Client) -> None:
    for client_id in ("", "web", "Ünïcode", "a" * 65, "a b", "A"):
        answer = await client.post("/oauth/device_authorization", data={"client_id": client_id})
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request"), client_id


REFUSED: list[tuple[dict[str, str], str]] = [
    ({}, "invalid_request"),
    ({"grant_type": "refresh_token"}, "invalid_request"),
    ({"grant_type": "refresh_token", "client_id": "a"}, "invalid_request"),
    ({"grant_type": "password", "client_id": "a"}, "unsupported_grant_type"),
    ({"grant_type": "refresh_token", "client_id": "a", "refresh_token": "guessed"}, "invalid_grant"),
    ({"grant_type": DEVICE_GRANT, "client_id": "a", "device_code": "guessed"}, "invalid_grant"),
]


async def test_a_token_request_that_cannot_be_met_says_why_in_the_standards_words(client: Client) -> None:
    for form, error in REFUSED:
        answer = await client.post("/oauth/token", data=form)
        assert (answer.status_code, answer.json()["error"]) == (400, error), form
        assert "error_description" in answer.json()


async def test_a_token_request_must_be_a_form(client: Client) -> None:
    answer = await client.post("/oauth/token", json={"grant_type": "refresh_token"})
    assert (answer.status_code, answer.json()["error"]) == (415, "invalid_request")


@pytest.mark.parametrize(
    ("typed", "code"),
    [("bcdf ghjk", "BCDF-GHJK"), ("BCDFGHJK", "BCDF-GHJK"), ("ABCD-EFGH", ""), ("BCDF", ""), ("", "")],
)
def test_a_code_is_read_however_it_is_typed(typed: str, code: str) -> None:
    assert read_user_code(typed) == code
