"""`GET /v1/papers/{id}`: a paper with where each field comes from."""

from __future__ import annotations

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import Struct

from api.actions.desk import Desk
from api.actions.list_objects import get_paper
from api.domain.papers import Author, Dates, EnrichState, Extra, Kind, Link, Manifestation, Provenance
from api.http.auth import requires


class PaperAnswer(Struct, frozen=True):
    """The paper's fields, the numbers of its `versions`, and the `provenance` of each field."""

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


@get("/v1/papers/{paper_id:str}", guards=[requires("read")])
async def paper(paper_id: FromPath[str], desk: NamedDependency[Desk]) -> PaperAnswer:
    """One paper."""
    found, fields = await get_paper(desk, paper_id)
    values = {name: getattr(found, name) for name in found.__struct_fields__}
    versions = sorted({m.version for m in found.manifestations if m.version is not None})
    return PaperAnswer(**values, versions=versions, provenance=fields)
