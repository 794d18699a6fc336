"""The plain HTML forms: they work without scripts, and only when our own page sent them."""

from __future__ import annotations

from typing import Any

import pytest

from api.actions.desk import Desk
from api.actions.register import register
from api.web.sign_in import local_path
from tests.conftest import Clock
from tests.http.conftest import EMAIL, PASSWORD, Client, MakeClient, bearer, fields_of, sign_in_by_form, submit

OWN = {"X-Scholium": "1", "Sec-Fetch-Site": "same-origin"}


async def test_signing_in_by_form_sets_a_cookie_that_scripts_cannot_read(client: Client, ada: dict[str, Any]) -> None:
    answer = await sign_in_by_form(client)
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("scholium_session=")
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Secure" not in cookie
    assert (await client.get("/v1/entries")).status_code == 200


async def test_over_tls_the_cookie_is_secure_and_browsers_stay_on_it(make_client: MakeClient, desk: Desk) -> None:
    client = await make_client(base_url="https://scholium.example")
    await register(desk, EMAIL, PASSWORD, by_admin=True)
    shown = await client.get("/sign-in")
    assert "Secure" in shown.headers["set-cookie"]
    assert shown.headers["strict-transport-security"] == "max-age=31536000"


async def test_a_wrong_password_is_said_in_the_form(client: Client, ada: dict[str, Any]) -> None:
    shown = await client.get("/sign-in?next=/pair")
    wrong = await submit(client, shown, "/sign-in", email='"><script>', password="not the password")
    assert wrong.status_code == 401
    assert "The mail address or the password is wrong" in wrong.text
    assert "<script>" not in wrong.text
    assert fields_of(wrong.text)["next"] == "/pair"


@pytest.mark.parametrize(
    ("wanted", "onward"),
    [
        ("/pair?code=BCDF-GHJK", "/pair?code=BCDF-GHJK"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("/\\evil.example/", "/"),
        ("/\t/evil.example/", "/"),
        ("/\r\nSet-Cookie: a=b", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ],
)
def test_after_signing_in_one_stays_on_this_site(wanted: str, onward: str) -> None:
    assert local_path(wanted) == onward


async def test_a_form_that_names_another_site_leads_to_the_front_page(client: Client, ada: dict[str, Any]) -> None:
    shown = await client.get("/sign-in")
    answer = await submit(client, shown, "/sign-in", email=EMAIL, password=PASSWORD, next="//evil.example/")
    assert answer.headers["location"] == "/"


async def test_signing_out_ends_the_session_on_the_server_too(client: Client, ada: dict[str, Any]) -> None:
    await sign_in_by_form(client)
    cookie = client.cookies["scholium_session"]
    out = await submit(client, await client.get("/sign-in"), "/sign-out")
    assert (out.status_code, out.headers["location"]) == (303, "/sign-in")
    client.cookies.clear()
    assert (await client.get("/v1/entries", headers={"Cookie": f"scholium_session={cookie}"})).status_code == 401


async def test_a_cookie_is_no_refresh_token(client: Client, ada: dict[str, Any]) -> None:
    await sign_in_by_form(client)
    form = {"grant_type": "refresh_token", "refresh_token": client.cookies["scholium_session"]}
    for client_id in ("web", "scholium-extension"):
        answer = await client.post("/oauth/token", data=form | {"client_id": client_id})
        assert answer.json()["error"] == "invalid_grant"
    assert (await client.get("/v1/entries", headers=bearer(ada["access_token"]))).status_code == 200
    client.cookies.clear()
    for shown in (ada["refresh_token"], ada["access_token"], ada["device_id"]):
        assert (await client.get("/v1/entries", headers={"Cookie": f"scholium_session={shown}"})).status_code == 401


async def test_a_cookie_lives_on_while_it_is_used_and_ends_when_it_is_not(
    client: Client, clock: Clock, ada: dict[str, Any]
) -> None:
    await sign_in_by_form(client)
    for _ in range(3):
        clock.forward(59 * 86_400)
        assert (await client.get("/v1/entries")).status_code == 200
    clock.forward(60 * 86_400)
    assert (await client.get("/v1/entries")).status_code == 401


FOREIGN: list[dict[str, str]] = [
    {},
    {"X-Scholium": "1"},
    {"Sec-Fetch-Site": "same-origin"},
    {"X-Scholium": "1", "Sec-Fetch-Site": "same-site"},
    {"X-Scholium": "1", "Sec-Fetch-Site": "none"},
    {"X-Scholium": "1", "Origin": "https://evil.example"},
    {"X-Scholium": "1", "Origin": "null"},
]


async def test_a_write_by_cookie_that_is_not_our_own_pages_is_refused(client: Client, ada: dict[str, Any]) -> None:
    await sign_in_by_form(client)
    wish = {"name": "a script", "scopes": ["read"]}
    for headers in FOREIGN:
        assert (await client.post("/v1/tokens", json=wish, headers=headers)).status_code == 403, headers
    assert (await client.get("/v1/tokens")).json()["items"] == []


async def test_a_write_by_cookie_from_our_own_page_is_taken(client: Client, ada: dict[str, Any]) -> None:
    await sign_in_by_form(client)
    wish = {"name": "a script", "scopes": ["read"]}
    for headers in (OWN, {"X-Scholium": "1", "Origin": "http://127.0.0.1:8420"}):
        assert (await client.post("/v1/tokens", json=wish, headers=headers)).status_code == 201, headers


async def test_a_form_that_a_foreign_page_sent_is_refused(client: Client, ada: dict[str, Any]) -> None:
    shown = await client.get("/sign-in")
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}, {"Origin": "null"}):
        answer = await submit(client, shown, "/sign-in", headers, email=EMAIL, password=PASSWORD)
        assert answer.status_code == 403, headers
    assert "scholium_session" not in client.cookies


async def test_a_form_without_this_browsers_token_is_refused(
    client: Client, make_client: MakeClient, ada: dict[str, Any]
) -> None:
    shown = await client.get("/sign-in")
    for token in ("", "0" * 64, "é"):
        answer = await submit(client, shown, "/sign-in", csrf=token, email=EMAIL, password=PASSWORD)
        assert answer.status_code == 403
    elsewhere = await (await make_client()).get("/sign-in")
    assert (await submit(client, elsewhere, "/sign-in", email=EMAIL, password=PASSWORD)).status_code == 403


async def test_a_device_is_not_let_in_by_a_link_or_a_bare_post(client: Client, ada: dict[str, Any]) -> None:
    started = await client.post("/oauth/device_authorization", data={"client_id": "scholium-extension"})
    code = started.json()["user_code"]
    await sign_in_by_form(client)
    await client.get(f"/pair?code={code}")
    assert (await client.post("/pair", data={"code": code, "decision": "approve"})).status_code == 403
    form = {"grant_type": "urn:ietf:params:oauth:grant-type:device_code", "client_id": "scholium-extension"}
    polled = await client.post("/oauth/token", data=form | {"device_code": started.json()["device_code"]})
    assert polled.json()["error"] == "authorization_pending"


async def test_pages_may_load_only_what_is_ours(client: Client) -> None:
    shown = await client.get("/sign-in")
    policy = shown.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "style-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert shown.headers["cache-control"] == "no-store"
    assert shown.headers["referrer-policy"] == "same-origin"
    style = await client.get("/static/base.css")
    assert (style.status_code, style.headers["content-type"].partition(";")[0]) == (200, "text/css")
