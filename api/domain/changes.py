"""The shapes of sync on the wire: ops, their results, and the feed of changes.

Refuses to know any rule: reading ops strictly is here, merging is `merge.py`, batches are `batch.py`.
Limits: 200 ops a batch.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, Raw, Struct, UnsetType

from api.domain.clock import is_hlc
from api.domain.errors import BadInput, BadText, ScholiumError, UnknownField
from api.domain.fields import FIELDS, UUID_PATTERN, InvalidValue, Json, Uuid, read_member, read_value
from api.domain.states import Edit, OtherVersion, Seen, Stamp, State

SCHEMA = 1
MOST_OPS = 200
MOST_VERSION = 2**53

_OP_SCHEMA = {"type": "object", "properties": {"id": {"type": "string", "pattern": UUID_PATTERN}}, "required": ["id"]}

Status = Literal["applied", "merged", "superseded", "unchanged", "duplicate", "held", "rejected", "retry"]


class PushWish(Struct, frozen=True, forbid_unknown_fields=True):
    """The envelope of a push; each op is read by itself, so that a wrong one stands alone."""

    schema: Annotated[int, Meta(extra_json_schema={"const": SCHEMA})]
    library_id: Uuid
    device_id: Uuid
    first_seq: Annotated[int, Meta(ge=0, le=MOST_VERSION)]
    ops: list[Annotated[Raw, Meta(extra_json_schema=_OP_SCHEMA)]]
    epoch: str | None = None


class WireOp(Struct, frozen=True, forbid_unknown_fields=True):
    """One op as it comes."""

    id: Uuid
    type: Literal["entry", "highlight", "tag", "list"]
    key: Uuid
    op: Literal["put", "delete", "restore"]
    hlc: str
    base: Annotated[int, Meta(ge=0, le=MOST_VERSION)] = 0
    set: dict[str, Raw] = {}
    add: dict[str, list[str]] = {}
    del_: dict[str, list[str]] = msgspec.field(name="del", default_factory=dict)
    group: Uuid | None = None
    seen: Seen | None = None
    whole: bool = False


class _OpId(Struct, frozen=True):
    id: Uuid


class Result(Struct, frozen=True, omit_defaults=True):
    """What became of one op; `version` is the object's after the batch."""

    id: str
    status: Status
    version: int | UnsetType = UNSET
    lost: tuple[str, ...] | UnsetType = UNSET
    code: str | UnsetType = UNSET
    after: int | UnsetType = UNSET
    in_trash: bool | UnsetType = UNSET
    object: Change | UnsetType = UNSET


class Change(Struct, frozen=True, omit_defaults=True):
    """One object of the feed, at its latest version: its fields, or that it is gone."""

    type: str
    key: str
    version: int
    data: dict[str, Json] | UnsetType = UNSET
    deleted: bool = False
    merged_into: str | UnsetType = UNSET


class Told(Struct, frozen=True, omit_defaults=True):
    """A change as it is sent: what the object shows is JSON already."""

    type: str
    key: str
    version: int
    data: Annotated[Raw, Meta(extra_json_schema={"type": "object"})] | UnsetType = UNSET
    deleted: bool = False
    merged_into: str | UnsetType = UNSET


def op_id(raw: Raw) -> str:
    """The id of an op, whatever else is wrong with it; raises BadInput, for then the envelope is malformed."""
    try:
        return msgspec.json.decode(raw, type=_OpId).id
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as wrong:
        raise BadInput(f"an op without a readable id: {wrong}") from None


def read_op(raw: Raw) -> WireOp:
    """The op, its envelope checked; raises InvalidValue, UnknownField or BadText."""
    try:
        op = msgspec.json.decode(raw, type=WireOp)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as wrong:
        raise _refusal(str(wrong)) from None
    if not is_hlc(op.hlc):
        raise InvalidValue("hlc is not a hybrid logical clock")
    if op.whole and (op.seen is None or op.op == "restore"):
        raise InvalidValue("whole is a put or a delete that says what was seen")
    return op


def read_edit(op: WireOp, values: dict[str, Json], stamp: Stamp, at: str) -> Edit:
    """The checked edit of an op; `values` are those that were read before (`saved_from`)."""
    checked = {n: values[n] if n in values else read_value(op.type, n, raw) for n, raw in op.set.items()}
    return Edit(
        op=op.op,
        type=op.type,
        key=op.key,
        base=op.base,
        stamp=stamp,
        at=at,
        set=values | checked,
        add={n: tuple(read_member(op.type, n, m) for m in members) for n, members in op.add.items()},
        remove={n: tuple(read_member(op.type, n, m) for m in members) for n, members in op.del_.items()},
        seen=op.seen,
        whole=op.whole,
    )


def change(state: State) -> Change:
    """How the feed shows an object: every field of its type, sets in a stable order, texts that lost a version."""
    if state.deleted or state.merged_into:
        return Change(state.type, state.key, state.version, deleted=True, merged_into=state.merged_into or UNSET)
    return Change(state.type, state.key, state.version, data=shown(state))


def told(one: Change) -> Told:
    """The change, as it is sent."""
    data = UNSET if one.data is UNSET else Raw(msgspec.json.encode(one.data))
    return Told(one.type, one.key, one.version, data, one.deleted, one.merged_into)


def shown(state: State) -> dict[str, Json]:
    """Every field of an object with its value or default."""
    values: dict[str, Json] = {}
    for name, field in FIELDS[state.type].items():
        if field.kind == "set":
            values[name] = sorted(m for m, row in state.members.get(name, {}).items() if row.present)
        else:
            values[name] = state.fields.get(name, field.default)
        others: tuple[OtherVersion, ...] = state.other_versions.get(name, ())
        if others:
            values[f"{name}_versions"] = [msgspec.to_builtins(other) for other in others]
    return values


def _refusal(text: str) -> ScholiumError:
    if "unknown field" in text:
        return UnknownField(text)
    if "surrogate" in text.lower() or "utf-8" in text.lower():
        return BadText(text)
    return InvalidValue(text)
