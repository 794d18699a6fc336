"""One paper as a library shows it: where each field comes from, who says otherwise, and what it might be one with.

Refuses a paper that only other people's browsers or files told of: to everybody else it is not there.
"""

from __future__ import annotations

from msgspec import Struct

from api.actions.desk import Desk
from api.domain.claims import Claims, claims_of
from api.domain.corrections import with_person
from api.domain.disagreements import OtherWord, disagreements
from api.domain.errors import NotFound
from api.domain.papers import Paper, Provenance
from api.domain.proposals import Proposal
from api.store import corrections, enrichment, libraries, own_papers, papers, proposals
from api.store.database import Tx


class KnownPaper(Struct, frozen=True):
    """A paper with the provenance of each field, and what other sources say of it, by field.

    `claims` are who says which identifiers and addresses are its; `proposals` the library's papers that might be the
    same, `apart` those that are not, by a person's word.
    """

    paper: Paper
    provenance: dict[str, Provenance]
    others: dict[str, tuple[OtherWord, ...]]
    claims: Claims = Claims()
    proposals: tuple[Proposal, ...] = ()
    apart: tuple[Proposal, ...] = ()


async def get_paper(desk: Desk, library_id: str, paper_id: str) -> KnownPaper:
    """A paper with the library's own corrections; raises NotFound."""
    found = await desk.database.read(lambda tx: _known(tx, library_id, paper_id))
    if found is None:
        raise NotFound("no such paper")
    return found


async def _known(tx: Tx, library_id: str, paper_id: str) -> KnownPaper | None:
    named = (await libraries.current(tx, library_id, [paper_id])).get(paper_id, paper_id)
    paper = (await papers.get_many(tx, [named], library_id)).get(named)
    if paper is None or not await _may_see(tx, library_id, paper.id):
        return None
    corrected = await corrections.of_paper(tx, library_id, paper.id)
    sources = with_person(await papers.provenance(tx, paper.id), corrected)
    own = await own_papers.identifiers_of(tx, library_id, paper.id)
    said = await own_papers.answers(tx, await own_papers.beneath(tx, library_id, paper.id))
    findings = [(one.at, one.finding) for one in said]
    if await own_papers.is_own(tx, library_id, paper.id):
        findings, _ = await own_papers.told_of(tx, library_id, paper.id)
    return KnownPaper(
        paper,
        sources,
        disagreements(paper, findings),
        claims_of(findings, own, await papers.first_claims(tx, own)),
        await proposals.of_paper(tx, library_id, paper, said),
        await proposals.apart_from(tx, library_id, paper.id),
    )


async def _may_see(tx: Tx, library_id: str, paper_id: str) -> bool:
    """Whoever holds a paper sees it; others do once an outside source told of it, for then it is no secret."""
    return await libraries.holds(tx, library_id, paper_id) or await enrichment.heard(tx, paper_id)
