"""Requests that nobody means well with are refused, and never break anything."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.http.conftest import Client, bearer

JSON = "application/json"
NESTED = b"[" * 200_000
BODIES = {
    "invalid UTF-8": b'{"name": "\xff", "scopes": ["read"]}',
    "invalid UTF-8 in a name": b'{"\xc3\x28": 1}',
    "NUL": b'{"name": "a\\u0000b", "scopes": ["read"]}',
    "an unpaired surrogate": b'{"name": "\\ud800", "scopes": ["read"]}',
    "200,000 brackets": NESTED,
    "200,000 brackets in a field": b'{"name": ' + NESTED,
    "200,000 objects": b'{"a":' * 200_000,
    "a number without end": b'{"name": ' + b"9" * 100_000 + b"}",
    "a number out of range": b'{"name": 1e999999, "scopes": ["read"]}',
    "a date out of range": b'{"name": "a", "scopes": ["read"], "expires_at": "9999-12-31T23:59:59-14:00"}',
    "no JSON": b"name=a&scopes=read",
    "half of it": b'{"name": "a", "scop',
    "nothing but space": b"   ",
    "another shape": b'["name", "scopes"]',
    "null": b"null",
    "a byte order mark": b'\xef\xbb\xbf{"name": "a", "scopes": ["read"]}',
}


async def test_a_hostile_body_is_refused_with_400(client: Client, ada: dict[str, Any]) -> None:
    headers = bearer(ada["access_token"]) | {"Content-Type": JSON}
    for path in ("/v1/tokens", "/v1/sessions", "/v1/accounts", "/v1/saves", "/v1/sync/push"):
        for name, body in BODIES.items():
            answer = await client.post(path, content=body, headers=headers)
            assert answer.status_code == 400, f"{path}, {name}: {answer.status_code} {answer.text}"
            assert answer.headers["content-type"] == "application/problem+json"


async def test_a_hostile_form_is_refused(client: Client) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    bodies = {
        "invalid UTF-8": b"grant_type=\xff",
        "escaped invalid UTF-8": b"grant_type=%ff",
        "NUL": b"grant_type=a%00b",
        "many fields": b"a=1&" * 1000,
    }
    for path in ("/oauth/token", "/oauth/revoke", "/oauth/device_authorization", "/sign-in"):
        for name, body in bodies.items():
            answer = await client.post(path, content=body, headers=headers)
            assert answer.status_code == 400, f"{path}, {name}"


async def _chunks() -> AsyncIterator[bytes]:
    for _ in range(33):
        yield b" " * 65_536


async def test_two_megabytes_are_too_many_announced_or_not(client: Client, ada: dict[str, Any]) -> None:
    headers = bearer(ada["access_token"]) | {"Content-Type": JSON}
    for path in ("/v1/tokens", "/v1/sessions"):
        announced = await client.post(path, content=b" " * 2_000_000, headers=headers)
        assert (announced.status_code, announced.json()["code"]) == (413, "too_large")
        unannounced = await client.post(path, content=_chunks(), headers=headers)
        assert (unannounced.status_code, unannounced.json()["code"]) == (413, "too_large")
    form = await client.post("/oauth/token", data={"token": "x" * 2_000_000})
    assert (form.status_code, form.json()["error"]) == (413, "invalid_request")


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Type": "text/plain"},
        {"Content-Type": "application/x-www-form-urlencoded"},
        {"Content-Type": "multipart/form-data; boundary=x"},
        {"Content-Type": "application/json; charset=latin-1"},
        {"Content-Type": ""},
        {"Content-Type": JSON, "Content-Encoding": "gzip"},
        {"Content-Type": JSON, "Content-Encoding": "identity, deflate"},
    ],
    ids=str,
)
async def test_a_body_of_another_kind_is_refused_with_415(client: Client, headers: dict[str, str]) -> None:
    wish = b'{"email": "ada@example.org", "password": "whatever it is"}'
    answer = await client.post("/v1/sessions", content=wish, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")


async def test_json_may_say_that_it_is_utf8(client: Client) -> None:
    wish = b'{"email": "ada@example.org", "password": "whatever it is"}'
    for content_type in (JSON, "application/json; charset=utf-8", 'Application/JSON;charset="UTF-8"'):
        answer = await client.post("/v1/sessions", content=wish, headers={"Content-Type": content_type})
        assert answer.status_code == 401


async def test_an_address_that_is_no_text_is_refused(client: Client, ada: dict[str, Any]) -> None:
    headers = bearer(ada["access_token"])
    for path in (
        "/v1/entries?q=a%00b",
        "/v1/entries?q=%ff",
        "/v1/entries?q=%ed%a0%80",
        "/v1/entries?%00=1",
        "/v1/entries/%00",
        "/v1/papers/a%00b",
        "/v1/entries?" + "tag=a&" * 101,
        "/v1/identify?url=a&url2=b",
    ):
        answer = await client.get(path, headers=headers)
        assert answer.status_code == 400, path
    for path in ("/v1/sessions/%00", "/v1/tokens/a%00", "/v1/tokens/%ff"):
        answer = await client.delete(path, headers=headers)
        assert answer.status_code in (400, 404), path


async def test_an_id_of_any_length_is_only_not_found(client: Client, ada: dict[str, Any]) -> None:
    headers = bearer(ada["access_token"])
    for id_ in ("x", "x" * 4000, "0", "-1", "../../etc/passwd", "%2e%2e%2f", "'; DROP TABLE device; --", "💥"):
        answer = await client.delete(f"/v1/sessions/{id_}", headers=headers)
        assert answer.status_code in (404, 405), id_


async def test_files_outside_the_static_folder_are_not_served(client: Client) -> None:
    for path in (
        "/static/../forms.py",
        "/static/%2e%2e/forms.py",
        "/static/..%2fforms.py",
        "/static/%00",
        "/static//etc/passwd",
    ):
        answer = await client.get(path)
        assert answer.status_code in (400, 404), path
