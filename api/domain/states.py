"""A synced object as the server holds it, an edit of it, and the stamps that say who wrote what.

Shapes only; the rule that merges them is `merge.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from msgspec import Meta, Struct, structs

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


class Liveness(Struct, frozen=True, array_like=True):
    """The deletions that stand, which did not know of each other; the latest restore; the version at which the
    object last went or came (0: never); of each lost history the last deletion that was given back, also one that fell.
    """

    deletions: tuple[Stamp, ...] = ()
    restored: Stamp | None = None
    turned: int = 0
    given: tuple[Stamp, ...] = ()


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
    liveness: Liveness = Liveness()
    edited: tuple[Stamp, ...] = ()  # each device's last edit with content, for deletions that did not know of it
    merged_into: str | None = None
    fields: dict[str, Json] = {}
    stamps: dict[str, Stamp] = {}
    members: dict[str, dict[str, Member]] = {}
    other_versions: dict[str, tuple[OtherVersion, ...]] = {}
    clocks: tuple[tuple[int, str], ...] = ()  # earlier versions, each with the latest clock that it showed
    blank: bool = False  # the trash was emptied: a tombstone that holds nothing any more

    def timed(self) -> Iterator[Stamp]:
        """Every stamp whose clock counts: sets go by what was seen alone."""
        yield from self.stamps.values()
        yield from self.edited
        yield from self.liveness.deletions
        if self.liveness.restored is not None:
            yield self.liveness.restored

    @property
    def pending(self) -> bool:
        """Whether a batch that is not committed yet wrote here."""
        return any(stamp.version == PENDING for stamp in self.timed())


class Seen(Struct, frozen=True, forbid_unknown_fields=True):
    """What a device had seen of a history that the server lost: an object's version in an epoch that ended."""

    epoch: Annotated[str, Meta(pattern="^[!-~]{1,64}$")]
    version: Annotated[int, Meta(ge=0, le=2**53)]

    @property
    def voice(self) -> str:
        """The lost history as the device that it is taken for; its versions are that device's sequence."""
        return f"epoch {self.epoch}"


class Edit(Struct, frozen=True):
    """A checked op: `set` values, set members to `add` and to `remove`, and where it comes from.

    One that is `whole` is no person's wish: it says how the object was at the version that it has `seen`.
    """

    op: str  # put, delete, restore
    type: str
    key: str
    base: int
    stamp: Stamp
    at: str  # RFC 3339, the server's
    set: dict[str, Json] = {}
    add: dict[str, tuple[str, ...]] = {}
    remove: dict[str, tuple[str, ...]] = {}
    seen: Seen | None = None
    whole: bool = False


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
    lives = state.liveness
    return structs.replace(
        state,
        version=version,
        liveness=Liveness(
            tuple(map(settle, lives.deletions)),
            lives.restored and settle(lives.restored),
            version if lives.turned == PENDING else lives.turned,
            tuple(map(settle, lives.given)),
        ),
        edited=tuple(map(settle, state.edited)),
        members=members,
        stamps={name: settle(stamp) for name, stamp in state.stamps.items()},
    )
