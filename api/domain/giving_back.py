"""What devices give back to a server that was restored: how an object was in the history that the server lost.

The lost history speaks as one device, whose sequence is its versions: so of two givings back the one that knew more
wins, in whichever order they come, and clocks decide only between the lost history and what was written since.
Refuses to take a giving back for a wish: it wakes nothing and removes nothing that it had not seen.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from msgspec import structs

from api.domain.fields import FIELDS
from api.domain.states import Edit, Stamp, State

Names = Callable[[tuple[str, ...]], tuple[str, ...]]


def is_known(state: State, edit: Edit) -> bool:
    """Whether somebody gave the object back already as it was then, or later. A deletion says only that it was gone:
    what it held is news all the same, though it stay in the trash."""
    return is_said(state.edited, edit) or (edit.op == "delete" and is_said(state.liveness.given, edit))


def is_said(stamps: tuple[Stamp, ...], edit: Edit) -> bool:
    """Whether the lost history has said among these what it knew at the edit's version, or later."""
    return any(one.device == edit.stamp.device and one.seq >= edit.stamp.seq for one in stamps)


def is_forgotten(edit: Edit, floor: int, ends: Mapping[str, int]) -> bool:
    """Whether an object that is unknown here may have been deleted and forgotten since the edit had seen it.

    `floor`: up to which version deletions are forgotten; `ends`: of an epoch that ended its last version that is kept.
    """
    if edit.seen is None:
        return False
    return floor > min(edit.seen.version, ends.get(edit.seen.epoch, edit.seen.version))


def unlike(state: State, edit: Edit) -> tuple[str, ...]:
    """Where the object is not as the edit says that it was."""
    if edit.op == "delete":
        return () if state.deleted else ("deleted",)
    return tuple(name for name, value in edit.set.items() if state.fields.get(name) != value)


def spelled_out(edit: Edit, state: State | None, names: Names) -> Edit:
    """The edit with its sets as changes: members that the object has and had not go, those that it lacks come.

    `names` are all names of some members. What the object was born with stays.
    """
    if edit.op != "put" or state is None:
        return edit
    rules = FIELDS[edit.type]
    values = edit.set
    if not state.blank:
        values = {name: value for name, value in values.items() if rules[name].kind != "immutable"}
    add: dict[str, tuple[str, ...]] = {}
    remove: dict[str, tuple[str, ...]] = {}
    for field in (name for name, rule in rules.items() if rule.kind == "set"):
        has = {name for name, row in state.members.get(field, {}).items() if row.present}
        wanted = edit.add.get(field, ())
        add[field] = tuple(one for one in wanted if has.isdisjoint(names((one,))))
        remove[field] = tuple(sorted(has - set(names(wanted))))
    return structs.replace(edit, set=values, add=add, remove=remove)


def noted(stamps: tuple[Stamp, ...], edit: Edit) -> tuple[Stamp, ...]:
    """The last stamps of each device, with the giving back among them, also where it said nothing new."""
    return (*(one for one in stamps if one.device != edit.stamp.device), edit.stamp)
