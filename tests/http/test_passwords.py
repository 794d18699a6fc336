"""Another password: by who knows the old one, with the other devices signed out."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest

from api.actions.desk import Desk
from api.actions.make_link import make_link
from api.domain.errors import NotFound
from tests.http.conftest import EMAIL, PASSWORD, Client, MakeClient, bearer, refresh, sign_in, submit

NEW = "a difference engine hums"
ROUTE = "/v1/account/password"


async def test_a_new_password_counts_and_the_other_devices_are_out(client: Client, ada: dict[str, Any]) -> None:
    other = await sign_in(client)
    for one in (ada, other):
        assert (await client.get("/v1/entries", headers=bearer(one["access_token"]))).status_code == 200
    head = bearer(ada["access_token"])
    changed = await client.post(ROUTE, json={"old": PASSWORD, "new": NEW}, headers=head)
    assert changed.status_code == 204, changed.text
    assert (await client.get("/v1/entries", headers=head)).status_code == 200
    assert (await client.get("/v1/entries", headers=bearer(other["access_token"]))).status_code == 401
    assert (await refresh(client, other["refresh_token"])).json()["error"] == "invalid_grant"
    old = await client.post("/v1/sessions", json={"email": EMAIL, "password": PASSWORD})
    assert old.status_code == 401
    await sign_in(client, password=NEW)


async def test_a_wrong_old_or_a_weak_new_password_changes_nothing(client: Client, ada: dict[str, Any]) -> None:
    head = bearer(ada["access_token"])
    wrong = await client.post(ROUTE, json={"old": "not mine", "new": NEW}, headers=head)
    assert (wrong.status_code, wrong.json()["code"]) == (401, "wrong_credentials")
    weak = await client.post(ROUTE, json={"old": PASSWORD, "new": "12345678"}, headers=head)
    assert (weak.status_code, weak.json()["code"]) == (400, "weak_password")
    await sign_in(client)


async def test_wrong_old_passwords_are_counted_as_tries_to_sign_in(
    make_client: MakeClient, ada: dict[str, Any], desk: Desk
) -> None:
    client = await make_client(limits=True)
    head = bearer(ada["access_token"])
    for _ in range(5):
        assert (await client.post(ROUTE, json={"old": "no", "new": NEW}, headers=head)).status_code == 401
    assert (await client.post(ROUTE, json={"old": PASSWORD, "new": NEW}, headers=head)).status_code == 429
    signing = await client.post("/v1/sessions", json={"email": EMAIL, "password": PASSWORD})
    assert signing.status_code == 429


async def test_a_link_sets_a_new_password_once_and_signs_every_device_out(
    client: Client, ada: dict[str, Any], desk: Desk
) -> None:
    head = bearer(ada["access_token"])
    assert (await client.get("/v1/entries", headers=head)).status_code == 200
    older = urlsplit(await make_link(desk, "password", EMAIL)).path
    path = urlsplit(await make_link(desk, "password", EMAIL.upper())).path
    assert (await client.get(older)).status_code == 404
    shown = await client.get(path)
    assert "Choose a new password" in shown.text
    done = await submit(client, shown, path, email="eve@example.org", password=NEW)
    assert (done.status_code, done.headers["location"]) == (303, "/")
    assert (await client.get("/v1/entries", headers=head)).status_code == 401
    assert (await refresh(client, ada["refresh_token"])).json()["error"] == "invalid_grant"
    assert (await client.get(path)).status_code == 404
    await sign_in(client, password=NEW)


async def test_a_link_for_nobodys_password_is_not_made(desk: Desk) -> None:
    with pytest.raises(NotFound):
        await make_link(desk, "password", EMAIL)
