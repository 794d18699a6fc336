"""The extension's windows for everybody: axe finds nothing in either theme and direction, the keyboard reaches all of
it in order, and nothing is cut off at 320 pixels, which is what 200 % of zoom leaves of a popup."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT
from tests.fakes import ReplayServer
from tests.journeys.browsers import Browser, ChromiumTab, Tab, profiles_of
from tests.journeys.conftest import World, until
from tests.journeys.reading import PAPER, PDF, read
from tests.journeys.test_highlights_browser import texts, window_for
from tests.journeys.test_save_flow_browser import BLOG, LIST, LISTING, NEWS
from tests.journeys.test_save_reaches_second_device import ADDRESS, PAINTED, SLOW_PAGE, select

AXE = ROOT / "extension/node_modules/axe-core/axe.min.js"
FOUND = """const { violations } = await axe.run(document, { resultTypes: ['violations'] });
return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`));"""
WIDE = """const { documentElement: page } = document;
const cut = [...document.querySelectorAll('*')].filter((one) => {
  return one.scrollWidth > one.clientWidth && /auto|scroll/.test(getComputedStyle(one).overflowX);
});
return [...page.scrollWidth > innerWidth ? [page] : [], ...cut].map((one) => one.id || one.localName);"""
SEEN = """const seen = [...document.querySelectorAll(
  'a[href], button, input, select, textarea, summary, [tabindex="0"]')]
  .filter((one) => one.checkVisibility() && !one.disabled && !one.closest('[inert]') && one.tabIndex >= 0);
const first = new Map(seen.filter((one) => one.type === 'radio').map((one) => [one.name, one]));
const stops = seen.filter((one) => one.type !== 'radio' || one.checked ||
  (first.get(one.name) === one && !seen.some((other) => other.name === one.name && other.checked)));
stops[0].focus({focusVisible: true});
return stops.map((one) => one.id || one.textContent.trim() || one.name || one.value);"""
HERE = """const one = document.activeElement;
if (one === document.body) return null;
const drawn = [one, one.parentElement, one.nextElementSibling].some((each) => {
  return each && getComputedStyle(each).outlineStyle !== 'none';
});
const name = one.id || one.textContent.trim() || one.name || one.value;
return [name, drawn && one.getBoundingClientRect().width > 0];"""
ELSEWHERE = """const {database} = await import('/src/db.js'); const {add, everything} = await import('/src/outbox.js');
const {tell} = await import('/src/news.js'); const db = await database();
const {key} = (await everything(db)).findLast((op) => op.type === 'highlight');
await add(db, [{type: 'highlight', key, op: 'put', set: {comment: 'From elsewhere'}}]); tell();"""
PAGES = ("popup", "pick", "panel", "options", "log", "tags", "reader", "cover")
EVERYWHERE = pytest.mark.parametrize("windows", ["chromium", "firefox"], indirect=True, scope="module")
IN_CHROMIUM = pytest.mark.parametrize("windows", ["chromium"], indirect=True, scope="module")


@pytest.fixture(scope="module")
def windows(
    request: pytest.FixtureRequest, built_extension: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Tab]]:
    """Every window of the extension, filled: a paper with all that it may have, a list to pick from, a queue."""
    world = World()
    world.pages |= {ADDRESS: SLOW_PAGE.encode(), LIST: LISTING.encode(), BLOG: NEWS.encode(), PDF: PAPER}
    with (
        ReplayServer(lambda path, query: world.page(path, query)) as proxy,
        profiles_of(request.param, tmp_path_factory.mktemp("accessible"), built_extension, proxy.url) as make,
    ):
        yield filled(make("one"))


def filled(browser: Browser) -> dict[str, Tab]:
    """Do what a person does, and leave every window open."""
    options = browser.open(browser.extension("src/options/options.html"))
    page = browser.open(ADDRESS)
    popup = window_for(browser, options, ADDRESS, "popup/popup.html")
    until(lambda: popup.text("#state") == "Saved", what="the save")
    popup.type("#tag", "thesis", "Enter")
    until(lambda: "thesis" in popup.text("#chips"), what="the tag")
    popup.type("#list", "Reading group", "Enter")
    until(lambda: "Reading group" in popup.text("#list-chips"), what="the list")
    for count, passage in enumerate(("network architecture", "dispensing with"), 1):
        select(page, passage)
        popup.click("#highlight")
        until(lambda many=count: page.run(PAINTED) == many, what="the highlight")
    browser.open(LIST)
    pick = window_for(browser, options, LIST, "popup/popup.html")
    panel = window_for(browser, options, ADDRESS, "panel/panel.html")
    panel.click("#list .more")
    panel.text("#editor")
    made: dict[str, Tab] = {"popup": popup, "pick": pick, "panel": panel, "options": options}
    made |= {name: browser.open(browser.extension(f"src/{name}/{name}.html")) for name in ("log", "tags")}
    made["tags"].text("#tags li")
    made |= {"reader": read(browser), "cover": browser.open(browser.extension("src/reader/reader.html"))}
    made["reader"].press("#container", "o")
    made["reader"].press("#container", "/")
    made["cover"].text("#why")
    return made


def wear(tab: Tab, theme: str, direction: str) -> None:
    """Show a window in a theme and a direction."""
    tab.run(f"document.documentElement.dataset.theme = '{theme}'; document.documentElement.dir = '{direction}';")


@EVERYWHERE
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_in_either_theme_and_direction(windows: dict[str, Tab], name: str) -> None:
    tab = windows[name]
    tab.keys("Shift")  # brings the window to the front
    tab.run(AXE.read_text("utf-8"))
    found: dict[tuple[str, str], Any] = {}
    for theme in ("light", "dark"):
        for direction in ("ltr", "rtl"):
            wear(tab, theme, direction)
            found[theme, direction] = tab.run(FOUND)
    wear(tab, "system", "ltr")
    assert {how: what for how, what in found.items() if what} == {}


@IN_CHROMIUM
@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_cut_off_at_320_pixels_in_either_direction(
    windows: dict[str, Tab], name: str, tmp_path: Path
) -> None:
    tab = windows[name]
    assert isinstance(tab, ChromiumTab)
    for width in (320, 640):
        tab.page.set_viewport_size({"width": width, "height": 800})
        for direction in ("ltr", "rtl"):
            wear(tab, "light", direction)
            tab.page.screenshot(path=str(tmp_path / f"{name}-{width}-{direction}.png"), full_page=True)
            assert tab.run(WIDE) == [], (name, width, direction)
    wear(tab, "system", "ltr")
    tab.page.set_viewport_size({"width": 1100, "height": 800})


@EVERYWHERE
@pytest.mark.parametrize("name", PAGES)
def test_the_keyboard_reaches_every_control_in_the_order_in_which_it_is_read(
    windows: dict[str, Tab], name: str
) -> None:
    tab = windows[name]
    tab.keys("Shift")  # from now on it is the keyboard that moves, and the browser shows where
    expected = tab.run(SEEN)
    reached = []
    for _ in expected:
        here = tab.run(HERE)
        assert here, reached
        reached.append(here)
        tab.keys("Tab")
    assert [one for one, _ in reached] == expected
    assert [one for one, visible in reached if not visible] == []


@IN_CHROMIUM
@pytest.mark.parametrize("name", PAGES)
def test_what_happened_is_spoken_and_nothing_moves_where_that_is_not_wanted(windows: dict[str, Tab], name: str) -> None:
    tab = windows[name]
    assert isinstance(tab, ChromiumTab)
    assert tab.run("return document.querySelector('#state').ariaLive === 'polite';")
    tab.page.emulate_media(reduced_motion="reduce")
    moving = """return [...document.querySelectorAll('*')].filter((one) => {
      const { animationName, transitionDuration } = getComputedStyle(one);
      return animationName !== 'none' || !/^(0s(, )?)+$/.test(transitionDuration);
    }).length;"""
    assert tab.run(moving) == 0


@IN_CHROMIUM
def test_what_is_drawn_anew_leaves_the_keyboard_where_it_is(windows: dict[str, Tab]) -> None:
    popup, panel = windows["popup"], windows["panel"]
    for tab, hold in ((popup, "#chips button"), (panel, "#colors input")):
        tab.run(f"window.held = document.querySelector('{hold}'); window.held.focus();")
    before = popup.text("#queue")
    windows["options"].run(ELSEWHERE)
    until(lambda: "From elsewhere" in texts(panel, "#list .comment"), what="the news in the panel")
    until(lambda: popup.text("#queue") != before, what="the news in the popup")
    for tab in (popup, panel):
        assert tab.run("return document.activeElement === window.held;")

    panel.run("document.querySelector('#editor-colors input:checked').focus();")
    for meaning in ("Result", "Method"):
        panel.keys("ArrowRight")
        until(lambda said=meaning: said in str(texts(panel, "#list .facts")), what="the colour")
        assert panel.run("return document.activeElement.matches('#editor-colors input:checked');")
