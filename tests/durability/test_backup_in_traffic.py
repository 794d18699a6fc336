"""A backup made by its command while people write: restored elsewhere it is what the service held at one instant.

What it should hold is read another way: from the living database, where whatever did not change since still stands.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from api.store.database import Tx, open_database
from tests.conftest import fresh_database
from tests.durability.conftest import Service
from tests.durability.devices import HttpDevice, new_key
from tests.durability.scale import scaled
from tests.journeys.conftest import until

WRITERS = 2
BATCHES = scaled(400, 20)  # of each writer, before the backup begins
OPS = 20
SignIn = Callable[[str, str], HttpDevice]
Rows = dict[str, dict[str, Any]]


class Writer:
    """A device that pushes new tags, and new names of old ones, until it is told to stop."""

    def __init__(self, device: HttpDevice) -> None:
        self.device, self.acknowledged, self.batches = device, dict[str, int](), 0
        self.stop = threading.Event()

    def run(self) -> None:
        """Note the version that each acknowledged tag got at the latest."""
        keys: list[str] = []
        while not self.stop.is_set():
            fresh = [new_key() for _ in range(OPS // 2)]
            old = keys[-OPS * 3 :: 6]
            ops = [self.device.tag(key, f"{self.device.id} {key}") for key in fresh]
            ops += [self.device.op("tag", key, base=2**53, set={"name": f"{key} {self.batches}"}) for key in old]
            version = self.device.push(*ops)["version"]
            self.acknowledged |= dict.fromkeys([*fresh, *old], version)
            keys += fresh
            self.batches += 1


@contextmanager
def writing(writers: list[Writer]) -> Iterator[None]:
    """Traffic while the block lasts, begun long enough before it."""
    threads = [threading.Thread(target=writer.run) for writer in writers]
    for thread in threads:
        thread.start()
    try:
        until(lambda: all(writer.batches >= BATCHES for writer in writers), 300, "the traffic")
        yield
    finally:
        for writer in writers:
            writer.stop.set()
        for thread in threads:
            thread.join()


async def held(url: str, library: str) -> tuple[int, Rows]:
    """A library's version and its objects as a database holds them, by key."""

    async def read(tx: Tx) -> tuple[int, Rows]:
        head = await tx.row("SELECT version FROM library WHERE id = :id", id=library)
        assert head is not None
        rows = await tx.rows("SELECT * FROM object WHERE library_id = :id", id=library)
        return head["version"], {row["key"]: {name: row[name] for name in row.keys()} for row in rows}  # type: ignore[attr-defined]  # noqa: SIM118

    database = await open_database(url)
    try:
        return await database.read(read)
    finally:
        await database.close()


@pytest.mark.parametrize("service", ["sqlite", "postgres"], indirect=True)
async def test_a_backup_in_traffic_restores_to_one_instant_in_the_other_database(
    service: Service, sign_in: SignIn, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    writers = [Writer(sign_in(service.url, f"writer {n}")) for n in range(WRITERS)]
    library = writers[0].device.library
    file = tmp_path / "traffic.backup"
    with writing(writers):
        before = {key: version for writer in writers for key, version in writer.acknowledged.copy().items()}
        began = sum(writer.batches for writer in writers)
        service.command("backup", str(file))
        meanwhile = sum(writer.batches for writer in writers) - began
    assert meanwhile, "nothing was written during the backup"
    live_url = service.environment["SCHOLIUM_DATABASE_URL"]
    other = "postgres" if live_url.startswith("sqlite") else "sqlite"
    with fresh_database(other, request.getfixturevalue, tmp_path) as url:
        elsewhere = Service(service.environment | {"SCHOLIUM_DATABASE_URL": url, "SCHOLIUM_DATA_DIR": str(tmp_path)})
        print(elsewhere.command("restore", str(file)))
        version, restored = await held(url, library)
    _, live = await held(live_url, library)
    assert version >= max(before.values())
    assert before.keys() <= restored.keys()
    assert {row["version"] for row in restored.values()} <= set(range(1, version + 1))
    still = {key: row for key, row in live.items() if row["version"] <= version}
    assert {key: restored.get(key) for key in still} == still
    assert all(live[key]["version"] > version for key in restored.keys() - still.keys())
    print(f"{len(restored)} objects at version {version}, {len(still)} of them compared; {meanwhile} pushes meanwhile")
