"""Edits that do not come from a device's outbox: a person's form, a script's PATCH, a save by its own door.

They merge like any op. Each is made knowing the object as it stands, by the device's other self (`…/rest`), whose
sequence is the server's clock, so that it never meets the sequences of the device's own outbox.
"""

from __future__ import annotations

from api.domain.clock import hlc, rfc3339
from api.domain.fields import Json
from api.domain.states import PENDING, Edit, Stamp

_OTHER_SELF = "/rest"
KNOWS_ALL = 2**53  # a base that has seen whatever there is


def edit_now(
    type_: str,
    key: str,
    device_id: str,
    now_ms: int,
    *,
    op: str = "put",
    set_: dict[str, Json] | None = None,
    add: dict[str, tuple[str, ...]] | None = None,
    remove: dict[str, tuple[str, ...]] | None = None,
    base: int = KNOWS_ALL,
    index: int = 0,
) -> Edit:
    """An edit of this moment; `index` orders those of one request."""
    device = device_id + _OTHER_SELF
    stamp = Stamp(PENDING, hlc(now_ms, index, device), device, now_ms * 1000 + index)
    return Edit(op, type_, key, base, stamp, rfc3339(now_ms), set_ or {}, add or {}, remove or {})


def session_of(device_id: str) -> str:
    """The device that a stamp's device is, or is the other self of."""
    return device_id.removesuffix(_OTHER_SELF)
