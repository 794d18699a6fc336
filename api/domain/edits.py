"""Edits that do not come from a device's outbox (a form, a script's PATCH, a save by its own door), and what both kinds
get from the server: a date where they name none.

They merge like any op. Each is made knowing the object as it stands, by the device's other self (`…/rest`), whose
sequence is the server's clock, so that it never meets the sequences of the device's own outbox.
"""

from __future__ import annotations

from msgspec import structs

from api.domain.clock import hlc, rfc3339
from api.domain.fields import Json
from api.domain.states import PENDING, Edit, Stamp

_OTHER_SELF = "/rest"
_BIRTH = {"entry": ("saved_at", "paper_id"), "highlight": ("created_at", "entry_id")}  # when, and what makes it whole
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


def dated(edit: Edit) -> Edit:
    """The edit that makes an object whole, with its own moment as the date if it names none."""
    when, whole = _BIRTH.get(edit.type, ("created_at", "name"))
    if edit.op != "put" or whole not in edit.set or when in edit.set:
        return edit
    return structs.replace(edit, set=edit.set | {when: edit.at})


def session_of(device_id: str) -> str:
    """The device that a stamp's device is, or is the other self of."""
    return device_id.removesuffix(_OTHER_SELF)
