"""What has lain in the trash for 30 days is erased: its deletion stays known, and nothing that a person wrote."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec import UNSET
from msgspec.structs import replace

from api.actions.desk import Desk
from api.actions.edit_object import EditWish, edit_object
from api.actions.empty_trash import empty_trash
from api.actions.list_trash import list_trash
from api.domain.accounts import Who
from api.domain.errors import NotFound
from api.settings import read_settings
from tests.actions.devices import Device
from tests.actions.syncing import KEY, beginning, data, pull, push, save
from tests.conftest import Clock
from tests.make import make_id, make_op

DAY = 86_400
MARK, TAG = make_id("mark"), make_id("tag")
SECRET_WORDS = ("nobody may read this", "a quoted passage", "a tag of mine", "mykey2017")


def written() -> list[dict[str, Any]]:
    """A paper with a note, a citation key, a tag and a highlight: all that a person may want gone."""
    mark = {
        "entry_id": KEY,
        "manifestation": "https://arxiv.org/abs/1706.03762",
        "selectors": [{"type": "TextQuoteSelector", "exact": "a quoted passage"}],
        "comment": "nobody may read this",
    }
    return [
        make_op(name="t", type="tag", key=TAG, set={"name": "a tag of mine"}),
        save(set={"note": "nobody may read this", "citekey": "mykey2017"}, add={"tags": [TAG]}),
        make_op(name="m", type="highlight", key=MARK, set=mark),
    ]


async def thrown_away(desk: Desk, who: Who, clock: Clock, *keys: tuple[str, str]) -> None:
    """Write all of it, throw these away, and let 31 days go by."""
    await push(desk, who, *written())
    for type_, key in keys:
        await edit_object(desk, who, EditWish(type_, key, op="delete"))
    clock.forward(31 * DAY)


async def stored(desk: Desk) -> str:
    """Every row of the library, as text."""
    text = ""
    for table in ("object", "member", "citekey"):
        rows = await desk.database.read(lambda tx, t=table: tx.rows(f"SELECT * FROM {t}"))  # type: ignore[misc]
        text += "\n".join(str(dict(row)) for row in rows)
    return text


async def test_nothing_that_was_written_is_left_after_thirty_days(
    desk: Desk, ada: dict[str, Who], clock: Clock
) -> None:
    who = ada["laptop"]
    await thrown_away(desk, who, clock, ("tag", TAG), ("entry", KEY))
    before = await stored(desk)
    assert all(words in before for words in SECRET_WORDS)
    assert await empty_trash(desk) == 3  # the highlight goes with its entry
    after = await stored(desk)
    assert not [words for words in SECRET_WORDS if words in after]
    assert (await list_trash(desk, who.library_id, 50, None)).items == []
    assert await empty_trash(desk) == 0


async def test_more_than_one_transaction_takes_is_emptied_all_the_same(
    desk: Desk, ada: dict[str, Who], clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.store.blanks._MOST", 1)
    monkeypatch.setattr("api.store.blanks._MOST_HIGHLIGHTS", 1)
    await thrown_away(desk, ada["laptop"], clock, ("tag", TAG), ("entry", KEY))
    assert await empty_trash(desk) == 3
    after = await stored(desk)
    assert not [words for words in SECRET_WORDS if words in after]


async def test_what_is_younger_stays_whole_and_can_be_brought_back(
    desk: Desk, ada: dict[str, Who], clock: Clock
) -> None:
    who = ada["laptop"]
    await thrown_away(desk, who, clock, ("tag", TAG))
    await edit_object(desk, who, EditWish("entry", KEY, op="delete"))
    clock.forward(29 * DAY)
    assert await empty_trash(desk) == 1
    await edit_object(desk, who, EditWish("entry", KEY, op="restore"))
    assert data((await pull(desk, who))[KEY])["note"] == "nobody may read this"
    for key in (TAG, make_id("nothing")):
        with pytest.raises(NotFound):
            await edit_object(desk, who, EditWish("tag", key, op="restore"))


async def test_devices_keep_their_cursor_and_hear_only_of_highlights_that_went_with_their_entry(
    desk: Desk, ada: dict[str, Who], clock: Clock
) -> None:
    who = ada["laptop"]
    cursor = await beginning(desk, who)
    await thrown_away(desk, who, clock, ("entry", KEY))
    before = await pull(desk, ada["phone"], cursor=cursor)
    await empty_trash(desk)
    after = await pull(desk, ada["phone"], cursor=cursor)
    assert {key for key, change in after.items() if change != before[key]} == {MARK}
    assert (after[MARK].deleted, after[MARK].data) == (True, UNSET)
    assert after[KEY] == before[KEY]


async def test_an_edit_by_who_had_seen_it_wakes_nothing_and_says_that_it_is_gone(
    desk: Desk, ada: dict[str, Who], clock: Clock
) -> None:
    laptop, phone = Device(desk, ada["laptop"]), Device(desk, ada["phone"])
    await push(desk, ada["laptop"], *written())
    await phone.sync()
    await edit_object(desk, ada["laptop"], EditWish("entry", KEY, op="delete"))
    clock.forward(31 * DAY)
    await empty_trash(desk)
    for op in ("put", "restore"):
        more = {"set": {"note": "written on a journey"}} if op == "put" else {}
        answer = await phone.push(op, key=KEY, type_="entry", **more)
        assert [(r.status, r.code) for r in answer.results] == [("superseded", "gone")]
    await laptop.sync()
    assert KEY not in {k for k, c in (await pull(desk, ada["laptop"])).items() if not c.deleted}


async def test_the_paper_can_be_saved_anew_and_gets_a_fresh_entry(
    desk: Desk, ada: dict[str, Who], clock: Clock
) -> None:
    await thrown_away(desk, ada["laptop"], clock, ("entry", KEY))
    await empty_trash(desk)
    anew = save("anew", key=make_id("anew"), set={"citekey": "mykey2017"}, at=31 * DAY * 1000)
    answer = await push(desk, ada["laptop"], anew, first_seq=9)
    assert answer.results[0].status == "applied"
    assert data((await pull(desk, ada["phone"]))[make_id("anew")]).get("note") is None


async def test_a_device_that_holds_it_can_put_it_back_whole(desk: Desk, ada: dict[str, Who], clock: Clock) -> None:
    who = ada["phone"]
    await thrown_away(desk, ada["laptop"], clock, ("entry", KEY))
    await empty_trash(desk)
    now = 32 * DAY * 1000
    back = save("back", set={"note": "kept in the bin"}, at=now)
    answer = await push(desk, who, back, make_op("restore", name="restore", at=now))
    assert answer.results[0].status == "applied"
    assert data((await pull(desk, ada["laptop"]))[KEY])["note"] == "kept in the bin"
    await edit_object(desk, who, EditWish("entry", KEY, op="delete"))
    clock.forward(31 * DAY)
    assert await empty_trash(desk) == 1
    assert "kept in the bin" not in await stored(desk)


async def test_what_became_another_and_a_trash_that_is_kept_for_good_are_left_alone(
    desk: Desk, ada: dict[str, Who], clock: Clock
) -> None:
    twin = make_op(name="twin", type="tag", key=make_id("twin"), set={"name": "A TAG OF MINE"})
    await push(desk, ada["laptop"], *written(), twin)
    await edit_object(desk, ada["laptop"], EditWish("entry", KEY, op="delete"))
    clock.forward(4000 * DAY)
    assert await empty_trash(replace(desk, settings=replace(desk.settings, trash_days=0))) == 0
    assert await empty_trash(desk) == 2
    assert "a tag of mine" in (await stored(desk)).lower()


@pytest.mark.parametrize("days", ["1", "6", "-1"])
def test_the_trash_is_not_emptied_within_a_week(days: str) -> None:
    with pytest.raises(ValueError, match="SCHOLIUM_TRASH_DAYS"):
        read_settings({"SCHOLIUM_TRASH_DAYS": days})
    assert read_settings({}).trash_days == 30
    assert read_settings({"SCHOLIUM_TRASH_DAYS": "7"}).trash_days == 7
