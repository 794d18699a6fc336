"""Push and pull on the real databases: acknowledged is kept, replayed is harmless, refused stands alone."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec
import pytest
from msgspec import UNSET

from api.actions.desk import Desk
from api.actions.pull_changes import pull_changes
from api.domain.accounts import Who
from api.domain.errors import BadCursor, BadInput, DeviceForked, NotAllowed, Resync, SchemaTooOld
from tests.actions.syncing import ARXIV, KEY, beginning, data, pull, push, save
from tests.make import make_id, make_op


async def test_a_saved_paper_comes_down_on_the_other_device_with_its_paper(desk: Desk, ada: dict[str, Who]) -> None:
    answer = await push(desk, ada["laptop"], save())
    assert [(r.status, r.version) for r in answer.results] == [("applied", 1)]
    assert answer.version == 2  # the entry, then its paper
    seen = await pull(desk, ada["phone"])
    entry = data(seen[KEY])
    assert entry["saved_from"] == {"url": ARXIV, "version": None}
    assert data(seen[entry["paper_id"]])["identifiers"]["arxiv"] == ["1706.03762"]


async def test_a_push_that_is_sent_again_changes_nothing_and_gets_the_first_answer(
    desk: Desk, ada: dict[str, Who]
) -> None:
    first = await push(desk, ada["laptop"], save(), make_op(name="bad", set={"rating": 9}))
    again = await push(desk, ada["laptop"], save(), make_op(name="bad", set={"rating": 9}))
    assert [r.status for r in again.results] == ["duplicate", "duplicate"]
    assert [(r.version, r.code) for r in again.results] == [(r.version, r.code) for r in first.results]
    assert again.version == first.version


async def test_an_op_known_from_one_device_is_a_duplicate_from_another(desk: Desk, ada: dict[str, Who]) -> None:
    await push(desk, ada["laptop"], save())
    assert (await push(desk, ada["phone"], save())).results[0].status == "duplicate"


async def test_the_same_op_twice_in_one_batch_is_taken_once(desk: Desk, ada: dict[str, Who]) -> None:
    answer = await push(desk, ada["laptop"], save(), save())
    assert [r.status for r in answer.results] == ["applied", "duplicate"]


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"set": {"colour": "red"}}, "unknown_field"),
        ({"set": {"rating": 9}}, "invalid_value"),
        ({"set": {"note": "NUL \0"}}, "invalid_text"),
        ({"set": {"merged_into": KEY}}, "unknown_field"),
        ({"set": {"citekey": "no spaces"}}, "invalid_value"),
        ({"set": {"saved_from": {"url": "javascript:alert(1)"}}}, "bad_url"),
        ({"set": {"paper_id": make_id("nobody's paper")}}, "unknown_paper"),
        ({"add": {"tags": ["not an id"]}}, "invalid_value"),
        ({"op": "explode"}, "invalid_value"),
        ({"hlc": "yesterday"}, "invalid_value"),
        ({"type": "highlight", "set": {"selectors": [{"type": "Telepathy"}]}}, "invalid_value"),
    ],
)
async def test_a_wrong_op_is_refused_alone(desk: Desk, ada: dict[str, Who], wrong: dict[str, Any], code: str) -> None:
    bad = make_op(name="wrong", key=make_id("wrong")) | wrong
    answer = await push(desk, ada["laptop"], save("one"), bad, make_op(name="three", set={"rating": 3}))
    assert [(r.status, r.code) for r in answer.results] == [("applied", UNSET), ("rejected", code), ("applied", UNSET)]


async def test_a_group_is_taken_whole_or_not_at_all(desk: Desk, ada: dict[str, Who]) -> None:
    group = make_id("group")
    answer = await push(
        desk,
        ada["laptop"],
        save(group=group),
        make_op(name="bad", set={"rating": 9}, group=group),
        make_op(name="tag", type="tag", key=make_id("tag"), set={"name": "thesis"}),
    )
    assert [(r.status, r.code) for r in answer.results] == [
        ("rejected", "group"),
        ("rejected", "invalid_value"),
        ("applied", UNSET),
    ]
    assert KEY not in await pull(desk, ada["phone"])


async def test_a_sequence_used_for_another_op_is_a_cloned_profile_and_gets_a_device_of_its_own(
    desk: Desk, ada: dict[str, Who]
) -> None:
    await push(desk, ada["laptop"], save())
    with pytest.raises(DeviceForked) as forked:
        await push(desk, ada["laptop"], make_op(name="other", set={"rating": 1}))
    fresh = str(forked.value.extra["device_id"])
    answer = await push(desk, ada["laptop"], make_op(name="other", set={"rating": 1}), device_id=fresh)
    assert answer.results[0].status == "applied"


async def test_lower_sequences_that_were_never_seen_are_legal(desk: Desk, ada: dict[str, Who]) -> None:
    await push(desk, ada["laptop"], save(), first_seq=10)
    answer = await push(desk, ada["laptop"], make_op(name="early", set={"rating": 1}), first_seq=3)
    assert (answer.results[0].status, answer.acked_seq) == ("applied", 10)


async def test_saving_a_paper_again_does_not_reset_what_was_done_with_it(desk: Desk, ada: dict[str, Who]) -> None:
    await push(desk, ada["laptop"], save(set={"status": "read"}))
    await push(desk, ada["phone"], save("again", key=make_id("other key"), set={"status": "to_read"}, at=9))
    assert data((await pull(desk, ada["phone"]))[KEY])["status"] == "read"


async def test_a_deleted_entry_is_a_tombstone_that_a_late_copy_does_not_wake(desk: Desk, ada: dict[str, Who]) -> None:
    start = await beginning(desk, ada["phone"])
    answer = await push(desk, ada["laptop"], save())
    gone = make_op("delete", name="delete", base=answer.version)
    await push(desk, ada["phone"], gone)
    late = await push(desk, ada["laptop"], save("late copy"), first_seq=2)
    seen = await pull(desk, ada["phone"], cursor=start)
    assert (late.results[0].status, seen[KEY].deleted) == ("unchanged", True)


async def test_saving_the_paper_anew_brings_its_entry_back_from_the_trash(desk: Desk, ada: dict[str, Who]) -> None:
    answer = await push(desk, ada["laptop"], save(set={"note": "kept"}))
    await push(desk, ada["laptop"], make_op("delete", name="delete", base=answer.version), first_seq=2)
    await push(desk, ada["laptop"], save("anew", key=make_id("anew")), first_seq=3)
    assert data((await pull(desk, ada["phone"]))[KEY])["note"] == "kept"


async def test_an_edit_of_what_never_was_is_answered_as_gone(desk: Desk, ada: dict[str, Who]) -> None:
    answer = await push(desk, ada["laptop"], make_op(base=7, set={"rating": 1}))
    assert (answer.results[0].status, answer.results[0].code) == ("superseded", "gone")


async def test_a_highlight_may_arrive_before_its_entry(desk: Desk, ada: dict[str, Who]) -> None:
    selectors = [{"type": "TextQuoteSelector", "exact": "attention", "prefix": "", "suffix": " is"}]
    made = {"entry_id": KEY, "selectors": selectors, "color": "green", "created_at": "2026-11-20T10:00:00Z"}
    early = make_op(name="h", type="highlight", key=make_id("h"), set=made)
    await push(desk, ada["laptop"], early)
    await push(desk, ada["laptop"], save(), first_seq=2)
    shown = data((await pull(desk, ada["phone"]))[make_id("h")])
    assert (shown["entry_id"], shown["selectors"], shown["created_at"]) == (KEY, selectors, "2026-11-20T10:00:00.000Z")


async def test_every_page_size_shows_every_object_once_at_its_latest_version(desk: Desk, ada: dict[str, Who]) -> None:
    ops = [make_op(name=f"t{i}", type="tag", key=make_id(f"t{i}"), set={"name": f"tag {i}"}) for i in range(7)]
    await push(desk, ada["laptop"], *ops)
    await push(desk, ada["laptop"], make_op(name="r", type="tag", key=make_id("t0"), set={"name": "x"}), first_seq=50)
    for limit in (1, 2, 3, 7, 1000):
        seen = await pull(desk, ada["phone"], limit)
        assert (len(seen), data(seen[make_id("t0")])["name"]) == (7, "x")


async def test_a_cursor_of_another_library_or_hand_is_refused(desk: Desk, ada: dict[str, Who], bob: Who) -> None:
    foreign = (await pull_changes(desk, bob, None, 10)).cursor
    for cursor in (foreign, "AAAA", foreign[:-2] + "xx", "é"):
        with pytest.raises(BadCursor):
            await pull_changes(desk, ada["laptop"], cursor, 10)


@pytest.mark.parametrize(
    ("sql", "reason"),
    [
        ("UPDATE library_commit SET tag = 'other'", "epoch"),
        ("UPDATE library SET epoch = 'e2'", "epoch"),
        ("UPDATE library SET version = version - 1", "ahead"),
        ("UPDATE library SET version = version + 9, floor = version + 1", "floor"),
    ],
)
async def test_a_cursor_that_a_restore_or_purge_overtook_asks_for_a_resync(
    desk: Desk, ada: dict[str, Who], sql: str, reason: str
) -> None:
    await push(desk, ada["laptop"], save())
    cursor = (await pull_changes(desk, ada["laptop"], None, 10)).cursor
    await desk.database.write(lambda tx: tx.run(sql))
    with pytest.raises(Resync) as told:
        await pull_changes(desk, ada["laptop"], cursor, 10)
    assert told.value.extra["reason"] == reason


async def test_a_cursor_in_the_middle_of_a_commit_is_told_of_a_restore_too(desk: Desk, ada: dict[str, Who]) -> None:
    start = (await pull_changes(desk, ada["laptop"], None, 10)).cursor
    tags = [make_op(name=name, type="tag", key=make_id(name), set={"name": name}) for name in ("a", "b", "c")]
    await push(desk, ada["laptop"], *tags)
    cursor = (await pull_changes(desk, ada["laptop"], start, 1)).cursor
    assert len((await pull_changes(desk, ada["laptop"], cursor, 10)).changes) == 2
    await desk.database.write(lambda tx: tx.run("UPDATE library_commit SET tag = 'other'"))
    with pytest.raises(Resync):
        await pull_changes(desk, ada["laptop"], cursor, 10)


@pytest.mark.parametrize(
    ("envelope", "error"),
    [
        ({"schema": 99}, SchemaTooOld),
        ({"library_id": make_id("library bob")}, NotAllowed),
        ({"device_id": make_id("a device that nobody knows")}, DeviceForked),
        ({"epoch": "another"}, Resync),
        ({"ops": [msgspec.Raw(b'{"no": "id"}')]}, BadInput),
    ],
)
async def test_a_malformed_or_foreign_envelope_is_refused_whole(
    desk: Desk, ada: dict[str, Who], bob: Who, envelope: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error):
        await push(desk, ada["laptop"], save(), **envelope)
    assert await pull(desk, ada["laptop"]) == {}


async def test_no_version_is_skipped_while_many_write(desk: Desk, ada: dict[str, Who]) -> None:
    """A reader that follows the cursor under 8 writers sees every change at its latest version."""
    who, done, seen = ada["laptop"], asyncio.Event(), set()

    async def write(n: int) -> None:
        for i in range(5):
            key = make_id(f"{n} {i}")
            op = make_op(name=f"w{n} {i}", type="tag", key=key, set={"name": f"{n} {i}"})
            await push(desk, who, op, first_seq=1000 * n + i)

    async def read() -> None:
        cursor = None
        while True:
            last = done.is_set()
            page = await pull_changes(desk, who, cursor, 3)
            seen.update(change.key for change in page.changes)
            cursor = page.cursor
            if last and not page.more:
                return

    reader = asyncio.create_task(read())
    await asyncio.gather(*(write(n) for n in range(8)))
    done.set()
    await reader
    assert len(seen) == 40
