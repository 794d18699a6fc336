"""Personal access tokens: shown once, kept as a hash, open what their scopes say and no more."""

from __future__ import annotations

from typing import Any

from api.actions.desk import Desk
from api.actions.make_token import make_token
from api.domain.clock import rfc3339
from api.store import accounts
from api.store.tokens import listed
from tests.conftest import NOW, Clock
from tests.http.conftest import EMAIL, Client, bearer

ROUTES = {
    "read": ("GET", "/v1/entries"),
    "sync": ("GET", "/v1/sync/info"),
    "export": ("GET", "/v1/export"),
    "save": ("DELETE", "/v1/entries/0199aaaa-0000-7000-8000-000000000000"),
}


async def make(client: Client, ada: dict[str, Any], **wish: Any) -> Any:
    content = {"name": "a script", "scopes": ["read"]} | wish
    return await client.post("/v1/tokens", json=content, headers=bearer(ada["access_token"]))


async def test_a_token_opens_what_its_scope_says_and_no_more(client: Client, ada: dict[str, Any]) -> None:
    for scope in ROUTES:
        made = (await make(client, ada, scopes=[scope])).json()
        assert made["token"].startswith("sch_")
        answers = {
            name: (await client.request(method, path, headers=bearer(made["token"]))).status_code
            for name, (method, path) in ROUTES.items()
        }
        assert {name for name, status in answers.items() if status != 403} == {scope}


async def test_a_token_never_manages_the_account(client: Client, ada: dict[str, Any]) -> None:
    made = (await make(client, ada, scopes=["read", "save", "sync", "export"])).json()
    for method, path in (
        ("GET", "/v1/tokens"),
        ("GET", "/v1/sessions"),
        ("DELETE", f"/v1/sessions/{ada['device_id']}"),
    ):
        assert (await client.request(method, path, headers=bearer(made["token"]))).status_code == 403
    assert (await make(client, ada | {"access_token": made["token"]})).status_code == 403


REFUSED: list[dict[str, Any]] = [
    {"scopes": []},
    {"scopes": ["account"]},
    {"scopes": ["read", "everything"]},
    {"name": ""},
    {"name": "a\0b"},
    {"expires_at": "tomorrow"},
    {"expires_at": rfc3339(NOW)},
    {"expires_at": "2099-01-01T00:00:00Z"},
    {"owner": "me"},
]


async def test_a_wish_that_is_not_permitted_makes_no_token(client: Client, ada: dict[str, Any]) -> None:
    for wish in REFUSED:
        assert (await make(client, ada, **wish)).status_code == 400, wish
    assert (await client.get("/v1/tokens", headers=bearer(ada["access_token"]))).json()["items"] == []


async def test_a_token_is_listed_without_its_secret_and_with_its_last_use(
    client: Client, clock: Clock, ada: dict[str, Any]
) -> None:
    made = (await make(client, ada)).json()
    clock.forward(10)
    await client.get("/v1/entries", headers=bearer(made["token"]))
    [item] = (await client.get("/v1/tokens", headers=bearer(ada["access_token"]))).json()["items"]
    assert item == {name: value for name, value in made.items() if name != "token"} | {
        "last_used_at": rfc3339(NOW + 10_000)
    }


async def test_a_token_ends_when_it_says(client: Client, clock: Clock, ada: dict[str, Any]) -> None:
    made = (await make(client, ada, expires_at=rfc3339(NOW + 60_000))).json()
    clock.forward(54)
    assert (await client.get("/v1/entries", headers=bearer(made["token"]))).status_code == 200
    clock.forward(6)
    assert (await client.get("/v1/entries", headers=bearer(made["token"]))).status_code == 401


async def test_a_revoked_token_opens_nothing(client: Client, ada: dict[str, Any]) -> None:
    made = (await make(client, ada)).json()
    assert (await client.get("/v1/entries", headers=bearer(made["token"]))).status_code == 200
    path = f"/v1/tokens/{made['id']}"
    assert (await client.delete(path, headers=bearer(ada["access_token"]))).status_code == 204
    assert (await client.get("/v1/entries", headers=bearer(made["token"]))).status_code == 401
    assert (await client.delete(path, headers=bearer(ada["access_token"]))).status_code == 404


async def test_a_token_from_the_command_line_opens_too(client: Client, desk: Desk, ada: dict[str, Any]) -> None:
    account = await desk.database.read(lambda tx: accounts.by_email(tx, EMAIL))
    assert account is not None
    secret = await make_token(desk, account.id, "backup", ["export"], 30)
    assert (await client.get("/v1/export", headers=bearer(secret))).status_code == 200
    [kept] = await desk.database.read(lambda tx: listed(tx, account.id))
    assert kept.expires_at == NOW + 30 * 86_400_000
