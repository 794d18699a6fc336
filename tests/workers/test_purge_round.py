"""The ticker's hourly round forgets what it should."""

from __future__ import annotations

from api.actions.desk import Desk
from api.actions.edit_object import EditWish, edit_object
from api.actions.list_trash import list_trash
from tests.conftest import Clock
from tests.make import LAPTOP, make_id, make_library
from workers.ticker import purge


async def test_the_round_empties_the_trash(desk: Desk, clock: Clock) -> None:
    who = (await make_library(desk, "ada", {"laptop": LAPTOP}))["laptop"]
    tag = make_id("tag")
    await edit_object(desk, who, EditWish("tag", tag, set={"name": "old"}, create=True))
    await edit_object(desk, who, EditWish("tag", tag, op="delete"))
    assert len((await list_trash(desk, who.library_id, 9, None)).items) == 1
    await purge(desk)
    assert len((await list_trash(desk, who.library_id, 9, None)).items) == 1
    clock.forward(31 * 86_400)
    await purge(desk)
    assert (await list_trash(desk, who.library_id, 9, None)).items == []
