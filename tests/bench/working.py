"""The workers at full speed: papers looked up in a minute where the outside answers at once, and what they hold."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from api.queue import Reminders
from tests.bench import servers
from tests.bench.device import BATCH, Device
from tests.bench.large_library import Measure
from tests.workers.outside_world import ManyPapers

WORKERS = 2
MOST_SECONDS = 600
MOST_MEBIBYTES = 120
SOURCES = ("arxiv", "datacite", "openalex", "semantic_scholar", "huggingface")


def measure(folder: Path, database: str, papers: int) -> Iterator[Measure]:
    """Save so many papers at once and wait until all are looked up; yields each figure."""
    home = folder / f"working_{database}"
    world = ManyPapers()
    with ExitStack() as stack:
        address, redis_url = stack.enter_context(servers.stores(home, database))
        stack.enter_context(world.server)
        sources = {f"SCHOLIUM_{name.upper()}_URL": f"{world.server.url}/{name}" for name in SOURCES}
        sources |= {f"SCHOLIUM_{name.upper()}_INTERVAL_SECONDS": "0" for name in SOURCES}
        sources |= {"SCHOLIUM_ALLOW_PRIVATE_SOURCES": "1", "SCHOLIUM_OPENALEX_KEY": "open"}
        url, _ = stack.enter_context(servers.service_process(home, address, redis_url))
        device = Device(url, "working")
        began = time.perf_counter()
        pids = [stack.enter_context(servers.worker(home, address, redis_url, sources)) for _ in range(WORKERS)]
        reminders = Reminders(redis_url)
        while (reminders.workers() or 0) < WORKERS:
            time.sleep(0.01)
        reminders.close()
        started = 1000 * (time.perf_counter() - began)
        yield Measure(database, f"start of {WORKERS} workers until they listen", started, "ms")
        rest = max(map(servers.peak, pids))
        yield Measure(database, "memory of a worker that has nothing to do", rest, "MiB")
        began = time.perf_counter()
        for start in range(0, papers, BATCH):
            device.push([_save(device, number) for number in range(start, min(start + BATCH, papers))])
        while (left := _waiting(device)) and time.perf_counter() < began + MOST_SECONDS:
            time.sleep(0.1)
        took = time.perf_counter() - began
        if left:
            raise OSError(f"{left} of {papers} papers were not looked up")
        yield Measure(database, f"papers looked up by {WORKERS} workers, of {papers}", 60 * papers / took, "a minute")
        most = max(servers.peak(pid) for pid in pids)
        yield Measure(database, "peak of memory of a worker after these", most, "MiB", f"< {MOST_MEBIBYTES}")


def _save(device: Device, number: int) -> dict[str, Any]:
    key = f"00000000-0000-4000-8000-{number:012x}"
    return device.op(key, 0, {"saved_from": {"url": f"https://arxiv.org/abs/1706.{10000 + number}"}})


def _waiting(device: Device) -> int:
    changes = [change for page in device.pages("") for change in page["changes"] if change["type"] == "paper"]
    return sum(change["data"]["enrich_state"] == "pending" for change in changes)
