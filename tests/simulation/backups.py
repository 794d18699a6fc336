"""A server's backup, in miniature: every row of one history's libraries and papers, and the way back to them.

Reads and writes by itself, for a real backup is of the whole database, where other histories are played.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from api.store.database import Database, Tx, Value, in_list, upsert

OF_LIBRARY = {  # in the order in which they can be filled, each with its key
    "library_epoch": ("library_id", "epoch"),
    "library_commit": ("library_id", "version"),
    "object": ("library_id", "key"),
    "member": ("library_id", "key", "field", "member"),
    "citekey": ("library_id", "folded"),
    "op": ("library_id", "op_id"),
    "sequence": ("library_id", "device_id", "seq"),
    "sync_device": ("library_id", "device_id"),
    "ack": ("library_id", "device_id"),
    "held_op": ("library_id", "op_id"),
    "delete_tally": ("library_id", "device_id", "minute"),
    "own_identifier": ("library_id", "scheme", "value"),
    "apart": ("library_id", "one", "other"),
}
OF_PAPER = {"paper_identifier": ("scheme", "value"), "observation": ("paper_id", "source", "asked")}
Rows = list[dict[str, Value]]


class Backup(Struct, frozen=True):
    """The rows of each table, and the libraries' versions at that moment."""

    rows: dict[str, Rows]
    versions: dict[str, int]


async def back_up(database: Database, libraries: Sequence[str], papers: Sequence[str]) -> Backup:
    """The rows of these libraries, and those of the papers with these ids."""

    async def work(tx: Tx) -> Backup:
        rows = {table: await _rows(tx, table, column, ids) for table, column, ids in _places(libraries, papers)}
        return Backup(rows, {str(row["id"]): int(row["version"] or 0) for row in rows["library"]})

    return await database.read(work)


async def set_back(tx: Tx, backup: Backup, papers: Sequence[str]) -> None:
    """Make the libraries what they were; of the papers with these ids only those of the backup stay."""
    places = _places(list(backup.versions), papers)
    for table, column, ids in reversed(places):
        if table != "library":  # whoever owns it is not of the backup
            text, values = in_list("id", ids)
            await tx.run(f"DELETE FROM {table} WHERE {column} IN ({text})", **values)
    keys = {"library": ("id",), "paper": ("id",)} | OF_PAPER | OF_LIBRARY
    for table, _, _ in places:
        await upsert(tx, table, keys[table], backup.rows[table])


def _places(libraries: Sequence[str], papers: Sequence[str]) -> list[tuple[str, str, Sequence[str]]]:
    return [
        ("library", "id", libraries),
        ("paper", "id", papers),
        *((table, "paper_id", papers) for table in OF_PAPER),
        *((table, "library_id", libraries) for table in OF_LIBRARY),
    ]


async def _rows(tx: Tx, table: str, column: str, ids: Sequence[str]) -> Rows:
    text, values = in_list("id", ids)
    return [dict(row) for row in await tx.rows(f"SELECT * FROM {table} WHERE {column} IN ({text})", **values)]  # type: ignore[call-overload]
