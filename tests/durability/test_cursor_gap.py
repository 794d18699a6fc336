"""Many writers, several processes, one library: whoever follows the cursor misses nothing and meets nothing twice."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.durability.conftest import Service
from tests.durability.devices import HttpDevice, new_key
from tests.durability.scale import scaled
from tests.journeys.conftest import until

COMMITS = scaled(10_000, 160)
WRITERS = 16
READERS = 4
SEED = 20_261_124
SignIn = Callable[[str, str], HttpDevice]


class Writer:
    """Writes in every way there is, and remembers which version of which object it was told."""

    def __init__(self, device: HttpDevice, number: int) -> None:
        self.device, self.number = device, number
        self.random = random.Random(SEED + number)  # noqa: S311  a seed that repeats is wanted
        self.acked: list[tuple[str, int]] = []
        self.mine: dict[str, list[str]] = {"tag": [], "entry": [], "highlight": []}

    def run(self, commits: int) -> None:
        """Make so many commits."""
        ways = [self._batch, self._batch, self._batch, self._rest_tag, self._rest_save, self._rest_edit]
        for turn in range(commits):
            self.random.choice(ways)(turn)

    def _batch(self, turn: int) -> None:
        ops = [op for _ in range(self.random.randint(1, 4)) for op in self._ops(turn)]
        said = self.device.push(*ops)
        for op, result in zip(ops, said["results"], strict=True):
            assert result["status"] in ("applied", "merged", "unchanged", "superseded"), result
            if "version" in result:
                self.acked.append((op["key"], result["version"]))

    def _ops(self, turn: int) -> Iterator[dict[str, Any]]:
        kind = self.random.choice(["tag", "entry", "highlight", "edit", "edit", "delete"])
        if kind == "tag":
            key = self._made("tag")
            yield self.device.tag(key, f"tag {key}")
        elif kind == "entry":
            yield self.device.save(self._made("entry"), self._url())
        elif kind == "highlight" and self.mine["entry"]:
            yield self.device.op("highlight", self._made("highlight"), set=self._mark())
        elif kind == "edit" and self.mine["tag"]:
            key = self.random.choice(self.mine["tag"])
            yield self.device.op("tag", key, base=2**53, set={"name": f"tag {key} {turn}"})
        elif kind == "delete" and self.mine["tag"] and turn % 3 == 0:
            yield self.device.op("tag", self.random.choice(self.mine["tag"]), "delete", base=2**53)
        else:
            key = self._made("tag")
            yield self.device.tag(key, f"tag {key}")

    def _rest_tag(self, turn: int) -> None:
        key = self._made("tag")
        said = self.device.client.post("/v1/tags", json={"id": key, "name": f"tag {key}"})
        assert said.status_code == 201, said.text
        self.acked.append((key, said.json()["version"]))

    def _rest_save(self, turn: int) -> None:
        key = self._made("entry")
        said = self.device.client.post("/v1/saves", json={"id": key, "url": self._url()})
        assert said.status_code == 201, said.text
        self.acked.append((key, said.json()["version"]))

    def _rest_edit(self, turn: int) -> None:
        if not self.mine["entry"]:
            return self._rest_save(turn)
        key = self.random.choice(self.mine["entry"])
        said = self.device.client.patch(f"/v1/entries/{key}", json={"note": f"note {turn}"})
        assert said.status_code == 200, said.text
        self.acked.append((key, int(said.headers["ETag"].strip('"'))))
        return None

    def _made(self, kind: str) -> str:
        key = new_key()
        self.mine[kind].append(key)
        return key

    def _url(self) -> str:
        """A paper of this writer's own; every third is one that a worker can ask about."""
        number = self.number * 6000 + len(self.mine["entry"])
        if number % 3:
            return f"https://example.org/paper/{number}"
        return f"https://arxiv.org/abs/{1501 + number % 48 // 12 * 100 + number % 12}.{number // 48 % 100_000:05}"

    def _mark(self) -> dict[str, Any]:
        return {
            "entry_id": self.random.choice(self.mine["entry"]),
            "manifestation": "https://example.org/text",
            "selectors": [{"type": "TextQuoteSelector", "exact": "a loom weaves"}],
            "created_at": "2026-11-20T10:00:00.000Z",
        }


class Reader:
    """Follows the feed from an empty library until it is told that all was written."""

    def __init__(self, devices: list[HttpDevice], number: int) -> None:
        self.devices = devices
        self.random = random.Random(SEED + 100 + number)  # noqa: S311  a seed that repeats is wanted
        self.waits = number % 2 == 0
        self.seen: list[tuple[int, str]] = []
        self.last: dict[str, dict[str, Any]] = {}
        self.cursor = devices[0].beginning()

    def run(self, written: threading.Event) -> None:
        """Read, now from one process and now from another, in pages of any size."""
        while True:
            over = written.is_set()  # asked before the page: what is in the feed by now is the end
            limit = self.random.choice([1, 2, 7, 50, 1000])
            wait = 0.2 if self.waits and not over else 0
            page = self.random.choice(self.devices).page(self.cursor, limit=1000 if over else limit, wait=wait)
            for change in page["changes"]:
                self.seen.append((change["version"], change["key"]))
                self.last[change["key"]] = change
            self.cursor = page["cursor"]
            if over and not page["more"]:
                return

    def check(self, acked: list[tuple[str, int]], now: dict[str, dict[str, Any]]) -> None:
        """Everything that was acknowledged was met, in order, once."""
        versions = [version for version, _ in self.seen]
        assert versions == sorted(set(versions)), "a version came twice or out of order"
        highest: dict[str, int] = {}
        for version, key in self.seen:
            highest[key] = version
        missed = [(key, version) for key, version in acked if highest.get(key, 0) < version]
        assert not missed, f"{len(missed)} of {len(acked)} acknowledged versions were never seen: {missed[:5]}"
        assert {k: c for k, c in self.last.items() if not c.get("deleted")} == now


@pytest.fixture
def processes(service: Service) -> Iterator[list[Service]]:
    """The API once on SQLite, twice on PostgreSQL, and a worker beside it."""
    all_ = [service]
    service.start("worker")
    if service.environment["SCHOLIUM_DATABASE_URL"].startswith("postgres"):
        all_.append(Service(service.environment))
    try:
        for other in all_[1:]:
            other.start("api")
        yield all_
    finally:
        for other in all_[1:]:
            other.close()
        service.stop("worker")


def enriched_papers(device: HttpDevice) -> int:
    """How many papers the worker wrote to."""
    papers = [change for change in device.library_now().values() if change["type"] == "paper"]
    return sum(bool(paper.get("data", {}).get("authors")) for paper in papers)


def wait_for_the_worker(device: HttpDevice) -> None:
    """Save a paper and wait until the worker wrote to it."""
    device.push(device.save(new_key(), "https://arxiv.org/abs/1706.03762"))
    until(lambda: enriched_papers(device), what="enrichment")


def test_readers_miss_no_version_that_any_writer_was_told(processes: list[Service], sign_in: SignIn) -> None:
    urls = [one.url for one in processes]
    writers = [Writer(sign_in(urls[n % len(urls)], f"writer {n}"), n) for n in range(WRITERS)]
    readers = [Reader([sign_in(url, f"reader {n}") for url in urls], n) for n in range(READERS)]
    wait_for_the_worker(writers[0].device)
    written = threading.Event()
    with ThreadPoolExecutor(WRITERS + READERS) as pool:
        reading = [pool.submit(reader.run, written) for reader in readers]
        try:
            for done in [pool.submit(writer.run, COMMITS // WRITERS) for writer in writers]:
                done.result()
            until(lambda: enriched_papers(readers[0].devices[0]) > 1, what="enrichment beside the writers")
            processes[0].stop("worker")
        finally:
            written.set()
        for done in reading:
            done.result()
    acked = [one for writer in writers for one in writer.acked]
    assert len(acked) >= COMMITS
    now = {key: c for key, c in readers[0].devices[0].library_now().items() if not c.get("deleted")}
    for reader in readers:
        reader.check(acked, now)
