"""Libraries: the unit of sync and access; which of them hold a paper, and telling them that it changed."""

from __future__ import annotations

from collections.abc import Collection

from api.domain.errors import NotFound
from api.store import papers
from api.store.database import Tx, in_list
from api.store.objects import next_version


async def holding(tx: Tx, paper_id: str) -> list[str]:
    """The libraries that hold a paper, sorted, so that two enrichments lock them in one order."""
    rows = await tx.rows(
        "SELECT library_id FROM object WHERE paper_id = :paper_id AND type = 'paper' AND merged_into IS NULL "
        "ORDER BY library_id",
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


async def shows(tx: Tx, library_id: str, paper_id: str) -> bool:
    """Whether a paper is in a library's feed, and no other has taken its place there."""
    row = await tx.row(
        "SELECT 1 AS one FROM object WHERE library_id = :library_id AND key = :paper_id AND type = 'paper' "
        "AND merged_into IS NULL",
        library_id=library_id,
        paper_id=paper_id,
    )
    return row is not None


async def current(tx: Tx, library_id: str, paper_ids: Collection[str]) -> dict[str, str]:
    """By these papers (ids), which ones have taken their place in a library; those that stand are left out."""
    found: dict[str, str] = {}
    wanted = set(paper_ids)
    while wanted:
        text, values = in_list("p", sorted(wanted))
        rows = await tx.rows(
            "SELECT key, merged_into FROM object WHERE library_id = :library_id AND type = 'paper' "
            f"AND merged_into IS NOT NULL AND key IN ({text})",
            library_id=library_id,
            **values,
        )
        step = {row["key"]: row["merged_into"] for row in rows}
        wanted = set(step.values()) - set(found)
        found |= step
    return {paper_id: _followed(paper_id, found) for paper_id in set(paper_ids) & set(found)}


def _followed(paper_id: str, into: dict[str, str]) -> str:
    while paper_id in into:
        paper_id = into[paper_id]
    return paper_id


async def held_paper(tx: Tx, library_id: str, paper_id: str) -> str:
    """The paper that stands for this one in a library, which has an entry of it; raises NotFound."""
    named = (await current(tx, library_id, [paper_id])).get(paper_id, paper_id)
    paper = (await papers.get_many(tx, [named], library_id)).get(named)
    if paper is None or not await holds(tx, library_id, paper.id):
        raise NotFound("no such paper in this library")
    return paper.id


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
