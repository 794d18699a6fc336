"""The page of the account by plain forms: devices and tokens end, the password changes, and leaving is for good."""

from __future__ import annotations

import re
from typing import Any

from tests.http.conftest import PASSWORD, Client, bearer, refresh, sign_in, sign_in_by_form, submit

PAGE = "/account"
NEW = "a difference engine hums"


async def test_a_device_and_a_token_are_ended(client: Client, ada: dict[str, Any]) -> None:
    head = bearer(ada["access_token"])
    made = await client.post("/v1/tokens", json={"name": "<script>", "scopes": ["read"]}, headers=head)
    script = bearer(made.json()["token"])
    await sign_in_by_form(client)
    shown = await client.get(PAGE)
    assert "&lt;script&gt;" in shown.text
    assert "<script" not in shown.text
    assert re.findall(r'name="device" value="([^"]+)"', shown.text) == [ada["device_id"]]
    for field, value in (("device", ada["device_id"]), ("token", made.json()["id"])):
        ended = await client.post("/account/devices", data={"csrf": csrf(shown), field: value})
        assert (ended.status_code, ended.headers["location"]) == (303, PAGE)
    client.cookies.clear()
    assert (await client.get("/v1/entries", headers=head)).status_code == 401
    assert (await client.get("/v1/entries", headers=script)).status_code == 401


async def test_the_password_changes_and_this_browser_stays(client: Client, ada: dict[str, Any]) -> None:
    await sign_in_by_form(client)
    wrong = await submit(client, await client.get(PAGE), "/account/password", old="not mine", new=NEW)
    assert wrong.status_code == 401
    assert "This is not your password." in wrong.text
    changed = await submit(client, wrong, "/account/password", old=PASSWORD, new=NEW)
    assert "The password is changed" in changed.text
    assert (await client.get(PAGE)).status_code == 200
    assert (await refresh(client, ada["refresh_token"])).json()["error"] == "invalid_grant"
    await sign_in(client, password=NEW)


async def test_leaving_asks_for_the_password_and_is_for_good(client: Client, ada: dict[str, Any]) -> None:
    await sign_in_by_form(client)
    wrong = await submit(client, await client.get(PAGE), "/account/delete", password="not mine")
    assert wrong.status_code == 401
    assert "This is not your password." in wrong.text
    left = await submit(client, wrong, "/account/delete", password=PASSWORD)
    assert (left.status_code, left.headers["location"]) == (303, "/sign-in")
    assert (await client.get(PAGE)).status_code == 303
    again = await client.post("/v1/sessions", json={"email": "ada@example.org", "password": PASSWORD})
    assert again.status_code == 401


async def test_a_form_that_is_not_ours_does_nothing(client: Client, ada: dict[str, Any]) -> None:
    await sign_in_by_form(client)
    for path in ("devices", "password", "delete"):
        sent = await client.post(f"/account/{path}", data={"password": PASSWORD, "device": ada["device_id"]})
        assert sent.status_code == 403
    await sign_in(client)


async def test_the_library_leads_to_the_account_and_a_stranger_to_sign_in(client: Client, ada: dict[str, Any]) -> None:
    assert (await client.get(PAGE)).headers["location"] == "/sign-in?next=%2Faccount"
    await sign_in_by_form(client)
    assert f'href="{PAGE}"' in (await client.get("/")).text
    assert 'href="/v1/account/export"' in (await client.get(PAGE)).text
    assert (await client.get("/v1/account/export")).status_code == 200


def csrf(shown: Any) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', shown.text)
    assert found
    return found[1]
