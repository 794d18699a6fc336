"""The papers that wait for outside sources, by what is known of them: whom one question may serve as well.

Refuses to say who works on which paper: here also those are named that somebody holds, for their questions come next.
"""

from __future__ import annotations

from api.domain.papers import Identifier
from api.store.database import Tx, in_list
from api.store.enrichment import stale

LAST = 10  # papers that came last and go first


async def waiting(tx: Tx, now_ms: int, limit: int) -> dict[str, list[Identifier]]:
    """The identifiers of papers that are due, held or not, by their ids.

    First the few that came last, which a person may have clicked just now, then those that wait longest, then those
    that are looked at again.
    """
    due = list(dict.fromkeys([*await _due(tx, now_ms, LAST, "DESC"), *await _due(tx, now_ms, limit, "ASC")]))
    due += await stale(tx, now_ms, limit - len(due)) if len(due) < limit else []
    text, values = in_list("p", due)
    named = await tx.rows(f"SELECT paper_id, scheme, value FROM paper_identifier WHERE paper_id IN ({text})", **values)
    found: dict[str, list[Identifier]] = {paper_id: [] for paper_id in due}
    for row in sorted(named, key=lambda row: (row["scheme"], row["value"])):
        found[row["paper_id"]].append(Identifier(row["scheme"], row["value"]))
    return found


async def _due(tx: Tx, now_ms: int, limit: int, order: str) -> list[str]:
    rows = await tx.rows(
        "SELECT id FROM paper WHERE enrich_state <> 'done' AND next_try_at <= :now AND dead_at = 0 "
        f"AND redirect_to IS NULL ORDER BY next_try_at {order}, id {order} LIMIT :most",
        now=now_ms,
        most=limit,
    )
    return [row["id"] for row in rows]


async def answered_by(tx: Tx, source: str, paper_ids: list[str], since_ms: int) -> frozenset[tuple[str, str]]:
    """The papers and questions (URLs) of this source whose answer is not older than this."""
    text, values = in_list("p", paper_ids)
    rows = await tx.rows(
        f"SELECT paper_id, asked FROM observation WHERE paper_id IN ({text}) AND source = :source "
        "AND asked_at > :since",
        source=source,
        since=since_ms,
        **values,
    )
    return frozenset((row["paper_id"], row["asked"]) for row in rows)
