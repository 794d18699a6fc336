"""One pure rule that merges an op into an object, field by field.

Causality first: an op that had seen the field's last writing (its `base`, or being the same device's next) takes it
whatever the clocks say. Only edits that did not know of each other are settled by their hybrid logical clocks. A
text that loses is kept. Refuses nothing: what is wrong with an op was found before.
"""

from __future__ import annotations

from msgspec import Struct, structs

from api.domain import giving_back, liveness
from api.domain.causality import closed, lifted, remembered, saw, taken, wins
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


def merge(state: State, edit: Edit) -> Merged:
    """Apply one edit to one object."""
    known = remembered(state)
    edit = lifted(edit, known)
    merged = _whole(known, edit) if edit.whole else _put(known, edit) if edit.op == "put" else _live(known, edit)
    return structs.replace(merged, state=state) if merged.state == known else merged


def _whole(state: State, edit: Edit) -> Merged:
    """Take what is given back, unless it is known already; it is noted, for who comes later may know less."""
    if giving_back.is_known(state, edit):
        return Merged(state, lost=giving_back.unlike(state, edit))
    if edit.op == "delete":
        merged = _live(state, edit)
        lives = merged.state.liveness
        if merged.lost:
            return merged
        others = tuple(one for one in lives.deletions if one != edit.stamp)
        given = giving_back.noted(lives.given, edit)  # an edit may wake the object: who knew less still changes nothing
        noted = structs.replace(lives, deletions=(*others, edit.stamp), given=given)
        return structs.replace(merged, state=structs.replace(merged.state, liveness=noted))
    gone_since = giving_back.is_said(state.liveness.given, edit)
    wakes = state.liveness.deletions and not gone_since  # it was alive then
    merged = _put(liveness.restore(state, edit).state if wakes else state, edit)
    after = structs.replace(merged.state, edited=giving_back.noted(merged.state.edited, edit))
    if gone_since:
        after = structs.replace(after, liveness=state.liveness, deleted=state.deleted)
    return structs.replace(merged, state=after, changed=merged.changed or after.deleted != state.deleted)


def _live(state: State, edit: Edit) -> Merged:
    turn = liveness.delete(state, edit) if edit.op == "delete" else liveness.restore(state, edit)
    if turn.lost:
        return Merged(turn.state, lost=("deleted",))
    return Merged(turn.state, taken=("deleted",), changed=turn.changed)


def _edited(state: State, edit: Edit) -> tuple[Stamp, ...]:
    """Who edited last on each device, also where nothing of it was taken. Such an edit is no news: what it lost to is
    later, and speaks against the same deletions."""
    own = [one for one in state.edited if one.device == edit.stamp.device]
    if own and not own[0].seq < edit.stamp.seq:
        return state.edited
    return (*(one for one in state.edited if one.device != edit.stamp.device), taken(edit, own[0] if own else None))


def _put(state: State, edit: Edit) -> Merged:
    fields, stamps = dict(state.fields), dict(state.stamps)
    others = dict(state.other_versions)
    verdicts = {name: _field(state, edit, name, value) for name, value in edit.set.items()}
    kept = False
    for name, verdict in verdicts.items():
        value, stamp = edit.set[name], state.stamps.get(name)
        is_text = FIELDS[state.type][name].kind == "text"
        if verdict == "taken":
            if is_text and fields.get(name) != value:
                _keep(others, name, state, edit)
            fields[name], stamps[name] = value, taken(edit, stamp)
        elif verdict == "lost" and is_text:
            kept |= _keep_loser(others, name, value, edit)
        elif verdict == "same" and stamp is not None and not edit.whole and edit.stamp.hlc > stamp.hlc:
            state, stamps[name] = closed(state), structs.replace(stamp, hlc=edit.stamp.hlc)
    members, moved, stayed = _members(state, edit)
    merged = structs.replace(state, fields=fields, stamps=stamps, other_versions=others, members=members)
    news = any(edit.add.values()) or not {"taken", "old"}.isdisjoint(verdicts.values())
    if news or any(verdict != "same" for verdict in verdicts.values()):
        merged = liveness.revived(structs.replace(merged, edited=_edited(state, edit)), edit)
    named = {v: [name for name, verdict in verdicts.items() if verdict == v] for v in ("taken", "lost", "fixed")}
    new = state.version == 0 and not state.stamps
    changed = new or kept or bool(named["taken"] or moved) or (news and merged.edited != state.edited)
    return Merged(
        merged,
        (*named["taken"], *moved),
        (*named["lost"], *stayed),
        tuple(named["fixed"]),
        changed or merged.deleted != state.deleted,
    )


def _field(state: State, edit: Edit, name: str, value: Json) -> str:
    """`same`: its device saw it so; `taken`; `old`: there is more than that; `late`: it is so by a later edit; `lost`
    to another value; `fixed`: the first value stands."""
    kind, stamp = FIELDS[state.type][name].kind, state.stamps.get(name)
    if stamp is None:
        return "taken"
    equal = state.fields.get(name) == value
    if equal and (saw(edit, stamp) or kind == "immutable"):
        return "same"
    if kind == "immutable":
        return "fixed"
    if kind == "max":
        return "taken" if str(value) > str(state.fields[name]) else "same" if saw(edit, stamp) else "old"
    return "taken" if wins(edit, stamp) else "late" if equal else "lost"


def _keep(others: dict[str, tuple[OtherVersion, ...]], name: str, state: State, edit: Edit) -> None:
    value, stamp = state.fields.get(name), state.stamps.get(name)
    if value and stamp is not None and not (saw(edit, stamp) and liveness.in_sight(state, edit)):
        kept = OtherVersion(str(value), stamp.device, edit.at)
        others[name] = (*others.get(name, ()), kept)[-MOST_OTHER_VERSIONS:]


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
