"""The popup in real browsers: a paper and its card, a list to pick from, a page that is no paper; and pages looked at
without a word to any server."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.durability.scale import FULL
from tests.fakes import ReplayServer
from tests.journeys.browsers import Browser, Tab, profiles_of
from tests.journeys.conftest import SHARED, Instance, World, until
from tests.journeys.gate import Gate
from tests.journeys.test_save_reaches_second_device import ADDRESS, PAINTED, SLOW_PAGE, pair, popup_for, select

# The message is answered after a round of its own, which waits for those before it: what was pushed is not yet pulled.
ROUND_ENDED_AND_NO_ALARM = """
const api = globalThis.browser ?? chrome;
await api.runtime.sendMessage({type: 'sync'});
await api.alarms.clearAll();
return true;"""

LIST, BLOG = "http://arxiv.org/list/cs.CL/recent", "http://arxiv.org/blog/today"
LISTING = """<!doctype html><html lang="en"><head><title>Computation and Language</title></head><body><dl>
<dt><a href="/abs/1706.03762">arXiv:1706.03762</a> [<a href="/pdf/1706.03762">pdf</a>]</dt>
<dd><div class="list-title"><span class="descriptor">Title:</span> Attention Is All You Need</div></dd>
<dt><a href="/abs/2401.00002">arXiv:2401.00002</a></dt><dd><div class="list-title">Title: <b>Second</b> Paper</div></dd>
<dt><a href="/abs/2401.00003">arXiv:2401.00003</a></dt><dd><div class="list-title">Title: Third Paper</div></dd>
</dl></body></html>"""
NEWS = """<!doctype html><html lang="en"><head><title>News of today</title></head><body><main><h1>News of today</h1>
<p>Nothing that anybody would cite.</p></main></body></html>"""
EXPECTED = SHARED / "fixtures/pages/expected.json"
ODD = re.compile("challenge/|lingbuzz/|pan/|nature.com-news|front-matter-blog")  # tests/extension/kinds.test.mjs
END = {"Saved": "saved", "Not saved": "offered"}
HOLD = "void navigator.locks.request('scholium-save', () => new Promise((free) => { window.free = free; }));"
UNDO_SEEN = "return document.querySelector('#undo').checkVisibility({visibilityProperty: true});"
KEPT = (
    "const {database} = await import('/src/db.js'); const {everything} = await import('/src/outbox.js');"
    "return (await everything(await database())).filter((op) => op.set.saved_from).map((op) => op.hint.title);"
)


@pytest.fixture(params=["chromium", "firefox"])
def anywhere(
    request: pytest.FixtureRequest, built_extension: Path, proxy: ReplayServer, tmp_path: Path
) -> Iterator[Callable[[str], Browser]]:
    """The same, with every host granted, as a click on the icon grants the page that it is made on."""
    folder = tmp_path / "unpacked"
    shutil.copytree(built_extension, folder)
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    manifest["host_permissions"] = ["http://*/*"]
    (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    with profiles_of(request.param, tmp_path, folder, proxy.url) as make:
        yield make


def titles(tab: Tab) -> list[str]:
    """What the extension has saved and not yet sent."""
    found: list[str] = tab.run(KEPT)
    return found


def test_a_click_on_a_list_a_blog_and_a_paper_means_what_it_should_and_a_tag_need_not_wait_for_it(
    world: World, profiles: Callable[[str], Browser], tmp_path: Path
) -> None:
    world.pages |= {LIST: LISTING.encode(), BLOG: NEWS.encode(), ADDRESS: SLOW_PAGE.encode()}
    browser = profiles("one")
    options = browser.open(browser.extension("src/options/options.html"))

    browser.open(ADDRESS)
    options.run(HOLD)
    popup = popup_for(browser, options, ADDRESS)
    popup.type("#tag", "thesis", "Enter")
    assert popup.text("#state") == "Looking…"
    assert not popup.run(UNDO_SEEN)
    assert titles(popup) == []
    options.run("window.free();")
    until(lambda: popup.text("#state") == "Saved", what="the save")
    until(lambda: "thesis" in popup.text("#chips"), what="the tag that was entered before")
    assert popup.run(UNDO_SEEN)
    browser.open(BLOG)
    popup = popup_for(browser, options, BLOG)
    assert popup.text("#offer-button") == "Save as web page"
    assert titles(popup) == ["Attention Is All You Need"]
    popup.press("#offer-button", "Enter")
    until(lambda: popup.text("#state") == "Saved", what="the web page")
    assert titles(popup) == ["Attention Is All You Need", "News of today"]
    popup.click("#undo")
    until(lambda: popup.text("#offer-button") == "Save again", what="the undo")

    browser.open(LIST)
    popup = popup_for(browser, options, LIST)
    assert popup.text("#pick-title") == "3 papers on this page"
    assert "In your library" in popup.text("#pick-list li:first-child")
    popup.press("#pick-all", "Space")
    popup.picture(tmp_path / "pick.png")
    assert popup.text("#pick-save") == "Save 2 papers"
    popup.press("#pick-list li:last-child input", "Space")
    popup.press("#pick-save", "Enter")
    until(lambda: popup.text("#state") == "1 paper saved", what="the picked one")
    assert titles(popup) == ["Attention Is All You Need", "Second Paper"]
    assert popup.text("#pick-save") == "Pick what to save"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_card_takes_lists_and_a_note_and_gives_a_reference_while_the_server_is_there(
    instance: Instance, world: World, profiles: Callable[[str], Browser], tmp_path: Path
) -> None:
    world.pages[ADDRESS] = SLOW_PAGE.encode()
    browser = profiles("one")
    instance.start("api")
    options = pair(browser, instance)
    browser.open(ADDRESS)
    popup = popup_for(browser, options, ADDRESS)
    until(lambda: popup.text("#state") == "Saved", what="the save")
    popup.type("#list", "Reading group", "Enter")
    until(lambda: "Reading group" in popup.text("#list-chips"), what="the list")
    popup.type("#note", "Read the appendix first.")
    popup.close()  # in the middle of it

    script = instance.session()
    lists: list[dict[str, Any]] = until(lambda: script.get("/v1/lists").json()["items"], what="the list")
    until(lambda: script.get("/v1/entries").json()["items"][0]["note"], what="the note")
    [entry] = script.get("/v1/entries").json()["items"]
    assert (entry["note"], entry["lists"]) == ("Read the appendix first.", [lists[0]["id"]])
    assert lists[0]["name"] == "Reading group"

    popup = popup_for(browser, options, ADDRESS)
    until(lambda: popup.text("#state").startswith("Already saved"), what="the entry")
    popup.picture(tmp_path / "card.png")
    popup.click("#cite")
    until(lambda: popup.text("#state") == "Copied", what="the reference")
    popup.type("#note", "")
    popup.paste("#note")
    pasted = popup.run("return document.querySelector('#note').value;")
    assert pasted.startswith("Vaswani, A., & Shazeer, N. (2017)"), pasted
    instance.stop("api")
    popup.click("#cite")
    until(lambda: "cannot be reached" in popup.text("#state"), what="the word that it needs the server")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_pages_are_ticked_without_any_request_to_the_server(
    instance: Instance, world: World, profiles: Callable[[str], Browser]
) -> None:
    others = [f"http://arxiv.org/abs/2402.{n:05}" for n in range(1, 9)]
    world.pages |= {ADDRESS: SLOW_PAGE.encode(), **{url: NEWS.encode() for url in others}}
    browser = profiles("one")
    instance.start("api")
    with Gate(instance.url) as gate:
        options = pair(browser, instance, gate.url)
        page = browser.open(ADDRESS)
        popup = popup_for(browser, options, ADDRESS)
        until(lambda: popup.text("#state") == "Saved", what="the save")
        select(page, "based solely on attention")
        popup.click("#highlight")
        until(lambda: popup.text("#state") == "Highlighted", what="the highlight")
        popup.close()
        options.click("#sync-now")
        until(lambda: options.text("#waiting") == "0", what="the empty queue")
        options.run(ROUND_ENDED_AND_NO_ALARM)
        options.close()  # no window of the extension is open any more, and no alarm will ring
        before = len(gate.asked)
        for url in [*others, ADDRESS]:
            page.go(url)
        until(lambda: page.run(PAINTED) == 1, what="the highlight, which the page's address alone brought back")
        assert gate.asked[before:] == []


def test_the_page_of_each_publisher_is_saved_by_the_click_and_no_other_is(
    world: World, anywhere: Callable[[str], Browser]
) -> None:
    if not EXPECTED.exists():
        pytest.skip("the pages in ../shared are not here")
    cases = [
        case for case in json.loads(EXPECTED.read_text("utf-8")) if case.get("url") and not ODD.search(case["file"])
    ]
    browser = anywhere("one")
    options = browser.open(browser.extension("src/options/options.html"))
    page = browser.open("about:blank")
    wrong = []
    for case in cases if FULL else cases[::6]:
        address = case["url"].replace("https://", "http://", 1).split("#")[0]
        world.pages[address.split("?")[0]] = (SHARED / "fixtures" / case["file"]).read_bytes()
        page.go(address)
        popup = popup_for(browser, options, address)
        saved = until(lambda tab=popup: END.get(tab.text("#state")), what=f"a word about {address}")
        if saved != ("saved" if case["is_paper"] else "offered"):
            wrong.append((case["file"], saved, popup.text("#state")))
        popup.close()
    assert wrong == []
