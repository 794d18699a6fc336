"""Highlights in real browsers: the toolbar and the panel, another version of a paper, and a page that means ill."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.fakes import ReplayServer
from tests.journeys.browsers import Browser, Tab, profiles_of
from tests.journeys.conftest import SHARED, World, until
from tests.journeys.highlight_pages import ILL, LATEXML, MARKUP, V1, V2
from tests.journeys.test_save_reaches_second_device import PAINTED, select

FIRST, SECOND = "http://arxiv.org/abs/2401.01234v1", "http://arxiv.org/abs/2401.01234v2"
ILL_ADDRESS = "http://arxiv.org/abs/2402.00002"
HTML = "http://arxiv.org/html/2401.01234v2"
WORDS = "return [...CSS.highlights.values()].flatMap((one) => [...one]).map(String);"
OPENED = """const api = globalThis.browser ?? chrome;
if (api.sidebarAction) return api.sidebarAction.isOpen({});
return (await api.runtime.getContexts({contextTypes: ['SIDE_PANEL']})).length === 1;"""


@pytest.fixture(scope="module", params=["chromium", "firefox"])
def reader(
    request: pytest.FixtureRequest, built_extension: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Browser, World]]:
    """One profile of one real browser for all of these journeys, and the outside world that it sees."""
    world = World()
    folder = tmp_path_factory.mktemp("reader")
    with (
        ReplayServer(lambda path, query: world.page(path, query)) as proxy,
        profiles_of(request.param, folder, built_extension, proxy.url) as make,
    ):
        yield make("reader"), world


def window_for(browser: Browser, opener: Tab, address: str, page: str) -> Tab:
    """A window of the extension about the tab at this address."""
    find = f"const [tab] = await (globalThis.browser ?? chrome).tabs.query({{url: '{address}*'}}); return tab.id;"
    return browser.open(browser.extension(f"src/{page}?tab={opener.run(find)}"))


def texts(tab: Tab, selector: str) -> list[str]:
    """The text of all such elements, spaces put in order."""
    found = tab.run(f"return [...document.querySelectorAll({json.dumps(selector)})].map((one) => one.textContent);")
    return [" ".join(str(one).split()) for one in found]


def highlights(tab: Tab, address: str) -> Any:
    """The ops of highlights on a page in the device's outbox, seen from a window of the extension."""
    return tab.run(
        "const {database} = await import('/src/db.js'); const {everything} = await import('/src/outbox.js');"
        "return (await everything(await database())).filter((op) => op.type === 'highlight'"
        f" && op.set.manifestation === '{address}');"
    )


def mark(page: Tab, popup: Tab, passage: str) -> None:
    """Select a passage and highlight it by the popup's button."""
    before = page.run(PAINTED)
    select(page, passage)
    popup.click("#highlight")
    until(lambda: page.run(PAINTED) == before + 1, what="the highlight")


def test_highlights_follow_a_paper_to_its_next_version_and_are_put_right_in_the_panel(
    reader: tuple[Browser, World],
) -> None:
    browser, world = reader
    world.pages |= {FIRST: V1.encode(), SECOND: V2.encode(), HTML: LATEXML.encode()}
    options = browser.open(browser.extension("src/options/options.html"))
    page = browser.open(FIRST)
    popup = window_for(browser, options, FIRST, "popup/popup.html")
    until(lambda: popup.text("#state") == "Saved", what="the save")
    kept = "method keeps the words and their neighbours, and refuses to guess"
    for passage in (kept, "found nine of ten passages that had been edited"):
        mark(page, popup, passage)
    popup.click("#panel")
    until(lambda: options.run(OPENED), what="the panel beside the page")

    page.go(HTML)
    until(lambda: page.run(PAINTED) == 1, what="the highlight on the HTML form")
    words = "method keeps all words with their neigh\u00adbours, and it refuses to guess"
    assert [" ".join(one.split()) for one in page.run(WORDS)] == [words]
    page.go(SECOND)
    until(lambda: page.run(PAINTED) == 1, what="the highlight on the next version")
    panel = window_for(browser, options, SECOND, "panel/panel.html")
    assert "neighbours" in panel.text("#list .mark .quote")
    assert "text changed" in panel.text("#list .mark .facts")
    assert "nine of ten" in panel.text("#orphans .mark .quote")
    assert panel.text("#title") == "Anchors that hold <b>fast</b>"

    panel.click("#list .more")
    panel.click("#editor-colors input[value=green] + span")
    until(lambda: "Result" in str(texts(panel, "#list .facts")), what="the colour")
    panel.type("#tag", "core", "Enter")
    until(lambda: "core" in str(texts(panel, "#list .facts")), what="the tag")
    panel.type("#comment", MARKUP)
    panel.click("#done")
    until(lambda: texts(panel, "#list .comment") == [MARKUP], what="the comment")
    select(page, "found most of what had been changed")
    panel.click("#orphans .attach")
    until(lambda: len(texts(panel, "#list .mark")) == 2, what="the orphan at its new place")
    assert page.run(PAINTED) == 2
    panel.click("#colors input[value=green] + span")
    until(lambda: len(texts(panel, "#list .mark")) == 1, what="the filter")
    assert panel.run("return document.title;") == "Scholium"
    assert page.run("return document.querySelector('scholium-toolbar, mark') === null;")


RECT = "const r = {}.getBoundingClientRect(); return [r.left, r.top, r.right, r.bottom];"
COVER = """const glass = document.createElement('div'); glass.popover = 'manual'; glass.id = 'glass';
glass.style.cssText = 'position: fixed; inset: 0; width: 100vw; height: 100vh; opacity: 0; border: 0';
glass.style.pointerEvents = 'none';
document.body.append(glass); glass.showPopover();"""
FORGED = """const send = (message) => (globalThis.browser ?? chrome).runtime.sendMessage(message).catch(() => null);
const wishes = [{type: 'sync'}, {type: 'mark', color: 'red; }'}, {type: 'mark', color: 'red', exact: 'x'},
  {type: 'token'}, {type: 'mark', color: 'x'.repeat(1e7)}, {type: 'note', key: 1}, 'mark', null];
return Promise.all(wishes.map(send));"""


def sweep(page: Tab) -> tuple[float, float]:
    """Select words with the mouse until the toolbar is there; returns the middle of its second colour."""
    page.run("getSelection().empty();")
    left, top, right, _ = page.run(RECT.format("document.querySelector('#b')"))

    def offered() -> bool:
        page.run("getSelection().empty();")
        page.mouse((left + 5, top + 8), (min(right, left + 300), top + 8))
        return bool(page.run("return Boolean(window.seen?.isConnected);"))

    until(offered, what="the toolbar")
    x, y, _, _ = page.run(RECT.format("window.seen"))
    page.run("await new Promise((end) => setTimeout(end, 500));")  # what comes sooner is not believed
    return x + 5 + 34 + 16, y + 5 + 16


def test_a_page_that_means_ill_gets_nothing_written_and_nothing_told(reader: tuple[Browser, World]) -> None:
    browser, world = reader
    world.pages[ILL_ADDRESS] = V1.replace("</head>", f"{ILL}</head>").encode()
    options = browser.open(browser.extension("src/options/options.html"))
    page = browser.open(ILL_ADDRESS)
    tab = f"(await (globalThis.browser ?? chrome).tabs.query({{url: '{ILL_ADDRESS}*'}}))[0].id"
    in_page = "(globalThis.browser ?? chrome).scripting.executeScript"

    sweep(page)
    answers = options.run(
        f"return (await {in_page}({{target: {{tabId: {tab}}}, func: async () => {{ {FORGED} }}}}))[0].result;"
    )
    assert [one for one in answers if one] == []
    spot = sweep(page)
    page.run("getSelection().selectAllChildren(document.querySelector('#c'));")
    page.mouse(spot)
    spot = sweep(page)
    page.run(COVER)
    page.mouse(spot)
    page.run("document.querySelector('#glass').remove();")
    page.run(
        "for (const one of [window.seen, document.documentElement]) one.style.setProperty('opacity', '0', 'important');"
    )
    assert page.run("return getComputedStyle(window.seen).opacity;") in ("1", "")
    page.run("document.documentElement.style.removeProperty('opacity');")
    assert page.run("return [...new Set(window.log)];") == ["null", ""]
    assert page.run(
        "return [typeof window.__scholium, document.title.includes('run') && !document.title.includes('<')];"
    ) == [
        "undefined",
        False,
    ]
    assert highlights(options, ILL_ADDRESS) == []

    page.mouse(sweep(page))
    until(lambda: page.run(PAINTED) == 1, what="the highlight that a person made")
    [made] = highlights(options, ILL_ADDRESS)
    assert made["set"]["color"] == "green"
    assert page.run("return document.querySelector('scholium-toolbar') === null;")


PAGES = ("peerj/papis-fallback_peerj", "plos/pone.0000001", "pmc/PMC3531190")
AGAIN = """
const { prepared, describeRange, locateIn } = globalThis.__scholium;
const walker = document.createTreeWalker(document.querySelector('main, article, body'), NodeFilter.SHOW_TEXT);
const nodes = [];
while (walker.nextNode()) {
  const { data, parentElement } = walker.currentNode;
  const hidden = parentElement.closest('script, style, noscript, template');
  if (data.trim().length > 60 && !hidden) nodes.push(walker.currentNode);
}
const view = prepared();
const step = Math.max(1, Math.floor(nodes.length / 12));
const wrong = [];
let tried = 0;
for (let i = 0; i + 1 < nodes.length; i += step) {
  const range = document.createRange();
  range.setStart(nodes[i], 9);
  range.setEnd(nodes[i + (i % 2)], 50);
  const made = describeRange(range);
  const found = made && locateIn(view, JSON.parse(JSON.stringify(made.selectors)));
  const plain = (text) => text.replace(/\\s/g, '');
  tried += 1;
  if (!found || found.state !== 'exact' || plain(found.range.toString()) !== plain(range.toString())
    || found.range.comparePoint(nodes[i], 20) !== 0) wrong.push(range.toString());
}
return { tried, wrong };
"""


def test_what_is_selected_on_real_pages_is_found_again_at_the_same_elements(reader: tuple[Browser, World]) -> None:
    browser, world = reader
    names = PAGES if os.environ.get("SCHOLIUM_TEST_SCALE") == "full" else PAGES[:1]
    pages = [SHARED / "fixtures/pages" / f"{name}.html" for name in names]
    if not all(page.exists() for page in pages):
        pytest.skip("shared fixtures are not here: pages of publishers")
    options = browser.open(browser.extension("src/options/options.html"))
    page = browser.open(browser.extension("icons/16.png"))
    for number, saved in enumerate(pages):
        address = f"http://arxiv.org/page/{number}"
        world.pages[address] = saved.read_bytes()
        page.go(address)
        told = options.run(
            f"""const api = globalThis.browser ?? chrome;
            const [{{id: tabId}}] = await api.tabs.query({{url: '{address}'}});
            const files = ['text', 'grams', 'align', 'match', 'anchor'].map((name) => `/src/page/${{name}}.js`);
            await api.scripting.executeScript({{target: {{tabId}}, files}});
            const func = () => {{ {AGAIN} }};
            return (await api.scripting.executeScript({{target: {{tabId}}, func}}))[0].result;"""
        )
        assert told["wrong"] == []
        assert told["tried"] >= 10
