"""The page of one paper: whose each field is, who says otherwise, and the form that corrects it."""

from __future__ import annotations

from api.actions.desk import Desk
from api.actions.enrich_paper import finish_paper, take_paper
from api.actions.save_paper import SaveWish, save_paper
from api.domain.accounts import Who
from api.domain.papers import Author, Finding
from api.store.enrichment import Observation
from tests.http.library.conftest import Browser, send
from tests.make import NOW, make_id

PEOPLE = (Author(family="Berg", given="Anna", particle="van der"), Author(literal="The Group"))


async def saved(desk: Desk, who: Who) -> str:
    found = await save_paper(desk, who, SaveWish(make_id("entry"), "10.1000/trees"))
    task = await take_paper(desk, found.paper.id)
    assert task is not None
    said = [
        Finding("crossref", kind="article", title="On Trees", authors=PEOPLE, venue="Journal of Trees"),
        Finding("openalex", kind="article", title="On trees.", authors=PEOPLE, venue="J. Other <Trees>"),
    ]
    await finish_paper(desk, task, [Observation(f.source, f.source, NOW, 200, b"x", f) for f in said])
    return found.entry.id


async def test_the_page_says_whose_a_value_is_and_who_says_otherwise(browser: Browser, desk: Desk, who: Who) -> None:
    page = (await browser.get(f"/library/entries/{await saved(desk, who)}")).text
    assert "from Crossref, 18 Nov 2026" in page
    assert "1 other word</summary>" in page
    assert "J. Other &lt;Trees&gt;" in page
    assert "On trees." not in page  # the same words


async def test_a_correction_by_form_is_shown_as_yours_and_an_emptied_field_withdraws_it(
    browser: Browser, desk: Desk, who: Who
) -> None:
    entry = await saved(desk, who)
    stood = {"was.venue": "Journal of Trees", "was.title": "On Trees", "title": "On Trees"}
    answer = await send(browser, f"/library/entries/{entry}/correction", venue="Trees Weekly", **stood)
    assert answer.status_code == 303
    page = (await browser.get(f"/library/entries/{entry}")).text
    assert "Trees Weekly" in page
    assert "you, on 18 Nov 2026" in page
    assert "Journal of Trees" in page  # what Crossref says
    assert page.count("you, on") == 1
    await send(browser, f"/library/entries/{entry}/correction", **{"venue": "", "was.venue": "Trees Weekly"})
    assert "Trees Weekly" not in (await browser.get(f"/library/entries/{entry}")).text


async def test_authors_are_lines_and_those_that_stay_keep_their_parts(browser: Browser, desk: Desk, who: Who) -> None:
    entry = await saved(desk, who)
    before = "van der Berg, Anna\r\nThe Group"
    lines = f"{before}\r\nLee, Bo"
    await send(browser, f"/library/entries/{entry}/correction", **{"authors": lines, "was.authors": before})
    page = (await browser.get(f"/library/entries/{entry}")).text
    assert "Anna van der Berg, The Group, Bo Lee" in page


async def test_a_wrong_value_is_said_beside_the_form_and_kept_in_it(browser: Browser, desk: Desk, who: Who) -> None:
    entry = await saved(desk, who)
    answer = await send(browser, f"/library/entries/{entry}/correction", **{"dates.issued": "last May", "was.x": ""})
    assert answer.status_code == 400
    assert 'role="alert">That could not be kept' in answer.text
    assert 'value="last May"' in answer.text
