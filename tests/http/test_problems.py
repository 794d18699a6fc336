"""Every error is a problem (RFC 9457) that says enough to a program and nothing about the inside."""

from __future__ import annotations

import inspect
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from litestar import Litestar, get
from litestar.params import FromQuery

from api.actions.desk import Desk
from api.domain import errors
from api.domain.errors import ScholiumError
from api.http.headers import headers_hook
from api.http.problems import HANDLERS, status_of
from tests.http.conftest import Client, MakeClient, bearer

PROBLEM = "application/problem+json"
STATUSES = {
    "BadInput": 400,
    "TooLarge": 413,
    "NotSignedIn": 401,
    "NotAllowed": 403,
    "NotFound": 404,
    "Conflict": 409,
    "EditedMeanwhile": 412,
    "Resync": 410,
    "SchemaTooOld": 426,
    "TooMany": 429,
    "Unavailable": 503,
}


def check(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """The answer is this problem, whole and with our headers; returns it."""
    assert (answer.status_code, answer.headers["content-type"]) == (status, PROBLEM)
    found: dict[str, Any] = answer.json()
    assert (found["status"], found["code"], found["type"]) == (status, code, "about:blank")
    assert found["title"]
    assert found["detail"]
    assert found["request_id"] == answer.headers["x-request-id"]
    return found


async def test_the_frameworks_own_errors_are_problems_too(client: Client, ada: dict[str, Any]) -> None:
    headers = bearer(ada["access_token"])
    check(await client.get("/v1/nothing"), 404, "not_found")
    check(await client.get("/nothing"), 404, "not_found")
    check(await client.put("/v1/entries", headers=headers), 405, "method_not_allowed")
    check(await client.get("/v1/entries?limit=9999", headers=headers), 400, "bad_input")
    check(await client.get("/v1/entries?colour=red", headers=headers), 400, "unknown_field")
    check(await client.post("/v1/tokens", headers=headers), 400, "bad_input")
    wrong = await client.post("/v1/tokens", json={"name": 1, "scopes": ["read"]}, headers=headers)
    assert check(wrong, 400, "bad_input")["errors"]
    wrong = await client.get("/v1/export?format=stone", headers=headers)
    assert [one["field"] for one in check(wrong, 400, "bad_input")["errors"]] == ["format"]


async def test_a_browser_that_goes_nowhere_gets_a_page_that_leads_back(client: Client) -> None:
    answer = await client.get("/nothing", headers={"Accept": "text/html,*/*;q=0.8"})
    assert (answer.status_code, answer.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert 'href="/"' in answer.text
    assert (await client.post("/nothing", headers={"Accept": "text/html"})).headers["content-type"] == PROBLEM


async def test_an_unknown_field_is_named_and_the_rest_of_the_body_is_not_repeated(client: Client) -> None:
    wish = {"email": "a@example.org", "password": "a very secret secret", "role": "owner"}
    answer = await client.post("/v1/sessions", json=wish)
    assert "role" in check(answer, 400, "unknown_field")["detail"]
    assert "secret" not in answer.text


async def test_a_parameter_that_fits_no_type_is_not_repeated_with_the_address(
    client: Client, ada: dict[str, Any]
) -> None:
    answer = await client.get("/v1/entries?limit=ten&q=private", headers=bearer(ada["access_token"]))
    check(answer, 400, "bad_input")
    assert "private" not in answer.text


@pytest.fixture
async def broken() -> AsyncIterator[httpx.AsyncClient]:
    """An application whose routes fail in ways that ours should not."""

    @get("/crash")
    async def crash() -> None:
        raise RuntimeError("SELECT password FROM /etc/secret")

    @get("/error")
    async def error(name: FromQuery[str]) -> None:
        raise getattr(errors, name)("what happened", retry_after=7)

    @get("/garbled")
    async def garbled(kind: FromQuery[str]) -> None:
        raise {"deep": RecursionError("deep"), "large": OverflowError("large"), "text": UnicodeError("text")}[kind]

    app = Litestar([crash, error, garbled], exception_handlers=HANDLERS, before_send=[headers_hook(tls=False)])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
        yield client


async def test_a_crash_tells_nothing_but_an_id_that_is_in_the_log(
    broken: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    answer = await broken.get("/crash")
    found = check(answer, 500, "internal_error")
    assert "secret" not in answer.text
    assert "Runtime" not in answer.text
    assert found["request_id"] in caplog.text
    assert "SELECT password" in caplog.text


async def test_what_a_decoder_chokes_on_is_the_senders_fault(broken: httpx.AsyncClient) -> None:
    for kind in ("deep", "large", "text"):
        check(await broken.get("/garbled", params={"kind": kind}), 400, "bad_input")


@pytest.mark.parametrize(("name", "status"), STATUSES.items())
async def test_each_error_has_its_status(broken: httpx.AsyncClient, name: str, status: int) -> None:
    answer = await broken.get("/error", params={"name": name})
    found = check(answer, status, getattr(errors, name).code)
    assert (found["detail"], found["retry_after"]) == ("what happened", 7)
    assert answer.headers["retry-after"] == "7"
    assert ("www-authenticate" in answer.headers) == (status == 401)


def test_no_named_error_is_left_without_a_status() -> None:
    kinds = [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, ScholiumError)]
    assert {kind.__name__ for kind in kinds if status_of(kind("")) == 500} == {"ScholiumError"}


async def test_every_answer_carries_an_id_of_its_own_and_keeps_browsers_from_guessing(client: Client) -> None:
    answers = [await client.get(path) for path in ("/health/live", "/v1/entries", "/nothing", "/sign-in")]
    assert len({answer.headers["x-request-id"] for answer in answers}) == len(answers)
    for answer in answers:
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "no-store"
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]


async def test_every_route_is_closed_unless_it_is_known_to_be_open(client: Client) -> None:
    open_ones = {"/health/live", "/health/ready", "/metrics", "/openapi.json", "/v1/accounts", "/v1/sessions"}
    paths = (await client.get("/openapi.json")).json()["paths"]
    for path, methods in paths.items():
        for method in methods:
            answer = await client.request(method, path.replace("{", "").replace("}", ""))
            public = path.startswith(("/oauth/", "/f/", "/digest/feed/")) or (
                path in open_ones and (method, path) != ("get", "/v1/sessions")
            )
            assert (answer.status_code == 401) is not public, f"{method} {path}: {answer.status_code}"


async def test_a_process_is_ready_only_with_this_versions_schema(client: Client, desk: Desk) -> None:
    assert (await client.get("/health/live")).json()["status"] == "ok"
    ready = await client.get("/health/ready")
    parts = {"database": "ok", "migrations": "ok", "queue": "ok", "oldest_seconds": 0.0}
    assert (ready.status_code, ready.json()) == (200, {"status": "ok"} | parts)
    await desk.database.write(lambda tx: tx.run("DELETE FROM schema_migration"))
    behind = await client.get("/health/ready")
    assert (behind.status_code, behind.json()["migrations"]) == (503, "behind")


async def test_a_process_is_not_ready_without_its_tables(client: Client, desk: Desk) -> None:
    await desk.database.write(lambda tx: tx.run("DROP TABLE schema_migration"))
    answer = await client.get("/health/ready")
    assert (answer.status_code, answer.json()["database"]) == (503, "unavailable")
    assert (await client.get("/health/live")).status_code == 200


async def test_a_short_key_starts_nothing(make_client: MakeClient) -> None:
    with pytest.raises(ValueError, match="SCHOLIUM_SECRET_KEY"):
        await make_client(secret_key="short")


async def test_a_client_that_goes_away_in_the_middle_of_its_body_is_no_failure_of_ours(
    client: Client, ada: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    app: Any = client._transport.app  # type: ignore[attr-defined]
    parts = iter([{"type": "http.request", "body": b'{"id": ', "more_body": True}, {"type": "http.disconnect"}])
    sent: list[dict[str, Any]] = []

    async def receive() -> Any:
        return next(parts, {"type": "http.disconnect"})

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    token = f"Bearer {ada['access_token']}"
    given = [("host", "127.0.0.1"), ("authorization", token), ("content-type", "application/json")]
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": "/v1/saves",
        "raw_path": b"/v1/saves",
        "query_string": b"",
        "root_path": "",
        "headers": [(name.encode(), value.encode()) for name, value in [*given, ("content-length", "100")]],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }
    await app(scope, receive, send)
    assert [one["status"] for one in sent if one["type"] == "http.response.start"] == [400]
    assert "failed" not in caplog.text
