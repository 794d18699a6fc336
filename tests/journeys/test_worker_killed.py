"""Chromium ends the extension's background whenever it likes: between any two steps nothing is lost, nothing doubled.

Chromium only, for there the browser's own debugger can end the worker; the server is a real one.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.fakes import ReplayServer
from tests.journeys.browsers import Chromium, ChromiumTab, profiles_of
from tests.journeys.conftest import Instance, World, until
from tests.journeys.test_save_reaches_second_device import ADDRESS, PAINTED, SLOW_PAGE, pair, popup_for, select

ALIVE = "return (await chrome.runtime.getContexts({contextTypes: ['BACKGROUND']})).length;"
NUDGE = "void chrome.runtime.sendMessage({type: 'sync'}).catch(() => undefined);"
MOMENTS = (0.0, 0.004, 0.012, 0.03, 0.08)  # seconds into a round of sync at which the worker is ended


class Killer:
    """Ends the background through the debugger of one of the extension's own pages."""

    def __init__(self, window: ChromiumTab) -> None:
        self._window = window
        self._debugger = window.page.context.new_cdp_session(window.page)
        self._debugger.send("ServiceWorker.enable")

    def strike(self) -> None:
        """End the worker now; one that is just starting survives the first blow."""
        until(self._struck, what="the worker's end")

    def _struck(self) -> bool:
        self._debugger.send("ServiceWorker.stopAllWorkers")
        return bool(self._window.run(ALIVE) == 0)

    def strike_amid_rounds(self) -> None:
        """Start rounds of sync and end the worker in each, a little later each time."""
        for moment in MOMENTS:
            self._window.run(NUDGE)
            time.sleep(moment)  # where in the round it dies; nothing waits for this
            self.strike()


@pytest.fixture
def chromium(built_extension: Path, proxy: ReplayServer, tmp_path: Path) -> Iterator[Chromium]:
    """One real Chromium profile."""
    with profiles_of("chromium", tmp_path, built_extension, proxy.url) as make:
        made = make("killed")
        assert isinstance(made, Chromium)
        yield made


def saved(script: Any, kind: str) -> list[Any]:
    """The live objects of a kind, as the server has them."""
    items: list[Any] = script.get(f"/v1/{kind}").json()["items"]
    return items


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_background_that_dies_between_any_two_steps_loses_nothing_and_doubles_nothing(
    instance: Instance, world: World, chromium: Chromium
) -> None:
    world.pages[ADDRESS] = SLOW_PAGE.encode()
    instance.start("api")
    options = pair(chromium, instance)
    assert isinstance(options, ChromiumTab)
    killer = Killer(options)

    page = chromium.open(ADDRESS)
    killer.strike()
    popup = popup_for(chromium, options, ADDRESS)
    until(lambda: popup.text("#state") == "Saved", what="the save")
    killer.strike()
    killer.strike_amid_rounds()
    popup.type("#tag", "thesis", "Enter")
    until(lambda: "thesis" in popup.text("#chips"), what="the tag")
    killer.strike()
    killer.strike_amid_rounds()
    for passage in ("based solely on attention mechanisms", "dispensing with recurrence"):
        select(page, passage)
        popup.click("#highlight")
        until(lambda: popup.text("#state") == "Highlighted", what="the highlight")
        killer.strike()
    killer.strike_amid_rounds()
    popup.click("#status label:nth-child(3)")
    killer.strike()
    killer.strike_amid_rounds()
    popup.click("#highlight-list li:nth-child(2) button")
    until(lambda: page.run(PAINTED) == 1, what="the highlight's end")
    killer.strike()
    killer.strike_amid_rounds()

    options.click("#sync-now")
    until(lambda: options.text("#waiting") == "0", what="the empty queue")
    script = instance.session()
    [entry] = saved(script, "entries")
    [tag] = saved(script, "tags")
    [highlight] = saved(script, "highlights")
    assert (entry["status"], entry["tags"], tag["name"]) == ("read", [tag["id"]], "thesis")
    assert highlight["entry_id"] == entry["id"]
    assert "based solely" in str(highlight["selectors"])
    log = chromium.open(chromium.extension("src/log/log.html"))
    assert log.text("#queue-empty") == "Everything is on the server."
