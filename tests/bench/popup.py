"""How long the popup takes, by the clock of its own window, in Chromium and in Firefox: papers that nobody has saved.

From the moment the browser begins to load the window, as it does at the click, until the frame in which the card stands
with the keyboard in its field for tags; and from the moment the save is written until the disk has it. Between two
popups stands an empty window of the extension with one field and one module: what the browser and a busy machine take
by themselves. Nothing where a browser is not there.
"""

from __future__ import annotations

from pathlib import Path
from statistics import median

from tests.bench.large_library import Measure
from tests.fakes import ReplayServer
from tests.journeys.browsers import CHROMIUM, Browser, Tab, profiles_of
from tests.journeys.conftest import World, unpacked, until
from tests.journeys.firefox import FIREFOX
from tests.journeys.test_save_reaches_second_device import SLOW_PAGE, popup_for

CLOCKS = """
addEventListener('focusin', ({target}) => {
  if (target.id === 'tag') requestAnimationFrame(() => { globalThis.usable ??= performance.now(); });
});
const begin = IDBDatabase.prototype.transaction;
IDBDatabase.prototype.transaction = function (stores, mode, ...how) {
  const tx = begin.call(this, stores, mode, ...how);
  if (mode === 'readwrite' && [stores].flat().includes('pages') && !globalThis.began) {
    globalThis.began = performance.now();
    tx.addEventListener('complete', () => { globalThis.kept = performance.now(); });
  }
  return tx;
};
"""
TIMES = "return globalThis.usable && globalThis.kept ? [usable, kept - began, kept] : null;"
EMPTY = """<!doctype html><html lang="en"><head><title>Empty</title><script src="clocks.js"></script>
<script type="module" src="empty.js"></script></head><body><input id="tag"></body></html>"""


def measure(folder: Path, papers: int) -> list[Measure]:
    """Save so many papers in each browser that is there, each by a popup of its own."""
    there = [name for name, program in (("chromium", CHROMIUM), ("firefox", FIREFOX)) if Path(program).exists()]
    return [one for name in there for one in _measured(name, folder / name, papers)]


def _measured(name: str, folder: Path, papers: int) -> list[Measure]:
    world = World()
    extension = unpacked(folder / "unpacked")
    put_clocks(extension / "src")
    with (
        ReplayServer(lambda path, query: world.page(path, query)) as proxy,
        profiles_of(name, folder, extension, proxy.url) as make,
    ):
        browser = make("bench")
        log = browser.open(browser.extension("src/log/log.html"))
        rounds = [round_of(browser, log, world, f"2401.{number:05}") for number in range(papers + 1)][
            1:
        ]  # one to warm up
    empty, usable, written, kept = (median(one) for one in zip(*rounds, strict=True))
    return [
        Measure("none", f"{name}: popup usable, from the click", usable, "ms", "under 100"),
        Measure("none", f"{name}: an empty window usable, from the click", empty, "ms"),
        Measure("none", f"{name}: save written on the device", written, "ms", "under 30"),
        Measure("none", f"{name}: save written, from the click", kept, "ms"),
    ]


def put_clocks(source: Path) -> None:
    """Clocks into the popup's page before anything else, and an empty window with the same."""
    (source / "clocks.js").write_text(CLOCKS, "utf-8")
    popup = source / "popup" / "popup.html"
    popup.write_text(
        popup.read_text("utf-8").replace("<meta ", '<script src="../clocks.js"></script><meta ', 1), "utf-8"
    )
    (source / "empty.html").write_text(EMPTY, "utf-8")
    (source / "empty.js").write_text("document.getElementById('tag').focus();", "utf-8")


def round_of(browser: Browser, log: Tab, world: World, paper: str) -> tuple[float, float, float, float]:
    """Milliseconds of one empty window, and of one popup."""
    address = f"http://arxiv.org/abs/{paper}"
    world.pages[address] = SLOW_PAGE.replace("1706.03762", paper).encode()
    page = browser.open(address)
    window = browser.open(browser.extension("src/empty.html"))
    empty: float = until(lambda: window.run("return globalThis.usable;"), what="the empty window")
    window.close()
    popup = popup_for(browser, log, address)
    usable, written, kept = until(lambda: popup.run(TIMES), what="the card")
    popup.close()
    page.close()
    return empty, usable, written, kept
