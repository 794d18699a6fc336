"""Epochs of a library: a restored backup starts a new one, so that no device takes it for what it was.

Refuses to forget: each epoch names the one before and the version at which it began.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence

from api.store.database import Tx, in_list


async def start_epoch(tx: Tx, library_id: str, at_version: int, now_ms: int) -> str:
    """Begin a new epoch of a library that was restored to this version; returns its id.

    Every cursor of the epoch before is then answered 410 `epoch`. Raises LookupError if there is no such library.
    """
    row = await tx.row("SELECT epoch FROM library WHERE id = :library_id", library_id=library_id)
    if row is None:
        raise LookupError("no such library")
    epoch = secrets.token_hex(8)
    await tx.run("UPDATE library SET epoch = :epoch WHERE id = :library_id", epoch=epoch, library_id=library_id)
    await tx.run(
        "INSERT INTO library_epoch (library_id, epoch, parent, at_version, started_at) "
        "VALUES (:library_id, :epoch, :parent, :at_version, :now)",
        library_id=library_id,
        epoch=epoch,
        parent=row["epoch"],
        at_version=at_version,
        now=now_ms,
    )
    return epoch


async def common_version(tx: Tx, library_id: str, commits: Sequence[tuple[int, str]]) -> int:
    """The highest version of these (version, tag) pairs that is a commit of this library with that tag; 0 for none."""
    text, values = in_list("v", [version for version, _ in commits])
    rows = await tx.rows(
        f"SELECT version, tag FROM library_commit WHERE library_id = :library_id AND version IN ({text})",
        library_id=library_id,
        **values,
    )
    held = set(commits)
    return max((row["version"] for row in rows if (row["version"], row["tag"]) in held), default=0)


async def ends(tx: Tx, library_id: str, epochs: Collection[str]) -> dict[str, int]:
    """Of those of these epochs that ended by a restore the last version that was kept."""
    text, values = in_list("e", epochs)
    rows = await tx.rows(
        f"SELECT parent, at_version FROM library_epoch WHERE library_id = :library_id AND parent IN ({text})",
        library_id=library_id,
        **values,
    )
    return {row["parent"]: row["at_version"] for row in rows}
