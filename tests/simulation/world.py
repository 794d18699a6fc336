"""One history, played: devices, their network, the workers and a crashing server, on a real database.

What is random comes from the plan; what the server makes comes from a counter and from `lane`, which keeps the
histories of one database apart. Raises Violation for a broken promise, and lets the server's own errors through.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Any

from api.actions.desk import Desk
from api.actions.pull_changes import pull_changes
from api.actions.push_changes import PushAnswer, push_changes
from api.actions.save_paper import SaveWish, save_paper
from api.domain.accounts import Who
from api.domain.errors import DeviceForked
from api.domain.ids import uuid7
from api.settings import Settings
from api.store.database import Database
from tests.make import NOW, make_id, make_library
from tests.simulation.crashes import Crash, CrashingDatabase
from tests.simulation.device import Device, Request
from tests.simulation.enriching import Workers, addresses_of
from tests.simulation.oracle import Oracle
from tests.simulation.person import act
from tests.simulation.steps import EDITS, HOUR, Plan, Step
from tests.simulation.truth import Truth, Violation, read_truth

SETTINGS = Settings(data_dir=Path("nowhere"), secret_key="a secret of the simulation, long enough to sign with")
MOST_DEVICES = 7
STEP_MS = 700


class SimulatedDesk(Desk, frozen=True, kw_only=True):
    """A desk whose ids are the same on every run, and which reminds nobody: workers come when a step says so."""

    lane: int
    made: Iterator[int]

    def new_id(self) -> str:
        """The next id of this history."""
        return uuid7(self.now(), next(self.made).to_bytes(4, "big") + self.lane.to_bytes(6, "big"))

    def remind(self, paper_ids: object) -> None:
        """Remind nobody."""


class World:
    """A history under way."""

    def __init__(self, database: Database, plan: Plan, lane: int) -> None:
        self._plan = plan
        self._lane = lane
        self._now = NOW
        self._database = CrashingDatabase(database)
        reminders: Any = None  # nobody is reminded
        self._desk = SimulatedDesk(self._database, reminders, SETTINGS, lambda: self._now, lane=lane, made=count(1))
        self._workers = Workers(self._desk, lane)
        self._addresses = addresses_of(lane)
        self._devices: list[Device] = []
        self._copies: dict[int, Device] = {}
        self._network: list[Request] = []
        self._oracles: dict[str, Oracle] = {}
        self._truths: dict[str, Truth] = {}

    async def play(self) -> None:
        """The whole history, then its end: everybody is online, the workers are done, all have pulled twice."""
        await self._open()
        for step in self._plan.steps:
            self._now += STEP_MS
            await self._take(step)
        await self._end()

    async def _open(self) -> None:
        for library in sorted({part.library for part in self._plan.parts}):
            parts = [(n, part) for n, part in enumerate(self._plan.parts) if part.library == library]
            names = {str(n): make_id(f"device {n}") for n, _ in parts}
            people = await make_library(self._desk, f"{self._lane} {library}", names)
            self._devices += [Device(people[str(n)], part.skew_ms, heeds=part.heeds) for n, part in parts]
        self._copies = {n: device.copy() for n, device in enumerate(self._devices)}
        for device in self._devices:
            self._oracles.setdefault(device.who.library_id, Oracle())
            self._truths.setdefault(device.who.library_id, Truth(0, {}))

    async def _take(self, step: Step) -> None:
        device = self._devices[step.device % len(self._devices)]
        if step.kind in EDITS:
            act(device, step, self._now, self._addresses)
        elif step.kind == "push":
            await self._push(device, step)
        elif step.kind == "pull":
            await self._pull(device, 1 + step.pick % 9, step.fault)
        elif step.kind == "sync":
            await self._drain(device, 1 + step.more % 6)
            await self._pull(device, 1 + step.pick % 40)
        elif step.kind == "deliver":
            if self._network:
                await self._deliver(self._network.pop(step.pick % len(self._network)))
        elif step.kind == "door":
            await self._save_by_door(device, step)
        elif step.kind in ("take", "finish"):
            await self._enrich(device, step)
        else:
            self._disturb(device, step)

    def _disturb(self, device: Device, step: Step) -> None:
        at = self._devices.index(device)
        if step.kind == "wait":
            self._now += HOUR * (1 + step.more % 30)
        elif step.kind == "clock":
            device.skew_ms += (step.more % 5 - 2) * HOUR * (1 + step.pick % 50)
        elif step.kind == "copy":
            self._copies[at] = device.copy()
        elif step.kind == "return" and at in self._copies:
            self._devices[at] = self._copies[at].copy()
        elif step.kind == "clone" and at in self._copies and len(self._devices) < MOST_DEVICES:
            self._devices.append(self._copies[at].copy())

    async def _push(self, device: Device, step: Step) -> None:
        request = device.next_push(1 + step.more % 5)
        if request is None or step.fault == "dropped":
            return
        if step.fault == "late":
            self._network.append(request)
        elif step.fault == "crash":
            await self._deliver(request, crash_after=step.pick % 20)
        elif step.fault == "lost":
            await self._deliver(request)
        else:
            if step.fault == "doubled":
                await self._deliver(request)
            await self._hear(device, request)

    async def _hear(self, device: Device, request: Request) -> None:
        answer = await self._deliver(request)
        if isinstance(answer, str):
            device.take_new_id(answer)
        elif answer is not None:
            device.settle(request, answer, self._now)

    async def _deliver(self, request: Request, crash_after: int | None = None) -> PushAnswer | str | None:
        """What the server answers: results, the id that a cloned device gets, or nothing where it crashed."""
        library = request.wish.library_id
        oracle, before = self._oracles[library], self._truths[library]
        self._database.crash_after = crash_after
        try:
            answer = await push_changes(self._desk, request.who, request.wish)
        except Crash:
            if await read_truth(self._database, library) != before:
                raise Violation("I4", "a push that crashed before its commit left something") from None
            return None
        except DeviceForked as forked:
            oracle.forked(request, told=True)
            return str(forked.extra["device_id"])
        self._truths[library] = await read_truth(self._database, library)
        oracle.pushed(request, answer, before, self._truths[library], self._now)
        return answer

    async def _pull(self, device: Device, limit: int, fault: str = "") -> None:
        library = device.who.library_id
        more = True
        while more:
            page = await pull_changes(self._desk, device.who, device.cursor, limit)
            if fault == "lost":
                return
            device.take_page(page, self._now)
            self._oracles[library].pulled(device, page, self._truths[library])
            more = page.more and fault != "short"

    async def _save_by_door(self, device: Device, step: Step) -> None:
        url = self._addresses[step.pick % len(self._addresses)]
        await save_paper(self._desk, device.who, SaveWish(device.new_id(self._now, step.n), url))
        await self._look()

    async def _enrich(self, device: Device, step: Step) -> None:
        facts = self._truths[device.who.library_id].facts
        papers = sorted(key for key, fact in facts.items() if fact.type == "paper" and not fact.deleted)
        if step.kind == "take" and papers:
            await self._workers.take(papers[step.pick % len(papers)])
        elif step.kind == "finish" and self._workers.tasks:
            self._database.crash_after = step.more % 30 if step.fault == "crash" else None
            with suppress(Crash):  # the paper stays taken, and may be finished by a later step
                await self._workers.finish(step.pick, knows_both=step.more % 2 == 0)
            await self._look(enriched=True)

    async def _look(self, *, enriched: bool = False) -> None:
        """See what a writing that was no push did to the libraries."""
        for library, before in self._truths.items():
            self._truths[library] = after = await read_truth(self._database, library)
            self._oracles[library].wrote(before, after, self._now)
            if enriched:
                self._oracles[library].enriched(before, after)

    async def _drain(self, device: Device, most: int) -> None:
        while (request := device.next_push(most)) is not None:
            await self._hear(device, request)

    async def _end(self) -> None:
        for request in self._network:
            await self._deliver(request)
        for device in self._devices:
            await self._drain(device, 200)
        await self._finish_all()
        for device in self._devices * 2:
            await self._pull(device, 1000)
        for library, oracle in self._oracles.items():
            own = [device for device in self._devices if device.who.library_id == library]
            fresh = Device(Who("", library, make_id("fresh")), 0, heeds=True)
            await self._pull(fresh, 3)
            oracle.ended(own, fresh, self._truths[library])

    async def _finish_all(self) -> None:
        """Let the workers finish whatever is due."""
        for _ in range(8):
            self._now += HOUR
            papers = {
                k for t in self._truths.values() for k, f in t.facts.items() if f.type == "paper" and not f.deleted
            }
            for paper_id in sorted(papers):
                await self._workers.take(paper_id)
            if not self._workers.tasks:
                return
            while self._workers.tasks:
                await self._workers.finish(0, knows_both=self._plan.seed % 2 == 0)
                await self._look(enriched=True)
        raise Violation("workers", "the workers never come to an end")
