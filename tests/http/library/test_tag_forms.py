"""All tags on one page: renamed, recoloured, merged and deleted by plain forms in a browser without scripts."""

from __future__ import annotations

import re
from html import unescape

from api.actions.desk import Desk
from api.actions.list_objects import list_tags
from api.domain.accounts import Who
from tests.http.library.conftest import Browser, save, send, titles

PAGE = "/library/tags"


async def fill(desk: Desk, who: Who) -> dict[str, str]:
    """Two papers on trees, one of them on leaves too; returns the ids of the tags by name."""
    await save(desk, who, "On Oaks", tags=["trees"])
    await save(desk, who, "On Elms", tags=["trees", "le<af> & co"])
    return {tag.name: tag.id for tag in await list_tags(desk, who.library_id)}


async def shown(browser: Browser, path: str = PAGE) -> str:
    return unescape((await browser.get(path)).text)


def lines(html: str) -> list[tuple[str, str]]:
    """The name and count of each tag on the page, in order."""
    return re.findall(r'<a dir="auto" href="[^"]+">(.*?)</a>\s*<span class="n">(.*?)</span>', html)


async def colors(desk: Desk, who: Who) -> dict[str, str | None]:
    return {tag.name: tag.color for tag in await list_tags(desk, who.library_id)}


async def test_every_tag_is_there_with_its_count_and_leads_to_its_papers(
    browser: Browser, desk: Desk, who: Who
) -> None:
    assert "No tags yet." in await shown(browser)
    await fill(desk, who)
    assert f'href="{PAGE}"' in (await browser.get("/")).text
    html = (await browser.get(PAGE)).text
    assert lines(unescape(html)) == [("trees", "2 papers"), ("le<af> & co", "1 paper")]
    assert "le<af>" not in html
    of_leaves = unescape(re.findall(r'<a dir="auto" href="([^"]+)"', html)[1])
    assert titles((await browser.get(of_leaves)).text) == ["On Elms"]


async def test_only_the_tag_to_change_has_forms(browser: Browser, desk: Desk, who: Who) -> None:
    ids = await fill(desk, who)
    assert 'name="tag"' not in await shown(browser)
    html = await shown(browser, f"{PAGE}?change={ids['trees']}")
    assert set(re.findall(r'name="tag" value="([^"]+)"', html)) == {ids["trees"]}
    assert re.findall(r'<option value="(le.*?)">', html) == ["le<af> & co"]


async def test_a_tag_is_renamed_and_coloured_alone(browser: Browser, desk: Desk, who: Who) -> None:
    ids = await fill(desk, who)
    answer = await send(browser, PAGE, tag=ids["trees"], name="  Big   Trees ")
    assert (answer.status_code, answer.headers["location"].split("#")[1]) == (303, f"t-{ids['trees']}")
    after = await shown(browser, answer.headers["location"])
    assert ("Renamed." in after, lines(after)[0]) == (True, ("Big Trees", "2 papers"))
    await send(browser, PAGE, tag=ids["trees"], color="green")
    assert await colors(desk, who) == {"Big Trees": "green", "le<af> & co": None}
    assert 'class="dot green"' in await shown(browser)
    await send(browser, PAGE, tag=ids["trees"], color="#a0b1c2")
    assert 'fill="#a0b1c2"' in await shown(browser)
    await send(browser, PAGE, tag=ids["trees"], color="")
    assert (await colors(desk, who))["Big Trees"] is None


async def test_a_new_name_may_differ_in_case_but_not_be_another_tags(browser: Browser, desk: Desk, who: Who) -> None:
    ids = await fill(desk, who)
    assert (await send(browser, PAGE, tag=ids["trees"], name="TREES")).status_code == 303
    answer = await send(browser, PAGE, tag=ids["le<af> & co"], name="trees")
    assert (answer.status_code, "There is a tag “TREES” already" in unescape(answer.text)) == (400, True)
    assert lines(await shown(browser)) == [("TREES", "2 papers"), ("le<af> & co", "1 paper")]


async def test_two_tags_become_one_under_the_name_and_colour_of_the_other(
    browser: Browser, desk: Desk, who: Who
) -> None:
    ids = await fill(desk, who)
    await save(desk, who, "On Moss", tags=["le<af> & co"])
    await send(browser, PAGE, tag=ids["le<af> & co"], color="blue")
    answer = await send(browser, PAGE, tag=ids["trees"], into="LE<AF> & CO")
    after = await shown(browser, answer.headers["location"])
    assert ("Merged into this tag." in after, lines(after)) == (True, [("le<af> & co", "3 papers")])
    assert await colors(desk, who) == {"le<af> & co": "blue"}


async def test_a_deleted_tag_comes_back_on_its_papers_by_undo(browser: Browser, desk: Desk, who: Who) -> None:
    ids = await fill(desk, who)
    answer = await send(browser, PAGE, tag=ids["trees"], op="delete")
    after = await shown(browser, answer.headers["location"])
    assert ("Tag deleted." in after, lines(after)) == (True, [("le<af> & co", "1 paper")])
    undo = re.search(r'action="(/library/trash)".*?name="type" value="(tag)".*?name="key" value="([^"]+)"', after, re.S)
    assert undo
    assert len(titles((await browser.get("/")).text)) == 2
    await send(browser, undo[1], type=undo[2], key=undo[3])
    assert lines(await shown(browser))[0] == ("trees", "2 papers")


async def test_what_no_tag_can_become_is_said_and_not_done(browser: Browser, desk: Desk, who: Who) -> None:
    ids = await fill(desk, who)
    before = await colors(desk, who)
    wrong = ({"name": " "}, {"name": "x" * 256}, {"color": "pink"}, {"into": "nothing"}, {"into": "trees"}, {})
    for fields in wrong:
        answer = await send(browser, PAGE, tag=ids["trees"], **fields)
        assert (answer.status_code, 'role="alert"' in answer.text) == (400, True), fields
    assert (await send(browser, PAGE, tag="unknown", name="x")).status_code == 404
    assert (await browser.post(PAGE, data={"tag": ids["trees"], "op": "delete"})).status_code == 403
    assert await colors(desk, who) == before
