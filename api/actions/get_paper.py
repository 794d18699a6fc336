"""One paper as a library shows it, with where each field comes from and who says otherwise."""

from __future__ import annotations

from msgspec import Struct

from api.actions.desk import Desk
from api.domain.clock import rfc3339
from api.domain.corrections import with_person
from api.domain.disagreements import OtherWord, disagreements
from api.domain.errors import NotFound
from api.domain.papers import Paper, Provenance
from api.store import corrections, enrichment, papers
from api.store.database import Tx


class KnownPaper(Struct, frozen=True):
    """A paper with the provenance of each field, and what other sources say of it, by field."""

    paper: Paper
    provenance: dict[str, Provenance]
    others: dict[str, tuple[OtherWord, ...]]


async def get_paper(desk: Desk, library_id: str, paper_id: str) -> KnownPaper:
    """A paper with the library's own corrections; raises NotFound."""

    async def work(tx: Tx) -> KnownPaper | None:
        paper = (await papers.get_many(tx, [paper_id], library_id)).get(paper_id)
        if paper is None:
            return None
        said = await corrections.of_paper(tx, library_id, paper.id)
        sources = with_person(await papers.provenance(tx, paper.id), said)
        seen = await enrichment.observations(tx, paper.id)
        findings = [(rfc3339(one.asked_at), one.finding) for one in seen if one.finding is not None]
        return KnownPaper(paper, sources, disagreements(paper, findings))

    found = await desk.database.read(work)
    if found is None:
        raise NotFound("no such paper")
    return found
