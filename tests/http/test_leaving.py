"""Leaving: an account goes with every row that names it, and nobody else's goes with it."""

from __future__ import annotations

import re
from typing import Any

import pytest

from api.actions.delete_account import delete_account
from api.actions.desk import Desk
from api.actions.register import register
from api.domain.accounts import Account
from api.domain.backups import Cell, Table
from api.domain.errors import WrongPassword
from api.store import leaving, snapshots
from api.store.database import Database, Tx
from api.store.migrate import migrations
from tests.http.conftest import EMAIL, PASSWORD, Client, MakeClient, bearer, refresh
from tests.make import make_id

OTHER = "bob@example.org"
OWNERS = ("library_id", "account_id", "owner_id", "device_id", "session_id", "email")
SHARED = {"paper", "paper_identifier", "observation"}


def numbers(dialect: str) -> set[str]:
    """The columns that hold numbers, as table.column."""
    schema = "".join(sql for _, _, sql in migrations(dialect))
    tables = re.findall(r"^CREATE TABLE (\w+) \((.*?)^\)", schema, re.M | re.S)
    added = re.findall(r"^ALTER TABLE (\w+) ADD COLUMN (.*?);", schema, re.M | re.S)
    typed = re.compile(r"^\s*(\w+) (?:BIGINT|INTEGER|REAL|DOUBLE PRECISION)\b", re.M)
    return {f"{table}.{column}" for table, text in tables + added for column in typed.findall(text)}


def a_row(table: Table, account: Account, counted: set[str]) -> dict[str, Cell]:
    """A row of any table that names this account wherever the table can."""
    device = make_id(f"device {account.id}")
    known = {
        "library_id": account.library_id,
        "account_id": account.id,
        "owner_id": account.id,
        "device_id": device,
        "session_id": device,
        "email": account.email,
    }
    row: dict[str, Cell] = {c: make_id(f"{table.name}.{c} {account.id}") for c in table.columns}
    row |= dict.fromkeys(table.binary, b"x") | {c: 7 for c in table.columns if f"{table.name}.{c}" in counted}
    row |= {c: known[c] for c in table.columns if c in known}
    return row | ({"id": device} if table.name == "device" else {})


async def fill_all(database: Database, account: Account) -> list[str]:
    """Put a row of this account into every table that can name one; the names of those tables."""
    counted = numbers(database.dialect)

    async def work(tx: Tx) -> list[str]:
        filled = []
        for table in await snapshots.tables(tx, database.dialect):
            if table.name in ("account", "library"):  # register made them
                filled.append(table.name)
            elif set(table.columns) & set(OWNERS):
                await snapshots.fill(tx, table, [a_row(table, account, counted)])
                filled.append(table.name)
        return filled

    return await database.write(work)


async def rows_of(database: Database, *ids: str) -> dict[str, int]:
    """How many rows of each table name any of these ids anywhere."""

    async def work(tx: Tx) -> dict[str, int]:
        found = {}
        for table in await snapshots.tables(tx, database.dialect):
            rows = [row async for page in snapshots.pages(tx, table) for row in page]
            found[table.name] = sum(any(i in str(cell) for cell in row.values() for i in ids) for row in rows)
        return {name: n for name, n in found.items() if n}

    return await database.read(work)


def names_of(account: Account) -> tuple[str, ...]:
    return account.id, account.library_id, account.email, make_id(f"device {account.id}")


async def test_every_row_of_the_account_goes_and_nobody_elses(desk: Desk) -> None:
    ada = await register(desk, EMAIL, PASSWORD, by_admin=True)
    bob = await register(desk, OTHER, PASSWORD, by_admin=True)
    filled = await fill_all(desk.database, ada)
    await fill_all(desk.database, bob)
    before = await rows_of(desk.database, *names_of(bob))
    assert set(await rows_of(desk.database, *names_of(ada))) == set(filled) == set(before)
    await delete_account(desk, ada.id, PASSWORD)
    assert await rows_of(desk.database, *names_of(ada)) == {}
    assert await rows_of(desk.database, *names_of(bob)) == before


async def test_no_table_outside_the_shared_ones_escapes_the_walk(database: Database) -> None:
    async def work(tx: Tx) -> set[str]:
        found = await snapshots.tables(tx, database.dialect)
        return {table.name for table in found if not set(table.columns) & set(OWNERS)}

    assert await database.read(work) <= SHARED | {"account", "trend", "outside_pick"}


async def test_a_wrong_password_deletes_nothing_and_says_so(client: Client, ada: dict[str, Any]) -> None:
    head = bearer(ada["access_token"])
    refused = await client.request("DELETE", "/v1/account", json={"password": "not mine"}, headers=head)
    assert (refused.status_code, refused.json()["code"]) == (401, WrongPassword.code)
    assert "not your password" in refused.json()["detail"]
    assert (await client.get("/v1/entries", headers=head)).status_code == 200


async def test_papers_stay_and_devices_tokens_and_passwords_mean_nothing(client: Client, ada: dict[str, Any]) -> None:
    head = bearer(ada["access_token"])
    wish = {"id": make_id("save"), "url": "https://arxiv.org/abs/1706.03762", "tags": ["thesis"]}
    assert (await client.post("/v1/saves", json=wish, headers=head)).status_code == 201
    made = await client.post("/v1/tokens", json={"name": "script", "scopes": ["read"]}, headers=head)
    script = bearer(made.json()["token"])
    assert (await client.get("/v1/entries", headers=script)).status_code == 200
    left = await client.request("DELETE", "/v1/account", json={"password": PASSWORD}, headers=head)
    assert left.status_code == 204, left.text
    for proof in (head, script):
        assert (await client.get("/v1/entries", headers=proof)).status_code == 401
    assert (await refresh(client, ada["refresh_token"])).json()["error"] == "invalid_grant"
    again = await client.post("/v1/sessions", json={"email": EMAIL, "password": PASSWORD})
    assert again.status_code == 401


async def test_the_papers_that_an_account_saved_stay(client: Client, ada: dict[str, Any], desk: Desk) -> None:
    head = bearer(ada["access_token"])
    wish = {"id": make_id("save"), "url": "https://arxiv.org/abs/1706.03762"}
    paper = (await client.post("/v1/saves", json=wish, headers=head)).json()["paper"]["id"]
    await client.request("DELETE", "/v1/account", json={"password": PASSWORD}, headers=head)
    assert set(await rows_of(desk.database, paper)) == SHARED


async def test_half_a_deletion_is_none(desk: Desk) -> None:
    ada = await register(desk, EMAIL, PASSWORD, by_admin=True)
    await fill_all(desk.database, ada)
    before = await rows_of(desk.database, *names_of(ada))

    async def work(tx: Tx) -> None:
        await leaving.erase(tx, ada)
        raise KeyError("the power went")

    with pytest.raises(KeyError):
        await desk.database.write(work)
    assert await rows_of(desk.database, *names_of(ada)) == before


async def test_wrong_passwords_are_counted_as_tries_to_sign_in(make_client: MakeClient, ada: dict[str, Any]) -> None:
    client = await make_client(limits=True)
    head = bearer(ada["access_token"])
    for _ in range(5):
        await client.request("DELETE", "/v1/account", json={"password": "not mine"}, headers=head)
    late = await client.request("DELETE", "/v1/account", json={"password": PASSWORD}, headers=head)
    assert late.status_code == 429
