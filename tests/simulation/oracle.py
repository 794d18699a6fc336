"""The judge of a history: holds every answer and every page against what was promised.

Knows what each device sent and what the tables held before and after; knows nothing of how the server merges.
The rules by their names: I1 all devices end alike, I2 nothing acknowledged is lost, I3 a replay changes nothing, I4 nor
does a crash, I5 versions rise and none is skipped, I6 pages are whole, I7 who saw a field takes it, I8 clocks ahead are
clamped, I9 adds win, I10 a wrong op stands alone, I14 a clone is found out, I15 nothing new has no new version, I20
libraries are apart, I21 enrichment leaves what a person wrote, resurrection: the dead stay dead.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from msgspec import structs

from api.actions.pull_changes import PullAnswer
from api.actions.push_changes import PushAnswer
from api.domain.changes import Result
from tests.simulation import verdicts
from tests.simulation.addwins import AddWins
from tests.simulation.device import Device, Request
from tests.simulation.truth import Truth, Violation
from tests.simulation.verdicts import Taken

BELIEVED_MS = 60_001  # how far ahead of the server a stamp may be, and one carry


class Oracle:
    """Judges one library."""

    def __init__(self) -> None:
        self.first: dict[str, Taken] = {}
        self._sequences: dict[tuple[str, int], str] = {}
        self._sets = AddWins()
        self._deaths: dict[str, verdicts.Death] = {}
        self._quiet: dict[str, int] = {}

    def forked(self, request: Request, *, told: bool) -> None:
        """I14: a cloned device is told so, and no other."""
        ids = enumerate((op.id for op in request.ops), request.wish.first_seq)
        clone = any(self._sequences.get((request.wish.device_id, seq), id_) != id_ for seq, id_ in ids)
        if clone != told:
            raise Violation(
                "I14", "a cloned device was not found out" if clone else "an honest device was called a clone"
            )

    def pushed(self, request: Request, answer: PushAnswer, before: Truth, after: Truth, now: int) -> None:
        """Judge an answer to a push by what it did."""
        self.forked(request, told=False)
        fresh = self._results(request, answer)
        self._acked(request, answer.acked_seq)
        self._versions(before, after)
        if answer.version != after.head:
            raise Violation("I5", f"the answer names version {answer.version}, the library has {after.head}")
        verdicts.nothing_new(fresh, before, after)
        verdicts.refusals(fresh)
        taken = [t for t in fresh if t.result.status != "rejected"]
        verdicts.effects(taken, after)
        verdicts.causality(taken, before, after, self._quiet)
        verdicts.liveness([t.op for t in taken], request, (before, after), self._deaths, now)
        self._note(taken, request, before, after)
        self.wrote(before, after, now)

    def wrote(self, before: Truth, after: Truth, now: int) -> None:
        """Judge any writing: clocks are clamped (I8), sets are add-wins (I9), what was merged stays merged."""
        self._versions(before, after)
        for key, fact in after.facts.items():
            if fact.latest_ms > now + BELIEVED_MS:
                raise Violation("I8", f"a stamp of {key} is {fact.latest_ms - now} ms ahead")
        if difference := self._sets.differing(after):
            raise Violation("I9", difference)
        for key, fact in before.facts.items():
            if fact.merged_into and not (after.facts[key].merged_into and after.facts[key].deleted):
                raise Violation("resurrection", f"{key} was merged and lives again")

    def enriched(self, before: Truth, after: Truth) -> None:
        """I21: what a person wrote is as it was, unless two entries became one."""
        for key, fact in before.facts.items():
            now = after.facts[key]
            joined = any(f.merged_into == key and not _was_merged(before, k) for k, f in after.facts.items())
            if fact.type != "paper" and not joined and not now.merged_into:
                verdicts.untouched(key, fact, now)

    def pulled(self, device: Device, page: PullAnswer, truth: Truth) -> None:
        """Judge a page: of this library alone, in order, acknowledging what was taken; complete, if it is the last."""
        for one in page.changes:
            if one.key not in truth.facts:
                raise Violation("I20", f"the feed shows {one.key}, which is not of this library")
        versions = [one.version for one in page.changes]
        if (
            versions not in (sorted(set(versions)), sorted(set(versions), reverse=True))
            or max(versions, default=0) > page.upto
        ):
            raise Violation("I6", f"versions out of order: {versions} up to {page.upto}")
        if page.upto != truth.head:
            raise Violation("I6", f"the page speaks of version {page.upto}, the library has {truth.head}")
        highest: dict[str, int] = {}
        for name, seq in self._sequences:
            highest[name] = max(seq, highest.get(name, 0))
        if page.acks != highest:
            raise Violation("ack", f"acknowledged {page.acks}, taken {highest}")
        if not page.more:
            verdicts.mirror(device.rows, truth)

    def ended(self, devices: Iterable[Device], fresh: Device, truth: Truth) -> None:
        """Judge the end: every device shows the same (I1), and no text that was acknowledged is lost (I2)."""
        wanted = _rows(fresh)
        for device in devices:
            if (rows := _rows(device)) != wanted:
                raise Violation("I1", f"{device.who.device_id} differs in {_difference(rows, wanted)}")
            if left := [op.id for op in device.outbox if op.state != "refused"]:
                raise Violation("I2", f"{left} never left the outbox of {device.who.device_id}")
        verdicts.texts_kept([t.op for t in self.first.values() if t.result.status != "rejected"], truth)
        verdicts.refused_left_nothing([t.op for t in self.first.values() if t.result.status == "rejected"], truth)

    def _results(self, request: Request, answer: PushAnswer) -> list[Taken]:
        """The ops that were taken now; I3: those taken before get their first result again."""
        fresh: list[Taken] = []
        for seq, (op, result) in enumerate(zip(request.ops, answer.results, strict=True), request.wish.first_seq):
            before = self.first.get(op.id)
            if before is None:
                self.first[op.id] = Taken(op, result)
                fresh.append(self.first[op.id])
                if result.status == "duplicate":
                    raise Violation("I3", f"{op.id} is new, and was called a duplicate")
            elif not _same(structs.replace(before.result, status="duplicate"), result):
                raise Violation("I3", f"{op.id} was answered {before.result}, then {result}")
            self._sequences[request.wish.device_id, seq] = op.id
        return fresh

    def _acked(self, request: Request, acked: int) -> None:
        device = request.wish.device_id
        highest = max(seq for name, seq in self._sequences if name == device)
        if acked != highest:
            raise Violation("ack", f"acknowledged {acked} of {device}, taken {highest}")

    def _versions(self, before: Truth, after: Truth) -> None:
        """I5: whatever looks different has a version above all that were given out, and the last is the library's."""
        newest = max((fact.version for fact in after.facts.values()), default=0)
        if after.head < before.head or (after.head > before.head and newest != after.head):
            raise Violation("I5", f"from {before.head} to {after.head}, the newest object has {newest}")
        for key, fact in before.facts.items():
            if key not in after.facts:
                raise Violation("I2", f"{key} vanished")
            now = after.facts[key]
            if now.seen() != fact.seen() and not before.head < now.version:
                raise Violation("I5", f"{key} changed and kept version {now.version}")

    def _note(self, taken: list[Taken], request: Request, before: Truth, after: Truth) -> None:
        seq_of = {op.id: seq for seq, op in enumerate(request.ops, request.wish.first_seq)}
        removed = {after.survivor(m) for t in taken for names in t.op.remove.values() for m in names}
        merged = {after.survivor(k) for k, f in after.facts.items() if f.merged_into and not _was_merged(before, k)}
        self._sets.unclear |= removed & merged
        for one in taken:
            self._sets.taken(one.op, request.wish.device_id, seq_of[one.op.id], after)
            key = after.survivor(one.op.key)
            if key in before.facts and before.facts[key].version == after.facts[key].version:
                self._quiet[key] = after.facts[key].version


def _was_merged(truth: Truth, key: str) -> bool:
    return key in truth.facts and truth.facts[key].merged_into is not None


def _same(one: Result, other: Result) -> bool:
    return msgspec.json.encode(one) == msgspec.json.encode(other)


def _rows(device: Device) -> dict[str, tuple[object, ...]]:
    """What a device shows: its live objects, ids that were merged followed as its mirror knows them."""
    shown: dict[str, tuple[object, ...]] = {}
    for key, row in device.rows.items():
        if not row.deleted:
            data = msgspec.to_builtins(row.data)
            for name in ("tags", "lists"):
                if name in data:
                    data[name] = sorted({device.survivor(member) for member in data[name]})
            if data.get("entry_id"):
                data["entry_id"] = device.survivor(data["entry_id"])
            shown[key] = (row.version, data)
    return shown


def _difference(rows: dict[str, tuple[object, ...]], wanted: dict[str, tuple[object, ...]]) -> str:
    return "; ".join(
        f"{k}: {rows.get(k)} instead of {wanted.get(k)}" for k in {*rows, *wanted} if rows.get(k) != wanted.get(k)
    )
