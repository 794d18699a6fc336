"""Where a history is played: one server with its libraries, what their tables held last, and their judges.

What the server makes comes from a counter and from `lane`, which keeps the histories of one database apart.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

from api.actions.desk import Desk
from api.domain.changes import Result
from api.domain.ids import uuid7
from api.settings import Settings
from api.store import ledger, tombstones
from api.store.database import Database, Tx
from api.store.epochs import start_epoch
from tests.make import NOW
from tests.simulation.backups import Backup, back_up, set_back
from tests.simulation.crashes import CrashingDatabase
from tests.simulation.device import Device
from tests.simulation.endings import unknown_texts
from tests.simulation.enriching import Workers, addresses_of
from tests.simulation.hopes import hopes_of
from tests.simulation.memory import Memory
from tests.simulation.oracle import Oracle
from tests.simulation.truth import Truth, Violation, read_truth
from tests.simulation.waiting import Request

SETTINGS = Settings(data_dir=Path("nowhere"), secret_key="a secret of the simulation, long enough to sign with")


class SimulatedDesk(Desk, frozen=True, kw_only=True):
    """A desk whose ids are the same on every run, and which reminds nobody: workers come when a step says so."""

    lane: int
    made: Iterator[int]
    ids: list[str]

    def new_id(self) -> str:
        """The next id of this history."""
        self.ids.append(uuid7(self.now(), next(self.made).to_bytes(4, "big") + self.lane.to_bytes(6, "big")))
        return self.ids[-1]

    def remind(self, paper_ids: object) -> None:
        """Remind nobody."""


class Stage:
    """One server, its network and its devices."""

    def __init__(self, database: Database, lane: int) -> None:
        self.now = NOW
        self.lane = lane
        self.database = CrashingDatabase(database)
        reminders: Any = None  # nobody is reminded
        self._ids: list[str] = []
        self.desk = SimulatedDesk(
            self.database, reminders, SETTINGS, lambda: self.now, lane=lane, made=count(1), ids=self._ids
        )
        self.workers = Workers(self.desk, lane)
        self.addresses = addresses_of(lane)
        self.devices: list[Device] = []
        self.network: list[Request] = []
        self.oracles: dict[str, Oracle] = {}
        self.truths: dict[str, Truth] = {}
        self._graves: dict[str, dict[str, str]] = {}
        self._backup: tuple[Backup, dict[str, Memory]] | None = None

    def add(self, device: Device) -> None:
        """Let a device take part."""
        library = device.who.library_id
        self.devices.append(device)
        self.oracles.setdefault(library, Oracle())
        self.truths.setdefault(library, Truth(0, {}))
        self._graves.setdefault(library, {})

    def own(self, library: str) -> list[Device]:
        """The devices of a library."""
        return [device for device in self.devices if device.who.library_id == library]

    async def read(self, library: str) -> Truth:
        """A library as it stands now."""
        return await read_truth(self.database, library, self._graves[library])

    async def results(self, library: str, ids: list[str]) -> dict[str, Result]:
        """What the server answers to ops that it has taken, by their ids."""
        return await self.database.read(lambda tx: ledger.results(tx, library, ids))

    async def look(self, *, enriched: bool = False) -> None:
        """See what a writing that was no push did to the libraries."""
        for library, before in self.truths.items():
            self.truths[library] = after = await self.read(library)
            self.oracles[library].wrote(before, after, self.now)
            if enriched:
                self.oracles[library].enriched(before, after)

    async def purge(self, before_ms: int) -> None:
        """Forget the deletions that are older than this."""
        for library, before in self.truths.items():

            async def work(tx: Tx, library: str = library) -> int:
                return await tombstones.purge(tx, library, before_ms)

            await self.database.write(work)
            left = await self.read(library)
            gone = {k: f.merged_into for k, f in before.facts.items() if k not in left.facts}
            self._graves[library] |= {key: into for key, into in gone.items() if into}
            self.truths[library] = after = await self.read(library)
            self.oracles[library].purged(before, after)

    async def back_up(self) -> None:
        """Keep the server as it is."""
        rows = await back_up(self.database, list(self.truths), self._ids)
        memories = {library: oracle.now_knows.copy() for library, oracle in self.oracles.items()}
        self._backup = rows, memories

    async def set_back(self, *, by_hand: bool) -> None:
        """Make the server what it was when it was backed up, if it ever was; `by_hand`, nobody tells it."""
        if self._backup is None:
            return
        backup, memories = self._backup
        epochs: dict[str, str] = {}

        async def work(tx: Tx) -> None:
            await set_back(tx, backup, self._ids)
            for library, version in backup.versions.items():
                if not by_hand:
                    epochs[library] = await start_epoch(tx, library, version, self.now)

        await self.database.write(work)
        self.workers.tasks.clear()  # the service was stopped meanwhile
        if by_hand:
            self.network.clear()  # for long enough that nothing was on its way any more
        for library, before in self.truths.items():
            oracle, memory = self.oracles[library], memories[library].copy()
            self._graves[library] |= {key: fact.merged_into for key, fact in before.facts.items() if fact.merged_into}
            self.truths[library] = after = await self.read(library)
            # by hand a second time: nobody can tell which devices have healed the first
            again = by_hand and oracle.was_set_back
            devices = list(self.own(library))
            hopes = {} if again else hopes_of(devices, oracle.now_knows.epoch, before, after)
            if library in epochs:
                if epochs[library] == oracle.now_knows.epoch:
                    raise Violation("epoch", "a restored library goes on in the epoch that it had")
                memory.ends[memory.epoch], memory.epoch = after.head, epochs[library]
            oracle.set_back(memory, hopes, unknown_texts(before, after, devices), before, after, self.now)
