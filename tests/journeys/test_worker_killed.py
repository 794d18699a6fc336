"""Chromium ends the extension's background whenever it likes: between any two steps nothing is lost, nothing doubled.

Steps are a person's clicks, and in each round of sync every request on its way in and every answer on its way out.
Chromium only, for there the browser's own debugger can end the worker; the server is a real one, behind a gate.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from itertools import chain, count
from pathlib import Path
from typing import Any

import pytest

from tests.fakes import ReplayServer
from tests.journeys.browsers import Chromium, ChromiumTab, profiles_of
from tests.journeys.conftest import Instance, World, until
from tests.journeys.gate import Gate
from tests.journeys.test_save_reaches_second_device import ADDRESS, PAINTED, SLOW_PAGE, pair, popup_for, select

ALIVE = "return (await chrome.runtime.getContexts({contextTypes: ['BACKGROUND']})).length;"
ROUND = (
    "globalThis.over = false;"
    "void chrome.runtime.sendMessage({type: 'sync'}).catch(() => undefined).then(() => { globalThis.over = true; });"
)
OVER = "return globalThis.over;"
WITH_PUSH = 5  # crossings of a round until the server's word to a push is kept: pull, push, and the next pull begins
WITHOUT = 2  # of a round after that: a pull alone


class Killer:
    """Ends the background through the debugger of one of the extension's own pages."""

    def __init__(self, window: ChromiumTab, gate: Gate) -> None:
        self._window, self._gate = window, gate
        self._debugger = window.page.context.new_cdp_session(window.page)
        self._debugger.send("ServiceWorker.enable")

    def strike(self) -> None:
        """End the worker now; one that is just starting survives the first blow."""
        until(self._struck, what="the worker's end")

    def _struck(self) -> bool:
        self._debugger.send("ServiceWorker.stopAllWorkers")
        return bool(self._window.run(ALIVE) == 0)

    def die_at_every_crossing_of(self, click: Callable[[], object]) -> int:
        """Do what a person does, and have the worker end in each round of sync that follows, one crossing later each
        time, until a round ends before that; how often it was ended."""
        self._window.run("globalThis.over = false;")
        self._gate.arm(0)
        click()
        for deaths, crossing in enumerate(chain(range(1, WITH_PUSH), count())):
            until(lambda: self._gate.caught or self._window.run(OVER), what="a crossing, or the round's end")
            if not self._gate.caught:
                self._gate.release()
                return deaths
            self.strike()
            self._gate.release()
            self._gate.arm(crossing)
            self._window.run(ROUND)
        raise AssertionError("unreachable")


class Person:
    """Saves, tags, highlights twice, marks as read and deletes the second highlight, in the popup of one page."""

    def __init__(self, chromium: Chromium, options: ChromiumTab) -> None:
        self._chromium, self._options = chromium, options
        self._page = chromium.open(ADDRESS)
        self._popup = options  # until there is one

    def steps(self) -> list[Callable[[], None]]:
        """What is done, in order; each returns once the window shows it as done."""
        first, second = "based solely on attention mechanisms", "dispensing with recurrence"
        return [self._save, self._tag, partial(self._mark, first), partial(self._mark, second), self._read, self._drop]

    def _save(self) -> None:
        self._popup = popup_for(self._chromium, self._options, ADDRESS)
        self._see("Saved")

    def _tag(self) -> None:
        self._popup.type("#tag", "thesis", "Enter")
        until(lambda: "thesis" in self._popup.text("#chips"), what="the tag")

    def _mark(self, passage: str) -> None:
        select(self._page, passage)
        self._popup.click("#highlight")
        self._see("Highlighted")

    def _read(self) -> None:
        self._popup.click("#status label:nth-child(3)")

    def _drop(self) -> None:
        self._popup.click("#highlight-list li:nth-child(2) button")
        until(lambda: self._page.run(PAINTED) == 1, what="the highlight's end")

    def _see(self, state: str) -> None:
        until(lambda: self._popup.text("#state") == state, what=state)


@pytest.fixture
def chromium(built_extension: Path, proxy: ReplayServer, tmp_path: Path) -> Iterator[Chromium]:
    """One real Chromium profile."""
    with profiles_of("chromium", tmp_path, built_extension, proxy.url) as make:
        made = make("killed")
        assert isinstance(made, Chromium)
        yield made


def saved(script: Any, kind: str) -> list[Any]:
    """The live objects of a kind, as the server has them."""
    answer = script.get(f"/v1/{kind}")
    assert answer.status_code == 200, answer.text
    items: list[Any] = answer.json()["items"]
    return items


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_background_that_dies_between_any_two_steps_loses_nothing_and_doubles_nothing(
    instance: Instance, world: World, chromium: Chromium
) -> None:
    world.pages[ADDRESS] = SLOW_PAGE.encode()
    instance.start("api")
    with Gate(instance.url) as gate:
        live_and_die(instance, chromium, gate)


def live_and_die(instance: Instance, chromium: Chromium, gate: Gate) -> None:
    """Do all of it, the background ended between every two steps; then see what came of it."""
    options = pair(chromium, instance, gate.url)
    assert isinstance(options, ChromiumTab)
    killer = Killer(options, gate)

    person = Person(chromium, options)
    deaths = [killer.die_at_every_crossing_of(step) for step in person.steps()]
    assert all(many >= WITH_PUSH + WITHOUT for many in deaths), deaths

    print("deaths in each step:", deaths)
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
