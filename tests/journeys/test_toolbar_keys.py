"""The toolbar at a selection, by the keyboard alone, in both browsers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes import ReplayServer
from tests.journeys.browsers import Browser, profiles_of
from tests.journeys.conftest import World, until
from tests.journeys.test_highlights_browser import highlights
from tests.journeys.test_save_reaches_second_device import ADDRESS, PAINTED, SLOW_PAGE, select

SHOWN = "return document.querySelector('scholium-toolbar') !== null;"


@pytest.fixture(params=["chromium", "firefox"])
def browser(
    request: pytest.FixtureRequest, built_extension: Path, proxy: ReplayServer, tmp_path: Path
) -> Iterator[Browser]:
    """One profile of one real browser that is connected with nothing."""
    with profiles_of(request.param, tmp_path, built_extension, proxy.url) as make:
        yield make("keys")


def test_tab_leads_into_the_toolbar_arrows_along_it_and_escape_out(browser: Browser, world: World) -> None:
    world.pages[ADDRESS] = SLOW_PAGE.encode()
    options = browser.open(browser.extension("src/options/options.html"))
    page = browser.open(ADDRESS)

    def offered(words: str) -> bool:
        select(page, words)
        page.keys("Shift")
        return bool(page.run(SHOWN))

    until(lambda: offered("simple network"), what="the toolbar")
    page.keys("Tab", "Escape")
    until(lambda: not page.run(SHOWN), what="the end of the toolbar")
    assert not offered("simple network")
    until(lambda: offered("network architecture"), what="the toolbar at other words")
    page.run("await new Promise((end) => setTimeout(end, 500));")  # what comes sooner is not believed
    page.keys("Tab", "ArrowRight", "ArrowRight", "ArrowLeft", "Enter")
    until(lambda: page.run(PAINTED) == 1, what="the highlight")
    [made] = highlights(options, ADDRESS)
    assert made["set"]["color"] == "green"
