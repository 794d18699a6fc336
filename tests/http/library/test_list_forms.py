"""Reading lists in a browser without scripts: made, changed, deleted and brought back, filled, and put in order."""

from __future__ import annotations

import re
from html import unescape

from api.actions.desk import Desk
from api.actions.list_entries import list_entries
from api.actions.list_objects import list_lists
from api.actions.pull_changes import pull_changes
from api.domain.accounts import Who
from api.domain.entries import EntryFilter
from tests.http.library.conftest import Browser, save, send, titles
from tests.make import as_read

PAGE = "/library/lists"


async def shown(browser: Browser, path: str = PAGE) -> str:
    return unescape((await browser.get(path)).text)


async def made(browser: Browser, desk: Desk, who: Who, name: str = "Reading group") -> str:
    """A list made by the form; its id."""
    assert (await send(browser, PAGE, name=name)).status_code == 303
    return next(one.id for one in await list_lists(desk, who.library_id) if one.name == name)


async def filled(browser: Browser, desk: Desk, who: Who, *names: str) -> tuple[str, dict[str, str]]:
    """A list with papers of these titles, in this order; the ids by title."""
    list_id = await made(browser, desk, who)
    days = (f"2026-01-{day:02}T00:00:00.000Z" for day in range(1, 32))
    ids = {name: await save(desk, who, name, lists=[list_id], saved_at=next(days)) for name in names}
    return list_id, ids


async def test_a_list_is_made_renamed_coloured_described_deleted_and_brought_back(
    browser: Browser, desk: Desk, who: Who
) -> None:
    assert "No lists yet." in await shown(browser)
    key = await made(browser, desk, who, "Le<af>s & co")
    assert "Le<af>" not in (await browser.get(PAGE)).text
    for fields, said in (
        ({"name": "  Green   things "}, "Renamed."),
        ({"color": "green"}, "Colour changed."),
        ({"description": "For\r\nMay"}, "Description kept."),
    ):
        answer = await send(browser, PAGE, list=key, **fields)
        assert said in await shown(browser, answer.headers["location"])
    html = await shown(browser, f"{PAGE}?change={key}")
    assert ("Green things" in html, 'class="dot green"' in html, "For\nMay</textarea>" in html) == (True, True, True)
    answer = await send(browser, PAGE, list=key, op="delete")
    after = await shown(browser, answer.headers["location"])
    undo = re.search(r'name="type" value="(list)".*?name="key" value="([^"]+)"', after, re.S)
    assert undo
    assert await list_lists(desk, who.library_id) == []
    await send(browser, "/library/trash", type=undo[1], key=undo[2])
    assert [one.name for one in await list_lists(desk, who.library_id)] == ["Green things"]


async def test_what_no_list_can_become_is_said_and_not_done(browser: Browser, desk: Desk, who: Who) -> None:
    key = await made(browser, desk, who)
    for fields in ({"name": " "}, {"list": key, "name": "x" * 256}, {"list": key, "color": "pink"}, {"list": key}):
        answer = await send(browser, PAGE, **fields)
        assert (answer.status_code, 'role="alert"' in answer.text) == (400, True), fields
    assert (await send(browser, PAGE, list="unknown", name="x")).status_code == 404
    assert [one.name for one in await list_lists(desk, who.library_id)] == ["Reading group"]


async def test_a_paper_is_put_in_a_list_and_taken_out_of_it(browser: Browser, desk: Desk, who: Who) -> None:
    key = await made(browser, desk, who)
    entry = await save(desk, who, "On Oaks")
    await send(browser, f"/library/entries/{entry}", add_list=key)
    assert titles(await shown(browser, f"/?list={key}")) == ["On Oaks"]
    assert f'href="/?list={key}"' in await shown(browser, "/")
    await send(browser, f"/library/entries/{entry}", remove_list=key, back=f"list={key}")
    assert titles(await shown(browser, f"/?list={key}")) == []


async def test_buttons_move_a_paper_up_and_down_and_every_device_hears_of_it(
    browser: Browser, desk: Desk, who: Who
) -> None:
    key, ids = await filled(browser, desk, who, "A", "B", "C", "D")
    here = f"/?list={key}"
    assert titles(await shown(browser, here)) == ["A", "B", "C", "D"]

    async def move(title: str, **how: str) -> list[str]:
        answer = await send(browser, f"{PAGE}/order", list=key, entry=ids[title], back=f"list={key}", **how)
        assert answer.headers["location"] == f"{here}#e-{ids[title]}"
        return titles(await shown(browser, here))

    assert await move("C", by="-1") == ["A", "C", "B", "D"]
    assert await move("A", by="1") == ["C", "A", "B", "D"]
    assert await move("C", by="-1") == ["C", "A", "B", "D"]
    assert await move("C", after=ids["D"]) == ["A", "B", "D", "C"]
    assert await move("B", after="") == ["B", "A", "D", "C"]
    assert await move("B", after=ids["B"]) == ["B", "A", "D", "C"]
    by_hand = await list_entries(desk, who.library_id, EntryFilter(list_=key), "position", 3)
    assert [one.paper.title for one in by_hand.items] == ["B", "A", "D"]
    rest = await list_entries(desk, who.library_id, EntryFilter(list_=key), "position", 3, by_hand.cursor)
    assert [one.paper.title for one in rest.items] == ["C"]
    pulled = await pull_changes(desk, who, None, 1000)
    places = {one.key: (one.data or {}).get("position") for one in map(as_read, pulled.changes) if one.type == "entry"}
    assert sorted(filter(None, places.values())) == [places[ids[one]] for one in "BAC" if places[ids[one]]]


async def test_where_there_is_no_room_the_whole_list_gets_new_places(browser: Browser, desk: Desk, who: Who) -> None:
    key, ids = await filled(browser, desk, who, "A", "B", "C")
    for title, position in (("A", "m"), ("B", "m0"), ("C", "n")):
        answer = await browser.patch(
            f"/v1/entries/{ids[title]}",
            json={"position": position},
            headers={"X-Scholium": "1", "Sec-Fetch-Site": "same-origin"},
        )
        assert answer.status_code == 200
    await send(browser, f"{PAGE}/order", list=key, entry=ids["C"], by="-1")
    assert titles(await shown(browser, f"/?list={key}")) == ["A", "C", "B"]


async def test_a_move_needs_a_paper_of_that_list(browser: Browser, desk: Desk, who: Who) -> None:
    key, ids = await filled(browser, desk, who, "A", "B")
    other = await save(desk, who, "On Oaks")
    for fields in ({"entry": other, "by": "1"}, {"entry": ids["A"], "after": other}, {"entry": "x", "by": "1"}):
        assert (await send(browser, f"{PAGE}/order", list=key, **fields)).status_code == 404
    assert (await send(browser, f"{PAGE}/order", list=key, entry=ids["A"], by="far")).status_code == 400
    assert titles(await shown(browser, f"/?list={key}")) == ["A", "B"]
