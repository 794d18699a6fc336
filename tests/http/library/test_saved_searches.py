"""Searches kept by name in a browser without scripts: beside the lists, renamed, deleted, undone, and made a feed."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import parse_qsl

from api.actions.desk import Desk
from api.actions.keep_searches import list_searches
from api.domain.accounts import Who
from tests.http.library.conftest import Browser, save, send

PAGE = "/library/searches"


async def shown(browser: Browser, path: str = PAGE) -> str:
    return unescape((await browser.get(path)).text)


async def filled(desk: Desk, who: Who) -> None:
    """Two papers on trees, one of them read."""
    await save(desk, who, "On Oaks", tags=['tall "trees"', "thesis"], status="read")
    await save(desk, who, "On Elms", tags=["thesis"])


async def test_a_search_is_kept_from_the_page_that_shows_it_and_leads_back_there(
    browser: Browser, desk: Desk, who: Who
) -> None:
    await filled(desk, who)
    assert "Save this search" not in await shown(browser, "/")
    path = "/?q=oaks&status=read&tag=thesis&has=note&sort=title"
    html = await shown(browser, path)
    query = re.search(r'action="/library/searches">.*?name="query" value="([^"]*)"', html, re.S)
    assert query
    answer = await send(browser, PAGE, name="  Tall <ones> ", query=query[1])
    assert answer.headers["location"] == path
    kept = await list_searches(desk, who.library_id)
    assert [(one.name, one.query) for one in kept] == [("Tall <ones>", path[2:])]
    html = (await browser.get("/")).text
    assert ("Tall &lt;ones&gt;" in html, f'href="{path.replace("&", "&amp;")}"' in html) == (True, True)
    assert "q=oaks&list=&" not in await shown(browser)


async def test_a_search_is_renamed_deleted_and_brought_back_by_undo(browser: Browser, desk: Desk, who: Who) -> None:
    await send(browser, PAGE, name="Read", query="status=read")
    [kept] = await list_searches(desk, who.library_id)
    await send(browser, PAGE, search=kept.id, name="Done with")
    gone = await send(browser, PAGE, search=kept.id, op="delete")
    assert "Done with" not in await shown(browser)
    undo = dict(re.findall(r'name="(name|query)" value="([^"]*)"', unescape(gone.text)))
    assert undo == {"name": "Done with", "query": "status=read"}
    answer = await send(browser, PAGE, undo="yes", **undo)
    assert answer.headers["location"] == PAGE
    assert [one.name for one in await list_searches(desk, who.library_id)] == ["Done with"]


async def test_a_search_becomes_a_feed_and_a_file_of_its_papers(browser: Browser, desk: Desk, who: Who) -> None:
    await filled(desk, who)
    await send(browser, PAGE, name="Tall", query="status=read&tag=thesis")
    [kept] = await list_searches(desk, who.library_id)
    page = await shown(browser)
    export = re.search(r'href="(/v1/export[^"]+)"', page)
    assert export
    assert "On Oaks" in (await browser.get(export[1])).text
    assert f'value="search:{kept.id}" selected' in await shown(browser, f"/library/feeds?search={kept.id}")
    made = await send(browser, "/library/feeds", name="tall", format="bibtex", of=f"search:{kept.id}")
    url = re.search(r'id="url" readonly value="([^"]+)"', unescape(made.text))
    assert url
    file = (await browser.get(url[1])).text
    assert ("On Oaks" in file, "On Elms" in file) == (True, False)


async def test_what_cannot_be_kept_is_said(browser: Browser, desk: Desk, who: Who) -> None:
    for fields in (
        {"name": " ", "query": "q=x"},
        {"name": "x" * 101, "query": "q=x"},
        {"name": "x", "query": "cursor=1"},
    ):
        answer = await send(browser, PAGE, **fields)
        assert (answer.status_code, 'role="alert"' in answer.text) == (400, True), fields
    for fields in ({"search": "x", "name": "y"}, {"search": "x", "op": "delete"}):
        assert (await send(browser, PAGE, **fields)).status_code == 404
    many = "&".join(f"tag=t{number}" for number in range(21))
    await send(browser, PAGE, name="Many", query=many)
    [kept] = await list_searches(desk, who.library_id)
    assert len(parse_qsl(kept.query)) == 20
    for number in range(99):
        assert (await send(browser, PAGE, name=f"{number}", query="q=x")).status_code == 303
    assert (await send(browser, PAGE, name="one more", query="q=x")).status_code == 400
