"""A device comes back after the deletions that it slept through were forgotten: nothing rises from the dead."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from api.store.database import open_database
from api.store.tombstones import purge
from tests.durability.browsers import Browser
from tests.durability.conftest import Service
from tests.durability.devices import HttpDevice, new_key
from tests.durability.scale import engines, scaled

DELETED = scaled(10_000, 210)
LIVING = 20
EDITS = 20  # made offline: half of what was deleted, the rest of what lives and of what is new
STAMP = "2026-11-20T10:00:00.000Z"
SignIn = Callable[[str, str], HttpDevice]


@engines("postgres")
async def test_nothing_is_resurrected_and_every_offline_edit_is_accounted_for(
    service: Service, sign_in: SignIn, browsers: Callable[[], Browser]
) -> None:
    desktop, away = sign_in(service.url, "desktop"), browsers()
    away.connect(service.url, sign_in(service.url, "laptop"))
    doomed, living = make_tags(desktop, DELETED), make_tags(desktop, LIVING)
    away.sync()
    assert away.live().keys() == {*doomed, *living}

    throw_away(service, sign_in, doomed)
    assert await forget(service.environment["SCHOLIUM_DATABASE_URL"], desktop.library) == DELETED
    edited_dead, edited_living = doomed[: EDITS // 2], living[: EDITS // 4]
    fresh = [new_key() for _ in range(EDITS // 4)]
    for key in [*edited_dead, *edited_living]:
        away.add({"type": "tag", "key": key, "op": "put", "set": {"color": "#ff0000"}})
    for key in fresh:
        away.add({"type": "tag", "key": key, "op": "put", "set": {"name": f"new {key}", "created_at": STAMP}})

    away.sync()
    now = desktop.library_now()
    assert now.keys() == {*living, *fresh}
    assert all(now[key]["data"]["color"] == "#ff0000" for key in edited_living)
    shown = away.shown()
    binned = {row["key"]: row["data"]["color"] for row in shown["bin"]}
    assert binned.keys() == set(doomed)  # a person can put each of them back, with the edit on it
    assert {key for key, color in binned.items() if color == "#ff0000"} == set(edited_dead)
    assert not shown["outbox"]
    assert away.live().keys() == now.keys()


def make_tags(device: HttpDevice, count: int) -> list[str]:
    """So many tags, pushed in full batches."""
    keys = [new_key() for _ in range(count)]
    for start in range(0, count, 200):
        device.push(*(device.tag(key, f"tag {key}") for key in keys[start : start + 200]))
    return keys


def throw_away(service: Service, sign_in: SignIn, keys: list[str]) -> None:
    """Delete them one by one, as a script would, and say yes to what the guard against mass deletion holds."""
    scripts = [sign_in(service.url, f"script {n}") for n in range(4)]

    def drop(numbered: tuple[int, str]) -> int:
        number, key = numbered
        return scripts[number % 4].client.delete(f"/v1/tags/{key}").status_code

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(drop, enumerate(keys))) <= {204, 409}
    while held := scripts[0].client.get("/v1/sync/held").json()["items"]:
        for one in held:
            said = scripts[0].client.post(f"/v1/sync/held/{one['id']}", json={"action": "confirm"})
            assert said.status_code in (200, 404), said.text  # 404: it went with the group of another


async def forget(url: str, library: str) -> int:
    """Purge every deletion there is; how many."""
    database = await open_database(url)
    try:
        return await database.write(lambda tx: purge(tx, library, 2**53))
    finally:
        await database.close()
