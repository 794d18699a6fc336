"""What goes between a device and the server, by the rules of `extension/src/sync.js`, and what the judges say to it."""

from __future__ import annotations

from api.actions import settle_held
from api.actions.pull_changes import pull_changes
from api.actions.push_changes import PushAnswer, push_changes
from api.actions.resync import ResyncWish, resync
from api.domain.errors import DeviceForked, Resync
from tests.simulation import starting_anew, verdicts
from tests.simulation.crashes import Crash
from tests.simulation.device import Device
from tests.simulation.stage import Stage
from tests.simulation.truth import Violation
from tests.simulation.waiting import Request

MOST_RESTARTS = 4  # of one round
MOST_HELD = 1000


class Traffic:
    """The requests of one history; `careful` devices pull before they push, as they all do in the service."""

    def __init__(self, stage: Stage, *, careful: bool) -> None:
        self._stage = stage
        self._careful = careful

    async def round(self, device: Device, most: int, limit: int) -> None:
        """One run of sync: push what waits, pull to the end, start anew where the server says so."""
        for _ in range(MOST_RESTARTS):
            if not await self._once(device, most, limit):
                return

    async def _once(self, device: Device, most: int, limit: int) -> bool:
        if device.fresh is None and not (await self.look_first(device, limit) and await self._drain(device, most)):
            return True
        if not await self.pull(device, limit):
            return True
        return await self.review(device)

    async def look_first(self, device: Device, limit: int) -> bool:
        """A server that was restored by hand only shows it here: nothing is pushed onto a history that is not ours."""
        waits = any(op.state == "waiting" for op in device.outbox)
        if self._careful and device.cursor and waits:
            return await self.pull(device, limit)
        return True

    async def _drain(self, device: Device, most: int) -> bool:
        while (request := device.next_push(most)) is not None:
            if not await self.hear(device, request):
                return False
        return True

    async def hear(self, device: Device, request: Request) -> bool:
        """Send a request and take what comes back; whether the device may go on."""
        answer = await self.deliver(request)
        if isinstance(answer, str):
            device.take_new_id(answer)
        elif isinstance(answer, Resync):
            await self._start_anew(device, str(answer.extra["reason"]))
        elif answer is not None:
            device.settle(request, answer, self._stage.now)
        return isinstance(answer, PushAnswer | str)

    async def deliver(self, request: Request, crash_after: int | None = None) -> PushAnswer | str | Resync | None:
        """What the server answers: results, the id that a cloned device gets, or nothing where it crashed."""
        stage, library = self._stage, request.wish.library_id
        oracle, before = stage.oracles[library], stage.truths[library]
        stage.database.crash_after = crash_after
        try:
            answer = await push_changes(stage.desk, request.who, request.wish)
        except Crash:
            if await stage.read(library) != before:
                raise Violation("I4", "a push that crashed before its commit left something") from None
            return None
        except Resync as refusal:
            stage.database.crash_after = None
            return refusal
        except DeviceForked as forked:
            oracle.forked(request, told=str(forked.extra["device_id"]))
            return str(forked.extra["device_id"])
        stage.truths[library] = await stage.read(library)
        oracle.pushed(request, answer, before, stage.truths[library], stage.now)
        return answer

    async def pull(self, device: Device, limit: int, fault: str = "") -> bool:
        """Pull page by page; whether the end was reached. A fresh start ends there."""
        stage, library, more = self._stage, device.who.library_id, True
        while more:
            try:
                anew = device.fresh is not None
                page = await pull_changes(stage.desk, device.who, device.cursor, limit, tombstones=anew)
            except Resync as refusal:
                await self._start_anew(device, str(refusal.extra["reason"]))
                return False
            if fault == "lost":
                return False
            if not device.take_page(page, stage.now):
                await self._start_anew(device, "forgot")
                return False
            stage.oracles[library].pulled(device, page, stage.truths[library])
            if fault == "short":
                return not page.more
            more = page.more
        if device.fresh is not None:
            shown = {key for key, row in device.rows.items() if row.type != "paper"}
            outbox = [op.id for op in device.outbox]
            starting_anew.end(device, stage.now, len(stage.devices))
            verdicts.nothing_thrown_away(device, shown, outbox)
            return False
        return True

    async def _start_anew(self, device: Device, reason: str) -> None:
        answer = await resync(self._stage.desk, device.who, ResyncWish(device.commits_known(reason)))
        starting_anew.begin(device, answer, reason, self._stage.now)

    async def review(self, device: Device) -> bool:
        """Have a device's held ops that were settled meanwhile ask for their results; whether some will."""
        if not any(op.state == "held" for op in device.outbox):
            return False
        device.ask_again(set(await self._held(device)))
        return any(op.state == "waiting" for op in device.outbox)

    async def _held(self, device: Device) -> list[str]:
        page = await settle_held.list_held(self._stage.desk, device.who, MOST_HELD, None)
        held = [one.id for one in page.items]
        self._stage.oracles[device.who.library_id].waiting(held)
        return held

    async def settle(self, device: Device, pick: int, *, discard: bool) -> None:
        """A person says of one held op on this device whether it was meant."""
        if held := await self._held(device):
            await self._settle(device, held[pick % len(held)], discard=discard)

    async def settle_all(self, device: Device, *, discard: bool) -> None:
        """A person says of all that is held whether it was meant."""
        if await self._held(device):
            await self._settle(device, None, discard=discard)

    async def _settle(self, device: Device, op_id: str | None, *, discard: bool) -> None:
        stage, library = self._stage, device.who.library_id
        action: settle_held.Action = "discard" if discard else "confirm"
        oracle, before = stage.oracles[library], stage.truths[library]
        if op_id is None:
            ids = list(oracle.now_knows.held)
            answer = await settle_held.settle_all(stage.desk, device.who, action)
            if answer.settled != len(ids) or answer.more:
                raise Violation("guard", f"{len(ids)} ops were held, and {answer.settled} were settled")
            results = list((await stage.results(library, ids)).values())
        else:
            results = (await settle_held.settle_held(stage.desk, device.who, op_id, action)).results
        stage.truths[library] = after = await stage.read(library)
        oracle.settled(results, discard=discard, before=before, after=after, now=stage.now)
