"""The rules of one push, one page and the end, each a function that raises Violation."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import msgspec
from msgspec import UNSET, Struct, structs

from api.domain.changes import Change, Result
from api.domain.clock import clamped
from api.domain.fields import FIELDS
from tests.simulation.device import Device
from tests.simulation.truth import Fact, Truth, Violation
from tests.simulation.waiting import Waiting


class Taken(Struct, frozen=True):
    """An op with its first result, who sent it, and under which sequence."""

    op: Waiting
    result: Result
    device: str
    seq: int


class Death(Struct, frozen=True):
    """When an object was deleted: its version then, which device did it by which name, its clock, and of a deletion
    that was given back its version in the lost history."""

    version: int
    device: str
    hlc: str
    given: int = 0


def refusals(fresh: Sequence[Taken], gone: Callable[[Waiting], bool]) -> None:
    """I10: what is wrong is refused alone, with its group; everything else is taken, but for what may be gone."""
    poisoned = {t.op.group for t in fresh if t.op.wrong and t.op.group}
    for t in fresh:
        expected = "invalid_value" if t.op.wrong else "group" if t.op.group in poisoned else None
        code = t.result.code if t.result.status == "rejected" else None
        if code != expected:
            raise Violation("I10", f"{t.op.id} should be refused as {expected}, and was answered {t.result}")
        if t.result.code == "gone" and t.op.op != "restore" and not gone(t.op):
            raise Violation("I2", f"{t.op.id}: {t.op.key} is said to be gone")


def effects(taken: Sequence[Taken], after: Truth) -> None:
    """I2: a field is what the last op on it said, unless it was said to be lost; a text that lost is kept.

    A text that is given back once more may have been replaced knowingly meanwhile: the end tells (`texts_kept`).
    """
    last = {(after.survivor(t.op.key), name): t for t in taken if t.result.code != "gone" for name in t.op.set}
    for (key, name), t in last.items():
        kind, value = FIELDS[t.op.type][name].kind, t.op.set[name]
        if kind not in ("register", "text") or t.op.type == "tag" or "saved_from" in t.op.set:
            continue
        has, others = after.text(key, name)
        lost = t.result.lost is not UNSET and name in t.result.lost
        if not lost and has != value:
            raise Violation("I2", f"{t.op.id} was {t.result.status}, and {name} of {key} is {has!r}, not {value!r}")
        if lost and kind == "text" and value and value != has and value not in others and not t.op.whole:
            raise Violation("I2", f"{value!r} lost, and is not kept with {name} of {key}")
    for key, t in {after.survivor(t.op.key): t for t in taken}.items():
        alive = key not in after.facts or not after.facts[key].deleted
        if t.op.op == "delete" and t.result.status == "applied" and alive:
            raise Violation("I2", f"{t.op.id} deleted {key}, was applied, and did not")


def causality(taken: Sequence[Taken], before: Truth, after: Truth, quiet: dict[str, int]) -> None:
    """I7: an edit of an object that its device had seen as it stood loses nothing, whatever its clock says.

    What is given back is no edit: it loses to what knew more of the history that was lost.
    """
    touched: set[str] = set()
    for t in taken:
        key = after.survivor(t.op.key)
        first, fact = key not in touched, before.facts.get(key)
        touched.add(key)
        if not first or fact is None or key != t.op.key or t.op.base < fact.version or t.op.type == "tag" or t.op.whole:
            continue
        lost = set(t.result.lost) if t.result.lost is not UNSET else set()
        if quiet.get(key, -1) >= t.op.base:
            lost.discard("deleted")  # somebody's edit that lost its fields, and still speaks against a deletion
        if lost:
            raise Violation("I7", f"{t.op.id} knew {key} as it was, and lost {lost}")


def nothing_new(fresh: Sequence[Taken], before: Truth, after: Truth) -> None:
    """I15: what is `unchanged` bumps no version; and whoever says what he saw so already is told that it is."""
    same = {k: f.seen() for k, f in before.facts.items()} == {k: f.seen() for k, f in after.facts.items()}
    if all(t.result.status in ("unchanged", "rejected") for t in fresh) and not (same and after.head == before.head):
        raise Violation("I15", "something changed, and the answer says that nothing did")
    keys = [after.survivor(t.op.key) for t in fresh]
    for t in fresh:
        fact = before.facts.get(t.op.key)
        alone = keys.count(after.survivor(t.op.key)) == 1
        if alone and same and fact and t.op.base >= fact.version and not t.op.add and t.result.status == "applied":
            raise Violation("I15", f"{t.op.id} said of {t.op.key} what its device saw, and got version {after.head}")


def versions(before: Truth, after: Truth) -> None:
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


def liveness(taken: Sequence[Taken], moment: tuple[Truth, Truth], deaths: dict[str, Death], now: int) -> None:
    """Nothing is deleted but by a deletion, and nothing lives again but by a restore, a save, or an edit unaware."""
    before, after = moment
    marks = {t.op.id: _mark(t, now) for t in taken}
    for key, fact in after.facts.items():
        was = before.facts.get(key)
        ops = [t.op for t in taken if after.survivor(t.op.key) == after.survivor(key)]
        if fact.deleted and not fact.merged_into and (was is None or not was.deleted):
            deletions = [op for op in ops if op.op == "delete"]
            if not deletions:
                raise Violation("I2", f"{key} was deleted by nobody")
            deaths[key] = structs.replace(marks[deletions[-1].id], version=fact.version)
        if was is not None and was.deleted and fact.deleted and key in deaths:
            deaths[key] = _died_again(ops, marks, deaths[key], was, fact)
        lives_again = was is not None and was.deleted and not fact.deleted and key in deaths
        shown = before.facts[key].latest_ms if was else 0
        if lives_again and not any(_revives(op, marks[op.id], deaths[key], shown) for op in ops):
            raise Violation("resurrection", f"{key} lives again, by {[op.id for op in ops]}")


def _died_again(ops: list[Waiting], marks: dict[str, Death], death: Death, was: Fact, fact: Fact) -> Death:
    """The last deletion: one batch may bring an object back, by a save for one, and delete it again.

    What is given back a second time says nothing new, whenever its device had last seen the lost history."""
    for op in ops:
        mark = marks[op.id]
        said = op.whole and mark.device == death.device and mark.given <= death.given
        if op.op == "delete" and death.version == fact.version and not said:
            death = structs.replace(mark, version=fact.version)
        elif _revives(op, mark, death, was.latest_ms):
            death = structs.replace(death, version=fact.version)
    return death


def _mark(taken: Taken, now: int) -> Death:
    """How a death by this op is noted. What is given back is the word of the lost history, not of who brings it; the
    clock is as the server believes it."""
    op = taken.op
    voice, given = op.seen if op.whole and op.seen else (taken.device, 0)
    return Death(0, f"{voice} as {op.key}", clamped(f"{op.time}-{taken.device}", now), given)


def _revives(op: Waiting, mark: Death, death: Death, shown_ms: int) -> bool:
    """`shown_ms`: the latest clock that the object's fields bear; who edits on top of that is later still."""
    if op.op == "restore" or op.whole or "saved_from" in op.set:  # what is given back alive was alive
        return True
    knew = op.base >= death.version or mark.device == death.device
    lifted = op.base > 0 and shown_ms >= int(death.hlc[:12], 16)
    return op.op == "put" and not knew and (lifted or mark.hlc > death.hlc)


def untouched(key: str, fact: Fact, now: Fact) -> None:
    """I21: enrichment gave an entry its citation key and its paper at most."""
    for name, value in fact.fields.items():
        if name != "paper_id" and now.fields.get(name) != value:
            raise Violation("I21", f"enrichment made {name} of {key} {now.fields.get(name)!r}, it was {value!r}")
    added = set(now.fields) - set(fact.fields) - {"citekey"}
    if added or (now.deleted, now.members, now.others) != (fact.deleted, fact.members, fact.others):
        raise Violation("I21", f"enrichment changed {key}: {fact} became {now}")


def mirror(device: Device, truth: Truth) -> None:
    """I1, I6, I13: a device that read to the end shows every live object at its version, and no deleted one."""
    rows = {key: row for key, row in device.rows.items() if key not in device.stale}
    waiting = {op.key for op in device.outbox} | device.unmet
    for key, row in rows.items():
        if not row.deleted and key not in truth.facts and key not in waiting:
            raise Violation("I13", f"{key} was purged, and a device that read to the end still shows it")
    for key, fact in truth.facts.items():
        row = rows.get(key)
        if fact.deleted:
            if row is not None and not row.deleted:
                raise Violation("I1", f"{key} is deleted, and a device that read to the end still shows it")
        elif row is None or row.deleted or row.version != fact.version:
            raise Violation("I1", f"{key} is at {fact.version}, and a device that read to the end has {row}")
        elif fact.type != "paper":
            _fields(row, key, truth)


def nothing_thrown_away(device: Device, shown: set[str], outbox: list[str]) -> None:
    """I11, I2: who starts anew keeps the outbox, and what the server shows no more is in the bin or given back."""
    if lost := set(outbox) - {op.id for op in device.outbox}:
        raise Violation("I11", f"{lost} left the outbox of a device that started anew")
    given = {op.key for op in device.outbox if op.whole}
    if lost := shown - set(device.rows) - set(device.bin) - given:
        raise Violation("I2", f"{lost} vanished from a device that started anew")


def _fields(row: Change, key: str, truth: Truth) -> None:
    fact, data = truth.facts[key], msgspec.to_builtins(row.data)
    for name, field in FIELDS[fact.type].items():
        wanted = fact.fields.get(name, field.default)
        if field.kind == "set":
            # a member that was merged later shows its new name once its entry changes
            wanted = {truth.survivor(m) for m in fact.members.get(name, frozenset())}
            data[name] = {truth.survivor(m) for m in data[name]}
        elif name == "entry_id":
            wanted, data[name] = truth.survivor(wanted or ""), truth.survivor(data[name] or "")
        if data[name] != wanted:
            raise Violation("I1", f"{name} of {key} is {wanted!r}, and a device shows {data[name]!r}")
    for name, texts in fact.others.items():
        if {one["value"] for one in data.get(f"{name}_versions", [])} != set(texts):
            raise Violation("I2", f"the other versions of {name} of {key} are not shown")


def texts_kept(ops: Sequence[Waiting], discarded: Sequence[Waiting], truth: Truth, binned: set[str]) -> None:
    """I2: every text is there, or among the other versions, or was replaced by somebody who had it before his eyes.

    What was purged is in the bin of who wrote it. What a person discarded has replaced what it was written over. What
    was merged before a restore is where it went, though its key be another object's now.
    """
    for op in ops:
        for name, value in op.set.items():
            if FIELDS[op.type][name].kind != "text" or not value:
                continue
            shown = [truth.text(key, name) for key in {op.key, truth.graves.get(op.key, op.key)}]
            if value in binned or any(value == has or value in others for has, others in shown):
                continue
            if not any(value in one.knew.get(name, ()) for one in (*ops, *discarded)):
                raise Violation("I2", f"{value!r} was taken as {name} of {op.key}, and is nowhere")


def refused_left_nothing(ops: Iterable[Waiting], truth: Truth) -> None:
    """I10: of what was refused there is no trace; `ops` are those that no server ever took."""
    refused = {str(v) for op in ops for n, v in op.set.items() if FIELDS[op.type][n].kind == "text"}
    for key, fact in truth.facts.items():
        texts = {str(v) for v in fact.fields.values() if isinstance(v, str)} | {
            t for o in fact.others.values() for t in o
        }
        if found := texts & refused:
            raise Violation("I10", f"{found} was refused, and is in {key}")
