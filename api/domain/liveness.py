"""Whether an object lives: a rule over the set of its deletions, restores and edits.

It is deleted where a deletion stands that is later than every restore and than every edit that did not know of it.
Refuses to let an edit wake what its maker saw deleted: such an edit is kept in the trash.
"""

from __future__ import annotations

from msgspec import Struct, structs

from api.domain.causality import saw, wins
from api.domain.states import PENDING, Edit, Liveness, Stamp, State


class Turn(Struct, frozen=True):
    """What became of a deletion or a restore."""

    state: State
    lost: bool = False
    changed: bool = False


def delete(state: State, edit: Edit) -> Turn:
    """Delete, unless somebody restored or edited later without knowing of it."""
    now = state.liveness
    if not wins(edit, now.restored) or _edited_later(state, edit):
        return Turn(state, lost=True)
    if any(_twice(edit, one) or saw(edit, one) for one in now.deletions):
        return Turn(state)  # it says what its device saw already
    return Turn(turned(state, structs.replace(now, deletions=(*now.deletions, edit.stamp))), changed=True)


def restore(state: State, edit: Edit) -> Turn:
    """Take the object out of the trash, unless a deletion stands that is later and did not know of it."""
    now = state.liveness
    if not wins(edit, now.restored):
        return Turn(state, lost=not _twice(edit, now.restored))
    if not now.deletions and edit.base >= state.version and not state.pending:
        return Turn(state)  # it says what its device saw already
    standing = tuple(one for one in now.deletions if not wins(edit, one))
    after = turned(state, structs.replace(now, deletions=standing, restored=edit.stamp))
    return Turn(after, lost=bool(standing), changed=not standing)


def revived(state: State, edit: Edit) -> State:
    """The state after an edit with content: deletions that it did not know of and that are earlier fall."""
    standing = tuple(one for one in state.liveness.deletions if saw(edit, one) or not wins(edit, one))
    return turned(state, structs.replace(state.liveness, deletions=standing))


def brought_back(state: State, stamp: Stamp) -> State:
    """The state out of the trash whatever was said before, as when its paper is saved again."""
    latest = max([stamp.hlc, *(one.hlc for one in state.liveness.deletions)])
    return turned(state, structs.replace(state.liveness, deletions=(), restored=structs.replace(stamp, hlc=latest)))


def turned(state: State, liveness: Liveness) -> State:
    """The state under another liveness; where it goes or comes by that, its version is noted."""
    deleted = bool(liveness.deletions)
    if deleted != state.deleted:
        liveness = structs.replace(liveness, turned=PENDING)
    return structs.replace(state, deleted=deleted, liveness=liveness)


def in_sight(state: State, edit: Edit) -> bool:
    """Whether the device had the object's texts before it: a tombstone shows none, and a restore brings them only
    with the next pull."""
    last = state.liveness.turned
    return last == 0 or (edit.base >= last >= 0) is not state.deleted


def _edited_later(state: State, edit: Edit) -> bool:
    return any(one.device != edit.stamp.device and not wins(edit, one) for one in state.edited)


def _twice(edit: Edit, stamp: Stamp | None) -> bool:
    """Whether this is the very writing, or one of the same device before it."""
    return stamp is not None and stamp.device == edit.stamp.device and edit.stamp.seq <= stamp.seq
