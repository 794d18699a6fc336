"""One pure rule that merges an op into an object, field by field.

Causality first: an op that had seen the field's last writing (its `base`, or being the same device's next) takes it
whatever the clocks say. Only edits that did not know of each other are settled by their hybrid logical clocks. A
text that loses is kept. Refuses nothing: what is wrong with an op was found before.
"""

from __future__ import annotations

from msgspec import Struct, structs

from api.domain.clock import after
from api.domain.fields import FIELDS, Json
from api.domain.states import Edit, Member, OtherVersion, Stamp, State

MOST_OTHER_VERSIONS = 20  # of one text field


class Merged(Struct, frozen=True):
    """What became of an edit: the new state, and the fields that were taken, lost, or refused as immutable."""

    state: State
    taken: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    fixed: tuple[str, ...] = ()
    changed: bool = False


def saw(edit: Edit, stamp: Stamp | None) -> bool:
    """Whether the edit was made knowing of this writing: its base is not older, or its own device wrote it before."""
    if stamp is None or edit.base >= stamp.version >= 0:
        return True
    return stamp.device == edit.stamp.device and edit.stamp.seq > stamp.seq


def wins(edit: Edit, stamp: Stamp | None) -> bool:
    """Whether the edit takes a field from this writing: it saw it, or its clock is later."""
    if stamp is None or saw(edit, stamp):
        return True
    return stamp.device != edit.stamp.device and edit.stamp.hlc > stamp.hlc


def merge(state: State, edit: Edit) -> Merged:
    """Apply one edit to one object."""
    if edit.op == "put":
        return _put(state, edit)
    return _live(state, edit, deleted=edit.op == "delete")


def _live(state: State, edit: Edit, *, deleted: bool) -> Merged:
    if not wins(edit, state.liveness) or (deleted and _edited_later(state, edit)):
        return Merged(state, lost=("deleted",))
    next_state = structs.replace(state, deleted=deleted, liveness=_next(edit, state.liveness))
    return Merged(next_state, taken=("deleted",), changed=state.deleted != deleted or state.version == 0)


def _edited_later(state: State, edit: Edit) -> bool:
    return any(s.device != edit.stamp.device and not wins(edit, s) for s in state.edited)


def _edited(state: State, edit: Edit) -> tuple[Stamp, ...]:
    """Who edited last on each device, whatever came of it: an edit that lost still speaks against a deletion."""
    own = [s for s in state.edited if s.device == edit.stamp.device and not saw(edit, s)]
    return (*(s for s in state.edited if s.device != edit.stamp.device), own[0] if own else edit.stamp)


def _put(state: State, edit: Edit) -> Merged:
    fields, stamps = dict(state.fields), dict(state.stamps)
    others = dict(state.other_versions)
    taken: list[str] = []
    lost: list[str] = []
    fixed: list[str] = []
    changed = state.version == 0 and not state.stamps
    for name, value in edit.set.items():
        verdict = _field(state, edit, name, value)
        if verdict == "fixed":
            fixed.append(name)
        elif verdict == "taken":
            if FIELDS[state.type][name].kind == "text":
                _keep(others, name, state, edit)
            fields[name] = value
            stamps[name] = _next(edit, state.stamps.get(name))
            changed = True
            taken.append(name)
        elif verdict == "lost":
            changed |= FIELDS[state.type][name].kind == "text" and _keep_loser(others, name, value, edit)
            lost.append(name)
        elif wins(edit, state.stamps[name]):
            stamps[name] = structs.replace(_next(edit, state.stamps[name]), version=state.stamps[name].version)
    members, moved, kept = _members(state, edit)
    merged = structs.replace(state, fields=fields, stamps=stamps, other_versions=others, members=members)
    revived = False
    if edit.set or any(edit.add.values()) or any(edit.remove.values()):
        merged, revived = _revive(structs.replace(merged, edited=_edited(state, edit)), edit)
    return Merged(merged, tuple(taken + moved), tuple(lost + kept), tuple(fixed), changed or bool(moved) or revived)


def _field(state: State, edit: Edit, name: str, value: Json) -> str:
    kind = FIELDS[state.type][name].kind
    stamp = state.stamps.get(name)
    if stamp is not None and state.fields.get(name) == value:
        return "equal"
    if stamp is None:
        return "taken"
    if kind == "immutable":
        return "fixed"
    if kind == "max":
        return "taken" if str(value) > str(state.fields[name]) else "equal"
    return "taken" if wins(edit, stamp) else "lost"


def _keep(others: dict[str, tuple[OtherVersion, ...]], name: str, state: State, edit: Edit) -> None:
    value, stamp = state.fields.get(name), state.stamps.get(name)
    if value and stamp is not None and not (saw(edit, stamp) and _in_sight(state, edit)):
        kept = OtherVersion(str(value), stamp.device, edit.at)
        others[name] = (*others.get(name, ()), kept)[-MOST_OTHER_VERSIONS:]


def _in_sight(state: State, edit: Edit) -> bool:
    """Whether the device had the object's texts before it: a tombstone shows none, and a restore brings them only
    with the next pull."""
    last = state.liveness
    return last is None or (edit.base >= last.version >= 0) is not state.deleted


def _keep_loser(others: dict[str, tuple[OtherVersion, ...]], name: str, value: Json, edit: Edit) -> bool:
    if not value or any(o.value == value for o in others.get(name, ())):
        return False
    others[name] = (*others.get(name, ()), OtherVersion(str(value), edit.stamp.device, edit.at))[-MOST_OTHER_VERSIONS:]
    return True


def _members(state: State, edit: Edit) -> tuple[dict[str, dict[str, Member]], list[str], list[str]]:
    members = {field: dict(rows) for field, rows in state.members.items()}
    moved: set[str] = set()
    kept: set[str] = set()
    for field, names in edit.remove.items():
        rows = members.setdefault(field, {})
        for name in names:
            was = rows.get(name, Member())
            rows[name] = _remove(was, edit)
            if was.present:
                (kept if rows[name].present else moved).add(field)
    for field, names in edit.add.items():
        rows = members.setdefault(field, {})
        for name in names:
            was = rows.get(name, Member())
            rows[name] = _add(was, edit)
            if rows[name] != was:
                moved.add(field)
    return members, sorted(moved), sorted(kept)


def _remove(was: Member, edit: Edit) -> Member:
    own = [s for s in was.removed if s.device == edit.stamp.device]
    last = edit.stamp if not own or saw(edit, own[0]) else own[0]
    others = tuple(s for s in was.removed if s.device != edit.stamp.device)
    return Member(tuple(s for s in was.added if not saw(edit, s)), (*others, last))


def _add(was: Member, edit: Edit) -> Member:
    own = [s for s in (*was.removed, *was.added) if s.device == edit.stamp.device]
    if not all(saw(edit, s) for s in own):
        return was
    return Member((*(s for s in was.added if not saw(edit, s)), edit.stamp), was.removed)


def _revive(state: State, edit: Edit) -> tuple[State, bool]:
    stamp = state.liveness
    if not state.deleted or stamp is None or saw(edit, stamp) or edit.stamp.hlc <= stamp.hlc:
        return state, False
    if stamp.device == edit.stamp.device:
        return state, False
    return structs.replace(state, deleted=False, liveness=_next(edit, stamp)), True


def _next(edit: Edit, stamp: Stamp | None) -> Stamp:
    """The stamp of a field that the edit took: later than the one that it saw, so that no third slips between."""
    if stamp is None or not saw(edit, stamp):
        return edit.stamp
    return structs.replace(edit.stamp, hlc=after(edit.stamp.hlc, stamp.hlc))
