"""A large library on a device: how long Chromium's extension takes to mirror it, what it holds then, and its popup.

Half of the objects are entries, half their papers. Nothing where there is no Chromium.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from types import SimpleNamespace

from tests.bench import servers
from tests.bench.device import BATCH, Device
from tests.bench.large_library import SEED, Measure, multiply
from tests.bench.popup import put_clocks, round_of
from tests.fakes import ReplayServer
from tests.journeys.browsers import CHROMIUM, profiles_of
from tests.journeys.conftest import PASSWORD, World, unpacked, until
from tests.journeys.test_save_reaches_second_device import pair

MOST_SECONDS = 600
ROWS = """
const db = await new Promise((yes, no) => {
  const opening = indexedDB.open('scholium');
  opening.onsuccess = () => yes(opening.result);
  opening.onerror = () => no(opening.error);
});
const rows = await new Promise((yes, no) => {
  const counting = db.transaction('rows').objectStore('rows').count();
  counting.onsuccess = () => yes(counting.result);
  counting.onerror = () => no(counting.error);
});
db.close();
return rows;
"""


def measure(folder: Path, objects: int, popups: int) -> Iterator[Measure]:
    """Pair a device with a library of so many objects and wait until it has them all; yields each figure."""
    if not Path(CHROMIUM).exists():
        return
    home = folder / "mirror"
    world, extension = World(), unpacked(folder / "unpacked")
    put_clocks(extension / "src")
    with ExitStack() as stack:
        address, redis_url = stack.enter_context(servers.stores(home, "sqlite"))
        with servers.service_process(home, address, redis_url) as (url, _):
            device = Device(url, "ada", password=PASSWORD)
            for start in range(0, have := min(SEED, objects // 2), BATCH):
                device.push_saves(min(BATCH, have - start))
        asyncio.run(multiply(address, objects // 2, have))
        url, _ = stack.enter_context(servers.service_process(home, address, redis_url))
        proxy = stack.enter_context(ReplayServer(lambda path, query: world.page(path, query)))
        browser = stack.enter_context(profiles_of("chromium", folder, extension, proxy.url))("mirror")
        log = browser.open(browser.extension("src/log/log.html"))
        empty = _held()
        yield Measure("none", "chromium: memory of the extension that mirrors nothing", empty, "MiB")
        pair(browser, SimpleNamespace(url=url))
        began = time.perf_counter()
        until(lambda: log.run(ROWS) >= 2 * (objects // 2), MOST_SECONDS, "the mirror")
        took = time.perf_counter() - began
        yield Measure("none", f"chromium: a mirror of {objects:,} objects, from connecting", took * 1000, "ms")
        yield Measure("none", f"chromium: memory of the extension with {objects:,} objects", _held(), "MiB")
        rounds = [round_of(browser, log, world, f"2402.{number:05}") for number in range(popups + 1)][1:]
        _, usable, written, _ = (median(one) for one in zip(*rounds, strict=True))
        of = f"with {objects:,} objects"
        yield Measure("none", f"chromium: popup usable {of}", usable, "ms", "under 100")
        yield Measure("none", f"chromium: save written on the device {of}", written, "ms", "under 30")


def _held() -> float:
    """Mebibytes of the extension's processes; what they share with others counts for each in part."""
    found = 0
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if b"--extension-process" in (process / "cmdline").read_bytes():
                lines = (process / "smaps_rollup").read_text().splitlines()
                found += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
        except OSError:
            continue  # it ended meanwhile
    return found / 1024
