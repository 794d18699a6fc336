"""What a request costs as a library grows, and as libraries get more: a pull of ten changes and a page of a tag.

`python -m tests.bench.growth --sizes 10000,100000,1000000 --libraries 100,1000,10000` takes them by itself. A tag is on
one of twenty entries of the library that grows. The many have fifty entries each, of the same papers, as colleagues do.
"""

from __future__ import annotations

import argparse
import asyncio
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from functools import partial
from math import log10
from pathlib import Path
from uuid import uuid4

from rich.console import Console

from tests.bench import servers, wrk
from tests.bench.device import BATCH, Device
from tests.bench.large_library import SEED, Measure, multiply, multiply_libraries, table
from tests.bench.processor import busy
from tests.bench.wrk import Load

DELTA = 10
COLLEAGUE = 50  # entries of each of many libraries
EXPONENT = 0.1  # at most, of the cost in the size

Start = Callable[[], AbstractContextManager[tuple[str, int]]]  # of a service: its address and process


def measure(folder: Path, database: str, sizes: list[int], seconds: float) -> Iterator[Measure]:
    """Let a library grow through these sizes; yields the cost of each request at each, and how it grows."""
    home = folder / f"growth_{database}"
    with ExitStack() as stack:
        address, redis_url = stack.enter_context(servers.stores(home, database))
        tag, have = str(uuid4()), min(SEED, sizes[0])
        start = partial(servers.service_process, home, address, redis_url)
        with start() as (url, _):
            device = Device(url, "growing")
            device.caller.ask("POST", "/v1/tags", {"id": tag, "name": "a tag"})
            device.push_saves(max(1, have // 20), tag)
            for saved in range(len(device.saved), have, BATCH):
                device.push_saves(min(BATCH, have - saved))
        costs: dict[str, list[float]] = {}
        for size in sizes:
            asyncio.run(multiply(address, size, have))
            have = size
            yield from _costs(database, f"of {size:,} entries", start, tag, seconds, costs)
        yield from _exponents(database, costs, sizes, "entries")


def measure_libraries(folder: Path, database: str, numbers: list[int], seconds: float) -> Iterator[Measure]:
    """Let the libraries become so many; yields the cost of each request to one of them, and how it grows."""
    home = folder / f"libraries_{database}"
    with ExitStack() as stack:
        address, redis_url = stack.enter_context(servers.stores(home, database))
        tag, have = str(uuid4()), 1
        start = partial(servers.service_process, home, address, redis_url)
        with start() as (url, _):
            device = Device(url, "growing")
            device.caller.ask("POST", "/v1/tags", {"id": tag, "name": "a tag"})
            device.push_saves(COLLEAGUE, tag)
        costs: dict[str, list[float]] = {}
        for number in numbers:
            asyncio.run(multiply_libraries(address, number - have))
            have = number
            yield from _costs(database, f"among {number:,} libraries", start, tag, seconds, costs)
        yield from _exponents(database, costs, numbers, "libraries")


def _costs(
    database: str, of: str, start: Start, tag: str, seconds: float, costs: dict[str, list[float]]
) -> Iterator[Measure]:
    with start() as (url, _):
        for work, load in _loads(Device(url, "growing", known=True), tag).items():
            rate, cost = _cost(url, load, seconds)
            costs.setdefault(work, []).append(cost)
            yield Measure(database, f"{work} {of}", rate, "a second")
            yield Measure(database, f"{work} {of}, processor", 1000 * cost, "µs")


def _exponents(database: str, costs: dict[str, list[float]], sizes: list[int], what: str) -> Iterator[Measure]:
    for work, found in costs.items():
        grown = log10(found[-1] / found[0]) / log10(sizes[-1] / sizes[0])
        span = f"{sizes[0]:,} to {sizes[-1]:,} {what}"
        yield Measure(database, f"{work}: exponent of its cost, {span}", grown, "", f"at most {EXPONENT}")


def _loads(device: Device, tag: str) -> dict[str, Load]:
    *_, page = device.pages("")
    device.push_saves(DELTA // 2)  # and as many papers
    return {
        f"pull of {DELTA} changes": Load("GET", f"/v1/sync/pull?cursor={page['cursor']}", device.token),
        "page of a tag": Load("GET", f"/v1/entries?tag={tag}&limit=50", device.token),
    }


def _cost(url: str, load: Load, seconds: float) -> tuple[float, float]:
    """Requests a second, and processor milliseconds of servers and database for each."""
    wrk.rate(url, load, 1, 1)  # warm
    began, spent = time.perf_counter(), busy()
    rate = wrk.rate(url, load, 1, seconds)
    return rate, 1000 * (busy() - spent) / (rate * (time.perf_counter() - began))


def main() -> None:
    """Measure by itself, and print."""
    options = argparse.ArgumentParser(prog="python -m tests.bench.growth")
    options.add_argument("--sizes", default="10000,100000,1000000")
    options.add_argument("--libraries", default="100,1000,10000")
    options.add_argument("--databases", default="sqlite,postgres")
    options.add_argument("--seconds", type=float, default=5)
    given = options.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="sch"))
    folder.chmod(0o755)
    try:
        for database in given.databases.split(","):
            for numbers, way in ((given.sizes, measure), (given.libraries, measure_libraries)):
                if numbers:
                    found = way(folder, database, [int(one) for one in numbers.split(",")], given.seconds)
                    Console(width=110).print(table(list(found)))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
