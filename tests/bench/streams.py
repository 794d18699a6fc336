"""Devices that listen while others write: what two hundred open streams cost a push, and how soon all of them hear."""

from __future__ import annotations

import selectors
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from threading import Event, Thread
from urllib.parse import urlsplit

from tests.bench import servers, wrk
from tests.bench.device import BATCH, Device
from tests.bench.large_library import Measure
from tests.bench.papers import any_paper

PUSHES = 20  # whose poke is waited for
MOST_SECONDS = 60
MOST_MEBIBYTES = 150


def measure(folder: Path, database: str, streams: int, seconds: float) -> Iterator[Measure]:
    """Push without and with so many streams on the same library; yields each figure."""
    home = folder / f"streams_{database}"
    with ExitStack() as stack:
        address, redis_url = stack.enter_context(servers.stores(home, database))
        with servers.service_process(home, address, redis_url):
            pass  # the tables are made
        began = time.perf_counter()
        url, pid = stack.enter_context(servers.service_process(home, address, redis_url))
        yield Measure(database, "start of the API until it answers", 1000 * (time.perf_counter() - began), "ms")
        yield Measure(database, "memory of the API that has nothing to do", servers.peak(pid), "MiB")
        device = Device(url, "streaming")
        load = device.load([device.op("{id}", 0, {"saved_from": any_paper()}) for _ in range(BATCH)])
        alone = wrk.rate(url, load, 1, seconds)
        heard = stack.enter_context(Listeners(url, device.token, streams))
        work = f"push of {BATCH} saves"
        yield Measure(database, work, alone, "ops/s")
        yield Measure(database, f"{work} while {streams} streams are open", wrk.rate(url, load, 1, seconds), "ops/s")
        took = [heard.all_after(lambda: device.push_edits(device.saved[-1:])) for _ in range(_seeded(device))]
        yield Measure(database, f"from a push until all {streams} streams have heard", 1000 * median(took), "ms")
        yield Measure(database, f"the same, the slowest of {len(took)}", 1000 * max(took), "ms")
        yield Measure(
            database, "peak of memory of the API after these", servers.peak(pid), "MiB", f"< {MOST_MEBIBYTES}"
        )


def _seeded(device: Device) -> int:
    device.push_saves(1)
    return PUSHES


class Listeners:
    """Open streams that one thread reads; how many pokes each had is known to nobody, only that all had one more."""

    def __init__(self, url: str, token: str, many: int) -> None:
        self._door = urlsplit(url)
        self._token, self._many = token, many
        self._waiting: set[socket.socket] = set()
        self._all, self._over = Event(), Event()
        self._sockets = [socket.create_connection((self._door.hostname, self._door.port)) for _ in range(many)]
        self._thread = Thread(target=self._read)

    def __enter__(self) -> Listeners:
        ask = (
            f"GET /v1/sync/stream HTTP/1.1\r\nHost: {self._door.netloc}\r\nAuthorization: Bearer {self._token}\r\n\r\n"
        )
        self._waiting = set(self._sockets)
        self._thread.start()
        for one in self._sockets:
            one.sendall(ask.encode())
        self._wait()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()
        for one in self._sockets:
            one.close()

    def all_after(self, work: Callable[[], object]) -> float:
        """Seconds from the beginning of a piece of work until every stream has said something."""
        self._all.clear()
        self._waiting = set(self._sockets)
        began = time.perf_counter()
        work()
        self._wait()
        return time.perf_counter() - began

    def _wait(self) -> None:
        if not self._all.wait(MOST_SECONDS):
            raise OSError(f"{len(self._waiting)} of {self._many} streams heard nothing")

    def _read(self) -> None:
        with selectors.DefaultSelector() as ready:
            for one in self._sockets:
                ready.register(one, selectors.EVENT_READ)
            while not self._over.is_set():
                for key, _ in ready.select(0.2):
                    heard: socket.socket = key.fileobj  # type: ignore[assignment]  # what was registered
                    if b"data:" in heard.recv(65536):
                        self._waiting.discard(heard)
                if not self._waiting:
                    self._all.set()
