"""Faults planted where servers are set back, deletions are forgotten or held, and devices start anew.

Some are in the server, some in the device: there the promise is the device's to keep.
"""

from __future__ import annotations

from typing import Any

from msgspec import structs

from api.actions import pull_changes, push_changes, settle_held
from api.domain import batch, giving_back
from api.domain.changes import Change, PushWish, Result
from api.domain.sent import Sent
from api.domain.states import Edit, Seen
from api.store import epochs, holds, ledger, tombstones
from api.store.database import Tx
from tests.simulation import stage, starting_anew
from tests.simulation.device import Device
from tests.simulation.faults import Plant, do_nothing, patched
from tests.simulation.steps import HOUR


def _held_and_taken(real: Any) -> Any:
    async def guarded(tx: Tx, library_id: str, device_id: str, ops: list[Sent], now_ms: int) -> list[Sent]:
        await holds.hold(tx, library_id, device_id, await real(tx, library_id, device_id, ops, now_ms), now_ms)
        return []

    return guarded


def _discarded_and_taken(real: Any) -> Any:
    async def settled(tx: Tx, desk: Any, who: Any, found: Any, action: str, due: list[str]) -> dict[str, Result]:
        await real(tx, desk, who, found, "confirm", due)
        results: dict[str, Result] = await real(tx, desk, who, found, action, due)
        return results

    return settled


def _deletes_alone(_: Any) -> Any:
    return lambda ops: [one for one in ops if one.edit is not None and one.edit.op == "delete"]


def _none_before(_: Any) -> Any:
    async def tally(*args: Any) -> int:
        return 0

    return tally


def _one_of_them(real: Any) -> Any:
    async def together(tx: Tx, library_id: str, op_id: str) -> Any:
        return [one for one in await real(tx, library_id, op_id) if one.op_id == op_id]

    return together


def _half_way(real: Any) -> Any:
    async def raise_floor(tx: Tx, library_id: str, version: int) -> None:
        await real(tx, library_id, version // 2)

    return raise_floor


def _the_same_epoch(_: Any) -> Any:
    async def start_epoch(tx: Tx, library_id: str, *args: Any) -> str:
        return (await ledger.head(tx, library_id)).epoch

    return start_epoch


def _by_number_alone(_: Any) -> Any:
    async def common_version(tx: Tx, library_id: str, commits: list[tuple[int, str]]) -> int:
        return max((version for version, _ in commits), default=0)

    return common_version


def _whatever_epoch(real: Any) -> Any:
    async def take(tx: Tx, desk: Any, who: Any, wish: PushWish, *args: Any) -> Any:
        return await real(tx, desk, who, structs.replace(wish, epoch=None), *args)

    return take


def _whatever_tag(real: Any) -> Any:
    return lambda who, cursor, now: real(who, structs.replace(cursor, tag=""), now)


def _but_deletions(real: Any) -> Any:
    return lambda was, there, paper: None if was.deleted else real(was, there, paper)


def _as_of_now(real: Any) -> Any:
    def begin(device: Device, answer: Any, reason: str, now: int) -> None:
        real(device, answer, reason, now)
        if device.fresh is not None:
            device.fresh = structs.replace(device.fresh, seen_at=now + 1000 * HOUR)

    return begin


def _each_version_for_itself(_: Any) -> Any:
    return property(lambda seen: f"epoch {seen.epoch} {seen.version}")


def _adds_what_is_lacking(real: Any) -> Any:
    def spelled_out(*args: Any) -> Edit:
        edit: Edit = real(*args)
        return structs.replace(edit, remove={})

    return spelled_out


def _without_a_bin(_: Any) -> Any:
    def bury(device: Device, row: Change) -> None:
        del device.rows[row.key]

    return bury


def _without_an_outbox(real: Any) -> Any:
    def end(device: Device, now: int, n: int) -> None:
        real(device, now, n)
        device.outbox = [op for op in device.outbox if op.whole]

    return end


FAULTS: dict[str, Plant] = {
    "a held op is taken as well": patched(holds, "guarded", _held_and_taken),
    "what is discarded is taken": patched(settle_held, "_settled", _discarded_and_taken),
    "the rest of a held group is taken": patched(holds, "held_of", _deletes_alone),
    "half of a group is settled": patched(holds, "together", _one_of_them),
    "the guard forgets what a device deleted before": patched(holds, "_tally", _none_before),
    "who asks about a settled op hears nothing new": patched(ledger, "answer_anew", do_nothing),
    "what is settled stays held": patched(holds, "release", do_nothing),
    "a purge leaves the floor where it was": patched(tombstones, "_raise_floor", do_nothing),
    "the floor is raised half way": patched(tombstones, "_raise_floor", _half_way),
    "a purge takes what lives": patched(tombstones, "_OLD", lambda old: old.replace("deleted = 1 AND ", "")),
    "a restored library goes on in its epoch": patched(stage, "start_epoch", _the_same_epoch),
    "commits are compared by their numbers": patched(epochs, "common_version", _by_number_alone),
    "a push of an epoch that ended is taken": patched(push_changes, "_take", _whatever_epoch),
    "a cursor's tag is not looked at": patched(pull_changes, "_honoured", _whatever_tag),
    "deletions are not given back": patched(starting_anew, "give_back", _but_deletions),
    "what is given back claims to have seen all": patched(starting_anew, "based_on", lambda _: lambda *args: 2**40),
    "what is given back is taken for news": patched(starting_anew, "begin", _as_of_now),
    "of two givings back the clocks decide": patched(Seen, "voice", _each_version_for_itself),
    "who knew less is heard after who knew more": patched(giving_back, "is_known", lambda _: lambda *args: False),
    "what is given back takes nothing off": patched(batch, "spelled_out", _adds_what_is_lacking),
    "the bin is emptied silently": patched(starting_anew, "bury", _without_a_bin),
    "who starts anew forgets the outbox": patched(starting_anew, "end", _without_an_outbox),
}
