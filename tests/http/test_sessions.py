"""Accounts and sessions: registering, signing in and out, and refresh tokens that forgive a lost answer only."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from api.actions.desk import Desk
from api.store import accounts
from tests.conftest import Clock
from tests.http.conftest import EMAIL, PASSWORD, Client, MakeClient, bearer, refresh, sign_in


async def status_of(client: Client, token: str) -> int:
    return (await client.get("/v1/sessions", headers=bearer(token))).status_code


async def test_a_closed_instance_takes_no_registration(client: Client) -> None:
    answer = await client.post("/v1/accounts", json={"email": EMAIL, "password": PASSWORD})
    assert (answer.status_code, answer.json()["code"]) == (403, "registration_closed")


async def test_an_open_instance_makes_an_account_that_can_sign_in_and_read(make_client: MakeClient) -> None:
    client = await make_client(registration="open")
    made = await client.post("/v1/accounts", json={"email": " Ada@Example.org ", "password": PASSWORD})
    assert (made.status_code, made.json()["email"]) == (201, "Ada@Example.org")
    session = await sign_in(client, "ada@example.ORG")
    assert session["library_id"] == made.json()["library_id"]
    assert session["expires_in"] == 900
    entries = await client.get("/v1/entries", headers=bearer(session["access_token"]))
    assert (entries.status_code, entries.json()) == (200, {"items": [], "cursor": None})


REFUSED = [
    (EMAIL, "short", "weak_password"),
    (EMAIL, "Password123", "weak_password"),
    (EMAIL, "x" * 257, "weak_password"),
    (EMAIL, EMAIL, "weak_password"),
    ("ada", PASSWORD, "bad_email"),
    ("ada@example.org\r\nBcc: all@example.org", PASSWORD, "bad_email"),
    ("ada\0@example.org", PASSWORD, "bad_email"),
    (".ada@example.org", PASSWORD, "bad_email"),
]


async def test_weak_passwords_and_addresses_that_are_none_are_refused(make_client: MakeClient) -> None:
    client = await make_client(registration="open")
    for email, password, code in REFUSED:
        answer = await client.post("/v1/accounts", json={"email": email, "password": password})
        assert (answer.status_code, answer.json()["code"]) == (400, code)


async def test_an_address_has_one_account_however_it_is_spelled(make_client: MakeClient) -> None:
    client = await make_client(registration="open")
    wishes = [{"email": email, "password": PASSWORD} for email in (EMAIL, "ADA@example.org", EMAIL, EMAIL)]
    answers = await asyncio.gather(*(client.post("/v1/accounts", json=wish) for wish in wishes))
    assert sorted(a.status_code for a in answers) == [201, 409, 409, 409]
    assert {a.json()["code"] for a in answers if a.status_code == 409} == {"email_taken"}


async def test_unknown_wrong_and_disabled_get_one_answer(client: Client, desk: Desk, ada: dict[str, Any]) -> None:
    async def attempt(email: str, password: str) -> dict[str, Any]:
        answer = await client.post("/v1/sessions", json={"email": email, "password": password})
        assert answer.headers["www-authenticate"] == "Bearer"
        return {**answer.json(), "request_id": ""}

    wrong = await attempt(EMAIL, "not the password")
    unknown = await attempt("nobody@example.org", PASSWORD)
    await desk.database.write(lambda tx: tx.run("UPDATE account SET disabled = 1"))
    disabled = await attempt(EMAIL, PASSWORD)
    assert wrong == unknown == disabled
    assert (wrong["status"], wrong["code"]) == (401, "wrong_credentials")


async def test_a_password_is_the_same_however_the_keyboard_composes_its_accents(make_client: MakeClient) -> None:
    client = await make_client(registration="open")
    await client.post("/v1/accounts", json={"email": EMAIL, "password": "cafe\u0301 cre\u0300me"})
    await sign_in(client, password="caf\u00e9 cr\u00e8me")


async def test_a_password_is_kept_as_argon2id(desk: Desk, ada: dict[str, Any]) -> None:
    found = await desk.database.read(lambda tx: accounts.credentials(tx, EMAIL))
    assert found is not None
    assert found.password_hash.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


async def test_a_refresh_token_is_exchanged_for_the_next_of_its_device(client: Client, ada: dict[str, Any]) -> None:
    token = ada["refresh_token"]
    for _ in range(3):
        answer = await refresh(client, token)
        assert answer.status_code == 200
        assert answer.json()["refresh_token"] != token
        assert answer.json()["device_id"] == ada["device_id"]
        assert answer.json()["token_type"] == "Bearer"
        assert await status_of(client, answer.json()["access_token"]) == 200
        token = answer.json()["refresh_token"]


async def test_a_lost_answer_costs_nothing(client: Client, clock: Clock, ada: dict[str, Any]) -> None:
    await refresh(client, ada["refresh_token"])
    clock.forward(59)
    again = await refresh(client, ada["refresh_token"])
    assert again.status_code == 200
    assert (await refresh(client, again.json()["refresh_token"])).status_code == 200


async def test_parallel_refreshes_sign_nobody_out(client: Client, ada: dict[str, Any]) -> None:
    answers = await asyncio.gather(*(refresh(client, ada["refresh_token"]) for _ in range(5)))
    assert [a.status_code for a in answers] == [200] * 5
    assert await status_of(client, answers[-1].json()["access_token"]) == 200


async def test_a_replay_after_the_grace_signs_the_whole_device_out(
    client: Client, clock: Clock, ada: dict[str, Any]
) -> None:
    other = await sign_in(client)
    successor = (await refresh(client, ada["refresh_token"])).json()
    clock.forward(61)
    replay = await refresh(client, ada["refresh_token"])
    assert (replay.status_code, replay.json()["error"]) == (400, "invalid_grant")
    assert (await refresh(client, successor["refresh_token"])).json()["error"] == "invalid_grant"
    assert await status_of(client, successor["access_token"]) == 401
    assert await status_of(client, other["access_token"]) == 200


async def test_a_refresh_token_ends_after_sixty_idle_days(client: Client, clock: Clock, ada: dict[str, Any]) -> None:
    clock.forward(60 * 86_400)
    assert (await refresh(client, ada["refresh_token"])).json()["error"] == "invalid_grant"


async def test_devices_are_listed_and_signed_out(client: Client, ada: dict[str, Any]) -> None:
    phone = await sign_in(client)
    headers = bearer(ada["access_token"])
    listed = (await client.get("/v1/sessions", headers=headers)).json()["items"]
    assert {one["id"]: one["current"] for one in listed} == {ada["device_id"]: True, phone["device_id"]: False}
    assert await status_of(client, phone["access_token"]) == 200
    assert (await client.delete(f"/v1/sessions/{phone['device_id']}", headers=headers)).status_code == 204
    assert await status_of(client, phone["access_token"]) == 401
    assert (await refresh(client, phone["refresh_token"])).json()["error"] == "invalid_grant"
    assert (await client.delete(f"/v1/sessions/{phone['device_id']}", headers=headers)).status_code == 404


async def test_a_device_signed_out_elsewhere_is_refused_within_five_seconds(
    make_client: MakeClient, client: Client, clock: Clock, ada: dict[str, Any]
) -> None:
    other_process = await make_client()
    assert await status_of(other_process, ada["access_token"]) == 200
    await client.post("/oauth/revoke", data={"token": ada["refresh_token"]})
    clock.forward(5)
    assert await status_of(other_process, ada["access_token"]) == 401


async def test_nobody_signs_another_account_out(make_client: MakeClient, ada: dict[str, Any]) -> None:
    client = await make_client(registration="open")
    await client.post("/v1/accounts", json={"email": "eve@example.org", "password": PASSWORD})
    eve = await sign_in(client, "eve@example.org")
    answer = await client.delete(f"/v1/sessions/{ada['device_id']}", headers=bearer(eve["access_token"]))
    assert answer.status_code == 404
    assert await status_of(client, ada["access_token"]) == 200


@pytest.mark.parametrize("kind", ["refresh_token", "access_token"])
async def test_a_revoked_token_ends_its_device_and_unknown_ones_are_not_told(
    client: Client, ada: dict[str, Any], kind: str
) -> None:
    assert await status_of(client, ada["access_token"]) == 200
    assert (await client.post("/oauth/revoke", data={"token": ada[kind]})).status_code == 200
    assert await status_of(client, ada["access_token"]) == 401
    assert (await client.post("/oauth/revoke", data={"token": "never seen"})).status_code == 200


async def test_secrets_are_kept_as_hashes_only(client: Client, desk: Desk, ada: dict[str, Any]) -> None:
    rows = await desk.database.read(lambda tx: tx.rows("SELECT token_hash FROM refresh_token"))
    assert ada["refresh_token"] not in {row["token_hash"] for row in rows}
    assert len(rows) == 1
