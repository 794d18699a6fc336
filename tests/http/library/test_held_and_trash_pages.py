"""Deletions that are held and the trash, settled and emptied by plain forms in a browser without scripts."""

from __future__ import annotations

from html import unescape
from urllib.parse import unquote

import pytest

from api.actions.desk import Desk
from api.actions.edit_object import EditWish, edit_object
from api.domain.accounts import Who
from api.domain.clock import rfc3339
from tests.conftest import Clock
from tests.http.library.conftest import Browser, save, send, titles
from tests.make import make_id


async def fill(desk: Desk, who: Who) -> list[str]:
    """One paper and 59 tags; returns the keys of the tags."""
    await save(desk, who, "On Trees")
    keys = [make_id(f"tag {n}") for n in range(59)]
    for n, key in enumerate(keys):
        made = {"name": f"t<{n}>", "created_at": rfc3339(desk.now())}
        await edit_object(desk, who, EditWish("tag", key, set=made, create=True))
    return keys


async def delete_in(browser: Browser, desk: Desk, who: Who) -> str:
    """As the browser's device, delete 49 tags and then the paper, which is one too many; returns the page's address."""
    keys = await fill(desk, who)
    sessions = await desk.database.read(
        lambda tx: tx.rows("SELECT id FROM device WHERE account_id = :a", a=who.account_id)
    )
    here = Who(who.account_id, who.library_id, sessions[0]["id"])
    for key in keys[:49]:
        await edit_object(desk, here, EditWish("tag", key, op="delete"))
    answer = await send(browser, f"/library/entries/{make_id('On Trees')}", op="delete")
    assert answer.status_code == 303
    return str(answer.headers["location"])


async def test_one_deletion_too_many_leads_to_the_page_that_asks(browser: Browser, desk: Desk, who: Who) -> None:
    assert "/library/held" not in (await browser.get("/")).text
    assert await delete_in(browser, desk, who) == "/library/held"
    shown = (await browser.get("/library/held")).text
    assert "Were these deletions meant?" in shown
    assert '<b dir="auto">On Trees</b>' in shown
    assert "Delete all 1" in shown
    front = (await browser.get("/")).text
    assert '<a href="/library/held">' in front
    assert titles(front) == ["On Trees"]


async def test_the_pages_own_script_is_told_in_place(browser: Browser, desk: Desk, who: Who) -> None:
    await delete_in(browser, desk, who)
    own = {"X-Scholium": "1"}
    answer = await send(browser, f"/library/entries/{make_id('On Trees')}", headers=own, op="delete")
    assert (answer.status_code, unquote(answer.headers["x-said"])[:15]) == (409, "Not deleted yet")


@pytest.mark.parametrize("which", ["all", "one"])
@pytest.mark.parametrize(("action", "left"), [("confirm", []), ("discard", ["On Trees"])])
async def test_what_is_held_is_settled_by_a_plain_form(
    browser: Browser, desk: Desk, who: Who, which: str, action: str, left: list[str]
) -> None:
    await delete_in(browser, desk, who)
    row = await desk.database.read(lambda tx: tx.row("SELECT op_id FROM held_op"))
    named = row["op_id"] if row and which == "one" else which
    answer = await send(browser, "/library/held", which=named, seen="1", action=action)
    assert (answer.status_code, answer.headers["location"]) == (303, "/library/held")
    assert "Nothing is held" in (await browser.get("/library/held")).text
    assert titles((await browser.get("/")).text) == left
    again = await send(browser, "/library/held", which=named, action=action)  # sent twice, or settled elsewhere
    assert again.status_code == 303


async def test_what_the_form_does_not_say_is_not_done(browser: Browser, desk: Desk, who: Who) -> None:
    await delete_in(browser, desk, who)
    assert (await send(browser, "/library/held", which="all", action="perhaps")).status_code == 400
    await send(browser, "/library/held", action="confirm")
    await send(browser, "/library/held", which="all", seen="2", action="confirm")  # the page showed another number
    no_token = {"which": "all", "action": "confirm"}
    assert (await browser.post("/library/held", data=no_token, follow_redirects=False)).status_code == 403
    assert "Delete all 1" in (await browser.get("/library/held")).text


async def test_what_was_deleted_is_in_the_trash_and_comes_back_by_a_form(
    browser: Browser, desk: Desk, who: Who, clock: Clock
) -> None:
    assert "The trash is empty." in (await browser.get("/library/trash")).text
    keys = await fill(desk, who)
    clock.forward(86_400)
    await edit_object(desk, who, EditWish("tag", keys[0], op="delete"))
    clock.forward(86_400)
    await send(browser, f"/library/entries/{make_id('On Trees')}", op="delete")
    shown = (await browser.get("/library/trash")).text
    assert shown.index("On Trees") < shown.index("t&lt;0&gt;")
    assert ("Paper, deleted" in shown, "Tag, deleted" in shown, "20 Nov 2026" in shown) == (True, True, True)
    answer = await send(browser, "/library/trash", type="entry", key=make_id("On Trees"))
    after = unescape((await browser.get(answer.headers["location"])).text)
    assert ("Paper brought back." in after, "On Trees" in after, "t<0>" in after) == (True, False, True)
    assert titles((await browser.get("/")).text) == ["On Trees"]


async def test_what_became_another_is_not_in_the_trash(browser: Browser, desk: Desk, who: Who) -> None:
    keys = await fill(desk, who)
    await edit_object(desk, who, EditWish("tag", keys[1], set={"name": "t<0>"}))
    assert "The trash is empty." in (await browser.get("/library/trash")).text


async def test_the_trash_has_pages(browser: Browser, desk: Desk, who: Who, clock: Clock) -> None:
    keys = await fill(desk, who)
    for n, key in enumerate(keys):
        clock.forward(0 if n < 30 else 60)  # the page ends amid those of one moment
        await edit_object(desk, who, EditWish("tag", key, op="delete"))
    first = (await browser.get("/library/trash")).text
    older = unescape(first.split('rel="next" href="')[1].split('"')[0])
    second = (await browser.get(older)).text
    on_each = [{key for key in keys if key in text} for text in (first, second)]
    assert ([len(one) for one in on_each], on_each[0] & on_each[1]) == ([50, 9], set())
    assert (await browser.get("/library/trash?cursor=x", follow_redirects=False)).status_code == 303


async def test_nothing_comes_back_but_what_is_there(browser: Browser, desk: Desk, who: Who) -> None:
    await save(desk, who, "On Trees")
    assert (await send(browser, "/library/trash", type="entry", key=make_id("unknown"))).status_code == 404
    assert (await send(browser, "/library/trash", type="paper", key=make_id("On Trees"))).status_code == 400
    stranger = await browser.post("/library/trash", data={"type": "entry", "key": "x"}, follow_redirects=False)
    assert stranger.status_code == 403
