"""The sync log in a real browser, against a real server: held deletions, pokes, and a server restored from a backup.

Chromium and SQLite only: what differs between browsers and databases has its own journeys.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.fakes import ReplayServer
from tests.journeys.browsers import Browser, Tab, profiles_of
from tests.journeys.conftest import Instance, World, until
from tests.journeys.test_save_reaches_second_device import ADDRESS, SLOW_PAGE, pair, popup_for, select

OTHER = "http://arxiv.org/abs/2401.00002"
PASSAGE = "based solely on attention mechanisms"
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

MODULES = """
const { database } = await import('/src/db.js');
const { add, everything } = await import('/src/outbox.js');
const { allTags } = await import('/src/views.js');
const { newId } = await import('/src/ids.js');
const db = await database();
"""


@pytest.fixture
def profiles(built_extension: Path, proxy: ReplayServer, tmp_path: Path) -> Iterator[Callable[[str], Browser]]:
    """Makes Chromium profiles."""
    with profiles_of("chromium", tmp_path, built_extension, proxy.url) as make:
        yield make


def sync_log(browser: Browser) -> Tab:
    """The sync log in a tab of its own."""
    return browser.open(browser.extension("src/log/log.html"))


def synced(options: Tab) -> None:
    """One round of sync that leaves nothing waiting."""
    options.click("#sync-now")
    until(lambda: options.run(MODULES + "return (await everything(db)).length === 0;"), what="the empty queue")


def live(script: Any, kind: str) -> list[dict[str, Any]]:
    """The live objects of a kind, with their keys, as a device that comes new is told of them."""
    page = script.get("/v1/sync/pull").json()
    assert not page["more"]
    return [one["data"] | {"key": one["key"]} for one in page["changes"] if one["type"] == kind and "data" in one]


def test_a_server_restored_from_a_backup_gets_back_what_the_browser_holds(
    instance: Instance, world: World, profiles: Callable[[str], Browser], tmp_path: Path
) -> None:
    world.pages |= {ADDRESS: SLOW_PAGE.encode(), OTHER: SLOW_PAGE.replace("1706.03762", "2401.00002").encode()}
    browser = profiles("one")
    instance.start("api")
    options = pair(browser, instance)
    page = browser.open(ADDRESS)
    popup = popup_for(browser, options, ADDRESS)
    until(lambda: popup.text("#state") == "Saved", what="the save")
    options.run(MODULES + "await add(db, [{type: 'tag', key: newId(), op: 'put', set: {name: 'old'}}]);")
    synced(options)
    instance.stop("api")
    files = [path for path in tmp_path.glob("scholium.db*") if path.is_file()]
    (tmp_path / "backup").mkdir()
    for path in files:
        shutil.copy(path, tmp_path / "backup")

    instance.start("api")
    popup.type("#tag", "thesis", "Enter")
    until(lambda: "thesis" in popup.text("#chips"), what="the tag")
    select(page, PASSAGE)
    popup.click("#highlight")
    until(lambda: popup.text("#state") == "Highlighted", what="the highlight")
    popup.click("#status label:nth-child(3)")
    browser.open(OTHER)
    second = popup_for(browser, options, OTHER)
    until(lambda: second.text("#state") == "Saved", what="the second save")
    gone = "const old = (await allTags(db)).find((tag) => tag.name === 'old');"
    options.run(MODULES + gone + "await add(db, [{type: 'tag', key: old.key, op: 'delete'}]);")
    synced(options)
    instance.stop("api")
    for path in tmp_path.glob("scholium.db*"):
        path.unlink()
    for path in files:
        shutil.copy(tmp_path / "backup" / path.name, path)

    popup.click("#status label:nth-child(4)")  # made while the server is away: later than all that it lost
    instance.start("api")
    synced(options)
    script = instance.session()
    entries = {one["saved_from"]["url"]: one for one in live(script, "entry")}
    [tag] = live(script, "tag")
    [highlight] = live(script, "highlight")
    assert set(entries) == {ADDRESS, OTHER}
    assert (entries[ADDRESS]["status"], entries[ADDRESS]["tags"], tag["name"]) == ("archived", [tag["key"]], "thesis")
    papers = {one["key"]: one["identifiers"] for one in live(script, "paper")}
    assert papers[entries[OTHER]["paper_id"]] == {"arxiv": ["2401.00002"]}
    assert highlight["entry_id"] == entries[ADDRESS]["key"]
    log = sync_log(browser)
    assert log.text("#queue-empty") == "Everything is on the server."
    assert log.run("return document.querySelector('#bin-part').hidden && document.querySelector('#trouble').hidden;")


def test_an_open_window_hears_at_once_of_what_another_browser_does(
    instance: Instance, world: World, profiles: Callable[[str], Browser]
) -> None:
    world.pages[ADDRESS] = SLOW_PAGE.encode()
    instance.start("api")
    first, second = profiles("first"), profiles("second")
    pair(second, instance).close()
    log = sync_log(second)
    log.click("#sync-now")
    until(lambda: log.text("#state") == "Done.", what="the first sync")
    log.run("await chrome.alarms.clearAll();")  # so that nothing but a poke can bring the news
    until(lambda: log.run("return (await chrome.alarms.getAll()).length === 0;"), what="the silence")
    options = pair(first, instance)
    first.open(ADDRESS)
    popup_for(first, options, ADDRESS)
    until(lambda: "received" in log.text("#contacts"), 10, what="the news")


def test_a_mass_deletion_waits_for_a_word_and_obeys_it(instance: Instance, profiles: Callable[[str], Browser]) -> None:
    browser = profiles("one")
    instance.start("api")
    options = pair(browser, instance)
    script = instance.session()
    make = "Array.from({length: 60}, (_, i) => ({type: 'tag', key: newId(), op: 'put', set: {name: `tag ${i}`}}))"
    options.run(MODULES + f"await add(db, {make});")
    synced(options)
    delete = "(await allTags(db)).map(({key}) => ({type: 'tag', key, op: 'delete'}))"
    options.run(MODULES + f"await add(db, {delete});")
    options.click("#sync-now")
    until(lambda: "60 refused or held" in options.text("#refused"), what="the held deletions")
    log = sync_log(browser)
    until(lambda: "tag 59" in log.text("#held"), what="the list")
    log.click("#held li:first-child button:last-child")
    until(lambda: log.run("return document.querySelectorAll('#held li').length") == 59, what="one that is kept")
    assert len(live(script, "tag")) == 60
    log.click("#confirm-all")
    until(lambda: log.run("return document.querySelector('#held-part').hidden;"), what="the end of the list")
    assert len(live(script, "tag")) == 1
    until(lambda: log.run(MODULES + "return (await everything(db)).length === 0;"), what="the empty queue")
