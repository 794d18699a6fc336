"""Issues that were made, one for a reader and a local date, and what each told, so that nothing is told twice."""

from __future__ import annotations

from typing import NamedTuple

from api.domain.digest import Part
from api.domain.issues import Issue
from api.store.database import Tx, Value, insert_missing


class ToldPaper(NamedTuple):
    """A paper that an issue told of: in which part, why, and when (Unix milliseconds)."""

    part: Part
    paper_id: str
    why: str
    made_at: int


async def add(tx: Tx, library_id: str, issue: Issue, at_ms: int) -> bool:
    """Put an issue down with all that it tells, unless there is one of that date; says whether there was none."""
    row: dict[str, Value] = {"library_id": library_id, "local_date": issue.date, "made_at": at_ms}
    if not await insert_missing(tx, "digest_issue", ("library_id", "local_date"), [row | {"papers": len(issue.items)}]):
        return False
    rows: list[dict[str, Value]] = [
        {**row, "part": item.part, "paper_id": item.paper.id, "why": item.why} for item in issue.items
    ]
    await insert_missing(tx, "digest_paper", ("library_id", "part", "paper_id"), rows)
    return True


async def is_made(tx: Tx, library_id: str, date: str) -> bool:
    """Whether there is an issue of a date."""
    row = await tx.row(
        "SELECT 1 AS one FROM digest_issue WHERE library_id = :library_id AND local_date = :date",
        library_id=library_id,
        date=date,
    )
    return row is not None


async def told(tx: Tx, library_id: str) -> set[tuple[Part, str]]:
    """What was told before, under the paper that each is now."""
    rows = await tx.rows(
        "SELECT d.part, d.paper_id, p.redirect_to FROM digest_paper d LEFT JOIN paper p ON p.id = d.paper_id "
        "WHERE d.library_id = :library_id",
        library_id=library_id,
    )
    return {(row["part"], row["redirect_to"] or row["paper_id"]) for row in rows}


async def last_told(tx: Tx, library_id: str, most: int) -> list[ToldPaper]:
    """The papers that the last issues told of, the newest first."""
    rows = await tx.rows(
        "SELECT part, paper_id, why, made_at FROM digest_paper WHERE library_id = :library_id "
        "ORDER BY made_at DESC, part, paper_id LIMIT :most",
        library_id=library_id,
        most=most,
    )
    return [ToldPaper(row["part"], row["paper_id"], row["why"], row["made_at"]) for row in rows]
