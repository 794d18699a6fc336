"""Papers for what arrives: found by any claim of identity, or made.

Refuses to touch the network, and to let two saves of one batch make two papers of one identifier.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec import Struct

from api.domain.arrivals import Arrival, paper_from
from api.domain.clock import rfc3339
from api.domain.papers import Finding, Identifier, Paper, Provenance
from api.store import enrichment, papers
from api.store.database import Tx
from api.store.enrichment import Observation


class Shelved(Struct, frozen=True):
    """Where arrivals ended: their papers' ids in order, and the papers that have something new to read."""

    paper_ids: list[str]
    due: list[str]


async def shelve(tx: Tx, arrivals: Sequence[Arrival], now_ms: int, new_id: Callable[[], str]) -> Shelved:
    """Find or make the paper of each arrival, and keep what its page said."""
    known = await papers.find(tx, {claim for a in arrivals for claim in a.claims})
    ids: list[str] = []
    due: dict[str, None] = {}
    made: list[tuple[Paper, dict[str, Provenance]]] = []
    for arrival in arrivals:
        paper_id = next((known[c] for c in arrival.claims if c in known), None)
        if paper_id is None:
            paper_id = new_id()
            made.append(paper_from(paper_id, [(rfc3339(now_ms), arrival.finding)], arrival.claims))
            due[paper_id] = None
        known |= {claim: paper_id for claim in arrival.claims if claim not in known}
        ids.append(paper_id)
    await papers.insert(tx, made, now_ms)
    for arrival, paper_id in zip(arrivals, ids, strict=True):
        await papers.claim_identifiers(tx, paper_id, arrival.claims, "page", now_ms)
        if await _observed(tx, paper_id, arrival, now_ms):
            due[paper_id] = None
    return Shelved(ids, list(due))


async def _observed(tx: Tx, paper_id: str, arrival: Arrival, now_ms: int) -> bool:
    """Keep the page's data, unless the same were kept before; a paper with new data becomes due."""
    row = await tx.row(
        "SELECT 1 AS seen FROM observation WHERE paper_id = :paper_id AND source = 'page' AND asked = :url",
        paper_id=paper_id,
        url=arrival.url,
    )
    if row is not None:
        return False
    seen = Observation("page", arrival.url, now_ms, 200, arrival.raw, arrival.finding)
    await enrichment.observe(tx, paper_id, [seen])
    await enrichment.wake(tx, paper_id, now_ms)
    return True


async def shelve_finding(
    tx: Tx, identifier: Identifier, finding: Finding, now_ms: int, new_id: Callable[[], str]
) -> tuple[str, bool]:
    """Find or make the paper of one identifier from an import's finding; says whether it is new."""
    known = await papers.find(tx, [identifier])
    if identifier in known:
        return known[identifier], False
    paper_id = new_id()
    await papers.insert(tx, [paper_from(paper_id, [(rfc3339(now_ms), finding)], (identifier,))], now_ms)
    await papers.claim_identifiers(tx, paper_id, [identifier], finding.source, now_ms)
    seen = Observation(finding.source, identifier.value, now_ms, 200, b"", finding)
    await enrichment.observe(tx, paper_id, [seen])
    return paper_id, True
