"""The page of a paper that might be another one, or two: what it asks, what it shows first, and what comes of it."""

from __future__ import annotations

import re
from html import unescape

from api.actions.desk import Desk
from api.actions.save_paper import SaveWish, save_paper
from api.domain.accounts import Who
from api.domain.page_meta import Page
from tests.actions.devices import Device
from tests.actions.speaking import ARXIV, DOI, LANDING, enrich, entries_of, papers_of, save
from tests.http.library.conftest import Browser, send
from tests.make import make_id


async def one_of_two(desk: Desk, who: Who) -> str:
    """An entry whose paper has two identifiers by a wrong word."""
    entry = (await save(desk, who, "preprint")).entry
    await enrich(desk, "preprint")
    return entry.id


async def test_the_page_says_who_claims_an_identifier(browser: Browser, desk: Desk, who: Who) -> None:
    page = (await browser.get(f"/library/entries/{await one_of_two(desk, who)}")).text
    assert "from arXiv, 18 Nov 2026; also the page" in page


async def test_a_split_is_shown_before_it_is_made(browser: Browser, desk: Desk, who: Who) -> None:
    entry = await one_of_two(desk, who)
    key = make_id("mark")
    selectors = [{"type": "TextQuoteSelector", "exact": "a <marked> line"}]
    await Device(desk, who).push(
        key=key, type_="highlight", set={"entry_id": entry, "selectors": selectors, "manifestation": LANDING}
    )
    page = (await browser.get(f"/library/entries/{entry}")).text
    assert f'name="part" value="doi:{DOI}"' in page
    shown = (await browser.get(f"/library/entries/{entry}/split", params={"part": f"doi:{DOI}"})).text
    stays, goes = re.split("Becomes a paper of its own", shown)
    assert (f"arXiv {ARXIV}" in stays, f"DOI {DOI}" in stays) == (True, False)
    assert (f"arXiv {ARXIV}" in goes, f"DOI {DOI}" in goes) == (False, True)
    assert "a &lt;marked&gt; line" in goes
    assert re.search(f'value="{key}" checked', goes)
    assert len(await papers_of(desk, who)) == 1
    answer = await send(browser, f"/library/entries/{entry}/split", part=f"doi:{DOI}", mark=key, marks="1")
    assert answer.status_code == 303
    assert [paper.identifiers for paper in await papers_of(desk, who)] in (
        [{"arxiv": (ARXIV,)}, {"doi": (DOI,)}],
        [{"doi": (DOI,)}, {"arxiv": (ARXIV,)}],
    )
    page = (await browser.get(f"/library/entries/{entry}")).text
    assert "a &lt;marked&gt; line" not in page
    assert "Not the same as" in page
    other = re.search(r'name="other" value="([^"]+)"', page)
    assert other
    await send(browser, f"/library/entries/{entry}/same", other=other[1], word="same")
    page = (await browser.get(f"/library/entries/{entry}")).text
    assert "a &lt;marked&gt; line" in page
    assert "Not the same as" not in page


async def test_a_split_that_leaves_nothing_is_refused_beside_its_form(browser: Browser, desk: Desk, who: Who) -> None:
    entry = await one_of_two(desk, who)
    for parts in ([], [f"doi:{DOI}", f"arxiv:{ARXIV}"]):
        answer = await browser.get(f"/library/entries/{entry}/split", params={"part": parts})
        assert answer.status_code == 400
        assert '<details class="split" open>' in answer.text
        assert 'role="alert"' in answer.text


async def test_a_paper_of_one_identifier_has_no_split_to_offer(browser: Browser, desk: Desk, who: Who) -> None:
    entry = (await save(desk, who, "article")).entry.id
    assert "These are two papers" not in (await browser.get(f"/library/entries/{entry}")).text


async def two_that_look_alike(browser: Browser, desk: Desk, who: Who) -> tuple[str, str]:
    """Two papers with one title, and the form of the first page that asks about them: its entry and the other paper."""
    first = (await save(desk, who, "article")).entry.id
    await enrich(desk, "article")
    alike = {"citation_title": "On slow light", "citation_author": "Lovelace, Ada", "citation_date": "2018"}
    url = "https://example.org/slow-light.html"
    await save_paper(desk, who, SaveWish(make_id("alike"), url, Page(metas=tuple(alike.items()))))
    shown = (await browser.get(f"/library/entries/{first}")).text
    assert "This might be the same as" in shown
    assert "the titles, an author and the year agree" in shown
    other = re.search(r'name="other" value="([^"]+)"', shown)
    assert other
    return first, unescape(other[1])


async def test_the_same_by_a_persons_word_is_one_paper(browser: Browser, desk: Desk, who: Who) -> None:
    entry, other = await two_that_look_alike(browser, desk, who)
    assert (await send(browser, f"/library/entries/{entry}/same", other=other, word="same")).status_code == 303
    assert len(await entries_of(desk, who)) == 1
    assert "This might be the same as" not in (await browser.get(f"/library/entries/{entry}")).text


async def test_not_the_same_is_not_asked_again(browser: Browser, desk: Desk, who: Who) -> None:
    entry, other = await two_that_look_alike(browser, desk, who)
    assert (await send(browser, f"/library/entries/{entry}/same", other=other, word="apart")).status_code == 303
    assert len(await entries_of(desk, who)) == 2
    assert "This might be the same as" not in (await browser.get(f"/library/entries/{entry}")).text


async def test_a_form_of_another_site_says_nothing(browser: Browser, desk: Desk, who: Who) -> None:
    entry = await one_of_two(desk, who)
    answer = await browser.post(f"/library/entries/{entry}/split", data={"part": f"doi:{DOI}"})
    assert answer.status_code == 403
    assert len(await papers_of(desk, who)) == 1
