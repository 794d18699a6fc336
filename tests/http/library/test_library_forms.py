"""The library page's forms, as a browser without scripts sends them: save, edit, remove, bring back."""

from __future__ import annotations

import re

import pytest

from api.actions.desk import Desk
from api.actions.register import register
from api.actions.save_paper import SaveWish, save_paper
from api.domain.accounts import Who
from tests.conftest import Clock
from tests.http.library.conftest import PASSWORD, Browser, save, send, titles
from tests.make import make_id


async def test_saving_by_address_puts_the_paper_on_top(browser: Browser, desk: Desk, who: Who, clock: Clock) -> None:
    await save(desk, who, "On Trees")
    clock.forward(1)
    answer = await send(browser, "/library/save", url="  arXiv:1706.03762 ")
    assert answer.status_code == 303
    page = (await browser.get(answer.headers["location"])).text
    assert titles(page) == ["arxiv:1706.03762", "On Trees"]
    assert "https://arxiv.org/abs/1706.03762" in page
    assert "Saved. Its details follow" in page


async def test_saving_again_shows_the_one_that_is_there(browser: Browser, desk: Desk, who: Who, clock: Clock) -> None:
    await save_paper(desk, who, SaveWish(id=make_id("old"), url="arXiv:1706.03762"))
    clock.forward(86_400)
    await save(desk, who, "On Trees")
    answer = await send(browser, "/library/save", url="https://arxiv.org/pdf/1706.03762v7")
    page = (await browser.get(answer.headers["location"])).text
    assert titles(page) == ["arxiv:1706.03762", "On Trees"]
    assert "Already on your list, saved 18 Nov 2026." in page


@pytest.mark.parametrize("url", ["javascript:alert(1)", "not an address", "", "data:text/html,x", "a" * 9000])
async def test_what_is_no_address_is_refused_beside_the_field(browser: Browser, url: str) -> None:
    answer = await send(browser, "/library/save", url=url)
    assert answer.status_code in (400, 413)
    assert 'role="alert">That could not be saved' in answer.text


async def test_a_form_without_the_token_changes_nothing(browser: Browser, desk: Desk, who: Who) -> None:
    entry = await save(desk, who, "On Trees")
    for fields in ({"op": "delete"}, {"op": "delete", "csrf": "x" * 64}):
        answer = await browser.post(f"/library/entries/{entry}", data=fields, follow_redirects=False)
        assert answer.status_code == 403
    refused = await browser.post("/library/save", data={"url": "arXiv:1706.03762"}, follow_redirects=False)
    assert refused.status_code == 403
    assert titles((await browser.get("/")).text) == ["On Trees"]


async def test_a_form_from_another_site_changes_nothing(browser: Browser, desk: Desk, who: Who) -> None:
    entry = await save(desk, who, "On Trees")
    foreign = {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}
    answer = await send(browser, f"/library/entries/{entry}", headers=foreign, op="delete")
    assert answer.status_code == 403
    assert titles((await browser.get("/")).text) == ["On Trees"]


async def test_status_star_and_tags_change_and_lead_back_to_the_list(
    browser: Browser, desk: Desk, who: Who, clock: Clock
) -> None:
    entry = await save(desk, who, "On Trees", tags=["botany"])
    path = f"/library/entries/{entry}"
    for fields in ({"status": "read", "set": "status"}, {"starred": "yes"}, {"add_tag": "  old  growth "}):
        clock.forward(1)
        answer = await send(browser, path, back="q=trees&tag=botany", **fields)
        assert answer.headers["location"] == f"/?q=trees&tag=botany#e-{entry}"
    shown = (await browser.get(f"/v1/entries/{entry}")).json()
    tags = {t["name"]: t["id"] for t in (await browser.get("/v1/tags")).json()["items"]}
    assert (shown["status"], shown["starred"]) == ("read", True)
    assert set(shown["tags"]) == {tags["botany"], tags["old growth"]}
    clock.forward(1)
    await send(browser, path, remove_tag=tags["botany"])
    assert (await browser.get(f"/v1/entries/{entry}")).json()["tags"] == [tags["old growth"]]


async def test_a_tag_is_found_again_whatever_its_case(browser: Browser, desk: Desk, who: Who, clock: Clock) -> None:
    await save(desk, who, "On Trees", tags=["Thesis"])
    entry = await save(desk, who, "On Seas")
    clock.forward(1)
    await send(browser, f"/library/entries/{entry}", add_tag="thesis")
    tags = (await browser.get("/v1/tags")).json()["items"]
    assert [(tag["name"], tag["entries"]) for tag in tags] == [("Thesis", 2)]


@pytest.mark.parametrize(
    "fields", [{"status": "eaten"}, {"add_tag": "x" * 256}, {"add_tag": "  "}, {"remove_tag": "x"}]
)
async def test_a_form_with_a_wrong_value_changes_nothing(
    browser: Browser, desk: Desk, who: Who, fields: dict[str, str]
) -> None:
    entry = await save(desk, who, "On Trees")
    before = (await browser.get(f"/v1/entries/{entry}")).json()
    await send(browser, f"/library/entries/{entry}", **fields)
    assert (await browser.get(f"/v1/entries/{entry}")).json() == before


async def test_an_entry_removed_is_offered_back_and_comes_back(
    browser: Browser, desk: Desk, who: Who, clock: Clock
) -> None:
    entry = await save(desk, who, "On Trees", tags=["botany"])
    clock.forward(1)
    answer = await send(browser, f"/library/entries/{entry}", op="delete", back="tag=botany")
    page = (await browser.get(answer.headers["location"])).text
    assert titles(page) == []
    assert 'value="restore">Undo' in page
    clock.forward(1)
    await send(browser, f"/library/entries/{entry}", op="restore")
    page = (await browser.get("/?tag=botany")).text
    assert titles(page) == ["On Trees"]


async def test_the_pages_own_script_gets_the_row_alone(browser: Browser, desk: Desk, who: Who, clock: Clock) -> None:
    entry = await save(desk, who, "On Trees")
    await save(desk, who, "On Seas")
    clock.forward(1)
    answer = await send(browser, f"/library/entries/{entry}", {"X-Scholium": "1"}, status="read")
    assert answer.status_code == 200
    assert titles(answer.text) == ["On Trees"]
    assert answer.headers["x-said"] == "Status%3A%20Read."
    gone = await send(browser, f"/library/entries/{entry}", {"X-Scholium": "1"}, op="delete")
    assert "Undo" in gone.text


async def test_a_note_that_was_changed_meanwhile_is_not_overwritten(
    browser: Browser, desk: Desk, who: Who, clock: Clock
) -> None:
    entry = await save(desk, who, "On Trees", note="first")
    clock.forward(1)
    await send(browser, f"/library/entries/{entry}", status="read")
    answer = await send(browser, f"/library/entries/{entry}", note="mine", seen="1")
    assert answer.status_code == 412
    assert "Its note is now: “first”" in answer.text
    assert ">\nmine</textarea>" in answer.text
    assert (await browser.get(f"/v1/entries/{entry}")).json()["note"] == "first"


async def test_what_is_not_on_the_list_leads_back(browser: Browser, desk: Desk) -> None:
    bob = await register(desk, "bob@example.org", PASSWORD, by_admin=True)
    foreign = await save(desk, Who(bob.id, bob.library_id, make_id("bob's")), "Bob's Paper")
    for entry in (foreign, make_id("nothing")):
        answer = await browser.get(f"/library/entries/{entry}")
        assert answer.status_code == 404
        assert 'href="/"' in answer.text
        assert (await send(browser, f"/library/entries/{entry}", op="delete")).status_code == 404
    assert "Bob" not in (await browser.get(f"/?saved={foreign}")).text


async def test_an_entry_has_a_page_of_its_own(browser: Browser, desk: Desk, who: Who, clock: Clock) -> None:
    entry = await save(desk, who, "On Trees", metas=[("citation_author", f"Ash, {n}") for n in "ABCDE"])
    page = (await browser.get(f"/library/entries/{entry}")).text
    assert "A Ash, B Ash, C Ash, D Ash, E Ash" in page
    assert "from the page, 18 Nov 2026" in page
    clock.forward(1)
    seen = re.search(r'name="seen" value="(\d+)"', page)
    assert seen
    answer = await send(browser, f"/library/entries/{entry}", note="Two\r\nlines ", seen=seen[1])
    assert answer.status_code == 303
    assert (await browser.get(f"/v1/entries/{entry}")).json()["note"] == "Two\nlines"
