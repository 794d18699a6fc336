"""A preprint and a journal's paper that sources take for one, and a library in which a person says what they are."""

from __future__ import annotations

from typing import Any

from api.actions.desk import Desk
from api.actions.enrich_paper import finish_paper, take_paper
from api.actions.list_entries import list_entries
from api.actions.save_paper import SaveWish, save_paper
from api.domain.accounts import Who
from api.domain.entries import EntryFilter, ShelvedEntry
from api.domain.papers import Author, Dates, Finding, Identifier, Paper
from api.store import enrichment, papers
from api.store.database import Tx
from api.store.enrichment import Observation
from tests.actions.devices import Device
from tests.conftest import Clock
from tests.make import make_id

ARXIV, DOI = "1706.03762", "10.1234/journal.5678"
ABS, LANDING = f"https://arxiv.org/abs/{ARXIV}", f"https://doi.org/{DOI}"
ADDRESSES = {"preprint": ABS, "article": LANDING}
ADA = (Author(family="Lovelace", given="Ada"),)
ABOUT_PREPRINT = Finding(
    "arxiv",
    identifiers=(Identifier("arxiv", ARXIV), Identifier("doi", DOI)),  # the wrong bridge
    kind="preprint",
    title="On Slow Light",
    authors=ADA,
    dates=Dates(preprinted="2017-06-12"),
)
ABOUT_ARTICLE = Finding(
    "crossref",
    identifiers=(Identifier("doi", DOI),),
    kind="article",
    title="On slow light",
    authors=ADA,
    venue="Journal of Slowness",
    dates=Dates(issued="2018-02"),
)
SAID = {"preprint": ABOUT_PREPRINT, "article": ABOUT_ARTICLE}


async def save(desk: Desk, who: Who, which: str, **more: Any) -> ShelvedEntry:
    """Save one of the two from its own page."""
    saved = await save_paper(desk, who, SaveWish(make_id(f"{which} {who.library_id}"), ADDRESSES[which], **more))
    return ShelvedEntry(saved.entry, saved.paper)


async def save_url(desk: Desk, who: Who, url: str) -> str:
    """Save an address; the id of its paper."""
    return (await save_paper(desk, who, SaveWish(make_id(f"by {url}"), url))).paper.id


async def enrich(desk: Desk, *which: str | Finding, again: bool = False) -> None:
    """Let the sources of these tell what they know, wherever the shared papers of these are now."""
    for each in which or ("article", "preprint"):
        found = SAID[each] if isinstance(each, str) else each
        shared = await _shared(desk, found.identifiers[0], wake=again)
        task = await take_paper(desk, shared)
        assert task is not None, each
        asked = f"https://{found.source}.example.org/{found.identifiers[0].value}"
        assert await finish_paper(desk, task, [Observation(found.source, asked, desk.now(), 200, b"{}", found)])


async def is_known(desk: Desk, named: Identifier) -> bool:
    """Whether anybody saved a paper of this identifier, or a source named it."""
    return bool(await desk.database.read(lambda tx: papers.find(tx, [named])))


async def _shared(desk: Desk, named: Identifier, *, wake: bool) -> str:
    async def work(tx: Tx) -> str:
        found = (await papers.find(tx, [named]))[named]
        if wake:
            await enrichment.wake(tx, [found], desk.now())
        return found

    return await desk.database.write(work)


async def joined(desk: Desk, who: Who, clock: Clock) -> str:
    """Two entries that a source's word made one, with notes and tags of both; the paper's id."""
    await save(desk, who, "preprint", tags=["thesis", "both"], note="of the preprint")
    clock.forward(1)
    await save(desk, who, "article", tags=["teaching", "both"], note="of the article")
    await enrich(desk)
    (paper,) = await papers_of(desk, who)
    return paper.id


async def entries_of(desk: Desk, who: Who) -> list[ShelvedEntry]:
    """The library, preprints first."""
    page = await list_entries(desk, who.library_id, EntryFilter())
    return sorted(page.items, key=lambda one: one.paper.kind != "preprint")


async def papers_of(desk: Desk, who: Who) -> list[Paper]:
    """The papers of the library's entries, preprints first."""
    return [one.paper for one in await entries_of(desk, who)]


def seen_by(device: Device, kind: str) -> dict[str, dict[str, Any]]:
    """The live objects of one kind on a device that pulled."""
    return {
        key: row.data
        for key, row in device.rows.items()
        if row.type == kind and not row.deleted and isinstance(row.data, dict)
    }
