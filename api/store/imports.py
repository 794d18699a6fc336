"""Imports: files that wait to be read, their progress, and a line for every record that was not taken.

An import that a worker left in the middle is taken again once its lease ran out; reading it twice changes nothing.
"""

from __future__ import annotations

from typing import Literal

import msgspec
from msgspec import Struct

from api.domain.retries import MOST_STARTS, rest_ms
from api.store.database import Row, Tx
from api.tracing import current_request

State = Literal["queued", "running", "done", "failed"]


class Counts(Struct, frozen=True):
    """What became of the records: imported + merged + reported = total, once it is done."""

    total: int = 0
    imported: int = 0
    merged: int = 0
    reported: int = 0


class ReportLine(Struct, frozen=True):
    """A record that was not taken: where it stands in the file, and why."""

    line: int
    code: str
    detail: str


class ImportRun(Struct, frozen=True):
    """One import."""

    id: str
    state: State
    counts: Counts
    report: list[ReportLine]
    filename: str = ""
    created_at: int = 0


class ImportFile(Struct, frozen=True):
    """What an import reads, and the request that sent it."""

    filename: str
    format: str
    body: bytes
    request_id: str | None = None


async def add(tx: Tx, library_id: str, import_id: str, account_id: str, file: ImportFile, at_ms: int) -> None:
    """Queue a file."""
    await tx.run(
        "INSERT INTO import_job (library_id, id, account_id, filename, format, body, state, report, created_at, "
        "asked_by) VALUES (:library_id, :id, :account_id, :filename, :format, :body, 'queued', '[]', :at, :asked_by)",
        library_id=library_id,
        id=import_id,
        account_id=account_id,
        filename=file.filename,
        format=file.format,
        body=file.body,
        at=at_ms,
        asked_by=current_request(),
    )


async def get(tx: Tx, library_id: str, import_id: str) -> ImportRun | None:
    """An import as it stands, or None."""
    row = await tx.row(
        "SELECT id, state, filename, created_at, total, imported, merged, reported, report FROM import_job "
        "WHERE library_id = :library_id AND id = :id",
        library_id=library_id,
        id=import_id,
    )
    return _run(row) if row else None


async def listed(tx: Tx, library_id: str, limit: int) -> list[ImportRun]:
    """The last imports, the newest first, without their reports."""
    rows = await tx.rows(
        "SELECT id, state, filename, created_at, total, imported, merged, reported, '[]' AS report FROM import_job "
        "WHERE library_id = :library_id ORDER BY created_at DESC, id DESC LIMIT :most",
        library_id=library_id,
        most=limit,
    )
    return [_run(row) for row in rows]


async def claim(tx: Tx, library_id: str, import_id: str, now_ms: int, lease_ms: int) -> ImportFile | None:
    """Take an import that waits or was left, its start counted before anything happens; None: nothing to do."""
    before = await tx.row(
        "SELECT starts FROM import_job WHERE library_id = :library_id AND id = :id", library_id=library_id, id=import_id
    )
    row = await tx.row(
        "UPDATE import_job SET state = 'running', lease_until = :until, starts = starts + 1, "
        "trouble = 'its worker died' WHERE library_id = :library_id AND id = :id AND starts < :starts "
        "AND (state = 'queued' OR (state = 'running' AND lease_until <= :now)) "
        "RETURNING filename, format, body, asked_by",
        until=now_ms + lease_ms + rest_ms(import_id, before["starts"] if before else 0),
        starts=MOST_STARTS,
        library_id=library_id,
        id=import_id,
        now=now_ms,
    )
    return ImportFile(row["filename"], row["format"], row["body"], row["asked_by"]) if row else None


async def stumble(tx: Tx, library_id: str, import_id: str, trouble: str) -> None:
    """Write down why reading came to no end, while there is still somebody who can."""
    await tx.run(
        "UPDATE import_job SET trouble = :trouble WHERE library_id = :library_id AND id = :id AND starts > 0",
        trouble=trouble,
        library_id=library_id,
        id=import_id,
    )


async def progress(tx: Tx, library_id: str, run: ImportRun, lease_until: int) -> None:
    """Write an import's counts and report, and hold it on; it came further, so that its starts count anew."""
    await tx.run(
        "UPDATE import_job SET state = :state, total = :total, imported = :imported, merged = :merged, "
        "reported = :reported, report = :report, lease_until = :until, starts = 0, trouble = NULL, "
        "body = CASE WHEN :state IN ('done', 'failed') THEN :nothing ELSE body END "
        "WHERE library_id = :library_id AND id = :id",
        state=run.state,
        total=run.counts.total,
        imported=run.counts.imported,
        merged=run.counts.merged,
        reported=run.counts.reported,
        report=msgspec.json.encode(run.report).decode(),
        until=lease_until,
        nothing=b"",  # a file that was read is not kept
        library_id=library_id,
        id=run.id,
    )


async def due(tx: Tx, now_ms: int) -> list[tuple[str, str]]:
    """Imports that wait or were left: library and id."""
    rows = await tx.rows(
        "SELECT library_id, id FROM import_job WHERE starts < :starts AND (state = 'queued' "
        "OR (state = 'running' AND lease_until <= :now)) ORDER BY created_at, id LIMIT 100",
        starts=MOST_STARTS,
        now=now_ms,
    )
    return [(row["library_id"], row["id"]) for row in rows]


def _run(row: Row) -> ImportRun:
    counts = Counts(row["total"], row["imported"], row["merged"], row["reported"])
    report = msgspec.json.decode(row["report"], type=list[ReportLine])
    return ImportRun(row["id"], row["state"], counts, report, row["filename"], row["created_at"])
