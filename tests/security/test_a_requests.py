"""A2 to A6, A10, A11: how large a request may be, what it may say, and what every answer carries."""

from __future__ import annotations

import asyncio
import re
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from msgspec.structs import replace

from api.actions.desk import Desk
from api.app import create_app
from api.queue import Reminders
from api.settings import Settings
from api.store.database import open_database
from tests.conftest import SECRET, Clock, fresh_database
from tests.http.conftest import Client, MakeClient, _alive
from tests.make import make_id
from tests.security.doors import OPEN, Door, address, doors, knock
from tests.security.house import House, changed, fingerprint, furnish, unsigned

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
JSON = {"Content-Type": "application/json"}
# What answers differently each time, or in an order that equal times do not settle.
OF_CHANCE = (
    "GET /health",
    "POST /v1/papers",
    "GET /metrics",
    "GET /static",
    "POST /oauth",
    "POST /v1/sessions",
    "GET /v1/sessions",
)
THEIRS = (
    "role",
    "owner",
    "owner_id",
    "library_id",
    "account_id",
    "version",
    "updated_at",
    "is_admin",
    "scopes_",
    "__proto__",
)


def with_bodies(house: House) -> dict[str, Door]:
    """Doors that take a JSON object."""
    found = {route: one for route, one in doors(house.ada).items() if isinstance(one.body, dict)}
    return {route: one for route, one in found.items() if "/oauth/" not in route and route != "POST /v1/imports"}


@ON_SQLITE
async def test_a2_a_body_beyond_a_mebibyte_is_refused_before_it_is_read(door: Client, desk: Desk, house: House) -> None:
    before = await fingerprint(desk)
    for route, one in with_bodies(house).items():
        sent: list[int] = []

        async def endless(sent: list[int] = sent) -> Any:
            for _ in range(64):
                sent.append(65_536)
                yield b" " * 65_536

        for content in (b"[" + b" " * 2**20 + b"]", endless()):
            answer = await door.request(
                route.split(" ")[0],
                address(route, house.ada.ids, one.query),
                content=content,
                headers=house.ada.headers | JSON,
            )
            assert (answer.status_code, answer.json()["code"]) == (413, "too_large"), route
    assert changed(before, await fingerprint(desk)) == set()


@ON_SQLITE
async def test_a2_counts_are_limited_in_every_list_and_query(door: Client, house: House) -> None:
    headers, entry = house.ada.headers, house.ada.ids["entry"]
    ids = [make_id(f"many {n}") for n in range(201)]
    tries = [
        await door.patch(f"/v1/entries/{entry}", json={"tags": ids}, headers=headers),
        await door.post("/v1/saves", json={"id": ids[0], "url": "arXiv:1706.03762", "tags": ids[:51]}, headers=headers),
        await door.get("/v1/entries?limit=201", headers=headers),
        await door.get("/v1/entries?" + "&".join(f"tag={n}" for n in range(101)), headers=headers),
        await door.get("/v1/sync/pull?limit=1001", headers=headers),
    ]
    assert [answer.status_code for answer in tries] == [400] * len(tries)
    ops = [{"id": one} for one in ids]
    push = doors(house.ada)["POST /v1/sync/push"].body | {"ops": ops}
    assert (await door.post("/v1/sync/push", json=push, headers=headers)).status_code == 413


@ON_SQLITE
async def test_a3_a_field_that_is_not_the_askers_to_set_is_refused(door: Client, desk: Desk, house: House) -> None:
    before = await fingerprint(desk)
    for route, one in with_bodies(house).items():
        for name in THEIRS:
            if name in one.body:
                continue  # a push names its library, and may name no other
            answer = await knock(
                door, route, house.ada.ids, replace(one, body=one.body | {name: "owner"}), house.ada.headers
            )
            assert (answer.status_code, answer.json()["code"]) == (400, "unknown_field"), f"{route} {name}"
    assert changed(before, await fingerprint(desk)) == set()


async def test_a4_a_cursor_is_of_use_to_its_reader_and_its_list_alone(door: Client, house: House) -> None:
    for path in (
        "/v1/entries?sort=title&limit=1",
        "/v1/lists?limit=1",
        "/v1/sync/pull?limit=1",
        "/v1/sync/held?limit=1",
    ):
        first = (await door.get(path, headers=house.ada.headers)).json()
        cursor = first["cursor"]
        assert cursor, path
        again = await door.get(f"{path}&cursor={cursor}", headers=house.ada.headers)
        assert again.status_code == 200, path
        foreign = await door.get(f"{path}&cursor={cursor}", headers=house.bob.headers)
        assert (foreign.status_code, foreign.json()["code"]) == (400, "bad_cursor"), path
        for place in range(0, len(cursor) - 1, 5):
            other = "A" if cursor[place] != "A" else "B"
            tampered = f"{path}&cursor={cursor[:place]}{other}{cursor[place + 1 :]}"
            assert (await door.get(tampered, headers=house.ada.headers)).status_code == 400, f"{path} {place}"
    sorted_by_title = (await door.get("/v1/entries?sort=title&limit=1", headers=house.ada.headers)).json()["cursor"]
    other_list = await door.get(f"/v1/entries?sort=year&limit=1&cursor={sorted_by_title}", headers=house.ada.headers)
    assert (other_list.status_code, other_list.json()["code"]) == (400, "bad_cursor")


async def test_a5_of_many_writers_who_saw_one_version_one_wins(door: Client, house: House) -> None:
    path = f"/v1/entries/{house.ada.ids['entry']}"
    seen = (await door.get(path, headers=house.ada.headers)).headers["etag"]
    headers = house.ada.headers | {"If-Match": seen}
    answers = await asyncio.gather(*(door.patch(path, json={"note": f"by {n}"}, headers=headers) for n in range(20)))
    assert sorted(answer.status_code for answer in answers) == [200] + [412] * 19
    kept = (await door.get(path, headers=house.ada.headers)).json()
    lost = [answer.json()["current"] for answer in answers if answer.status_code == 412]
    assert {one["data"]["note"] for one in lost} == {kept["note"]}


async def test_a6_what_is_made_twice_is_made_once(door: Client, house: House) -> None:
    making = ("POST /v1/saves", "POST /v1/tags", "POST /v1/lists", "POST /v1/highlights")
    for route in making:
        one = doors(house.ada)[route]
        answers = await asyncio.gather(*(knock(door, route, house.ada.ids, one, house.ada.headers) for _ in range(5)))
        assert {answer.status_code for answer in answers} <= {200, 201}, route
        shown = {str(answer.json().get("id") or answer.json()["entry"]["id"]) for answer in answers}
        assert shown == {one.body["id"]}, route
    for path in ("/v1/tags", "/v1/lists?limit=200"):
        listed = (await door.get(path, headers=house.ada.headers)).json()["items"]
        assert [one["name"] for one in listed].count("new") == 1
    marks = (await door.get("/v1/highlights?limit=200", headers=house.ada.headers)).json()["items"]
    assert [one["id"] for one in marks].count(make_id("new mark")) == 1


@ON_SQLITE
async def test_a10_every_answer_keeps_browsers_from_doing_more_with_it(make_client: MakeClient, desk: Desk) -> None:
    client = await make_client(base_url="https://127.0.0.1")
    house = await furnish(client, desk)
    for route, one in doors(house.ada).items():
        if route.startswith("GET") and "stream" not in route:
            answer = await knock(client, route, house.ada.ids, one, house.ada.headers)
            said = answer.headers
            assert said["x-content-type-options"] == "nosniff", route
            assert said["strict-transport-security"].startswith("max-age="), route
            assert "frame-ancestors 'none'" in said["content-security-policy"], route
            assert said["content-security-policy"].startswith("default-src 'none'"), route
            is_page = said.get("content-type", "").startswith("text/html")  # a page's own forms need their origin said
            assert said["referrer-policy"] == ("same-origin" if is_page else "no-referrer"), route
            private = one.scopes != OPEN
            assert not private or said["cache-control"] == "no-store", route
            if route in ("GET /v1/export", "GET /v1/account/export"):
                assert said["content-disposition"].startswith("attachment; filename="), route


async def test_a11_both_databases_answer_alike(request: pytest.FixtureRequest, tmp_path: Path, redis_url: str) -> None:
    said: dict[str, list[tuple[str, int, str]]] = {}
    async with AsyncExitStack() as stack:
        for engine in ("sqlite", "postgres"):
            folder = tmp_path / engine
            folder.mkdir()
            url = stack.enter_context(fresh_database(engine, request.getfixturevalue, folder))
            client, desk = await stack.enter_async_context(_served(url, redis_url, folder))
            house = await furnish(client, desk)
            desk.pokes.end()
            said[engine] = [
                (route, answer.status_code, unsigned(answer.text))
                for route, one in doors(house.ada).items()
                if not route.startswith(OF_CHANCE)
                for answer in [await knock(client, route, house.ada.ids, one, house.ada.headers)]
            ]
    for one, other in zip(said["sqlite"], said["postgres"], strict=True):
        assert one[:2] == other[:2]
        assert _settled(one[2]) == _settled(other[2]), one[0]


def _settled(text: str) -> str:
    """An answer without what is made by chance: tokens, epochs, tags of commits."""
    text = re.sub(r'"(token|epoch|url|cursor|secret|sum)":"[^"]*"', "", text)
    text = re.sub(r'"commits":\[\[.*?\]\]|"commit":\[[^\]]*\]|"buckets":\[.*?\]\]|"reader_id":"[^"]*"', "", text)
    return re.sub(r"[0-9a-f]{32,}|[\w-]{43}", "X", text)


@asynccontextmanager
async def _served(url: str, redis_url: str, folder: Path) -> Any:
    settings = Settings(
        data_dir=folder, database_url=url, redis_url=redis_url, secret_key=SECRET, limits=False, registration="open"
    )
    database, reminders = await open_database(url), Reminders(redis_url)
    desk = Desk(database, reminders, settings, Clock())
    app = create_app(settings, desk)
    async with _alive(app), httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=settings.base_url) as client:
        yield client, desk
    reminders.close()
    await database.close()
