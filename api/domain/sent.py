"""Ops as a device sent them: read one by one, so that a wrong one stands alone, and taken in their groups.

A group is taken whole or not at all. Refuses only an op without a readable id; whatever else is wrong with an op
becomes its own code.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

import msgspec
from msgspec import Raw, Struct, structs

from api.domain.arrivals import Arrival, SavedFromWish, arrive
from api.domain.batch import Batch, Outcome
from api.domain.changes import Result, WireOp, op_id, read_edit, read_op
from api.domain.clock import clamped, rfc3339
from api.domain.errors import BadText, ScholiumError
from api.domain.fields import InvalidValue, check_text
from api.domain.states import PENDING, Edit, Stamp


class Sent(Struct):
    """One op as far as it could be read: its edit, what it saves if it is a save, or the code of its refusal."""

    id: str
    raw: Raw
    seq: int
    group: str | None = None
    edit: Edit | None = None
    arrival: Arrival | None = None
    code: str | None = None


def read_sent(raw: Raw, device_id: str, seq: int, now_ms: int) -> Sent:
    """The op of a device under this sequence; raises BadInput where not even its id can be read."""
    sent = Sent(op_id(raw), raw, seq)
    try:
        op = read_op(raw)
        sent.group = op.group
        values = op.set
        if "saved_from" in op.set and op.type == "entry":
            sent.arrival = _arrival(op)
            values = {name: value for name, value in op.set.items() if name != "saved_from"}
        stamp = Stamp(PENDING, clamped(op.hlc, now_ms), device_id, seq)
        if op.whole and op.seen:  # the library's word, whichever device brings it
            stamp = structs.replace(stamp, device=op.seen.voice, seq=op.seen.version)
        sent.edit = read_edit(structs.replace(op, set=values), {}, stamp, rfc3339(now_ms))
    except ScholiumError as refusal:
        sent.code = refusal.code
    return sent


def as_sent(op_id: str, edit: Edit) -> Sent:
    """A deletion or restore that was made here, as a device would have sent it: so it can wait, and be taken later."""
    op = {"id": op_id, "type": edit.type, "key": edit.key, "op": edit.op, "base": edit.base, "hlc": edit.stamp.hlc}
    return Sent(op_id, Raw(msgspec.json.encode(op)), edit.stamp.seq, edit=edit)


def apply_all(batch: Batch, ops: Sequence[Sent]) -> list[Outcome]:
    """Take the ops in their order; what became of each."""
    outcomes: list[Outcome] = []
    groups: set[str] = set()
    for group, run in groupby(ops, key=lambda one: one.group or one.id):
        members = list(run)
        mark = batch.mark()
        results = [_one(batch, one) for one in members]
        whole = members[0].group is None or (group not in groups and not any(map(_refused, results)))
        if not whole:
            batch.back_to(mark)
            results = [r if _refused(r) else _rejected(one, "group") for one, r in zip(members, results, strict=True)]
        groups.add(group)
        outcomes += results
    return outcomes


def _arrival(op: WireOp) -> Arrival:
    try:
        wish = msgspec.json.decode(op.set["saved_from"], type=SavedFromWish)
    except UnicodeDecodeError:
        raise BadText("saved_from is not valid UTF-8") from None
    except (msgspec.DecodeError, RecursionError) as wrong:
        raise InvalidValue(f"saved_from: {wrong}") from None
    check_text("saved_from", wish.url)
    return arrive(wish.url, wish.page)


def _one(batch: Batch, sent: Sent) -> Outcome:
    if sent.edit is None:
        return _rejected(sent, sent.code or "invalid_value")
    return batch.take(sent.id, sent.edit)


def _refused(outcome: Outcome) -> bool:
    return outcome.result.status == "rejected"


def _rejected(sent: Sent, code: str) -> Outcome:
    return Outcome(Result(sent.id, "rejected", code=code), "")
