"""A synced object as the server holds it, an edit of it, and the stamps that say who wrote what.

Shapes only; the rule that merges them is `merge.py`.
"""

from __future__ import annotations

from msgspec import Struct, structs

from api.domain.fields import Json

PENDING = -1  # the version of a batch that is not committed yet


class Stamp(Struct, frozen=True, array_like=True):
    """Who wrote last: the object's version then, the writer's clock, device and sequence."""

    version: int
    hlc: str
    device: str
    seq: int


class Member(Struct, frozen=True, array_like=True):
    """A member of an add-wins set: the adds that no removal had seen, and each device's last removal."""

    added: tuple[Stamp, ...] = ()
    removed: tuple[Stamp, ...] = ()

    @property
    def present(self) -> bool:
        """Whether any add stands."""
        return bool(self.added)


class OtherVersion(Struct, frozen=True):
    """A text that lost to another one: kept where a person can see it."""

    value: str
    device_id: str
    at: str


class State(Struct, frozen=True):
    """An object as the server holds it."""

    type: str
    key: str
    version: int = 0
    deleted: bool = False
    liveness: Stamp | None = None
    edited: tuple[Stamp, ...] = ()  # each device's last edit with content, for deletions that did not know of it
    merged_into: str | None = None
    fields: dict[str, Json] = {}
    stamps: dict[str, Stamp] = {}
    members: dict[str, dict[str, Member]] = {}
    other_versions: dict[str, tuple[OtherVersion, ...]] = {}


class Edit(Struct, frozen=True):
    """A checked op: `set` values, set members to `add` and to `remove`, and where it comes from."""

    op: str  # put, delete, restore
    type: str
    key: str
    base: int
    stamp: Stamp
    at: str  # RFC 3339, the server's
    set: dict[str, Json] = {}
    add: dict[str, tuple[str, ...]] = {}
    remove: dict[str, tuple[str, ...]] = {}


def settled(state: State, version: int) -> State:
    """The state of a batch that is being committed: every pending stamp gets the object's new version."""

    def settle(stamp: Stamp) -> Stamp:
        return structs.replace(stamp, version=version) if stamp.version == PENDING else stamp

    members = {
        field: {
            name: Member(tuple(map(settle, row.added)), tuple(map(settle, row.removed))) for name, row in rows.items()
        }
        for field, rows in state.members.items()
    }
    return structs.replace(
        state,
        version=version,
        liveness=state.liveness and settle(state.liveness),
        edited=tuple(map(settle, state.edited)),
        members=members,
        stamps={name: settle(stamp) for name, stamp in state.stamps.items()},
    )
