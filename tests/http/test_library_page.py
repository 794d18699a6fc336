"""The library page over HTTP, as a browser without scripts uses it: read, filter, save, edit, remove, bring back."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from httpx import AsyncClient

from api.actions.desk import Desk
from api.actions.register import register
from api.actions.save_paper import SaveWish, save_paper
from api.domain.accounts import Account, Who
from api.domain.page_meta import Page
from tests.conftest import Clock
from tests.make import make_id

MAIL, PASSWORD = "ada@example.org", "correct horse battery"
Browser = AsyncClient


@pytest.fixture
async def ada(desk: Desk) -> Account:
    """Ada's account."""
    return await register(desk, MAIL, PASSWORD, by_admin=True)


@pytest.fixture
async def stranger(client: Browser) -> Browser:
    """A browser that nobody signed in with."""
    client.follow_redirects = True
    return client


@pytest.fixture
async def browser(stranger: Browser, ada: Account) -> Browser:
    """A browser that Ada signed in with."""
    shown = await stranger.get("/sign-in")
    form = {"csrf": token_in(shown.text), "email": MAIL, "password": PASSWORD, "next": "/"}
    answer = await stranger.post("/sign-in", data=form, follow_redirects=False)
    assert answer.status_code == 303
    return stranger


@pytest.fixture
def who(ada: Account) -> Who:
    """Ada on another device."""
    return Who(ada.id, ada.library_id, make_id("ada's laptop"))


def token_in(html: str) -> str:
    """The token of the forms on a page."""
    found = re.search(r'name="csrf" value="([^"]+)"', html)
    assert found
    return unescape(found[1])


def titles(html: str) -> list[str]:
    """The titles on a page, in order."""
    return [unescape(t) for t in re.findall(r'class="title"[^>]*><a [^>]*>(.*?)</a>', html)]


async def save(desk: Desk, who: Who, title: str, url: str = "", **more: Any) -> str:
    """Save a page with a title; returns the entry's id."""
    page = Page(title=title, metas=(("citation_title", title), *more.pop("metas", ())))
    address = url or f"https://journal.example.org/{make_id(title)}"
    wish = SaveWish(id=make_id(title), url=address, page=page, **more)
    return (await save_paper(desk, who, wish)).entry.id


async def send(browser: Browser, path: str, headers: dict[str, str] | None = None, **fields: str) -> Any:
    """Send a form of the page; returns the answer, redirects not followed."""
    token = token_in((await browser.get("/")).text)
    return await browser.post(path, data={"csrf": token, **fields}, headers=headers, follow_redirects=False)


async def test_a_stranger_is_sent_to_sign_in_and_comes_back(stranger: Browser) -> None:
    answer = await stranger.get("/?tag=thesis&q=deep", follow_redirects=False)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/sign-in?next=%2F%3Ftag%3Dthesis%26q%3Ddeep"
    assert (await stranger.get("/library/entries/x", follow_redirects=False)).status_code == 303


async def test_an_empty_list_says_how_to_begin(browser: Browser) -> None:
    page = (await browser.get("/")).text
    assert "Your list is empty" in page
    assert 'action="/library/save"' in page


async def test_a_row_shows_what_is_known(browser: Browser, desk: Desk, who: Who) -> None:
    metas = [("citation_author", f"{name}, Ann") for name in ("Ash", "Birch", "Cedar", "Dogwood")]
    metas += [("citation_journal_title", "Journal of Trees"), ("citation_publication_date", "2021/03/04")]
    metas += [("citation_pdf_url", "https://journal.example.org/trees.pdf"), ("citation_doi", "10.5555/trees")]
    await save(desk, who, "On Trees", metas=metas, tags=["botany"], status="reading", note="Read §2 first.")
    page = (await browser.get("/")).text
    for shown in (
        '<a href="https://doi.org/10.5555/trees"',
        "Ann Ash, Ann Birch, Ann Cedar et al.",
        "Journal of Trees · 2021",
        "https://journal.example.org/trees.pdf",
        'href="/?tag=botany"',
        "Read §2 first.",
        "fetching details…",
        '<option value="reading" selected>',
        "18 Nov 2026",
        "<b>1</b> paper ·",
    ):
        assert shown in page, shown


async def test_markup_in_a_title_is_text(browser: Browser, desk: Desk, who: Who) -> None:
    evil = "<img src=x onerror=alert(1)>\"'><script>alert(2)</script>"
    await save(desk, who, "x", tags=[evil], note=evil)
    page = (await browser.get("/")).text
    detail = (await browser.get(f"/library/entries/{make_id('x')}")).text
    assert "<img" not in page + detail
    assert "<script>" not in page + detail
    assert "&lt;img src=x onerror=alert(1)&gt;" in page


async def test_pages_forbid_scripts_and_styles_that_are_not_ours(browser: Browser, desk: Desk, who: Who) -> None:
    await save(desk, who, "On Trees")
    answer = await browser.get("/")
    policy = answer.headers["content-security-policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert not re.search(r"<script(?![^>]* src=)|<style|\son\w+=|\sstyle=|https?://(?!journal|testserver)", answer.text)


async def test_filters_narrow_the_list_and_the_export(browser: Browser, desk: Desk, who: Who) -> None:
    await save(desk, who, "Deep Forests", tags=["thesis"], status="read")
    await save(desk, who, "Deep Seas", tags=["thesis"])
    await save(desk, who, "High Mountains", note="steep")
    for query, expected in {
        "": ["High Mountains", "Deep Seas", "Deep Forests"],
        "?sort=title": ["Deep Forests", "Deep Seas", "High Mountains"],
        "?tag=thesis&status=read": ["Deep Forests"],
        "?q=deep+seas": ["Deep Seas"],
        "?has=note": ["High Mountains"],
        "?status=&q=&sort=": ["High Mountains", "Deep Seas", "Deep Forests"],
        "?status=eaten&sort=odd&has=gold": ["High Mountains", "Deep Seas", "Deep Forests"],
        "?q=nothing": [],
    }.items():
        page = (await browser.get(f"/{query}")).text
        assert sorted(titles(page)) == sorted(expected), query
        export = re.search(r'href="(/v1/export[^"]*)"', page)
        assert export
        bib = await browser.get(unescape(export[1]))
        assert bib.status_code == 200
        assert bib.text.count("\n@") + bib.text.startswith("@") == len(expected), query
    assert titles((await browser.get("/?sort=title")).text) == ["Deep Forests", "Deep Seas", "High Mountains"]


async def test_older_entries_come_page_by_page_and_none_twice(
    browser: Browser, desk: Desk, who: Who, clock: Clock
) -> None:
    for number in range(53):
        clock.forward(1)
        await save(desk, who, f"Paper {number}", tags=["many"])
    page = (await browser.get("/?tag=many")).text
    older = re.search(r'rel="next" href="([^"]+)"', page)
    assert older
    second = (await browser.get(unescape(older[1]))).text
    assert titles(page) + titles(second) == [f"Paper {n}" for n in reversed(range(53))]
    assert 'rel="next"' not in second


async def test_a_cursor_of_another_list_leads_to_the_first_page(browser: Browser) -> None:
    answer = await browser.get("/?q=a&cursor=nonsense", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/?q=a")


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
    shown = (await browser.get(f"/v1/entries/{entry}")).json()["entry"]
    tags = {t["name"]: t["id"] for t in (await browser.get("/v1/tags")).json()["items"]}
    assert (shown["status"], shown["starred"]) == ("read", True)
    assert set(shown["tags"]) == {tags["botany"], tags["old growth"]}
    clock.forward(1)
    await send(browser, path, remove_tag=tags["botany"])
    assert (await browser.get(f"/v1/entries/{entry}")).json()["entry"]["tags"] == [tags["old growth"]]


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


async def test_rows_come_anew_for_a_page_that_shows_them(browser: Browser, desk: Desk, who: Who) -> None:
    one, two = await save(desk, who, "On Trees"), await save(desk, who, "On Seas")
    answer = await browser.get("/library/rows", params={"entry": [two, one, make_id("none")], "back": "q=on"})
    assert titles(answer.text) == ["On Seas", "On Trees"]
    assert 'name="back" value="q=on"' in answer.text


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
    assert (await browser.get(f"/v1/entries/{entry}")).json()["entry"]["note"] == "Two\nlines"


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
    assert (await browser.get(f"/v1/entries/{entry}")).json()["entry"]["note"] == "first"


async def test_what_is_not_on_the_list_leads_back(browser: Browser, desk: Desk) -> None:
    bob = await register(desk, "bob@example.org", PASSWORD, by_admin=True)
    foreign = await save(desk, Who(bob.id, bob.library_id, make_id("bob's")), "Bob's Paper")
    for entry in (foreign, make_id("nothing")):
        answer = await browser.get(f"/library/entries/{entry}")
        assert answer.status_code == 404
        assert 'href="/"' in answer.text
        assert (await send(browser, f"/library/entries/{entry}", op="delete")).status_code == 404
    assert "Bob" not in (await browser.get(f"/?saved={foreign}")).text
