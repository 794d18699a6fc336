"""Libraries: the unit of sync and access; which of them hold a paper, and telling them that it changed."""

from __future__ import annotations

from api.store.database import Tx
from api.store.objects import next_version


async def holding(tx: Tx, paper_id: str) -> list[str]:
    """The libraries that hold a paper, sorted, so that two enrichments lock them in one order."""
    rows = await tx.rows(
        "SELECT library_id FROM object WHERE paper_id = :paper_id AND type = 'paper' ORDER BY library_id",
        paper_id=paper_id,
    )
    return [row["library_id"] for row in rows]


async def holds(tx: Tx, library_id: str, paper_id: str) -> bool:
    """Whether a library has an entry of a paper, in the trash or not."""
    row = await tx.row(
        "SELECT 1 AS one FROM object WHERE library_id = :library_id AND type = 'entry' AND paper_id = :paper_id "
        "AND merged_into IS NULL",
        library_id=library_id,
        paper_id=paper_id,
    )
    return row is not None


async def touch_paper(tx: Tx, library_id: str, paper_id: str, at_ms: int) -> None:
    """Show a paper anew in a library's feed: it takes the library's next version."""
    version = await next_version(tx, library_id, 1)
    await tx.run(
        "UPDATE object SET version = :version, updated_at = :at WHERE library_id = :library_id AND key = :paper_id",
        version=version,
        at=at_ms,
        library_id=library_id,
        paper_id=paper_id,
    )
