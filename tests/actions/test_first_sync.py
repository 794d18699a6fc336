"""A first sync: newest first, without what is gone, resumable at every page, losing nothing that moves meanwhile."""

from __future__ import annotations

import base64
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from api.actions.desk import Desk
from api.actions.pull_changes import pull_changes
from api.actions.read_index import read_index
from api.domain.accounts import Who
from api.domain.cursors import Cursor, write_cursor
from api.domain.errors import BadCursor
from tests.actions.syncing import KEY, beginning, data, pull, push, save
from tests.make import make_id, make_op


def tag(name: str, **more: Any) -> dict[str, Any]:
    """An op that makes or renames a tag."""
    return make_op(name=more.pop("op", f"tag {name}"), type="tag", key=make_id(name), set={"name": name}) | more


async def test_the_newest_come_first(desk: Desk, ada: dict[str, Who]) -> None:
    await push(desk, ada["laptop"], *(tag(f"t{i}") for i in range(5)))
    page = await pull_changes(desk, ada["phone"], None, 2)
    assert ([c.version for c in page.changes], page.more, page.upto) == ([5, 4], True, 5)


async def test_what_is_deleted_is_not_shown_to_who_never_had_it(desk: Desk, ada: dict[str, Who]) -> None:
    answer = await push(desk, ada["laptop"], tag("kept"), tag("gone"))
    gone = make_op("delete", name="delete", type="tag", key=make_id("gone"), base=answer.version)
    await push(desk, ada["laptop"], gone, first_seq=3)
    page = await pull_changes(desk, ada["phone"], None, 1)
    assert ([c.key for c in page.changes], page.more) == ([make_id("kept")], False)


async def test_a_device_that_was_told_of_an_object_before_its_first_sync_is_told_that_it_is_gone(
    desk: Desk, ada: dict[str, Who]
) -> None:
    """Found by the simulation: an answer to a push shows the survivor, and a deletion of it was never heard of."""
    await push(desk, ada["laptop"], save())
    answer = await push(desk, ada["phone"], save("again", key=make_id("other")))
    assert answer.results[0].object.key == KEY  # type: ignore[union-attr]
    await push(desk, ada["laptop"], make_op("delete", name="delete", base=answer.version), first_seq=2)
    page = await pull_changes(desk, ada["phone"], None, 10)
    assert KEY in {change.key for change in page.changes if change.deleted}


async def test_a_key_that_was_merged_is_shown_with_its_survivor(desk: Desk, ada: dict[str, Who]) -> None:
    await push(desk, ada["laptop"], save())
    await push(desk, ada["phone"], save("again", key=make_id("other")))
    assert (await pull(desk, ada["laptop"]))[make_id("other")].merged_into == KEY


async def test_what_moves_during_the_walk_is_met_again_on_the_way_up(desk: Desk, ada: dict[str, Who]) -> None:
    answer = await push(desk, ada["laptop"], *(tag(f"t{i}") for i in range(6)))
    page = await pull_changes(desk, ada["phone"], None, 2)
    renamed = tag("t0", op="rename", set={"name": "renamed"}, base=answer.version)
    removed = make_op("delete", name="delete", type="tag", key=make_id("t5"), base=answer.version)
    await push(desk, ada["laptop"], renamed, removed, first_seq=10)
    seen = {c.key: c for c in page.changes} | await pull(desk, ada["phone"], 2, page.cursor)
    assert data(seen[make_id("t0")])["name"] == "renamed"
    assert seen[make_id("t5")].deleted
    assert {make_id(f"t{i}") for i in range(6)} == set(seen)


async def test_every_page_is_a_place_to_go_on_from_twice(desk: Desk, ada: dict[str, Who]) -> None:
    await push(desk, ada["laptop"], *(tag(f"t{i}") for i in range(5)))
    seen: list[str] = []
    cursor, more = None, True
    while more:
        page = await pull_changes(desk, ada["phone"], cursor, 2)
        again = await pull_changes(desk, ada["phone"], cursor, 2)  # as after a worker that died
        assert again.changes == page.changes
        seen += [c.key for c in page.changes]
        cursor, more = page.cursor, page.more
    assert sorted(seen) == sorted(make_id(f"t{i}") for i in range(5))


async def test_after_the_walk_only_what_is_new_comes(desk: Desk, ada: dict[str, Who]) -> None:
    await push(desk, ada["laptop"], tag("old"))
    cursor = (await pull_changes(desk, ada["phone"], None, 10)).cursor
    await push(desk, ada["laptop"], tag("new"), first_seq=2)
    assert set(await pull(desk, ada["phone"], cursor=cursor)) == {make_id("new")}


async def test_a_cursor_of_before_there_were_phases_still_leads_on(desk: Desk, ada: dict[str, Who]) -> None:
    await push(desk, ada["laptop"], tag("a"), tag("b"))
    new = write_cursor(Cursor(ada["phone"].library_id, "e1", 1, 1), desk.settings.secret_key)
    body = msgspec.json.decode(base64.urlsafe_b64decode(new + "=" * (-len(new) % 4))[16:])
    assert body.pop() == 0  # the phase, which such a cursor lacks
    old = _signed(body, desk.settings.secret_key)
    assert set(await pull(desk, ada["phone"], cursor=old)) == {make_id("b")}


def _signed(body: list[Any], secret: str) -> str:
    class Old(msgspec.Struct, array_like=True):
        library_id: str
        epoch: str
        version: int
        schema: int
        tag: str

    return write_cursor(Old(*body), secret)  # type: ignore[arg-type]


async def test_a_cursor_outlives_a_change_of_keys(desk: Desk, ada: dict[str, Who]) -> None:
    await push(desk, ada["laptop"], tag("a"), tag("b"))
    cursor = (await pull_changes(desk, ada["phone"], None, 1)).cursor
    fresh = replace(desk.settings, secret_key="another secret of the tests, also long", secret_key_previous="")
    with pytest.raises(BadCursor):
        await pull_changes(replace(desk, settings=fresh), ada["phone"], cursor, 1)
    both = replace(fresh, secret_key_previous=desk.settings.secret_key)
    assert (await pull_changes(replace(desk, settings=both), ada["phone"], cursor, 1)).changes


async def test_the_index_says_what_is_saved_newest_first(desk: Desk, ada: dict[str, Who]) -> None:
    for number in range(5):
        at = f"2026-11-{10 + number}T10:00:00.000Z"
        url = f"https://arxiv.org/abs/1706.0000{number}"
        op = save(f"s{number}", url, key=make_id(f"e{number}"), set={"saved_at": at})
        await push(desk, ada["laptop"], op, first_seq=number)
    await push(desk, ada["laptop"], make_op("delete", name="d", key=make_id("e1"), base=99), first_seq=9)
    seen: list[Any] = []
    cursor: str | None = None
    while True:
        page = await read_index(desk, ada["phone"], 2, cursor)
        seen += page.items
        cursor = page.cursor
        if cursor is None:
            break
    assert [item[0] for item in seen] == [make_id(f"e{n}") for n in (4, 3, 2, 0)]
    assert (seen[0][1], seen[0][3]) == (["arxiv:1706.00004"], "to_read")
    assert isinstance(seen[0][2], str)


async def test_the_index_refuses_a_cursor_of_another_list_or_library(desk: Desk, ada: dict[str, Who], bob: Who) -> None:
    await push(desk, ada["laptop"], save(), save("two", "https://arxiv.org/abs/1706.00001", key=make_id("two")))
    cursor = (await read_index(desk, ada["phone"], 1, None)).cursor
    for who, text in ((bob, cursor), (ada["phone"], await beginning(desk, bob))):
        with pytest.raises(BadCursor):
            await read_index(desk, who, 1, text)
