"""Enrichment as states in the database: taken once, put down once, told to every library."""

from __future__ import annotations

import pytest
from msgspec import structs

from api.actions.desk import Desk
from api.actions.enrich_paper import finish_paper, take_paper
from api.actions.list_entries import get_entry, list_entries
from api.actions.pull_changes import pull_changes
from api.actions.save_paper import SaveWish, save_paper
from api.domain.accounts import Who
from api.domain.entries import EntryFilter
from api.domain.page_meta import Page
from api.domain.papers import Author, Dates, Finding, Identifier, Paper
from api.store import enrichment
from api.store.enrichment import Observation
from tests.actions.syncing import data, pull, push
from tests.conftest import Clock
from tests.make import NOW, as_read, make_id, make_op

ADDRESSES = (
    "https://arxiv.org/abs/1706.03762",
    "https://arxiv.org/pdf/1706.03762v2.pdf",
    "https://arxiv.org/html/1706.03762v7",
    "https://doi.org/10.48550/arXiv.1706.03762",
    "https://huggingface.co/papers/1706.03762",
    "arXiv:1706.03762v1",
)
FOUND = Finding(
    "arxiv",
    identifiers=(Identifier("arxiv", "1706.03762"),),
    kind="preprint",
    title="Attention Is All You Need",
    authors=(Author(family="Vaswani", given="Ashish"),),
    abstract="Code is available at https://github.com/tensorflow/tensor2tensor.",
    dates=Dates(preprinted="2017-06-12"),
)


def seen(finding: Finding = FOUND) -> Observation:
    """What a source said."""
    return Observation(finding.source, "https://example.org/ask", NOW, 200, b"<raw/>", finding)


async def save(desk: Desk, who: Who, name: str = "entry", url: str = ADDRESSES[0]) -> str:
    """Save an address; returns the paper's id."""
    return (await save_paper(desk, who, SaveWish(make_id(name), url))).paper.id


async def only_paper(desk: Desk, who: Who) -> Paper:
    """The paper of the library's only entry."""
    page = await list_entries(desk, who.library_id, EntryFilter())
    assert len(page.items) == 1
    return page.items[0].paper


@pytest.mark.parametrize("first", range(len(ADDRESSES)))
async def test_one_paper_saved_from_any_of_its_pages_in_any_order_is_one_entry(
    desk: Desk, ada: dict[str, Who], first: int
) -> None:
    order = ADDRESSES[first:] + ADDRESSES[:first]
    papers = {await save(desk, ada["laptop"], url, url) for url in order}
    assert len(papers) == 1
    assert (await only_paper(desk, ada["laptop"])).identifiers["arxiv"] == ("1706.03762",)


async def test_a_paper_is_taken_by_one_worker_and_by_another_once_the_lease_ran_out(
    desk: Desk, ada: dict[str, Who], clock: Clock
) -> None:
    paper_id = await save(desk, ada["laptop"])
    first = await take_paper(desk, paper_id)
    assert first is not None
    assert await take_paper(desk, paper_id) is None
    clock.forward(desk.settings.enrich_lease_seconds + 1)
    second = await take_paper(desk, paper_id)
    assert second is not None
    assert await finish_paper(desk, second, [seen()])
    assert not await finish_paper(desk, first, [])
    assert (await only_paper(desk, ada["laptop"])).title == "Attention Is All You Need"


async def test_what_was_found_is_told_to_every_library_that_holds_the_paper(
    desk: Desk, ada: dict[str, Who], bob: Who
) -> None:
    paper_id = await save(desk, ada["laptop"])
    await save(desk, bob, "bob's entry")
    task = await take_paper(desk, paper_id)
    assert task is not None
    await finish_paper(desk, task, [seen()])
    for who in (ada["laptop"], bob):
        paper = await only_paper(desk, who)
        assert (paper.enrich_state, paper.year, paper.authors[0].family) == ("done", 2017, "Vaswani")
        assert [(link.kind, link.url) for link in paper.links] == [
            ("code", "https://github.com/tensorflow/tensor2tensor")
        ]
        entry = (await list_entries(desk, who.library_id, EntryFilter())).items[0].entry
        assert entry.citekey == "vaswani2017attention"


async def test_a_source_that_asks_to_wait_is_asked_again_later_and_the_others_are_kept(
    desk: Desk, ada: dict[str, Who], clock: Clock
) -> None:
    paper_id = await save(desk, ada["laptop"])
    task = await take_paper(desk, paper_id)
    assert task is not None
    await finish_paper(desk, task, [seen()], wait_seconds=120)
    assert (await only_paper(desk, ada["laptop"])).enrich_state == "partial"
    assert await take_paper(desk, paper_id) is None
    clock.forward(121)
    again = await take_paper(desk, paper_id)
    assert again is not None
    assert "https://example.org/ask" in again.answered


async def test_a_paper_that_no_source_ever_answered_for_counts_as_failed_and_is_tried_again_after_a_day(
    desk: Desk, ada: dict[str, Who], clock: Clock
) -> None:
    paper_id = await save(desk, ada["laptop"])
    for _ in range(6):
        clock.forward(3600)
        task = await take_paper(desk, paper_id)
        assert task is not None
        await finish_paper(desk, task, [], wait_seconds=1)
    assert (await only_paper(desk, ada["laptop"])).enrich_state == "failed"
    assert await take_paper(desk, paper_id) is None
    entry = (await list_entries(desk, ada["laptop"].library_id, EntryFilter())).items[0].entry
    assert entry.citekey is None  # a key is for ever, and nothing is known yet
    clock.forward(86_401)
    again = await take_paper(desk, paper_id)
    assert again is not None
    await finish_paper(desk, again, [seen()])
    assert (await only_paper(desk, ada["laptop"])).enrich_state == "done"


async def test_work_to_do_is_found_in_the_database_without_any_queue(
    desk: Desk, ada: dict[str, Who], clock: Clock
) -> None:
    paper_id = await save(desk, ada["laptop"])
    assert await desk.database.read(lambda tx: enrichment.due(tx, clock.now_ms, 10)) == [paper_id]
    await take_paper(desk, paper_id)
    assert await desk.database.read(lambda tx: enrichment.due(tx, clock.now_ms, 10)) == []


async def enriched(desk: Desk, paper_id: str, *findings: Finding) -> None:
    """Enrich a paper with these findings."""
    task = await take_paper(desk, paper_id)
    assert task is not None
    await finish_paper(desk, task, [seen(finding) for finding in findings])


DOI = "10.1234/journal.5678"
JOURNAL = Finding(
    "crossref",
    identifiers=(Identifier("doi", DOI),),
    kind="article",
    title="Attention is all you need",
    authors=(Author(family="Vaswani", given="Ashish"),),
    venue="Journal of Attention",
)
PREPRINT = structs.replace(FOUND, identifiers=(Identifier("arxiv", "1706.03762"), Identifier("doi", DOI)))


@pytest.mark.parametrize("preprint_first", [True, False])
async def test_a_preprint_and_its_published_version_become_one_record_with_both_identities(
    desk: Desk, ada: dict[str, Who], bob: Who, clock: Clock, preprint_first: bool
) -> None:
    who = ada["laptop"]
    urls = [ADDRESSES[0], f"https://doi.org/{DOI}"]
    wishes = [SaveWish(make_id(url), url, tags=[f"tag {i}"], note=f"note {i}") for i, url in enumerate(urls)]
    saved = []
    for wish in wishes if preprint_first else wishes[::-1]:
        saved.append(await save_paper(desk, who, wish))
        clock.forward(1)
    bobs = await save_paper(desk, bob, SaveWish(make_id("bob's"), urls[1]))
    ids = {one.entry.saved_from.url: one.paper.id for one in saved if one.entry.saved_from}
    await enriched(desk, ids[urls[1]], JOURNAL)
    await enriched(desk, ids[urls[0]], PREPRINT)
    page = await list_entries(desk, who.library_id, EntryFilter())
    assert len(page.items) == 1
    one = page.items[0]
    assert (one.paper.identifiers["arxiv"], one.paper.identifiers["doi"]) == (("1706.03762",), (DOI,))
    assert (one.paper.kind, one.paper.venue) == ("article", "Journal of Attention")
    assert len(one.entry.tags) == 2
    assert (await get_entry(desk, bob.library_id, bobs.entry.id)).paper.id == one.paper.id
    fed = {c.key: as_read(c) for c in (await pull_changes(desk, who, None, 1000)).changes}
    notes = [fed[one.entry.id].data["note"], *(o["value"] for o in fed[one.entry.id].data["note_versions"])]  # type: ignore[index]
    assert sorted(notes) == ["note 0", "note 1"]
    alias = next(c for c in fed.values() if c.type == "entry" and c.key != one.entry.id)
    assert (alias.deleted, alias.merged_into) == (True, one.entry.id)


async def test_a_wrong_bridge_between_works_of_other_titles_joins_nothing(desk: Desk, ada: dict[str, Who]) -> None:
    first = await save(desk, ada["laptop"], "a", ADDRESSES[0])
    other = await save(desk, ada["laptop"], "b", f"https://doi.org/{DOI}")
    await enriched(desk, other, structs.replace(JOURNAL, title="Erratum: something else entirely"))
    await enriched(desk, first, PREPRINT)
    assert len((await list_entries(desk, ada["laptop"].library_id, EntryFilter())).items) == 2


@pytest.mark.parametrize("bare_first", [True, False])
async def test_a_page_saved_by_its_address_and_again_with_what_it_says_is_one_paper(
    desk: Desk, ada: dict[str, Who], bare_first: bool
) -> None:
    url = "https://proceedings.example.org/paper/1.html"
    told = Page(metas=(("citation_title", "On Trees"), ("citation_doi", DOI)))
    for page in (None, told) if bare_first else (told, None):
        await save_paper(desk, ada["laptop"], SaveWish(make_id(f"{page}"), url, page))
    paper = await only_paper(desk, ada["laptop"])
    assert (await save_paper(desk, ada["laptop"], SaveWish(make_id("doi"), DOI))).paper.id == paper.id


async def test_a_key_that_a_person_made_before_hearing_of_the_servers_is_the_one_that_stands(
    desk: Desk, ada: dict[str, Who]
) -> None:
    paper_id = await save(desk, ada["laptop"])
    base = (await pull(desk, ada["laptop"]))[make_id("entry")].version
    task = await take_paper(desk, paper_id)
    assert task is not None
    await finish_paper(desk, task, [seen()])
    assert data((await pull(desk, ada["laptop"]))[make_id("entry")])["citekey"] == "vaswani2017attention"
    offline = make_op(name="offline", key=make_id("entry"), base=base, at=-3_600_000, set={"citekey": "mine"})
    await push(desk, ada["phone"], offline)
    assert data((await pull(desk, ada["laptop"]))[make_id("entry")])["citekey"] == "mine"
