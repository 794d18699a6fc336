"""A device's side of sync, for tests of actions."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import UNSET

from api.actions.desk import Desk
from api.actions.pull_changes import pull_changes
from api.actions.push_changes import PushAnswer, push_changes
from api.domain.accounts import Who
from api.domain.changes import Change, PushWish
from tests.make import as_read, make_id, make_op

ARXIV = "https://arxiv.org/abs/1706.03762"
KEY = make_id("key")


def save(name: str = "save", url: str = ARXIV, **more: Any) -> dict[str, Any]:
    """An op that saves a paper."""
    wanted = {"saved_from": {"url": url}, "saved_at": "2026-11-20T10:00:00.000Z"} | more.pop("set", {})
    return make_op(name=name, set=wanted, **more)


async def push(desk: Desk, who: Who, *ops: dict[str, Any], first_seq: int = 1, **more: Any) -> PushAnswer:
    """Push these ops as the device does."""
    raw = [msgspec.Raw(msgspec.json.encode(op)) for op in ops]
    envelope = {"schema": 1, "library_id": who.library_id, "device_id": who.device_id, "first_seq": first_seq}
    return await push_changes(desk, who, PushWish(**(envelope | {"ops": raw} | more)))


async def beginning(desk: Desk, who: Who) -> str:
    """A cursor from which every later change is seen, deletions too; for a library that is empty."""
    return (await pull_changes(desk, who, None, 1)).cursor


async def pull(desk: Desk, who: Who, limit: int = 1000, cursor: str | None = None) -> dict[str, Change]:
    """Everything that a new device sees, or one that has read up to the cursor, by key."""
    seen: dict[str, Change] = {}
    more = True
    while more:
        page = await pull_changes(desk, who, cursor, limit)
        seen |= {change.key: as_read(change) for change in page.changes}
        cursor, more = page.cursor, page.more
    return seen


def data(change: Change) -> dict[str, Any]:
    """The fields of a live change, as they stand on the wire."""
    assert change.data is not UNSET, change
    return msgspec.json.decode(msgspec.json.encode(change.data))
