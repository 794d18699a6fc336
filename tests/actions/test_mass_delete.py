"""Deletions by the hundred are held until a person says whether they were meant; nothing of them is lost."""

from __future__ import annotations

from typing import Any

import pytest

from api.actions.desk import Desk
from api.actions.edit_object import DeletionHeld, EditWish, edit_object
from api.actions.settle_held import HeldItem, list_held, settle_all, settle_held
from api.domain.accounts import Who
from api.domain.errors import BadCursor, NotFound
from api.domain.mass_delete import is_mass_delete
from tests.actions.syncing import data, pull, push
from tests.conftest import Clock
from tests.make import make_id, make_op


async def fill(desk: Desk, who: Who, count: int) -> None:
    """A library with so many tags."""
    for start in range(0, count, 200):
        names = [f"t{i}" for i in range(start, min(start + 200, count))]
        ops = [make_op(name=n, type="tag", key=make_id(n), set={"name": n}) for n in names]
        await push(desk, who, *ops, first_seq=start)


def deletes(first: int, past: int, **more: Any) -> list[dict[str, Any]]:
    """Ops that delete some of those tags."""
    more = {"type": "tag", "base": 10**6} | more
    return [make_op("delete", name=f"d{i}", key=make_id(f"t{i}"), **more) for i in range(first, past)]


async def held(desk: Desk, who: Who) -> list[HeldItem]:
    return (await list_held(desk, who, 200, None)).items


@pytest.mark.parametrize(
    ("deleted", "of", "beyond"),
    [(49, 50, False), (50, 100, True), (50, 199, True), (50, 200, False), (199, 1000, False), (200, 10_000, True)],
)
def test_a_quarter_of_the_library_or_two_hundred_is_too_much(deleted: int, of: int, beyond: bool) -> None:
    assert is_mass_delete(deleted, of) is beyond


async def test_a_mass_deletion_is_held_and_its_neighbours_are_taken(desk: Desk, ada: dict[str, Who]) -> None:
    await fill(desk, ada["laptop"], 100)
    rename = make_op(name="rename", type="tag", key=make_id("t99"), set={"name": "kept"}, base=10**6)
    answer = await push(desk, ada["laptop"], *deletes(0, 60), rename, first_seq=500)
    assert [r.status for r in answer.results] == ["held"] * 60 + ["applied"]
    assert len(await pull(desk, ada["phone"])) == 100
    shown = await held(desk, ada["phone"])
    assert {one.key for one in shown} == {make_id(f"t{i}") for i in range(60)}
    assert (shown[0].type, shown[0].op, shown[0].device_id) == ("tag", "delete", ada["laptop"].device_id)


async def test_few_deletions_are_taken_however_small_the_library(desk: Desk, ada: dict[str, Who]) -> None:
    await fill(desk, ada["laptop"], 49)
    answer = await push(desk, ada["laptop"], *deletes(0, 49), first_seq=500)
    assert {r.status for r in answer.results} == {"applied"}
    assert await held(desk, ada["laptop"]) == []


async def test_many_small_batches_are_seen_together_until_ten_minutes_passed(
    desk: Desk, ada: dict[str, Who], clock: Clock
) -> None:
    await fill(desk, ada["laptop"], 100)
    seq = 500
    for start in (0, 20):
        answer = await push(desk, ada["laptop"], *deletes(start, start + 20), first_seq=seq + start)
        assert {r.status for r in answer.results} == {"applied"}
    answer = await push(desk, ada["laptop"], *deletes(40, 60), first_seq=600)
    assert {r.status for r in answer.results} == {"held"}
    clock.forward(11 * 60)
    answer = await push(desk, ada["laptop"], *deletes(60, 80), first_seq=700)
    assert {r.status for r in answer.results} == {"applied"}


async def test_each_device_is_counted_by_itself_and_only_what_it_deletes(desk: Desk, ada: dict[str, Who]) -> None:
    await fill(desk, ada["laptop"], 100)
    await push(desk, ada["laptop"], *deletes(0, 40), first_seq=500)
    again = [op | {"id": make_id(f"again {i}")} for i, op in enumerate(deletes(0, 40))]  # all gone already
    assert {r.status for r in (await push(desk, ada["laptop"], *again, first_seq=600)).results} == {"unchanged"}
    answer = await push(desk, ada["phone"], *deletes(50, 80), first_seq=1)
    assert {r.status for r in answer.results} == {"applied"}


async def test_two_hundred_are_held_in_a_large_library(desk: Desk, ada: dict[str, Who]) -> None:
    await fill(desk, ada["laptop"], 1000)
    first = await push(desk, ada["laptop"], *deletes(0, 150), first_seq=2000)
    second = await push(desk, ada["laptop"], *deletes(150, 200), first_seq=3000)
    assert ({r.status for r in first.results}, {r.status for r in second.results}) == ({"applied"}, {"held"})


async def test_a_held_push_that_is_sent_again_is_still_held_and_kept_once(desk: Desk, ada: dict[str, Who]) -> None:
    await fill(desk, ada["laptop"], 100)
    first = await push(desk, ada["laptop"], *deletes(0, 60), first_seq=500)
    again = await push(desk, ada["laptop"], *deletes(0, 60), first_seq=500)
    assert (again.results, again.version) == (first.results, first.version)
    assert len(await held(desk, ada["laptop"])) == 60


async def test_a_confirmed_deletion_is_taken_as_it_came(desk: Desk, ada: dict[str, Who]) -> None:
    await fill(desk, ada["laptop"], 100)
    await push(desk, ada["laptop"], *deletes(0, 60), first_seq=500)
    settled = await settle_held(desk, ada["phone"], make_id("d7"), "confirm")
    assert [(r.id, r.status, r.version) for r in settled.results] == [(make_id("d7"), "applied", settled.version)]
    assert make_id("t7") not in await pull(desk, ada["phone"])
    again = await push(desk, ada["laptop"], *deletes(7, 8), first_seq=507)
    assert [(r.status, r.version) for r in again.results] == [("duplicate", settled.version)]
    assert len(await held(desk, ada["laptop"])) == 59


async def test_a_discarded_deletion_is_as_if_it_had_never_been(desk: Desk, ada: dict[str, Who]) -> None:
    await fill(desk, ada["laptop"], 100)
    await push(desk, ada["laptop"], *deletes(0, 60), first_seq=500)
    settled = await settle_held(desk, ada["phone"], make_id("d7"), "discard")
    assert [(r.status, r.code) for r in settled.results] == [("rejected", "discarded")]
    assert data((await pull(desk, ada["phone"]))[make_id("t7")])["name"] == "t7"
    again = await push(desk, ada["laptop"], *deletes(7, 8), first_seq=507)
    assert [(r.status, r.code) for r in again.results] == [("duplicate", "discarded")]


async def test_an_edit_made_meanwhile_elsewhere_speaks_against_a_confirmed_deletion(
    desk: Desk, ada: dict[str, Who]
) -> None:
    await fill(desk, ada["laptop"], 100)
    await push(desk, ada["laptop"], *[op | {"base": 100} for op in deletes(0, 60)], first_seq=500)
    later = make_op(name="later", type="tag", key=make_id("t7"), set={"name": "mine"}, base=100, at=5000)
    await push(desk, ada["phone"], later)
    settled = await settle_held(desk, ada["laptop"], make_id("d7"), "confirm")
    assert settled.results[0].status == "superseded"
    assert data((await pull(desk, ada["phone"]))[make_id("t7")])["name"] == "mine"


async def test_a_group_with_a_held_deletion_is_held_and_settled_whole(desk: Desk, ada: dict[str, Who]) -> None:
    await fill(desk, ada["laptop"], 100)
    group = make_id("group")
    rename = make_op(name="rename", type="tag", key=make_id("t0"), set={"name": "zero"}, base=10**6, group=group)
    answer = await push(desk, ada["laptop"], *deletes(1, 60), rename, *deletes(60, 61, group=group), first_seq=500)
    assert {r.status for r in answer.results} == {"held"}
    settled = await settle_held(desk, ada["laptop"], make_id("d60"), "confirm")
    assert [(r.id, r.status) for r in settled.results] == [(make_id("rename"), "applied"), (make_id("d60"), "applied")]
    assert data((await pull(desk, ada["phone"]))[make_id("t0")])["name"] == "zero"


async def test_held_ops_are_paged_and_nobody_elses(desk: Desk, ada: dict[str, Who], bob: Who) -> None:
    await fill(desk, ada["laptop"], 100)
    await push(desk, ada["laptop"], *deletes(0, 60), first_seq=500)
    first = await list_held(desk, ada["laptop"], 40, None)
    second = await list_held(desk, ada["laptop"], 40, first.cursor)
    assert (len(first.items), len(second.items), second.cursor) == (40, 20, None)
    assert len({one.id for one in (*first.items, *second.items)}) == 60
    assert await held(desk, bob) == []
    with pytest.raises(BadCursor):
        await list_held(desk, bob, 40, first.cursor)
    with pytest.raises(NotFound):
        await settle_held(desk, bob, make_id("d7"), "confirm")
    assert first.items[0].group is None


@pytest.mark.parametrize(("action", "left"), [("confirm", 40), ("discard", 100)])
async def test_all_that_is_held_is_settled_at_once(
    desk: Desk, ada: dict[str, Who], bob: Who, action: Any, left: int
) -> None:
    await fill(desk, ada["laptop"], 100)
    await push(desk, ada["laptop"], *deletes(0, 60), first_seq=500)
    assert (await settle_all(desk, bob, action)).settled == 0
    settled = await settle_all(desk, ada["phone"], action)
    assert (settled.settled, settled.more, await held(desk, ada["phone"])) == (60, False, [])
    assert len(await pull(desk, ada["phone"])) == left
    assert (await settle_all(desk, ada["phone"], action)).settled == 0


async def test_settling_in_parts_takes_no_part_of_a_group(
    desk: Desk, ada: dict[str, Who], monkeypatch: pytest.MonkeyPatch
) -> None:
    await fill(desk, ada["laptop"], 100)
    grouped = deletes(10, 60, group=make_id("group"))
    await push(desk, ada["laptop"], *deletes(0, 10), *grouped, first_seq=500)
    monkeypatch.setattr("api.actions.settle_held.MOST_SETTLED", 59)
    first = await settle_all(desk, ada["phone"], "confirm")
    assert (first.settled, first.more) == (10, True)


async def delete(desk: Desk, who: Who, first: int, past: int) -> list[str]:
    """Delete some of those tags one by one, as a script does; returns the ids under which deletions are held."""
    waiting: list[str] = []
    for i in range(first, past):
        try:
            await edit_object(desk, who, EditWish("tag", make_id(f"t{i}"), op="delete"))
        except DeletionHeld as held:
            waiting.append(str(held.extra["held"]))
    return waiting


async def test_deletions_by_script_count_by_the_same_rule_and_each_is_held_once(
    desk: Desk, ada: dict[str, Who]
) -> None:
    await fill(desk, ada["laptop"], 100)
    assert await delete(desk, ada["laptop"], 0, 49) == []
    waiting = await delete(desk, ada["laptop"], 49, 60)
    assert (len(set(waiting)), await delete(desk, ada["laptop"], 49, 60)) == (11, waiting)
    assert len(await pull(desk, ada["phone"])) == 51
    shown = await held(desk, ada["phone"])
    assert {one.key for one in shown} == {make_id(f"t{i}") for i in range(49, 60)}
    assert {one.device_id for one in shown} == {ada["laptop"].device_id}
    assert await delete(desk, ada["phone"], 90, 95) == []


async def test_deletions_by_script_and_by_sync_are_counted_together(desk: Desk, ada: dict[str, Who]) -> None:
    await fill(desk, ada["laptop"], 100)
    await push(desk, ada["laptop"], *deletes(0, 45), first_seq=500)
    assert len(await delete(desk, ada["laptop"], 45, 50)) == 1
    answer = await push(desk, ada["laptop"], *deletes(60, 61), first_seq=600)
    assert [r.status for r in answer.results] == ["held"]


async def test_a_held_deletion_by_script_waits_for_a_person_also_when_the_ten_minutes_are_over(
    desk: Desk, ada: dict[str, Who], clock: Clock
) -> None:
    await fill(desk, ada["laptop"], 100)
    [*_, last] = await delete(desk, ada["laptop"], 0, 51)
    clock.forward(11 * 60)
    assert await delete(desk, ada["laptop"], 50, 51) == [last]
    settled = await settle_held(desk, ada["phone"], last, "confirm")
    assert [(r.status, r.version) for r in settled.results] == [("applied", settled.version)]
    assert make_id("t50") not in await pull(desk, ada["phone"])
    await settle_all(desk, ada["phone"], "discard")
    assert await delete(desk, ada["laptop"], 49, 50) == []
    assert make_id("t49") not in await pull(desk, ada["phone"])


async def test_an_edit_made_while_a_deletion_by_script_waits_speaks_against_it(
    desk: Desk, ada: dict[str, Who], clock: Clock
) -> None:
    await fill(desk, ada["laptop"], 100)
    [*_, last] = await delete(desk, ada["laptop"], 0, 50)
    clock.forward(1)
    await edit_object(desk, ada["phone"], EditWish("tag", make_id("t49"), set={"name": "mine"}))
    assert (await settle_held(desk, ada["laptop"], last, "confirm")).results[0].status == "superseded"
    assert data((await pull(desk, ada["phone"]))[make_id("t49")])["name"] == "mine"
