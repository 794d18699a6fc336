"""One history, played: devices, their network, the workers and a crashing server, on a real database.

What is random comes from the plan. Raises Violation for a broken promise, and lets the server's own errors through.
"""

from __future__ import annotations

from contextlib import suppress

from api.actions.save_paper import SaveWish, save_paper
from api.domain.accounts import Who
from api.store.database import Database
from tests.make import make_id, make_library
from tests.simulation.crashes import Crash
from tests.simulation.device import Device
from tests.simulation.guard import is_low
from tests.simulation.person import act
from tests.simulation.stage import Stage
from tests.simulation.steps import EDITS, GUARDED_EDITS, HOUR, Plan, Step
from tests.simulation.traffic import Traffic
from tests.simulation.truth import Violation

MOST_DEVICES = 7
STEP_MS = 700


class World:
    """A history under way."""

    def __init__(self, database: Database, plan: Plan, lane: int) -> None:
        self._plan = plan
        self._stage = Stage(database, lane)
        self._traffic = Traffic(self._stage, careful=plan.by_hand)
        self._copies: dict[int, Device] = {}

    async def play(self) -> None:
        """The whole history, then its end: everybody is online, the workers are done, all have pulled twice."""
        is_low.set(self._plan.guarded)
        await self._open()
        for step in self._plan.steps:
            self._stage.now += STEP_MS
            await self._take(step)
        await self._end()

    async def _open(self) -> None:
        for library in sorted({part.library for part in self._plan.parts}):
            parts = [(n, part) for n, part in enumerate(self._plan.parts) if part.library == library]
            names = {str(n): make_id(f"device {n}") for n, _ in parts}
            people = await make_library(self._stage.desk, f"{self._stage.lane} {library}", names)
            for n, part in parts:
                self._stage.add(Device(people[str(n)], part.skew_ms, heeds=part.heeds))
        self._copies = {n: device.copy() for n, device in enumerate(self._stage.devices)}

    async def _take(self, step: Step) -> None:
        stage, traffic = self._stage, self._traffic
        device = stage.devices[step.device % len(stage.devices)]
        if step.kind in EDITS or step.kind in GUARDED_EDITS:
            act(device, step, stage.now, stage.addresses)
        elif step.kind == "push":
            await self._push(device, step)
        elif step.kind == "pull":
            await traffic.pull(device, 1 + step.pick % 9, step.fault)
        elif step.kind == "sync":
            await traffic.round(device, 1 + step.more % 6, 1 + step.pick % 40)
        elif step.kind == "deliver":
            if stage.network:
                await traffic.deliver(stage.network.pop(step.pick % len(stage.network)))
        elif step.kind == "door":
            await self._save_by_door(device, step)
        elif step.kind in ("take", "finish"):
            await self._enrich(device, step)
        else:
            await self._serve(device, step)

    async def _serve(self, device: Device, step: Step) -> None:
        """What a person or the one who runs the server does to it."""
        if step.kind == "settle":
            await self._traffic.settle(device, step.pick, discard=step.more % 2 == 0)
        elif step.kind == "settle_all":
            await self._traffic.settle_all(device, discard=step.more % 2 == 0)
        elif step.kind == "purge":
            await self._stage.purge(self._stage.now + 1 - step.more % 3 * HOUR)
        elif step.kind == "back_up":
            await self._stage.back_up()
        elif step.kind == "set_back":
            await self._set_back(step)
        else:
            self._disturb(device, step)

    async def _set_back(self, step: Step) -> None:
        """The server is set back; some devices had been online before, and often they all are soon after.

        By hand a second time it is set back only once they all are: docs/protocol.md says why under "Not yet".
        """
        if self._plan.by_hand and any(oracle.was_set_back for oracle in self._stage.oracles.values()):
            await self._all_sync(1000)
            self._copies.clear()
        for at, device in enumerate(self._stage.devices):
            if step.more % 3 == 1 or (step.more % 3 == 2 and step.more >> 3 + at & 1):
                await self._traffic.round(device, 200, 40)
                self._stage.now += STEP_MS
        await self._stage.set_back(by_hand=self._plan.by_hand)
        if step.pick % 2:
            await self._all_sync(1 + step.pick % 40)

    async def _all_sync(self, limit: int) -> None:
        for device in self._stage.devices:
            await self._traffic.round(device, 200, limit)
            self._stage.now += STEP_MS

    def _disturb(self, device: Device, step: Step) -> None:
        devices = self._stage.devices
        at = devices.index(device)
        if step.kind == "wait":
            self._stage.now += HOUR * (1 + step.more % 30)
        elif step.kind == "clock":
            device.skew_ms += (step.more % 5 - 2) * HOUR * (1 + step.pick % 50)
        elif step.kind == "copy":
            self._copies[at] = device.copy()
        elif step.kind == "return" and at in self._copies:
            self._stage.oracles[device.who.library_id].returned(device)
            devices[at] = self._copies[at].copy()
        elif step.kind == "clone" and at in self._copies and len(devices) < MOST_DEVICES:
            self._stage.add(self._copies[at].copy())

    async def _push(self, device: Device, step: Step) -> None:
        if device.fresh is not None or not await self._traffic.look_first(device, 40):
            return
        request = device.next_push(1 + step.more % 5)
        if request is None or step.fault == "dropped":
            return
        if step.fault == "late":
            self._stage.network.append(request)
        elif step.fault == "crash":
            await self._traffic.deliver(request, crash_after=step.pick % 20)
        elif step.fault == "lost":
            await self._traffic.deliver(request)
        else:
            if step.fault == "doubled":
                await self._traffic.deliver(request)
            await self._traffic.hear(device, request)

    async def _save_by_door(self, device: Device, step: Step) -> None:
        stage = self._stage
        url = stage.addresses[step.pick % len(stage.addresses)]
        await save_paper(stage.desk, device.who, SaveWish(device.new_id(stage.now, step.n), url))
        await stage.look()

    async def _enrich(self, device: Device, step: Step) -> None:
        stage = self._stage
        facts = stage.truths[device.who.library_id].facts
        papers = sorted(key for key, fact in facts.items() if fact.type == "paper" and not fact.deleted)
        if step.kind == "take" and papers:
            await stage.workers.take(papers[step.pick % len(papers)])
        elif step.kind == "finish" and stage.workers.tasks:
            stage.database.crash_after = step.more % 30 if step.fault == "crash" else None
            with suppress(Crash):  # the paper stays taken, and may be finished by a later step
                await stage.workers.finish(step.pick, knows_both=step.more % 2 == 0)
            await stage.look(enriched=True)

    async def _end(self) -> None:
        stage, traffic = self._stage, self._traffic
        for request in stage.network:
            await traffic.deliver(request)
        for _ in range(2 if self._plan.flavour != "plain" else 1):
            await self._all_sync(1000)
            for device in stage.devices:
                await traffic.settle_all(device, discard=self._plan.seed % 3 == 0)
        await self._finish_all()
        for device in stage.devices * 2:
            await traffic.round(device, 200, 1000)
        for library, oracle in stage.oracles.items():
            fresh = Device(Who("", library, make_id("fresh")), 0, heeds=True)
            await traffic.pull(fresh, 3)
            oracle.ended(stage.own(library), fresh, stage.truths[library])

    async def _finish_all(self) -> None:
        """Let the workers finish whatever is due."""
        stage = self._stage
        for _ in range(8):
            stage.now += HOUR
            facts = [(k, f) for truth in stage.truths.values() for k, f in truth.facts.items()]
            for paper_id in sorted({key for key, fact in facts if fact.type == "paper" and not fact.deleted}):
                await stage.workers.take(paper_id)
            if not stage.workers.tasks:
                return
            while stage.workers.tasks:
                await stage.workers.finish(0, knows_both=self._plan.seed % 2 == 0)
                await stage.look(enriched=True)
        raise Violation("workers", "the workers never come to an end")
