"""A person's word about identity stands whichever way papers come in, and whatever happens at the same time."""

from __future__ import annotations

import asyncio

from msgspec import structs

from api.actions.correct_paper import correct_paper
from api.actions.desk import Desk
from api.actions.edit_object import EditWish, edit_object
from api.actions.enrich_paper import finish_paper, take_paper
from api.actions.get_paper import get_paper
from api.actions.import_library import run_import, start_import
from api.actions.join_papers import OtherWish, join_papers
from api.actions.list_entries import list_entries
from api.actions.split_paper import SplitWish, split_paper
from api.domain.accounts import Who
from api.domain.corrections import CorrectionWish
from api.domain.entries import EntryFilter
from api.domain.papers import Identifier
from api.store import enrichment
from api.store.enrichment import Observation
from tests.actions import syncing
from tests.actions.devices import Device
from tests.actions.speaking import (
    ABOUT_ARTICLE,
    ABOUT_PREPRINT,
    ABS,
    ARXIV,
    DOI,
    LANDING,
    enrich,
    entries_of,
    papers_of,
    save,
    save_url,
    seen_by,
)
from tests.conftest import Clock
from tests.make import make_id

SPLIT = SplitWish([f"doi:{DOI}"])


async def parted(desk: Desk, who: Who) -> tuple[str, str]:
    """A preprint, saved, with the wrong DOI taken off it: what stayed, and what went."""
    one = await save(desk, who, "preprint")
    await enrich(desk, "preprint")
    return await split_paper(desk, who, one.paper.id, SPLIT)


async def test_a_device_that_saves_either_page_meets_its_own_half(desk: Desk, ada: dict[str, Who]) -> None:
    stay, go = await parted(desk, ada["laptop"])
    for name, url, half in (("one", ABS, stay), ("other", LANDING, go)):
        answer = await syncing.push(desk, ada["phone"], syncing.save(name, url, key=make_id(name)), first_seq=len(url))
        (result,) = answer.results
        assert result.object
        assert syncing.data(result.object)["paper_id"] == half


async def test_an_op_that_names_the_paper_as_it_was_finds_what_stands_for_it(desk: Desk, ada: dict[str, Who]) -> None:
    one = await save(desk, ada["laptop"], "preprint")
    await enrich(desk, "preprint")
    stay, _ = await split_paper(desk, ada["laptop"], one.paper.id, SPLIT)
    device = Device(desk, ada["phone"])
    answer = await device.push(key=make_id("late"), type_="entry", set={"paper_id": one.paper.id})
    assert answer.results[0].object
    assert syncing.data(answer.results[0].object)["paper_id"] == stay


async def test_an_import_puts_records_on_their_own_halves(desk: Desk, ada: dict[str, Who]) -> None:
    stay, go = await parted(desk, ada["laptop"])
    text = (
        f"@misc{{a, title={{Any}}, eprint={{{ARXIV}}}, archiveprefix={{arXiv}}, note={{x}}}}\n"
        f"@article{{b, title={{Other}}, doi={{{DOI}}}}}\n"
    )
    import_id = await start_import(desk, ada["laptop"].account_id, ada["laptop"].library_id, "a.bib", text.encode())
    run = await run_import(desk, ada["laptop"].library_id, import_id)
    assert (run.counts.merged, run.counts.imported) == (2, 0)
    assert {paper.id for paper in await papers_of(desk, ada["laptop"])} == {stay, go}


async def test_what_was_saved_beside_a_split_is_kept_for_itself_and_proposed(
    desk: Desk, ada: dict[str, Who], clock: Clock
) -> None:
    """The person spoke about the preprint; then a source says that it is one with a paper nobody spoke about."""
    who = ada["laptop"]
    stay, _ = await parted(desk, who)
    third = "10.1234/another.9"
    other = await save_url(desk, who, third)
    clock.forward(90_000)
    word = structs.replace(ABOUT_PREPRINT, identifiers=(*ABOUT_PREPRINT.identifiers, Identifier("doi", third)))
    await enrich(desk, word, again=True)
    papers = await papers_of(desk, who)
    assert len(papers) == 3
    (mine,) = [paper for paper in papers if paper.identifiers == {"doi": (third,)}]
    assert mine.id != other  # it stands for itself from now on
    known = await get_paper(desk, who.library_id, stay)
    assert [(one.paper_id, one.why, one.source) for one in known.proposals] == [(mine.id, "claim", "arxiv")]
    await join_papers(desk, who, stay, OtherWish(mine.id))
    assert (await get_paper(desk, who.library_id, stay)).proposals == ()


async def test_a_correction_goes_with_the_entry_that_was_there(desk: Desk, ada: dict[str, Who]) -> None:
    who = ada["laptop"]
    one = await save(desk, who, "preprint")
    await enrich(desk, "preprint")
    await correct_paper(desk, who, one.paper.id, CorrectionWish(title="As I call it"))
    stay, go = await split_paper(desk, who, one.paper.id, SPLIT)
    titles = {paper.id: paper.title for paper in await papers_of(desk, who)}
    assert (titles[stay], "As I call it" in titles[go]) == ("As I call it", False)
    found = await list_entries(desk, who.library_id, EntryFilter(words=("call",)))
    assert [each.paper.id for each in found.items] == [stay]


async def test_the_halves_of_what_lies_in_the_trash_lie_in_the_trash(desk: Desk, ada: dict[str, Who]) -> None:
    who = ada["laptop"]
    one = await save(desk, who, "preprint")
    await enrich(desk, "preprint")
    await edit_object(desk, who, EditWish("entry", one.entry.id, "delete"))
    await split_paper(desk, who, one.paper.id, SPLIT)
    assert await papers_of(desk, who) == []
    await edit_object(desk, who, EditWish("entry", one.entry.id, "restore"))
    assert len(await entries_of(desk, who)) == 1


async def test_what_was_thrown_away_before_a_join_comes_back_into_the_trash(
    desk: Desk, ada: dict[str, Who], clock: Clock
) -> None:
    who = ada["laptop"]
    await save(desk, who, "preprint")
    clock.forward(1)
    thrown = (await save(desk, who, "article", tags=["teaching"])).entry.id
    await edit_object(desk, who, EditWish("entry", thrown, "delete"))
    await enrich(desk)
    (whole,) = await entries_of(desk, who)
    await split_paper(desk, who, whole.paper.id, SPLIT)
    assert [one.entry.id for one in await entries_of(desk, who)] == [whole.entry.id]
    await edit_object(desk, who, EditWish("entry", thrown, "restore"))
    back = {one.entry.id: one for one in await entries_of(desk, who)}[thrown]
    assert (back.paper.identifiers, len(back.entry.tags)) == ({"doi": (DOI,)}, 1)


async def test_a_split_and_an_answer_at_one_moment_end_as_one_after_the_other(
    desk: Desk, ada: dict[str, Who], clock: Clock
) -> None:
    who = ada["laptop"]
    one = await save(desk, who, "preprint")
    await enrich(desk, "preprint")
    clock.forward(90_000)
    await desk.database.write(lambda tx: enrichment.wake(tx, [one.paper.id], desk.now()))
    task = await take_paper(desk, one.paper.id)
    assert task is not None
    seen = [Observation("arxiv", ARXIV, desk.now(), 200, b"{}", ABOUT_PREPRINT)]
    await asyncio.gather(finish_paper(desk, task, seen), split_paper(desk, who, one.paper.id, SPLIT))
    device = Device(desk, who)
    await device.pull()
    papers = await papers_of(desk, who)
    assert [paper.identifiers for paper in papers] == [{"arxiv": (ARXIV,)}, {"doi": (DOI,)}]
    assert set(seen_by(device, "paper")) == {paper.id for paper in papers}


async def test_two_different_splits_at_one_moment_both_hold(desk: Desk, ada: dict[str, Who]) -> None:
    who = ada["laptop"]
    both = [(await save(desk, who, which)).paper.id for which in ("preprint", "article")]
    whole = await join_papers(desk, who, both[0], OtherWish(both[1]))
    whole = await join_papers(desk, who, whole, OtherWish(await save_url(desk, who, "10.1234/third")))
    wishes = [SplitWish([f"doi:{DOI}"]), SplitWish(["doi:10.1234/third"])]
    made = await asyncio.gather(*(split_paper(desk, who, whole, wish) for wish in wishes))
    assert {stay for stay, _ in made} == {whole}
    assert len(await papers_of(desk, who)) == 3


async def test_a_shared_paper_that_becomes_part_of_another_one_is_no_news_to_who_split_it(
    desk: Desk, ada: dict[str, Who], bob: Who, clock: Clock
) -> None:
    who, third = ada["laptop"], "10.1234/another.9"
    older = await save_url(desk, bob, third)
    clock.forward(1)
    one = await save(desk, who, "preprint")
    await enrich(desk, "preprint")
    stay, go = await split_paper(desk, who, one.paper.id, SPLIT)
    device = Device(desk, who)
    await device.pull()
    before = dict(device.rows)
    clock.forward(90_000)
    word = structs.replace(ABOUT_PREPRINT, identifiers=(*ABOUT_PREPRINT.identifiers, Identifier("doi", third)))
    await enrich(desk, word, again=True)
    assert (await get_paper(desk, bob.library_id, one.paper.id)).paper.id == older
    assert (await get_paper(desk, who.library_id, one.paper.id)).paper.id == stay
    await device.pull()
    changed = {key for key, row in device.rows.items() if row != before.get(key)}
    assert changed <= {stay}  # the identifier that the source adds to the preprint
    assert set(seen_by(device, "paper")) == {stay, go}


async def test_an_identifier_that_a_source_names_later_goes_to_the_half_that_it_is_about(
    desk: Desk, ada: dict[str, Who], clock: Clock
) -> None:
    who = ada["laptop"]
    _, go = await parted(desk, who)
    clock.forward(90_000)
    word = structs.replace(ABOUT_ARTICLE, identifiers=(Identifier("doi", DOI), Identifier("pmid", "31452104")))
    await enrich(desk, word, again=True)
    assert (await get_paper(desk, who.library_id, go)).paper.identifiers == {"doi": (DOI,), "pmid": ("31452104",)}
    assert await save_url(desk, who, "https://pubmed.ncbi.nlm.nih.gov/31452104/") == go


async def test_a_device_that_only_saw_the_whole_hears_that_a_highlight_is_its_own_entrys_again(
    desk: Desk, ada: dict[str, Who], clock: Clock
) -> None:
    who = ada["laptop"]
    await save(desk, who, "preprint")
    clock.forward(1)
    article = (await save(desk, who, "article")).entry.id
    key = make_id("mark")
    quote = [{"type": "TextQuoteSelector", "exact": "slow"}]
    await Device(desk, who).push(key=key, type_="highlight", set={"entry_id": article, "selectors": quote})
    await enrich(desk)
    phone = Device(desk, ada["phone"])
    await phone.pull()
    (whole,) = await entries_of(desk, who)
    assert seen_by(phone, "highlight")[key]["entry_id"] == whole.entry.id
    await split_paper(desk, who, whole.paper.id, SPLIT)
    await phone.pull()
    assert seen_by(phone, "highlight")[key]["entry_id"] == article
