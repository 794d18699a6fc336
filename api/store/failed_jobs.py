"""Jobs that came to nothing: those begun too often are laid aside as dead letters, and come back when a person asks.

Refuses to lay aside what a worker holds.
"""

from __future__ import annotations

import msgspec

from api.domain.jobs import FailedJob
from api.domain.retries import MOST_STARTS
from api.store.database import Row, Tx
from api.store.imports import ReportLine

GAVE_UP = "gave_up"  # the code of the line in an import's report
_FAILED = "(dead_at > 0 OR enrich_state = 'failed')"  # word for word as in the index
_NAME = (
    "(SELECT i.scheme || ':' || i.value FROM paper_identifier i WHERE i.paper_id = paper.id "
    "AND i.scheme NOT IN ('url', 'pii') ORDER BY i.scheme, i.value LIMIT 1) AS what"
)


async def worn_papers(tx: Tx, now_ms: int) -> list[str]:
    """Papers whose attempts were begun as often as may be, and none came to an end."""
    rows = await tx.rows(
        "SELECT id FROM paper WHERE starts > 0 AND dead_at = 0 AND starts >= :most AND lease_until <= :now "
        "AND redirect_to IS NULL ORDER BY id LIMIT 100",
        most=MOST_STARTS,
        now=now_ms,
    )
    return [row["id"] for row in rows]


async def bury_paper(tx: Tx, paper_id: str, now_ms: int) -> bool:
    """Lay a paper's job aside; one that was known before stays known. Says whether it was this caller who did."""
    row = await tx.row(
        "UPDATE paper SET dead_at = :now, enrich_state = CASE enrich_state WHEN 'done' THEN 'done' ELSE 'failed' END "
        "WHERE id = :paper_id AND dead_at = 0 AND starts >= :most AND lease_until <= :now RETURNING id",
        now=now_ms,
        paper_id=paper_id,
        most=MOST_STARTS,
    )
    return row is not None


async def any_worn_import(tx: Tx, now_ms: int) -> bool:
    """Whether there is a file whose reading was begun as often as may be."""
    row = await tx.row(
        "SELECT 1 AS one FROM import_job WHERE state = 'running' AND dead_at = 0 AND starts >= :most "
        "AND lease_until <= :now LIMIT 1",
        now=now_ms,
        most=MOST_STARTS,
    )
    return row is not None


async def bury_imports(tx: Tx, now_ms: int) -> list[str]:
    """Lay aside the files whose reading was begun as often as may be; returns their libraries."""
    rows = await tx.rows(
        "UPDATE import_job SET state = 'failed', dead_at = :now WHERE state = 'running' AND dead_at = 0 "
        "AND starts >= :most AND lease_until <= :now RETURNING library_id, id, report, trouble",
        now=now_ms,
        most=MOST_STARTS,
    )
    for row in rows:
        line = ReportLine(0, GAVE_UP, f"reading this file was given up: {row['trouble']}")
        await _report(tx, row, [*_lines(row), line])
    return [row["library_id"] for row in rows]


async def listed(tx: Tx, limit: int) -> list[FailedJob]:
    """Dead letters first, the newest before the others; then papers that no source answered for."""
    papers = await tx.rows(
        f"SELECT id, trouble, attempts, dead_at, next_try_at, asked_by, {_NAME} FROM paper WHERE {_FAILED} "
        "AND redirect_to IS NULL ORDER BY dead_at DESC, id LIMIT :most",
        most=limit,
    )
    files = await tx.rows(
        "SELECT id, trouble, starts, dead_at, asked_by FROM import_job WHERE dead_at > 0 "
        "ORDER BY dead_at DESC, id LIMIT :most",
        most=limit,
    )
    found = [_of_paper(row) for row in papers] + [_of_import(row) for row in files]
    return sorted(found, key=lambda job: -job.dead_at)[:limit]


async def count(tx: Tx) -> tuple[int, int]:
    """How many jobs are dead letters, and how many papers are to be tried again after a day or more."""
    row = await tx.row(
        "SELECT COALESCE(SUM(CASE WHEN dead_at > 0 THEN 1 ELSE 0 END), 0) AS dead, COUNT(*) AS n "
        f"FROM paper WHERE {_FAILED} AND redirect_to IS NULL"
    )
    files = await tx.row("SELECT COUNT(*) AS n FROM import_job WHERE dead_at > 0")
    dead, both = (int(row["dead"]), int(row["n"])) if row else (0, 0)
    return dead + (int(files["n"]) if files else 0), both - dead


async def revive_paper(tx: Tx, paper_id: str, now_ms: int, request_id: str | None) -> bool:
    """Make a failed paper due now, with all its starts; says whether it had failed."""
    row = await tx.row(
        "UPDATE paper SET dead_at = 0, starts = 0, trouble = NULL, asked_by = :asked_by, next_try_at = :now, "
        "again_at = CASE enrich_state WHEN 'done' THEN :now ELSE again_at END, "
        "enrich_state = CASE enrich_state WHEN 'failed' THEN 'pending' ELSE enrich_state END "
        f"WHERE id = :paper_id AND {_FAILED} RETURNING id",
        asked_by=request_id,
        now=now_ms,
        paper_id=paper_id,
    )
    return row is not None


async def revive_import(tx: Tx, import_id: str, request_id: str | None) -> str | None:
    """Queue again a file that was given up; returns its library, None where there is no such file."""
    row = await tx.row(
        "UPDATE import_job SET state = 'queued', dead_at = 0, starts = 0, trouble = NULL, asked_by = :asked_by "
        "WHERE id = :import_id AND dead_at > 0 RETURNING library_id, id, report",
        asked_by=request_id,
        import_id=import_id,
    )
    if row is None:
        return None
    await _report(tx, row, [line for line in _lines(row) if line.code != GAVE_UP])
    return str(row["library_id"])


async def _report(tx: Tx, row: Row, lines: list[ReportLine]) -> None:
    await tx.run(
        "UPDATE import_job SET report = :report WHERE library_id = :library_id AND id = :id",
        report=msgspec.json.encode(lines).decode(),
        library_id=row["library_id"],
        id=row["id"],
    )


def _lines(row: Row) -> list[ReportLine]:
    return msgspec.json.decode(row["report"], type=list[ReportLine])


def _of_paper(row: Row) -> FailedJob:
    again = 0 if row["dead_at"] else row["next_try_at"]
    trouble = row["trouble"] or "no source answered"
    return FailedJob(
        row["id"],
        "paper",
        row["what"] or "a paper without identifier",
        trouble,
        row["attempts"],
        row["dead_at"],
        again,
        row["asked_by"],
    )


def _of_import(row: Row) -> FailedJob:
    return FailedJob(
        row["id"], "import", "a file", row["trouble"] or "", row["starts"], row["dead_at"], 0, row["asked_by"]
    )
