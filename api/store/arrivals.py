"""Papers for what arrives: found by any claim of identity, or made.

Refuses to touch the network, and to let two saves of one batch make two papers of one identifier.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence

from msgspec import Struct, structs

from api.domain.arrivals import NO_PAGE, Arrival, paper_from
from api.domain.clock import rfc3339
from api.domain.papers import Finding, Identifier, Paper, Provenance
from api.store import enrichment, papers
from api.store.database import Tie, Tx, in_list
from api.store.enrichment import Observation

_NO_PAGE_BYTES = len(zlib.compress(NO_PAGE))  # as `enrichment.observe` keeps it; to know it without loading it


class Shelved(Struct, frozen=True):
    """Where arrivals ended: their papers' ids in order, those that have something new to read, and the new papers."""

    paper_ids: list[str]
    due: list[str]
    made: dict[str, Paper]


async def shelve(tx: Tx, arrivals: Sequence[Arrival], now_ms: int, new_id: Callable[[], str]) -> Shelved:
    """Find or make the paper of each arrival, and keep what its page said; as many statements for one as for many."""
    if not arrivals:
        return Shelved([], [], {})
    known = await papers.find(tx, {claim for a in arrivals for claim in a.claims})
    claims: dict[Identifier, str] = {}
    pages: dict[tuple[str, str], Arrival] = {}
    made: dict[str, tuple[Paper, dict[str, Provenance]]] = {}
    ids: list[str] = []
    for arrival in arrivals:
        paper_id = next((known[c] for c in arrival.claims if c in known), None)
        if paper_id is None:
            paper_id = new_id()
            made[paper_id] = paper_from(paper_id, [(rfc3339(now_ms), arrival.finding)], arrival.claims)
        new = {claim: paper_id for claim in arrival.claims if claim not in known}
        claims |= new
        known |= new
        if arrival.has_page or (paper_id, arrival.url) not in pages:
            pages[paper_id, arrival.url] = arrival
        ids.append(paper_id)
    await papers.insert(tx, list(made.values()), now_ms)
    await _claim(tx, claims, "page", now_ms)
    fresh = await _observe(tx, pages, set(made), now_ms)
    due = list(dict.fromkeys(i for i in ids if i in made or i in fresh))
    first = {paper_id: structs.replace(paper, version=papers.FIRST_VERSION) for paper_id, (paper, _) in made.items()}
    return Shelved(ids, due, first)


async def _claim(tx: Tx, claims: dict[Identifier, str], source: str, now_ms: int) -> None:
    """Claim identifiers that nobody had a moment ago; raises Tie where somebody has one now."""
    if await papers.claim_identifiers(tx, claims, source, now_ms) < len(claims):
        raise Tie("one of these identifiers was given to a paper meanwhile")


async def _observe(tx: Tx, pages: dict[tuple[str, str], Arrival], made: set[str], now_ms: int) -> set[str]:
    """Keep what pages (paper id, address) said, unless it was kept before; papers with something new become due.

    A page that was saved by its address alone says something new the first time that it is read.
    """
    fresh = dict(pages)
    old = [page for page in pages if page[0] not in made]
    if old:
        ids, values = in_list("id", sorted({paper_id for paper_id, _ in old}))
        urls, more = in_list("url", sorted({url for _, url in old}))
        for row in await tx.rows(
            f"SELECT paper_id, asked, length(raw) AS size FROM observation WHERE paper_id IN ({ids}) "
            f"AND source = 'page' AND asked IN ({urls})",
            **values,
            **more,
        ):
            page = (row["paper_id"], row["asked"])
            if page in fresh and not (fresh[page].has_page and row["size"] == _NO_PAGE_BYTES):
                del fresh[page]
    seen = [(i, Observation("page", url, now_ms, 200, a.raw, a.finding)) for (i, url), a in fresh.items()]
    await enrichment.observe(tx, seen)
    woken = {paper_id for paper_id, _ in fresh}
    if woken - made:
        await enrichment.wake(tx, woken - made, now_ms)
    return woken


async def shelve_finding(
    tx: Tx, identifier: Identifier, finding: Finding, now_ms: int, new_id: Callable[[], str]
) -> tuple[str, bool]:
    """Find or make the paper of one identifier from an import's finding; says whether it is new."""
    known = await papers.find(tx, [identifier])
    if identifier in known:
        return known[identifier], False
    paper_id = new_id()
    await papers.insert(tx, [paper_from(paper_id, [(rfc3339(now_ms), finding)], (identifier,))], now_ms)
    await _claim(tx, {identifier: paper_id}, finding.source, now_ms)
    seen = Observation(finding.source, identifier.value, now_ms, 200, b"", finding)
    await enrichment.observe(tx, [(paper_id, seen)])
    return paper_id, True
