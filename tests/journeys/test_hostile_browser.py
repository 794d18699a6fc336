"""Pages and a PDF that mean ill, in real browsers: no script of theirs runs, nothing is written, no token is seen.

At least 60 tries in each browser, by their names in `hostile_pages.py`; those against the toolbar, with a real mouse,
are in `test_highlights_browser.py`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.fakes import ReplayServer
from tests.journeys.browsers import Browser, Tab, profiles_of
from tests.journeys.conftest import World, until
from tests.journeys.hostile_pages import (
    ACTIONS,
    CLOBBERED,
    HUGE,
    LIES,
    MARKUP,
    NOTES,
    TRIES,
    clobbered,
    huge,
    pdf_of_tries,
    spoken,
    trying,
)
from tests.journeys.reading import LINE, read
from tests.journeys.test_highlights_browser import texts, window_for
from tests.journeys.test_save_flow_browser import titles

SECRETS = ("refresh-that-no-page-may-see", "access-that-no-page-may-see")
PLANT = f"""const {{store}} = await import('/src/browser.js');
const server = 'http://127.0.0.1:9';
await store('local', 'session', {{server, refresh_token: '{SECRETS[0]}', device_id: 'd', library_id: 'l'}});
await store('session', 'access', {{token: '{SECRETS[1]}', expires_at: Date.now() + 3600000}});"""
OPS = """const {database} = await import('/src/db.js'); const {everything} = await import('/src/outbox.js');
return await everything(await database());"""
TRACES = """const foreign = `script:not([src]), img:not([src^="../../icons/"]), iframe, object, embed, base, [onerror],
  form[action], meta[http-equiv]`;
const addresses = [...document.querySelectorAll('a[href]')].map((one) => one.href);
const astray = addresses.filter((one) => !/^(https?|[a-z]+-extension):/.test(one));
return [window.ran ?? null, document.querySelectorAll(foreign).length, astray.length];"""
IN_READER = """const links = [...document.querySelectorAll('a[href]')].map((one) => one.protocol);
const foreign = '#title *, #lines img, .textLayer img, [onerror], iframe';
return [window.ran ?? null, document.querySelectorAll(foreign).length,
  links.filter((one) => /script|data|file/.test(one))];"""
WORLD = """const { documentElement, cookie, URL } = document;
const kept = Object.entries(localStorage);
return JSON.stringify([window.got, window.heard, documentElement.outerHTML, cookie, kept, URL]);"""


@pytest.fixture(scope="module", params=["chromium", "firefox"])
def ill(
    request: pytest.FixtureRequest, built_extension: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Browser, World, Tab]]:
    """One profile with tokens in it, the outside world that it sees, and a window of the extension."""
    world = World()
    with (
        ReplayServer(lambda path, query: world.page(path, query)) as proxy,
        profiles_of(request.param, tmp_path_factory.mktemp("ill"), built_extension, proxy.url) as make,
    ):
        browser = make("ill")
        options = browser.open(browser.extension("src/options/options.html"))
        options.run(PLANT)
        yield browser, world, options


def saved(browser: Browser, world: World, options: Tab, number: int, page: str) -> tuple[Tab, Tab]:
    """Visit a page and save it by the popup; returns both."""
    address = f"http://arxiv.org/abs/2405.{number:05}"
    world.pages[address] = page.encode()
    shown = browser.open(address)
    popup = window_for(browser, options, address, "popup/popup.html")
    until(lambda: popup.text("#state") == "Saved", what="the save")
    return shown, popup


def test_there_are_at_least_60_tries_in_each_browser() -> None:
    of_pages = [*TRIES, *LIES, *CLOBBERED, *HUGE, *MARKUP]
    of_pdfs = [*ACTIONS, *(f"chapter: {one}" for one in ACTIONS), *NOTES]
    assert len(of_pages) >= 60
    assert len(of_pdfs) >= 20


def test_a_page_that_tries_messages_doors_and_lies_gets_nothing(ill: tuple[Browser, World, Tab]) -> None:
    browser, world, options = ill
    address = "http://arxiv.org/abs/2405.00001"
    world.pages[address] = trying(browser.extension("")).encode()
    page = browser.open(address)
    assert until(lambda: page.run("return window.done;"), what="the tries") == len(TRIES)
    assert page.run("return window.got;") == []
    assert options.run(OPS) == []
    _, popup = saved(browser, world, options, 2, trying(browser.extension("")))
    popup = window_for(browser, options, address, "popup/popup.html")
    until(lambda: popup.text("#state") == "Saved", what="the save in spite of the lies")
    assert titles(popup) == ["Tries", "Tries"]
    page.run("document.getSelection().selectAllChildren(document.getElementById('a'));")
    popup.click("#highlight")
    until(lambda: popup.text("#state") == "Highlighted", what="the highlight in spite of the lies")
    seen = page.run(WORLD)
    assert [one for one in SECRETS if one in seen] == []
    assert len([op for op in options.run(OPS) if op["type"] == "highlight"]) == 1


def test_pages_that_clobber_swell_or_speak_in_markup_are_saved_as_text_and_within_bounds(
    ill: tuple[Browser, World, Tab],
) -> None:
    browser, world, options = ill
    before = len(titles(options))
    saved(browser, world, options, 11, clobbered())
    saved(browser, world, options, 12, huge())
    page, popup = saved(browser, world, options, 13, spoken())
    assert popup.run(TRACES) == [None, 0, 0]
    assert "<script>" in popup.text("#title")
    page.run("getSelection().selectAllChildren(document.querySelector('#b'));")
    popup.click("#highlight")
    until(lambda: popup.text("#state") == "Highlighted", what="the highlight of markup")
    for markup in ("image", "end of an attribute"):
        popup.type("#tag", MARKUP[markup], "Enter")
        until(lambda one=markup: MARKUP[one] in texts(popup, "#chips .word"), what="the tag")
    panel = window_for(browser, options, "http://arxiv.org/abs/2405.00013", "panel/panel.html")
    until(lambda: "<script>" in panel.text("#list .quote"), what="the quote")
    tags = browser.open(browser.extension("src/tags/tags.html"))
    until(lambda: "onerror" in tags.text("body"), what="the tags")
    log = browser.open(browser.extension("src/log/log.html"))
    for window in (popup, panel, tags, log, options):
        assert window.run(TRACES) == [None, 0, 0]
    ops = [op for op in options.run(OPS) if op["set"].get("saved_from")]
    assert len(ops) == before + 3
    assert sum(bool(op.get("page")) for op in ops) >= before + 2  # the huge page's words among them
    assert max(len(json.dumps(op.get("page")).encode()) for op in ops) <= 512 * 1024
    assert max(len(op["hint"]["title"]) for op in ops) <= 1000
    assert [path for path in world.asked if "stolen" in path] == []


def test_a_pdf_that_tries_everything_runs_nothing_and_leads_nowhere(ill: tuple[Browser, World, Tab]) -> None:
    browser, world, options = ill
    before = len(options.run(OPS))
    address = "http://arxiv.org/pdf/2405.00021"
    world.pages[address] = pdf_of_tries()
    reader = read(browser, address)
    where = reader.run("return location.href;")
    left, top, _ = until(lambda: reader.run(LINE % '"Nothing runs"'), what="the text")
    for row in range(0, 400, 40):
        reader.mouse((left + 5, top + row))
    reader.press("#container", "o")
    chapters = len(texts(reader, "#lines button"))
    assert chapters == len(ACTIONS)
    for number in range(1, chapters + 1):
        reader.run(f"document.querySelector('#lines > li:nth-child({number}) button').click();")
    assert reader.run("return location.href;") == where
    assert reader.run(IN_READER) == [None, 0, []]
    assert [path for path in world.asked if "stolen" in path] == []
    assert len(options.run(OPS)) <= before + 1  # the reader saves no paper by itself
