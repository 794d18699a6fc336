"""A server that was restored from a backup heals from its devices: what was acknowledged later comes back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from api.actions.desk import Desk
from api.actions.pull_changes import pull_changes
from api.actions.resync import ResyncWish, resync
from api.domain.accounts import Who
from api.domain.errors import Resync
from api.store.database import Tx, Value, upsert
from api.store.epochs import start_epoch
from tests.actions.devices import Device
from tests.actions.syncing import ARXIV, data, push
from tests.conftest import Clock
from tests.make import make_id, make_op

TABLES = {  # in the order in which they can be filled, each with its key
    "library": ("id",),
    "library_epoch": ("library_id", "epoch"),
    "library_commit": ("library_id", "version"),
    "paper": ("id",),
    "paper_identifier": ("scheme", "value"),
    "observation": ("paper_id", "source", "asked"),
    "object": ("library_id", "key"),
    "member": ("library_id", "key", "field", "member"),
    "citekey": ("library_id", "folded"),
    "op": ("library_id", "op_id"),
    "sequence": ("library_id", "device_id", "seq"),
    "ack": ("library_id", "device_id"),
}
Rows = dict[str, list[dict[str, Value]]]
Restore = Callable[[Rows], Awaitable[None]]


async def backup(desk: Desk) -> Rows:
    """Every row of what a library consists of."""

    async def work(tx: Tx) -> Rows:
        return {table: [dict(row) for row in await tx.rows(f"SELECT * FROM {table}")] for table in TABLES}  # type: ignore[call-overload]

    return await desk.database.read(work)


@pytest.fixture(params=["by command", "by hand"])
def restore(request: pytest.FixtureRequest, desk: Desk, ada: dict[str, Who]) -> Restore:
    """Puts a backup in place; by command it starts a new epoch, by hand nobody tells the server."""

    async def work(tx: Tx, rows: Rows) -> None:
        for table in reversed(TABLES):
            await tx.run(f"DELETE FROM {table}")
        for table, key in TABLES.items():
            await upsert(tx, table, key, rows[table])
        if request.param == "by command":
            version = rows["library"][0]["version"]
            assert isinstance(version, int)
            await start_epoch(tx, ada["laptop"].library_id, version, desk.now())

    async def run(rows: Rows) -> None:
        await desk.database.write(lambda tx: work(tx, rows))

    return run


@pytest.fixture
async def two(desk: Desk, ada: dict[str, Who], clock: Clock) -> tuple[Device, Device]:
    """A laptop and a phone that hold the tags `a`, `b`, `c` and the entry `e`, tagged with `a`."""
    laptop, phone = Device(desk, ada["laptop"]), Device(desk, ada["phone"])
    for name in "abc":
        await laptop.push(key=make_id(name), set={"name": name})
    wanted = {"saved_from": {"url": ARXIV}, "saved_at": "2026-11-20T10:00:00.000Z", "status": "to_read"}
    await laptop.push(key=make_id("e"), type_="entry", set=wanted, add={"tags": [make_id("a")]})
    for device in (laptop, phone):
        await device.sync()
    clock.forward(60)
    return laptop, phone


async def test_everything_acknowledged_after_the_backup_comes_back_from_the_devices(
    desk: Desk, two: tuple[Device, Device], restore: Restore, clock: Clock
) -> None:
    laptop, phone = two
    kept = await backup(desk)
    await laptop.push(key=make_id("a"), set={"name": "renamed"})
    await laptop.push("delete", key=make_id("b"))
    await phone.push(key=make_id("new"), set={"name": "new"})
    other = {"saved_from": {"url": "https://arxiv.org/abs/1706.00001"}, "saved_at": "2026-11-21T10:00:00.000Z"}
    await phone.push(key=make_id("e2"), type_="entry", set=other | {"note": "mine"}, add={"tags": [make_id("c")]})
    tags = {"add": {"tags": [make_id("c")]}, "del": {"tags": [make_id("a")]}}
    await phone.push(key=make_id("e"), type_="entry", set={"status": "read"}, **tags)
    for device in two:
        await device.sync()
        clock.forward(60)
    await restore(kept)
    assert await laptop.sync() in ("epoch", "ahead")
    clock.forward(60)
    assert await phone.sync() in ("epoch", "ahead")
    await laptop.sync()
    for device in two:
        assert data(device.rows[make_id("a")])["name"] == "renamed"
        assert device.rows.get(make_id("b")) is None or device.rows[make_id("b")].deleted
        assert data(device.rows[make_id("new")])["name"] == "new"
        entry, second = data(device.rows[make_id("e")]), data(device.rows[make_id("e2")])
        assert (entry["status"], entry["tags"]) == ("read", [make_id("c")])
        assert (second["note"], second["tags"]) == ("mine", [make_id("c")])
        assert data(device.rows[second["paper_id"]])["identifiers"]["arxiv"] == ["1706.00001"]


async def test_the_device_that_knew_more_wins_whichever_comes_back_first(
    desk: Desk, two: tuple[Device, Device], restore: Restore, clock: Clock
) -> None:
    laptop, phone = two
    kept = await backup(desk)
    await laptop.push(key=make_id("e"), type_="entry", set={"status": "reading"})
    await laptop.push(key=make_id("a"), set={"color": "red"})
    await laptop.sync()
    await phone.sync()
    clock.forward(60)
    await phone.push(key=make_id("e"), type_="entry", set={"status": "read"})
    await phone.push("delete", key=make_id("a"))
    await phone.sync()  # the laptop still holds what it was before
    clock.forward(60)
    await restore(kept)
    for first, second in ((phone, laptop), (laptop, phone)):
        await first.sync()
        clock.forward(60)
        await second.sync()
        await first.sync()
    for device in two:
        assert data(device.rows[make_id("e")])["status"] == "read"
        assert device.rows.get(make_id("a")) is None or device.rows[make_id("a")].deleted


async def test_an_edit_made_after_the_restore_is_not_undone_by_a_device_that_comes_back_later(
    desk: Desk, two: tuple[Device, Device], restore: Restore, clock: Clock
) -> None:
    laptop, phone = two
    kept = await backup(desk)
    await laptop.push(key=make_id("a"), set={"name": "before"})
    for device in two:
        await device.sync()
    clock.forward(60)
    await restore(kept)
    await phone.sync()
    clock.forward(60)
    await phone.push(key=make_id("a"), set={"name": "after"})
    await phone.push("delete", key=make_id("b"))
    clock.forward(60)
    await laptop.sync()
    await phone.sync()
    assert data(laptop.rows[make_id("a")])["name"] == "after"
    for device in two:
        assert device.rows.get(make_id("b")) is None or device.rows[make_id("b")].deleted


async def test_a_cursor_and_a_push_of_the_epoch_before_are_told(desk: Desk, two: tuple[Device, Device]) -> None:
    laptop, _ = two
    was = (await pull_changes(desk, laptop.who, laptop.cursor, 1)).epoch
    epoch = await desk.database.write(lambda tx: start_epoch(tx, laptop.who.library_id, 5, desk.now()))
    with pytest.raises(Resync):
        await pull_changes(desk, laptop.who, laptop.cursor, 1)
    with pytest.raises(Resync):
        await push(desk, laptop.who, make_op(), epoch=was, first_seq=99)
    assert (await push(desk, laptop.who, make_op(), epoch=epoch, first_seq=99)).epoch == epoch
    rows = await desk.database.read(lambda tx: tx.rows("SELECT epoch, parent, at_version FROM library_epoch"))
    assert [(row["epoch"], row["parent"], row["at_version"]) for row in rows] == [(epoch, was, 5)]


async def test_the_highest_commit_that_both_know_is_common(desk: Desk, ada: dict[str, Who], bob: Who) -> None:
    who, commits = ada["laptop"], []
    for number in range(3):
        made = make_op(name=f"o{number}", type="tag", key=make_id(f"t{number}"), set={"name": f"n{number}"})
        await push(desk, who, made, first_seq=number)
        commits.append((await pull_changes(desk, who, None, 1)).commit)

    async def common(who: Who, *pairs: tuple[int, str]) -> int:
        return (await resync(desk, who, ResyncWish(list(pairs)))).at_version

    assert await common(who, *commits) == 3
    assert await common(who, commits[1], (3, "lost"), (9, commits[2][1]), commits[0]) == 2
    assert await common(who, (3, "lost")) == 0
    assert await common(who) == 0
    assert await common(bob, *commits) == 0


async def test_a_page_names_the_commits_that_it_passes(desk: Desk, ada: dict[str, Who]) -> None:
    who, commits = ada["laptop"], []
    start = (await pull_changes(desk, who, None, 1)).cursor
    for number in range(4):
        made = make_op(name=f"o{number}", type="tag", key=make_id(f"t{number}"), set={"name": f"n{number}"})
        await push(desk, who, made, first_seq=number)
        commits.append((await pull_changes(desk, who, None, 1)).commit)
    first = await pull_changes(desk, who, start, 2)
    rest = await pull_changes(desk, who, first.cursor, 2)
    assert (first.commits, rest.commits) == (commits[:2], commits[2:3])
    assert (await pull_changes(desk, who, None, 9)).commits == commits[:3]
    assert (await pull_changes(desk, who, rest.cursor, 9)).commits == []


async def test_a_tag_taken_off_stays_off_though_nobody_pulled_between_its_coming_and_the_backup(
    desk: Desk, two: tuple[Device, Device], restore: Restore, clock: Clock
) -> None:
    laptop, phone = two
    await laptop.push(key=make_id("e"), type_="entry", add={"tags": [make_id("a")]})
    kept = await backup(desk)
    await laptop.push(key=make_id("e"), type_="entry", **{"del": {"tags": [make_id("a")]}})
    for device in two:
        await device.sync()
    clock.forward(60)
    await restore(kept)
    for device in (phone, laptop, phone):
        await device.sync()
    assert data(phone.rows[make_id("e")])["tags"] == []


async def test_a_status_that_one_device_alone_had_seen_outlives_what_the_other_pulled_later(
    desk: Desk, two: tuple[Device, Device], restore: Restore, clock: Clock
) -> None:
    laptop, phone = two
    kept = await backup(desk)
    await laptop.push(key=make_id("e"), type_="entry", set={"rating": 1})
    await laptop.sync()
    await phone.sync()
    await phone.push(key=make_id("e"), type_="entry", set={"status": "read"})
    await phone.sync()
    clock.forward(60)
    laptop.pulled_at += 60_000  # as where its clock is lifted over one that ran ahead
    await restore(kept)
    for device in (laptop, phone, laptop):
        await device.sync()
    assert data(laptop.rows[make_id("e")])["status"] == "read"
