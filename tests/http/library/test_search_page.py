"""Searching on the library page, as a browser without scripts does."""

from __future__ import annotations

import re
from html import unescape

from api.actions.desk import Desk
from api.domain.accounts import Who
from tests.http.library.conftest import Browser, save, titles

EVIL = '<b>deep</b> & "deep" <script>alert(1)</script>'


async def shelve(desk: Desk, who: Who) -> None:
    for title, abstract in {
        "Forests": "The deep forests of the north.",
        "Deep Seas": "What lives in seas.",
        "Mountains": EVIL,
    }.items():
        await save(desk, who, title, metas=[("citation_abstract", abstract)])


async def test_the_best_come_first_with_the_words_marked(browser: Browser, desk: Desk, who: Who) -> None:
    await shelve(desk, who)
    page = (await browser.get("/?q=deep")).text
    assert titles(page)[0] == "Deep Seas"
    assert "The <mark>deep</mark> forests of the north." in page
    assert 'aria-current="true"><span class="words">Best match' in page
    assert titles((await browser.get("/?q=deep&sort=title")).text) == ["Deep Seas", "Forests", "Mountains"]


async def test_pieces_are_text_whatever_they_hold(browser: Browser, desk: Desk, who: Who) -> None:
    await save(desk, who, "Plain", metas=[("citation_abstract", "x &lt;img src=x onerror=alert(1)&gt; needle")])
    page = (await browser.get("/?q=needle")).text
    assert "<mark>needle</mark>" in page
    assert "<img" not in page


async def test_only_what_has_every_word_is_shown_where_something_has(browser: Browser, desk: Desk, who: Who) -> None:
    await shelve(desk, who)
    assert titles((await browser.get("/?q=deep+seas")).text) == ["Deep Seas"]
    page = (await browser.get("/?q=seas+north")).text
    assert sorted(titles(page)) == ["Deep Seas", "Forests"]
    assert "No paper has all of these words." in page


async def test_a_slip_is_said_and_leads_to_the_search_that_was_meant(browser: Browser, desk: Desk, who: Who) -> None:
    await shelve(desk, who)
    page = (await browser.get("/?q=forrests")).text
    assert titles(page) == ["Forests"]
    led = re.search(r'this is for <a href="([^"]+)">forests</a>', page)
    assert led
    assert titles((await browser.get(unescape(led[1]))).text) == ["Forests"]


async def test_nothing_found_says_what_to_try(browser: Browser, desk: Desk, who: Who) -> None:
    await shelve(desk, who)
    page = (await browser.get("/?q=zebra&status=read")).text
    assert "Nothing on your list matches" in page
    assert 'href="/?q=zebra"' in page
    assert "<code>is:odd</code> is no filter" in (await browser.get("/?q=is:odd")).text


async def test_the_page_of_a_paper_names_others_like_it(browser: Browser, desk: Desk, who: Who) -> None:
    for title in ("Coral reefs and fish", "Fish of coral reefs", "Glaciers", "Mountain weather", "Trains", "Stars"):
        await save(desk, who, title)
    key = re.search(r'href="(/library/entries/[^"]+)">Details', (await browser.get("/?q=fish+of+coral")).text)
    assert key
    page = (await browser.get(key[1])).text
    like = page[page.index("Papers like this") :]
    assert len(re.findall("<li>", like)) == 1
