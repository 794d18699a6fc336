"""What readers did with papers, read off their libraries behind their backs: no save waits for it.

A paper's rows are made anew from what the library holds, so that what was undone counts no more. Refuses libraries
that do not want to be counted.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from api.domain.signals import Signal, SignalKind, Stamps, entry_signals, highlight_signal
from api.domain.states import Stamp
from api.store.database import Tx, Value, in_list, upsert

_STAMPS = msgspec.json.Decoder(dict[str, Stamp])
_LIVE = "o.library_id = :library_id AND o.type = 'entry' AND o.deleted = 0 AND o.merged_into IS NULL"


async def behind(tx: Tx) -> list[tuple[str, int, int]]:
    """Libraries that changed since they were last read: id, the version that was seen, the version now."""
    rows = await tx.rows(
        "SELECT l.id, l.version, COALESCE(s.version, 0) AS seen FROM library l "
        "LEFT JOIN signal_seen s ON s.library_id = l.id "
        "WHERE l.counted = 1 AND l.version <> COALESCE(s.version, 0) ORDER BY l.id"
    )
    return [(row["id"], row["seen"], row["version"]) for row in rows]


async def changed_papers(tx: Tx, library_id: str, seen: int, most: int) -> tuple[list[str], int]:
    """The papers of what changed after a version, in so many objects at most, and the version of the last of them.

    0 as that version: nothing changed.
    """
    rows = await tx.rows(
        "SELECT o.version, COALESCE(o.paper_id, e.paper_id) AS paper_id FROM object o "
        "LEFT JOIN object e ON e.library_id = o.library_id AND e.key = o.parent_key "
        "WHERE o.library_id = :library_id AND o.version > :seen ORDER BY o.version LIMIT :most",
        library_id=library_id,
        seen=seen,
        most=most,
    )
    found = {row["paper_id"] for row in rows if row["paper_id"]}
    return sorted(found), rows[-1]["version"] if rows else 0


async def renew(tx: Tx, library_id: str, paper_ids: Sequence[str]) -> None:
    """Make the signals of these papers in a library anew."""
    text, values = in_list("p", paper_ids)
    await tx.run(
        f"DELETE FROM signal WHERE library_id = :library_id AND paper_id IN ({text})", library_id=library_id, **values
    )
    rows: list[dict[str, Value]] = [
        {"library_id": library_id, "paper_id": paper_id, "kind": kind, "at": at}
        for paper_id, kind, at in [
            *await _of_entries(tx, library_id, paper_ids),
            *await _of_highlights(tx, library_id, paper_ids),
        ]
    ]
    await upsert(tx, "signal", ("library_id", "paper_id", "kind"), rows)


async def saw(tx: Tx, library_id: str, version: int) -> None:
    """Remember up to which version a library was read."""
    await upsert(tx, "signal_seen", ("library_id",), [{"library_id": library_id, "version": version}])


async def since(tx: Tx, after_ms: int, fewest: int) -> list[Signal]:
    """All signals after a moment of papers that everyone may see and that so many people did something with, under
    the paper that each of them is now. A paper of fewer trends nowhere, and most papers have one reader."""
    paper = "COALESCE(p.redirect_to, p.id)"
    after = "FROM signal s JOIN paper p ON p.id = s.paper_id WHERE s.at > :after AND p.for_library IS NULL"
    rows = await tx.rows(
        f"SELECT {paper} AS paper_id, s.library_id, s.kind, s.at {after} AND {paper} IN "
        f"(SELECT {paper} {after} GROUP BY 1 HAVING COUNT(DISTINCT s.library_id) >= :fewest)",
        after=after_ms,
        fewest=fewest,
    )
    return [Signal(row["paper_id"], row["library_id"], row["kind"], row["at"]) for row in rows]


async def is_counted(tx: Tx, library_id: str) -> bool:
    """Whether what happens in a library counts."""
    row = await tx.row("SELECT counted FROM library WHERE id = :library_id", library_id=library_id)
    return bool(row and row["counted"])


async def count(tx: Tx, library_id: str, *, counted: bool) -> None:
    """Count a library from now on, with all that it holds, or no more; then its signals go at once."""
    await tx.run(
        "UPDATE library SET counted = :counted WHERE id = :library_id", counted=int(counted), library_id=library_id
    )
    if not counted:
        await forget(tx, library_id)


async def forget(tx: Tx, library_id: str) -> None:
    """Take out what was read off a library."""
    for table in ("signal", "signal_seen"):
        await tx.run(f"DELETE FROM {table} WHERE library_id = :library_id", library_id=library_id)


async def _of_entries(tx: Tx, library_id: str, paper_ids: Sequence[str]) -> list[tuple[str, SignalKind, int]]:
    text, values = in_list("p", paper_ids)
    rows = await tx.rows(
        f"SELECT o.paper_id, o.stamps, o.status, o.has_note FROM object o WHERE {_LIVE} AND o.paper_id IN ({text})",
        library_id=library_id,
        **values,
    )
    return [
        (row["paper_id"], kind, at)
        for row in rows
        for kind, at in entry_signals(_STAMPS.decode(row["stamps"]), row["status"], has_note=bool(row["has_note"]))
    ]


async def _of_highlights(tx: Tx, library_id: str, paper_ids: Sequence[str]) -> list[tuple[str, SignalKind, int]]:
    text, values = in_list("p", paper_ids)
    rows = await tx.rows(
        "SELECT o.paper_id, h.stamps FROM object o JOIN object h ON h.library_id = o.library_id "
        f"AND h.parent_key = o.key AND h.type = 'highlight' AND h.deleted = 0 WHERE {_LIVE} AND o.paper_id IN ({text})",
        library_id=library_id,
        **values,
    )
    marks: dict[str, list[Stamps]] = {}
    for row in rows:
        marks.setdefault(row["paper_id"], []).append(_STAMPS.decode(row["stamps"]))
    return [(paper_id, kind, at) for paper_id, found in marks.items() for kind, at in highlight_signal(found)]
