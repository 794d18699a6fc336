"""Old deletions are forgotten only when the setting says so, and what was forgotten never comes back."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from api.actions.desk import Desk
from api.actions.pull_changes import pull_changes
from api.actions.purge_tombstones import purge_tombstones
from api.domain.accounts import Who
from api.domain.errors import Resync
from api.settings import read_settings
from tests.actions.devices import Device
from tests.actions.syncing import KEY, data, pull, push, save
from tests.conftest import Clock
from tests.make import make_id, make_op

DAY = 86_400


def forgetful(desk: Desk, days: int = 400) -> Desk:
    """The desk of an instance that forgets deletions after so many days."""
    return replace(desk, settings=replace(desk.settings, tombstone_days=days))


async def count(desk: Desk, table: str) -> int:
    row = await desk.database.read(lambda tx: tx.row(f"SELECT COUNT(*) AS n FROM {table}"))
    assert row is not None
    return int(row["n"])


async def test_deletions_are_kept_for_good_unless_the_setting_says_otherwise(
    desk: Desk, ada: dict[str, Who], clock: Clock
) -> None:
    await push(desk, ada["laptop"], save(), make_op("delete", name="gone", base=1))
    clock.forward(4000 * DAY)
    assert await purge_tombstones(desk) == 0
    assert await count(desk, "object") == 2


async def test_only_deletions_that_are_old_enough_are_forgotten(desk: Desk, ada: dict[str, Who], clock: Clock) -> None:
    tagged = save(add={"tags": [make_id("tag")]}, set={"citekey": "vaswani2017"})
    await push(desk, ada["laptop"], tagged, make_op("delete", name="gone", base=1))
    clock.forward(399 * DAY)
    young = make_op(name="y", type="tag", key=make_id("young"), set={"name": "young"})
    await push(desk, ada["laptop"], young, make_op("delete", name="y2", type="tag", key=make_id("young")), first_seq=9)
    assert await purge_tombstones(forgetful(desk)) == 0
    clock.forward(2 * DAY)
    assert await purge_tombstones(forgetful(desk)) == 1
    assert await purge_tombstones(forgetful(desk)) == 0
    assert (await count(desk, "member"), await count(desk, "citekey")) == (0, 0)
    start = (await pull_changes(desk, ada["phone"], None, 10)).cursor
    assert await pull(desk, ada["phone"], cursor=start) == {}
    assert await count(desk, "object") == 2  # the paper, and the young tombstone


async def test_a_device_that_slept_through_a_purge_starts_anew_and_keeps_its_outbox(
    desk: Desk, ada: dict[str, Who], clock: Clock
) -> None:
    laptop, phone = Device(desk, ada["laptop"]), Device(desk, ada["phone"])
    await laptop.push(key=make_id("gone"), set={"name": "gone"})
    await laptop.push(key=make_id("kept"), set={"name": "kept"})
    await laptop.sync()
    await phone.sync()
    clock.forward(60)
    await laptop.push("delete", key=make_id("gone"))
    await laptop.sync()
    clock.forward(401 * DAY)
    assert await purge_tombstones(forgetful(desk)) == 1
    with pytest.raises(Resync) as told:
        await phone.pull()
    assert told.value.extra["reason"] == "floor"
    # What it had written meanwhile goes out: the edit of what was purged is answered, and wakes nothing.
    late = await phone.push(key=make_id("gone"), set={"name": "back from the dead"})
    own = await phone.push(key=make_id("kept"), set={"name": "edited offline"})
    assert [(r.status, r.code) for r in late.results] == [("superseded", "gone")]
    assert own.results[0].status == "applied"
    phone.rows, phone.cursor = {}, None
    await phone.pull()
    assert set(phone.rows) == {make_id("kept")}
    assert data(phone.rows[make_id("kept")])["name"] == "edited offline"


async def test_a_device_that_kept_up_is_not_disturbed(desk: Desk, ada: dict[str, Who], clock: Clock) -> None:
    laptop = Device(desk, ada["laptop"])
    await laptop.push(key=make_id("gone"), set={"name": "gone"})
    await laptop.sync()
    await laptop.push("delete", key=make_id("gone"))
    await laptop.sync()
    clock.forward(401 * DAY)
    await purge_tombstones(forgetful(desk))
    assert await laptop.sync() is None


async def test_a_key_that_was_merged_outlives_the_purge_while_its_survivor_lives(
    desk: Desk, ada: dict[str, Who], clock: Clock
) -> None:
    old, young = sorted((make_id("t1"), make_id("t2")))
    tag = make_op(name="a", type="tag", key=young, set={"name": "Thesis"})
    await push(desk, ada["laptop"], tag, save(add={"tags": [young]}))
    await push(desk, ada["phone"], make_op(name="b", type="tag", key=old, set={"name": "thesis"}))
    clock.forward(401 * DAY)
    assert await purge_tombstones(forgetful(desk)) == 0
    assert data((await pull(desk, ada["phone"]))[KEY])["tags"] == [old]
    gone = make_op("delete", name="c", type="tag", key=old, base=99)
    await push(desk, ada["phone"], gone, first_seq=9)
    clock.forward(401 * DAY)
    assert await purge_tombstones(forgetful(desk)) == 2  # with its survivor it goes


async def test_a_paper_whose_entry_was_purged_can_be_saved_again(desk: Desk, ada: dict[str, Who], clock: Clock) -> None:
    await push(desk, ada["laptop"], save(), make_op("delete", name="gone", base=1))
    clock.forward(401 * DAY)
    await purge_tombstones(forgetful(desk))
    answer = await push(desk, ada["laptop"], save("anew", key=make_id("anew")), first_seq=9)
    assert answer.results[0].status == "applied"
    assert make_id("anew") in await pull(desk, ada["phone"])


@pytest.mark.parametrize("days", ["1", "399", "-1"])
def test_nobody_can_forget_sooner_than_after_400_days(days: str) -> None:
    with pytest.raises(ValueError, match="SCHOLIUM_TOMBSTONE_DAYS"):
        read_settings({"SCHOLIUM_TOMBSTONE_DAYS": days})
    assert read_settings({"SCHOLIUM_TOMBSTONE_DAYS": "400"}).tombstone_days == 400
