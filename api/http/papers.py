"""`/v1/papers/{id}`: a paper with where each field comes from and who claims what of its identity; what a person says.

A person corrects it, has it tried again, takes it apart, or says that it is the same as another one, or not.
"""

from __future__ import annotations

from litestar import get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import Struct

from api.actions.correct_paper import correct_paper
from api.actions.desk import Desk
from api.actions.get_paper import get_paper
from api.actions.join_papers import OtherWish, join_papers, keep_apart
from api.actions.split_paper import SplitWish, split_paper
from api.actions.try_again import try_again
from api.domain.accounts import Who
from api.domain.claims import Claims
from api.domain.corrections import CorrectionWish
from api.domain.papers import Author, Dates, EnrichState, Extra, Kind, Link, Manifestation, Provenance
from api.domain.proposals import Proposal
from api.http.auth import requires


class PaperAnswer(Struct, frozen=True):
    """The paper's fields, the numbers of its `versions`, the `provenance` of each field; who claims its identity.

    `proposals` are other papers of the library that might be the same, `apart` those that are not by a person's word.
    """

    id: str
    kind: Kind
    title: str
    authors: tuple[Author, ...]
    abstract: str | None
    year: int | None
    dates: Dates
    venue: str | None
    volume: str | None
    issue: str | None
    pages: str | None
    publisher: str | None
    language: str | None
    primary_class: str | None
    extra: Extra
    identifiers: dict[str, tuple[str, ...]]
    manifestations: tuple[Manifestation, ...]
    links: tuple[Link, ...]
    enrich_state: EnrichState
    version: int
    versions: list[int]
    provenance: dict[str, Provenance]
    claims: Claims
    proposals: tuple[Proposal, ...]
    apart: tuple[Proposal, ...]


class SplitAnswer(Struct, frozen=True):
    """The two papers of a split: what stays, and what goes."""

    paper: PaperAnswer
    other: PaperAnswer


@get("/v1/papers/{paper_id:str}", guards=[requires("read")])
async def paper(paper_id: FromPath[str], who: NamedDependency[Who], desk: NamedDependency[Desk]) -> PaperAnswer:
    """One paper, with this library's corrections."""
    return await _shown(desk, who, paper_id)


@patch("/v1/papers/{paper_id:str}/corrections", guards=[requires("save")])
async def correct(
    paper_id: FromPath[str], data: JSONBody[CorrectionWish], who: NamedDependency[Who], desk: NamedDependency[Desk]
) -> PaperAnswer:
    """Correct a paper for this library; null withdraws the correction of a field."""
    return await _shown(desk, who, await correct_paper(desk, who, paper_id, data))


@post("/v1/papers/{paper_id:str}/enrich", status_code=202, guards=[requires("save")])
async def enrich(paper_id: FromPath[str], who: NamedDependency[Who], desk: NamedDependency[Desk]) -> PaperAnswer:
    """Ask the sources again now about a paper that is not done; one that is done or at work stays as it is."""
    return await _shown(desk, who, await try_again(desk, who, paper_id))


@post("/v1/papers/{paper_id:str}/split", status_code=200, guards=[requires("save")])
async def split(
    paper_id: FromPath[str], data: JSONBody[SplitWish], who: NamedDependency[Who], desk: NamedDependency[Desk]
) -> SplitAnswer:
    """Say that some identifiers are another paper's, in this library; asked again, it changes nothing."""
    stay, go = await split_paper(desk, who, paper_id, data)
    return SplitAnswer(await _shown(desk, who, stay), await _shown(desk, who, go))


@post("/v1/papers/{paper_id:str}/join", status_code=200, guards=[requires("save")])
async def join(
    paper_id: FromPath[str], data: JSONBody[OtherWish], who: NamedDependency[Who], desk: NamedDependency[Desk]
) -> PaperAnswer:
    """Say that two papers are the same, in this library."""
    return await _shown(desk, who, await join_papers(desk, who, paper_id, data))


@post("/v1/papers/{paper_id:str}/apart", status_code=200, guards=[requires("save")])
async def apart(
    paper_id: FromPath[str], data: JSONBody[OtherWish], who: NamedDependency[Who], desk: NamedDependency[Desk]
) -> PaperAnswer:
    """Say that two papers are not the same, in this library, whatever sources say."""
    return await _shown(desk, who, await keep_apart(desk, who, paper_id, data))


async def _shown(desk: Desk, who: Who, paper_id: str) -> PaperAnswer:
    known = await get_paper(desk, who.library_id, paper_id)
    found = known.paper
    values = {name: getattr(found, name) for name in found.__struct_fields__}
    versions = sorted({m.version for m in found.manifestations if m.version is not None})
    return PaperAnswer(
        **values,
        versions=versions,
        provenance=known.provenance,
        claims=known.claims,
        proposals=known.proposals,
        apart=known.apart,
    )
