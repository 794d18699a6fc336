"""More than fifty things done without a server, by hand, in real browsers; then the server comes back, and a second
profile has the same library."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.journeys.browsers import Browser, ChromiumTab, Tab
from tests.journeys.conftest import PAIRED, Instance, World, until
from tests.journeys.test_highlights_browser import texts, window_for
from tests.journeys.test_save_reaches_second_device import PAINTED, SLOW_PAGE, pair, select

PAPERS = [f"2401.{n:05}" for n in range(1, 8)]
TAGS, LISTS = ("thesis", "vision", "Sight"), ("Reading group", "Später")
LIBRARY = """
const { database, transact, asked } = await import('/src/db.js');
const { allLists, allTags, entryOf } = await import('/src/views.js');
const db = await database();
const keys = await transact(db, 'readonly', ['rows', 'outbox'], async (tx) => [
  ...await asked(tx.objectStore('rows').index('type').getAllKeys('entry')),
  ...(await asked(tx.objectStore('outbox').getAll())).filter((op) => op.type === 'entry').map((op) => op.key)]);
const named = (all) => all.map((one) => one.name).sort();
const entries = [];
for (const key of new Set(keys)) {
  const found = await entryOf(db, key);
  if (!found || found.entry.key !== key) continue;
  const { entry: { data }, tags, lists, highlights } = found;
  const marks = highlights.map(({ data: one }) => [one.selectors[0].exact, one.color, one.comment].join('|'));
  entries.push([data.saved_from.url, data.status, data.note, named(tags), named(lists), marks.sort()]);
}
return JSON.stringify([entries.sort(), named(await allTags(db)), named(await allLists(db))]);
"""
WAITING = """const { database } = await import('/src/db.js'); const { queue } = await import('/src/outbox.js');
return (await queue(await database())).waiting;"""


class Person:
    """Works through the papers, one after another, and counts what was done."""

    def __init__(self, browser: Browser, options: Tab) -> None:
        self._browser, self._options = browser, options
        self._page = browser.open("about:blank")
        self.done = 0

    def popup(self, paper: str) -> Tab:
        """The popup of a paper's page, which it loads."""
        address = f"http://arxiv.org/abs/{paper}"
        self._page.go(address)
        opened = window_for(self._browser, self._options, address, "popup/popup.html")
        until(lambda: "aved" in opened.text("#state") and opened.text("#title"), what="the card")
        return opened

    def work(self, number: int, paper: str) -> None:
        """Save, tag, list, mark as something, note, and highlight: six things."""
        popup = self.popup(paper)
        tag, one = TAGS[number % 3], LISTS[number % 2]
        popup.type("#tag", tag, "Enter")
        until(lambda: tag in popup.text("#chips"), what="the tag")
        popup.type("#list", one, "Enter")
        until(lambda: one in popup.text("#list-chips"), what="the list")
        popup.click(f"#status label:nth-child({number % 3 + 2})")
        popup.type("#note", f"Note {number}: “müßig”")
        popup.click("#title")  # leaves the field
        select(self._page, "based solely on attention mechanisms")
        popup.click("#highlight")
        until(lambda: self._page.run(PAINTED) == 1, what="the highlight")
        popup.close()
        self.done += 6

    def edit(self, paper: str, comment: str, remove: bool) -> None:
        """Another colour and a comment for a paper's highlight, or its end: two things, or one."""
        address = f"http://arxiv.org/abs/{paper}"
        self._page.go(address)
        panel = window_for(self._browser, self._options, address, "panel/panel.html")
        panel.click("#list .more")
        if remove:
            panel.click("#remove")
            until(lambda: texts(panel, "#list .mark") == [], what="the highlight's end")
        else:
            panel.click("#editor-colors input[value=green] + span")
            until(lambda: "Result" in str(texts(panel, "#list .facts")), what="the colour")
            panel.type("#comment", comment)
            panel.click("#done")
            until(lambda: texts(panel, "#list .comment") == [comment], what="the comment")
        panel.close()
        self.done += 1 if remove else 2

    def tidy(self) -> None:
        """On the tags page: one name for another, and two tags become one."""
        tags = self._browser.open(self._browser.extension("src/tags/tags.html"))
        tags.press('button[aria-label="Rename thesis"]', "Enter")
        tags.type("#field", "My thesis", "Enter")
        until(lambda: "My thesis" in texts(tags, ".tag .name"), what="the new name")
        tags.press('button[aria-label="Rename Sight"]', "Enter")
        tags.type("#field", "vision", "Enter")
        until(lambda: len(texts(tags, ".tag .name")) == 2, what="one tag of the two")
        tags.close()
        self.done += 2


@PAIRED
def test_fifty_things_done_offline_are_on_a_second_profile_once_the_server_is_back(
    instance: Instance, world: World, profiles: Callable[[str], Browser], tmp_path: Path
) -> None:
    for paper in ["1706.03762", *PAPERS]:
        page = SLOW_PAGE.replace("1706.03762", paper).replace("All You Need</title>", f"All You Need {paper}</title>")
        world.pages[f"http://arxiv.org/abs/{paper}"] = page.encode()
    first = profiles("first")
    instance.start("api")
    options = pair(first, instance)
    person = Person(first, options)
    person.popup("1706.03762").close()
    options.click("#sync-now")
    until(lambda: options.run(WAITING) == 0, what="the first save's way to the server")
    instance.stop("api")

    for number, paper in enumerate(PAPERS):
        person.work(number, paper)
    for number, paper in enumerate(PAPERS[:4]):
        person.edit(paper, f"Comment {number} <b>", remove=number == 3)
    popup = person.popup("1706.03762")
    popup.click("#undo")
    until(lambda: popup.text("#offer-button") == "Save again", what="the removal")
    popup.close()
    person.tidy()
    person.done += 1
    assert person.done > 50
    waiting = options.run(WAITING)
    assert waiting >= person.done
    mine = options.run(LIBRARY)
    log = first.open(first.extension("src/log/log.html"))
    until(lambda: log.text("#waiting") == str(waiting), what="the length of the queue")
    if isinstance(log, ChromiumTab):
        assert len(saved_queue(log)) == waiting

    instance.start("api")
    log.click("#sync-now")
    until(lambda: log.text("#queue-empty") and options.run(WAITING) == 0, what="the empty queue")
    second = profiles("second")
    options = pair(second, instance)
    options.click("#sync-now")
    until(lambda: options.run(LIBRARY) == mine, what="the same library on the second profile")
    entries, tags, lists = json.loads(mine)
    assert (len(entries), sorted(tags), sorted(lists)) == (7, ["My thesis", "vision"], ["Reading group", "Später"])
    script = instance.session()
    assert len(script.get("/v1/entries").json()["items"]) == 7
    assert len(script.get("/v1/highlights").json()["items"]) == 6
    assert log.run(
        "return document.querySelector('#refused-part').hidden && document.querySelector('#bin-part').hidden;"
    )


def saved_queue(log: ChromiumTab) -> list[Any]:
    """The queue as the file that the sync log gives."""
    with log.page.expect_download() as download:
        log.click("#export")
    found: list[Any] = json.loads(Path(download.value.path()).read_text("utf-8"))
    return found
