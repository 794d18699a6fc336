"""The search over all papers as a page: whose papers it shows, what it says of them, and that a page is only text."""

from __future__ import annotations

from html import unescape

import pytest

from api.actions.desk import Desk
from api.actions.register import register
from api.domain.accounts import Who
from tests.actions.test_search_papers import told
from tests.http.library.conftest import Browser, save, titles
from tests.make import make_id


@pytest.fixture
async def bob(desk: Desk) -> Who:
    """Somebody else."""
    account = await register(desk, "bob@example.org", "correct horse battery", by_admin=True)
    return Who(account.id, account.library_id, make_id("bob's laptop"))


async def test_papers_of_others_can_be_found_and_saved(browser: Browser, desk: Desk, who: Who, bob: Who) -> None:
    await told(desk, bob, "Bioluminescent fungi", "They glow.")
    await save(desk, who, "Fungi of my own", metas=[("citation_abstract", "They glow in the &lt;b&gt; dark.")])
    page = (await browser.get("/discover?q=fungi+glow")).text
    assert set(titles(page)) == {"Bioluminescent fungi", "Fungi of my own"}
    assert "2 papers for “fungi glow”" in page
    assert "They <mark>glow</mark> in the" in page
    assert page.count(">On your list</a>") == 1
    assert page.count('action="/library/save"') == 2  # the one in the head, and that of the paper of others


async def test_what_only_a_page_told_another_person_is_not_shown(
    browser: Browser, desk: Desk, who: Who, bob: Who
) -> None:
    await save(desk, bob, "Minutes of a meeting")
    page = (await browser.get("/discover?q=minutes")).text
    assert titles(page) == []
    assert "Nothing for “minutes”" in page


async def test_a_long_answer_comes_in_pages_and_an_old_cursor_leads_to_the_first(
    browser: Browser, desk: Desk, who: Who
) -> None:
    for number in range(31):
        await save(desk, who, f"Lichen number {number}")
    page = (await browser.get("/discover?q=lichen")).text
    assert len(titles(page)) == 30
    onward = unescape(page.split('rel="next" href="')[1].split('"')[0])
    assert len(titles((await browser.get(onward)).text)) == 1
    answer = await browser.get(onward.replace("q=lichen", "q=moss"), follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/discover?q=moss")


async def test_what_is_typed_stays_text(browser: Browser, who: Who) -> None:
    page = (await browser.get('/discover?q=tag:x "><script>alert(1)</script>')).text
    assert "<script>alert" not in page
    assert "<code>tag:x</code> is no filter here" in page
