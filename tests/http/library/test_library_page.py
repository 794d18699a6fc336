"""The library page read over HTTP, as a browser without scripts does: rows, filters, pages, the export."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import urlencode

from api.actions.desk import Desk
from api.actions.save_paper import SaveWish, save_paper
from api.domain.accounts import Who
from api.domain.page_meta import Page
from tests.conftest import Clock
from tests.http.library.conftest import Browser, save, titles
from tests.make import make_id


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


async def test_markup_is_text_wherever_it_stands(browser: Browser, desk: Desk, who: Who) -> None:
    evil = "<img src=x onerror=alert(1)>\"'><script>alert(2)</script>"
    metas = tuple((name, evil) for name in ("citation_title", "citation_author", "citation_journal_title"))
    wish = SaveWish(make_id("x"), "https://x.example.org/a", Page(metas=metas), tags=[evil], note=evil)
    entry = (await save_paper(desk, who, wish)).entry.id
    for path in ("/", f"/library/entries/{entry}", f"/?{urlencode({'q': evil, 'tag': evil})}"):
        page = (await browser.get(path)).text
        assert "&lt;img src=x onerror=alert(1)&gt;" in page
        assert "<img" not in page
        assert "<script>" not in page
    assert titles((await browser.get("/")).text) == [evil]


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


async def test_rows_come_anew_for_a_page_that_shows_them(browser: Browser, desk: Desk, who: Who) -> None:
    one, two = await save(desk, who, "On Trees"), await save(desk, who, "On Seas")
    answer = await browser.get("/library/rows", params={"entry": [two, one, make_id("none")], "back": "q=on"})
    assert titles(answer.text) == ["On Seas", "On Trees"]
    assert 'name="back" value="q=on"' in answer.text


async def test_a_slice_is_the_list_from_a_number_on(browser: Browser, desk: Desk, who: Who) -> None:
    for number in range(5):
        await save(desk, who, f"Paper {number}", status="read" if number < 4 else "to_read")
    whole = titles((await browser.get("/?sort=title")).text)
    for first, rest in ((0, whole), (3, whole[3:]), (5, []), (400, [])):
        answer = await browser.get("/library/slice", params={"back": "sort=title", "first": first})
        assert titles(answer.text) == rest
    answer = await browser.get("/library/slice", params={"back": "sort=title&status=read", "first": 1})
    assert titles(answer.text) == ["Paper 1", "Paper 2", "Paper 3"]
    assert (await browser.get("/library/slice", params={"first": -1})).status_code == 400
