"""Many papers changed at once in a browser without scripts: one press, one undo, and nothing of others touched."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest

from api.actions.desk import Desk
from api.actions.list_entries import list_entries
from api.actions.list_objects import list_lists, list_tags
from api.actions.list_trash import list_trash
from api.actions.settle_held import count_held
from api.domain import many_edits
from api.domain.accounts import Who
from api.domain.entries import EntryFilter
from tests.http.library.conftest import Browser, save, send

PATH = "/library/many"
Shelf = dict[str, tuple[str, list[str]]]


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """So few in one transaction that these changes take several."""
    monkeypatch.setattr("api.actions.edit_many.PIECE", 2)


async def shelf(desk: Desk, who: Who) -> Shelf:
    """Each paper's status and tags."""
    names = {tag.id: tag.name for tag in await list_tags(desk, who.library_id)}
    found = (await list_entries(desk, who.library_id, EntryFilter(), "title", 200)).items
    return {one.paper.title: (one.entry.status, sorted(names[tag] for tag in one.entry.tags)) for one in found}


async def filled(desk: Desk, who: Who) -> dict[str, str]:
    """Five papers, one tagged already, two of other statuses; the ids by title."""
    more: dict[str, Any] = {"A": {"tags": ["old"]}, "B": {"status": "read"}, "C": {"status": "reading"}}
    return {name: await save(desk, who, name, **more.get(name, {})) for name in "ABCDE"}


def ticks(*keys: str) -> dict[str, str]:
    """The boxes of these rows, as a form without scripts sends them."""
    return {f"pick.{key}": "yes" for key in keys}


async def undone(browser: Browser, answer: Any) -> str:
    """Press undo on the page that an answer leads to; what that page said."""
    html = unescape((await browser.get(answer.headers["location"])).text)
    said = re.search(
        r'action="/library/many/undo">.*?name="back" value="([^"]*)">.*?<p role="status">(.*?)</p>', html, re.S
    )
    key = re.search(r'name="id" value="([^"]+)"', html)
    assert said
    assert key
    back = await send(browser, f"{PATH}/undo", id=key[1], back=said[1])
    assert back.status_code == 303
    assert (await send(browser, f"{PATH}/undo", id=key[1])).status_code == 404
    return re.sub("<[^>]+>", "", said[2])


async def test_a_tag_is_put_on_those_that_are_ticked_and_undo_leaves_what_had_it_before(
    browser: Browser, desk: Desk, who: Who
) -> None:
    ids = await filled(desk, who)
    before = await shelf(desk, who)
    answer = await send(browser, PATH, act="tag", tag=" old ", **ticks(ids["A"], ids["B"], ids["C"]))
    after = await shelf(desk, who)
    assert {title: tags for title, (_, tags) in after.items() if tags} == {"A": ["old"], "B": ["old"], "C": ["old"]}
    assert await undone(browser, answer) == "2 papers changed: tag “old” added."
    assert await shelf(desk, who) == before


async def test_all_that_match_get_a_status_and_undo_spares_what_changed_since(
    browser: Browser, desk: Desk, who: Who
) -> None:
    ids = await filled(desk, who)
    answer = await send(browser, PATH, act="status", status="archived", all="yes", back="")
    assert {status for status, _ in (await shelf(desk, who)).values()} == {"archived"}
    await send(browser, f"/library/entries/{ids['D']}", status="reading")
    assert await undone(browser, answer) == "5 papers changed: archived."
    now = {title: status for title, (status, _) in (await shelf(desk, who)).items()}
    assert now == {"A": "to_read", "B": "read", "C": "reading", "D": "reading", "E": "to_read"}


async def test_all_that_a_filter_shows_are_put_in_a_list_and_no_others(browser: Browser, desk: Desk, who: Who) -> None:
    await filled(desk, who)
    await send(browser, "/library/lists", name="Later")
    [later] = await list_lists(desk, who.library_id)
    answer = await send(browser, PATH, act="list", list=later.id, all="yes", back="status=to_read")
    listed = await list_entries(desk, who.library_id, EntryFilter(list_=later.id), "title")
    assert [one.paper.title for one in listed.items] == ["A", "D", "E"]
    out = await send(browser, PATH, act="list-off", list=later.id, all="yes", back=f"list={later.id}")
    assert await undone(browser, out) == "3 papers changed: list “Later” taken off."
    assert await undone(browser, answer) == "3 papers changed: list “Later” added."
    assert (await list_lists(desk, who.library_id))[0].entries == 0


async def test_the_trash_takes_many_and_gives_them_back(browser: Browser, desk: Desk, who: Who) -> None:
    ids = await filled(desk, who)
    before = await shelf(desk, who)
    answer = await send(browser, PATH, act="trash", keys=f"{ids['A']},{ids['B']}", **ticks(ids["C"]))
    assert sorted(await shelf(desk, who)) == ["D", "E"]
    assert len((await list_trash(desk, who.library_id, 50, None)).items) == 3
    assert await undone(browser, answer) == "3 papers changed: in the trash."
    assert await shelf(desk, who) == before


async def test_deletions_by_the_hundred_wait_for_a_word(browser: Browser, desk: Desk, who: Who) -> None:
    for number in range(51):
        await save(desk, who, f"Paper {number}")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("api.actions.edit_many.PIECE", 50)
        answer = await send(browser, PATH, act="trash", all="yes")
    assert answer.headers["location"] == "/library/held"
    assert (await count_held(desk, who), len(await shelf(desk, who))) == (51, 51)
    assert "This library is empty" not in (await browser.get("/library/held")).text


async def test_what_names_nothing_changes_nothing(browser: Browser, desk: Desk, who: Who) -> None:
    ids = await filled(desk, who)
    before = await shelf(desk, who)
    one = ticks(ids["A"])
    for fields, status in (
        ({"act": "tag", "tag": "x"}, 400),
        ({"act": "tag", "tag": " ", **one}, 400),
        ({"act": "status", "status": "lost", **one}, 400),
        ({"act": "list", "list": ids["A"], **one}, 404),
        ({"act": "burn", **one}, 400),
        ({"act": "trash", "keys": ",".join(["x"] * (many_edits.MOST_CHOSEN + 1))}, 400),
    ):
        assert (await send(browser, PATH, **fields)).status_code == status, fields
    answer = await send(browser, PATH, act="status", status="read", keys="nobody,x")
    assert answer.status_code == 303
    assert await shelf(desk, who) == before
