"""Resync: how far back a device and the server still tell the same history.

Refuses to judge by times or numbers alone: only a commit whose random tag both know is common.
"""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from api.actions.desk import Desk
from api.domain.accounts import Who
from api.domain.changes import MOST_VERSION
from api.store import epochs, ledger
from api.store.database import Tx

MOST_COMMITS = 1000  # a device keeps 32

Commit = tuple[
    Annotated[int, Meta(ge=0, le=MOST_VERSION)],
    Annotated[str, Meta(max_length=64, extra_json_schema={"format": "commit"})],
]


class ResyncWish(Struct, frozen=True, forbid_unknown_fields=True):
    """The last commits that the device saw: (version, tag)."""

    commits: Annotated[list[Commit], Meta(max_length=MOST_COMMITS)]


class ResyncAnswer(Struct, frozen=True):
    """The library's epoch, and the version up to which the device knows nothing that the server lacks.

    Where the `floor` is higher, deletions were forgotten since: what the server lacks may have been one of them.
    """

    epoch: str
    at_version: int
    floor: int


async def resync(desk: Desk, who: Who, wish: ResyncWish) -> ResyncAnswer:
    """The highest of the device's commits that is a commit of the server too, or 0."""

    async def work(tx: Tx) -> ResyncAnswer:
        head = await ledger.head(tx, who.library_id)
        common = await epochs.common_version(tx, who.library_id, wish.commits)
        return ResyncAnswer(head.epoch, common, head.floor)

    return await desk.database.read(work)
