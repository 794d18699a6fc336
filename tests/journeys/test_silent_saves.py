"""The shortcuts and the context menus, told to the background as Chromium tells them: saved without any window, shown
on the badge."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes import ReplayServer
from tests.journeys.browsers import Chromium, profiles_of
from tests.journeys.conftest import World, until
from tests.journeys.test_highlights_browser import highlights
from tests.journeys.test_save_flow_browser import BLOG, NEWS, titles
from tests.journeys.test_save_reaches_second_device import ADDRESS, PAINTED, SLOW_PAGE, select

TAB = "const [tab] = await chrome.tabs.query({url: '%s*'});"
KEY = TAB + "chrome.commands.onCommand.dispatch('%s', tab);"
MENU = TAB + "chrome.contextMenus.onClicked.dispatch({menuItemId: '%s', linkUrl: %s}, tab);"
BADGE = TAB + "return chrome.action.getBadgeText({tabId: tab.id});"


@pytest.fixture
def chromium(built_extension: Path, proxy: ReplayServer, tmp_path: Path) -> Iterator[Chromium]:
    """One real Chromium profile that is connected with nothing."""
    with profiles_of("chromium", tmp_path, built_extension, proxy.url) as make:
        made = make("silent")
        assert isinstance(made, Chromium)
        yield made


def test_keys_and_menus_save_pages_links_and_selections_without_a_window(chromium: Chromium, world: World) -> None:
    world.pages |= {ADDRESS: SLOW_PAGE.encode(), BLOG: NEWS.encode()}
    window = chromium.open(chromium.extension("src/tags/tags.html"))
    page = chromium.open(BLOG)
    chromium.background(KEY % (BLOG, "save-page"))
    until(lambda: titles(window) == ["News of today"], what="the page, by the shortcut")
    chromium.background(KEY % (BLOG, "save-page"))
    chromium.background(MENU % (BLOG, "save-link", "'http://arxiv.org/abs/2401.00002'"))
    until(lambda: len(titles(window)) == 2, what="the link")
    chromium.background(MENU % (BLOG, "save-link", "'http://arxiv.org/pdf/2401.00002v3'"))

    def refused() -> bool:  # again and again: what was done before may still write its count over the mark
        chromium.background(MENU % (BLOG, "save-link", "'javascript:alert(1)'"))
        return bool(chromium.background(BADGE % BLOG) == "!")

    until(refused, what="the word that this is no link to save")

    page.go(ADDRESS)
    select(page, "network architecture")
    chromium.background(MENU % (ADDRESS, "highlight-selection", "undefined"))
    until(lambda: page.run(PAINTED) == 1, what="the highlight")
    assert len(highlights(window, ADDRESS)) == 1
    assert titles(window) == ["News of today", "http://arxiv.org/abs/2401.00002", "Attention Is All You Need"]
    until(lambda: chromium.background(BADGE % ADDRESS) == "4", what="the length of the queue")
