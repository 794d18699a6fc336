"""What a reader did with a paper, as far as it says that others may like it: read off the stamps of synced objects.

Each kind counts once for a paper, at the moment of the edit. Refuses what came from a file: a library that was
brought along would make all of its papers trend.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

from msgspec import Struct

from api.domain.import_plan import DEVICE as IMPORT
from api.domain.states import Stamp

SignalKind = Literal["save", "highlight", "note", "read"]
WEIGHTS: dict[SignalKind, float] = {"save": 1.0, "highlight": 0.6, "note": 0.5, "read": 0.4}
Stamps = Mapping[str, Stamp]


class Signal(Struct, frozen=True, order=True):
    """Somebody (`person`) did something with a paper, at this moment (Unix milliseconds)."""

    paper_id: str
    person: str
    kind: SignalKind
    at: int


def entry_signals(stamps: Stamps, status: str | None, *, has_note: bool) -> Iterator[tuple[SignalKind, int]]:
    """What an entry that lives tells, by the stamps of its fields."""
    if at := _moment(stamps.get("saved_at")):
        yield "save", at
    if has_note and (at := _moment(stamps.get("note"))):
        yield "note", at
    if status == "read" and (at := _moment(stamps.get("status"))):
        yield "read", at


def highlight_signal(highlights: Iterable[Stamps]) -> Iterator[tuple[SignalKind, int]]:
    """What the highlights of a paper tell together: the first one counts."""
    moments = [at for stamps in highlights if (at := _moment(stamps.get("entry_id")))]
    if moments:
        yield "highlight", min(moments)


def _moment(stamp: Stamp | None) -> int | None:
    """When the edit was made, by its clock, which is clamped to the server's; None for none, and for one of a file."""
    if stamp is None or stamp.device.partition("/")[0] == IMPORT:
        return None
    return int(stamp.hlc[:12], 16)
