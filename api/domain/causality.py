"""What an edit knew: which writings it saw, and its clock against theirs.

Everything that the merge compares is a fact of the edits alone, never of the order in which they came. Refuses to
take a clock for more than a way to settle edits that did not know of each other.
"""

from __future__ import annotations

from msgspec import structs

from api.domain.clock import after
from api.domain.states import PENDING, Edit, Stamp, State

MOST_CLOCKS = 20  # earlier versions of an object whose clocks are remembered


def saw(edit: Edit, stamp: Stamp | None) -> bool:
    """Whether the edit was made knowing of this writing: its base is not older, or its own device wrote it before, or
    it had seen so much of the lost history that the writing was given back from."""
    if stamp is None or edit.base >= stamp.version >= 0:
        return True
    if edit.seen is not None and stamp.device == edit.seen.voice and edit.seen.version >= stamp.seq:
        return True
    return stamp.device == edit.stamp.device and edit.stamp.seq > stamp.seq


def wins(edit: Edit, stamp: Stamp | None) -> bool:
    """Whether the edit takes a field from this writing: it saw it, or its clock is later."""
    if stamp is None or saw(edit, stamp):
        return True
    return stamp.device != edit.stamp.device and edit.stamp.hlc > stamp.hlc


def remembered(state: State) -> State:
    """The state with the latest clock that its version shows noted, before an edit makes a newer one of it."""
    noted = max((clock for _, clock in state.clocks), default="")
    latest = max((s.hlc for s in state.timed() if s.version != PENDING), default="")
    return _noted(state, latest) if latest > noted else state


def closed(state: State) -> State:
    """The state whose version shows no later clock than it does now: a writing that makes no version raises one."""
    return _noted(state, max((clock for _, clock in state.clocks), default=""))


def _noted(state: State, clock: str) -> State:
    if state.version == 0 or any(version == state.version for version, _ in state.clocks):
        return state
    return structs.replace(state, clocks=(*state.clocks, (state.version, clock))[-MOST_CLOCKS:])


def lifted(edit: Edit, state: State) -> Edit:
    """The edit with a clock that is later than all that it saw by its base, as a hybrid logical clock has to be."""
    shown = max((clock for version, clock in state.clocks if version <= edit.base), default="")
    if edit.stamp.hlc > shown:
        return edit
    return structs.replace(edit, stamp=structs.replace(edit.stamp, hlc=after(edit.stamp.hlc, shown)))


def taken(edit: Edit, stamp: Stamp | None) -> Stamp:
    """The stamp of a field that the edit takes from this writing: never earlier than its own device's last one."""
    if stamp is None or stamp.device != edit.stamp.device:
        return edit.stamp
    return structs.replace(edit.stamp, hlc=max(edit.stamp.hlc, stamp.hlc))
