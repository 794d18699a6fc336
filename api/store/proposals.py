"""Papers of a library that might be the same as one of them: found by title and by what sources claim.

Refuses to propose what a person said is apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from api.domain.claims import Answer
from api.domain.papers import Identifier, Paper
from api.domain.proposals import MOST_PROPOSALS, Proposal, same_title
from api.domain.titles import title_fold
from api.store import own_identifiers, own_papers, papers
from api.store.database import Tx, in_list


async def of_paper(tx: Tx, library_id: str, paper: Paper, said: Sequence[Answer]) -> tuple[Proposal, ...]:
    """What to ask a person about a paper, of which `said` is what sources answered; at most ten, claims first."""
    apart = {paper.id, *await own_identifiers.apart_from(tx, library_id, paper.id)}
    claimed = await _claimed(tx, library_id, paper.id, said)
    titled = await _titled(tx, library_id, paper)
    wanted = [paper_id for paper_id in dict.fromkeys((*claimed, *titled)) if paper_id not in apart]
    entries = await _entries(tx, library_id, wanted)
    known = await papers.get_many(tx, list(entries), library_id)
    found: list[Proposal] = []
    for paper_id in wanted:
        other = known.get(paper_id)
        if other is not None and paper_id in claimed:
            found.append(_proposal(other, entries[paper_id], "claim", claimed[paper_id]))
        elif other is not None and same_title(paper, other):
            found.append(_proposal(other, entries[paper_id], "title"))
    return tuple(found[:MOST_PROPOSALS])


async def apart_from(tx: Tx, library_id: str, paper_id: str) -> tuple[Proposal, ...]:
    """The papers of the library that are not the same as one by a person's word, at most ten."""
    wanted = sorted(await own_identifiers.apart_from(tx, library_id, paper_id))
    entries = await _entries(tx, library_id, wanted)
    known = await papers.get_many(tx, list(entries), library_id)
    found = [_proposal(known[each], entries[each], "person") for each in wanted if each in known]
    return tuple(found[:MOST_PROPOSALS])


def _proposal(
    other: Paper, entry_id: str, why: Literal["title", "claim", "person"], source: str | None = None
) -> Proposal:
    return Proposal(other.id, entry_id, other.title, other.kind, other.year, other.venue, why, source)


async def _claimed(tx: Tx, library_id: str, paper_id: str, said: Sequence[Answer]) -> dict[str, str]:
    """The other papers (ids) of which sources claim an identifier to be this one's, with the source."""
    own = set(await own_papers.identifiers_of(tx, library_id, paper_id))
    sources: dict[Identifier, str] = {
        each: answer.finding.source for answer in said for each in answer.finding.identifiers if each not in own
    }
    whose = await papers.find(tx, sources) | await own_identifiers.owners(tx, library_id, sources)
    return {whose[each]: sources[each] for each in sorted(whose)}


async def _titled(tx: Tx, library_id: str, paper: Paper) -> list[str]:
    """The papers of the library whose folded title begins as this one's, by their sources or by a correction."""
    folded = title_fold(paper.title)
    rows = await tx.rows(
        "SELECT p.id FROM paper p WHERE substr(p.title_folded, 1, 200) = :start AND EXISTS (SELECT 1 FROM object o "
        "WHERE o.library_id = :library_id AND o.type = 'entry' AND o.deleted = 0 AND o.merged_into IS NULL "
        "AND o.paper_id = p.id) ORDER BY p.id LIMIT :most",
        library_id=library_id,
        start=folded[:200],
        most=MOST_PROPOSALS * 2,
    )
    said = await tx.rows(
        "SELECT paper_id FROM correction WHERE library_id = :library_id AND title_folded = :folded ORDER BY paper_id "
        "LIMIT :most",
        library_id=library_id,
        folded=folded,
        most=MOST_PROPOSALS * 2,
    )
    return sorted({row["id"] for row in rows} | {row["paper_id"] for row in said})


async def _entries(tx: Tx, library_id: str, paper_ids: Sequence[str]) -> dict[str, str]:
    """The live entries of these papers, by paper."""
    text, values = in_list("p", paper_ids)
    rows = await tx.rows(
        "SELECT paper_id, key FROM object WHERE library_id = :library_id AND type = 'entry' AND deleted = 0 "
        f"AND merged_into IS NULL AND paper_id IN ({text})",
        library_id=library_id,
        **values,
    )
    return {row["paper_id"]: row["key"] for row in rows}
