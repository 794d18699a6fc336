"""The judge of a history: holds every answer and every page against what was promised.

Knows what each device sent and what the tables held before and after; knows nothing of how the server merges. What
the rules' names mean is in `promises.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec
from msgspec import structs

from api.actions.pull_changes import PullAnswer
from api.actions.push_changes import PushAnswer
from api.domain.changes import Result
from tests.simulation import endings, verdicts
from tests.simulation.device import Device
from tests.simulation.guard import to_hold
from tests.simulation.hopes import Hope, come_true
from tests.simulation.memory import Memory
from tests.simulation.truth import Truth, Violation
from tests.simulation.verdicts import Taken
from tests.simulation.waiting import Request

BELIEVED_MS = 60_001  # how far ahead of the server a stamp may be, and one carry


class Oracle:
    """Judges one library."""

    def __init__(self) -> None:
        self.now_knows = Memory()
        self.was_set_back = False
        self._ever: dict[str, Taken] = {}
        self._later: dict[str, Taken] = {}
        self._hopes: dict[str, Hope] = {}
        self._forgiven: set[str] = set()
        self._pardoned: set[str] = set()  # texts that no device holds once the server is set back
        self._set_back_at = self._set_back_to = 0
        self._once_taken: set[str] = set()  # ids of ops that a server took before it was set back

    def forked(self, request: Request, *, told: str = "") -> None:
        """I14: a cloned device is told so with its new id; nobody else is, but whose id was given after a backup."""
        ids = enumerate((op.id for op in request.ops), request.wish.first_seq)
        known = self.now_knows.sequences
        clone = any(known.get((request.wish.device_id, seq), id_) != id_ for seq, id_ in ids)
        clone = clone or request.wish.device_id not in {request.who.device_id, *self.now_knows.given}
        self.now_knows.given |= {told} - {""}
        if clone != bool(told):
            raise Violation(
                "I14", "a cloned device was not found out" if clone else "an honest device was called a clone"
            )

    def pushed(self, request: Request, answer: PushAnswer, before: Truth, after: Truth, now: int) -> None:
        """Judge a push by what it says, and its answer by what it did."""
        if request.wish.epoch not in (None, self.now_knows.epoch):
            raise Violation("epoch", "a push of an epoch that ended was taken")
        if any(op.whole and int(op.time[:12], 16) > self._set_back_at for op in request.ops):
            raise Violation("I12", "what is given back claims to be later than the restore")
        self.forked(request)
        new = [op for op in request.ops if op.id not in self.now_knows.first]
        held = to_hold(new, request.wish.device_id, before, self.now_knows.tally, now)
        fresh = self._results(request, answer)
        self._acked(request, answer.acked_seq)
        if answer.version != after.head:
            raise Violation("I5", f"the answer names version {answer.version}, the library has {after.head}")
        for one in fresh:
            if (one.result.status == "held") != (one.op.id in held):
                raise Violation("guard", f"{one.op.id} is held against the rule, or not held: {one.result}")
        self.now_knows.held |= {one.op.id: one for one in fresh if one.op.id in held}
        self._judge([one for one in fresh if one.op.id not in held], before, after, now)

    def settled(self, results: Sequence[Result], *, discard: bool, before: Truth, after: Truth, now: int) -> None:
        """Judge what became of held ops: all of a group, taken as any op is, or not at all."""
        ids = {result.id for result in results}
        if strange := ids - set(self.now_knows.held):
            raise Violation("guard", f"{strange} were settled, and were not held")
        done = [structs.replace(self.now_knows.held.pop(result.id), result=result) for result in results]
        done.sort(key=lambda one: (one.device, one.seq))  # the order in which they came
        groups = {one.op.group for one in done if one.op.group}
        if any(one.op.group in groups for one in self.now_knows.held.values()):
            raise Violation("guard", "a part of a group was settled")
        for one in done:
            if self._ever[one.op.id].result.code == "discarded":  # before a restore; its device went on without it
                self._pardoned |= {value for value in one.op.set.values() if isinstance(value, str)}
            self.now_knows.first[one.op.id] = self._ever[one.op.id] = self._later[one.op.id] = one
        if discard and any(one.result.code != "discarded" for one in done):
            raise Violation("guard", f"what was discarded was answered {[one.result for one in done]}")
        self._judge([] if discard else done, before, after, now)

    def waiting(self, held: Iterable[str]) -> None:
        """Judge the list of what is held."""
        if (shown := set(held)) != set(self.now_knows.held):
            raise Violation("guard", f"{shown} are said to be held, and {set(self.now_knows.held)} are")

    def _judge(self, fresh: list[Taken], before: Truth, after: Truth, now: int) -> None:
        verdicts.nothing_new(fresh, before, after)
        # nor does a server that was set back know what is deleted here once more
        lost = {t.op.key for t in fresh if t.op.op == "delete" and self.was_set_back}
        verdicts.refusals(fresh, lambda op: op.key in lost or self.now_knows.may_be_gone(op))
        self.now_knows.buried |= {t.op.key for t in fresh if t.op.whole and t.op.op == "delete"} - set(before.facts)
        taken = [t for t in fresh if t.result.status != "rejected" and t.result.code != "gone"]
        verdicts.effects(taken, after)
        verdicts.causality(taken, before, after, self.now_knows.quiet)
        verdicts.liveness(taken, (before, after), self.now_knows.deaths, now)
        self._note(taken, before, after)
        self.wrote(before, after, now)

    def wrote(self, before: Truth, after: Truth, now: int) -> None:
        """Judge any writing: clocks are clamped (I8), sets are add-wins (I9), what was merged or purged stays so."""
        verdicts.versions(before, after)
        for key, fact in after.facts.items():
            if fact.latest_ms > now + BELIEVED_MS:
                raise Violation("I8", f"a stamp of {key} is {fact.latest_ms - now} ms ahead")
        alive = {key for key, fact in after.facts.items() if not fact.deleted}
        if back := (self.now_knows.purged & alive) - self._forgiven:
            raise Violation("I13", f"{back} were purged, and are there again")
        if difference := self.now_knows.sets.differing(after):
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

    def returned(self, device: Device) -> None:
        """A device comes back from a copy: of what only its bin or its refused ops held nobody knows any more."""
        refused = [op.set for op in device.outbox if op.state == "refused"]
        self._pardoned |= {text for row in device.bin.values() for text in endings.texts_of(row)}
        self._pardoned |= {value for values in refused for value in values.values() if isinstance(value, str)}

    def purged(self, before: Truth, after: Truth) -> None:
        """Judge a purge: deletions went, and nothing else moved."""
        gone = {key: fact for key, fact in before.facts.items() if key not in after.facts}
        if alive := [key for key, fact in gone.items() if not fact.deleted]:
            raise Violation("I13", f"{alive} were purged alive")
        if after.head != before.head or {**gone, **after.facts} != before.facts:
            raise Violation("I13", "a purge changed more than it forgot")
        self.now_knows.purged |= set(gone)
        self.now_knows.floor = max([self.now_knows.floor, *(fact.version for fact in gone.values())])
        self._forgiven -= {key for key, fact in gone.items() if fact.version > self._set_back_to}
        self.now_knows.sets.forget(set(gone))
        self._pardoned |= endings.texts_in(gone.values())

    def set_back(
        self, to: Memory, hopes: dict[str, Hope], unknown: set[str], before: Truth, after: Truth, now: int
    ) -> None:
        """Take note that the server knows less than it did, and of what its devices can tell it."""
        self._set_back_at, self._set_back_to = now, after.head
        self._once_taken |= {id_ for id_, one in self._ever.items() if one.result.status not in ("rejected", "held")}
        self.now_knows, self._hopes, self._later, self.was_set_back = to, hopes, {}, True
        self._pardoned |= unknown
        # what came out of the trash after the backup comes out again, though its old deletion be purged meanwhile
        self._forgiven = {key for key, fact in before.facts.items() if not fact.deleted}

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
        for name, seq in self.now_knows.sequences:
            highest[name] = max(seq, highest.get(name, 0))
        if page.acks != highest:
            raise Violation("ack", f"acknowledged {page.acks}, taken {highest}")
        if not page.more:
            verdicts.mirror(device, truth)

    def ended(self, devices: Sequence[Device], fresh: Device, truth: Truth) -> None:
        """Judge the end: all devices show the same (I1), and nothing acknowledged is lost (I2, I12, I13)."""
        endings.alike(devices, fresh)
        taken = [t.op for t in self._ever.values() if t.result.status not in ("rejected", "held")]
        binned = {str(v) for device in devices for row in device.bin.values() for v in endings.texts_of(row)}
        discarded = [t.op for t in self._ever.values() if t.result.code == "discarded"]
        refused = {str(v) for device in devices for op in device.outbox for v in op.set.values()}
        verdicts.texts_kept(taken, discarded, truth, binned | refused | self._pardoned)
        never = [t for t in self._ever.values() if t.result.status == "rejected" and t.op.id not in self._once_taken]
        verdicts.refused_left_nothing([t.op for t in never], truth)
        come_true(self._hopes, self._later.values(), truth, {key for device in devices for key in device.bin})

    def _results(self, request: Request, answer: PushAnswer) -> list[Taken]:
        """The ops that were taken now; I3: those taken before get their first result again."""
        fresh: list[Taken] = []
        for seq, (op, result) in enumerate(zip(request.ops, answer.results, strict=True), request.wish.first_seq):
            before = self.now_knows.first.get(op.id)
            if before is None:
                if result.status == "duplicate":
                    raise Violation("I3", f"{op.id} is new, and was called a duplicate")
                fresh.append(Taken(op, result, request.wish.device_id, seq))
                self.now_knows.first[op.id] = self._ever[op.id] = self._later[op.id] = fresh[-1]
            elif not _same(_again(before.result), result):
                raise Violation("I3", f"{op.id} was answered {before.result}, then {result}")
            self.now_knows.sequences[request.wish.device_id, seq] = op.id
        return fresh

    def _acked(self, request: Request, acked: int) -> None:
        device = request.wish.device_id
        highest = max(seq for name, seq in self.now_knows.sequences if name == device)
        if acked != highest:
            raise Violation("ack", f"acknowledged {acked} of {device}, taken {highest}")

    def _note(self, taken: list[Taken], before: Truth, after: Truth) -> None:
        sets, quiet = self.now_knows.sets, self.now_knows.quiet
        removed = {after.survivor(m) for t in taken for names in t.op.remove.values() for m in names}
        merged = {after.survivor(k) for k, f in after.facts.items() if f.merged_into and not _was_merged(before, k)}
        sets.unclear |= removed & merged
        for one in taken:
            key = after.survivor(one.op.key)
            if one.op.whole and one.op.op == "put" and key in self.now_knows.buried:
                if one.result.status == "superseded":
                    continue  # nothing of it is kept
                self.now_knows.buried.discard(key)
            sets.taken(one.op, one.device, one.seq, after)
            if key in before.facts and before.facts[key].version == after.facts[key].version:
                quiet[key] = after.facts[key].version


def _was_merged(truth: Truth, key: str) -> bool:
    return key in truth.facts and truth.facts[key].merged_into is not None


def _again(result: Result) -> Result:
    return result if result.status == "held" else structs.replace(result, status="duplicate")


def _same(one: Result, other: Result) -> bool:
    return msgspec.json.encode(one) == msgspec.json.encode(other)
