"""A wrong join is undone by a person, stays undone, and nothing that the person made is lost on the way."""

from __future__ import annotations

import asyncio

import pytest

from api.actions.desk import Desk
from api.actions.enrich_paper import finish_paper, take_paper
from api.actions.get_paper import get_paper
from api.actions.join_papers import OtherWish, join_papers, keep_apart
from api.actions.split_paper import SplitWish, split_paper
from api.domain.accounts import Who
from api.domain.errors import BadInput, NotFound
from api.domain.papers import Identifier
from api.store.enrichment import Observation
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
QUOTE = [{"type": "TextQuoteSelector", "exact": "slow"}]


async def joined(desk: Desk, who: Who, clock: Clock) -> str:
    """Two entries that a source's word made one, with notes and tags of both; the paper's id."""
    await save(desk, who, "preprint", tags=["thesis", "both"], note="of the preprint")
    clock.forward(1)
    await save(desk, who, "article", tags=["teaching", "both"], note="of the article")
    await enrich(desk)
    (paper,) = await papers_of(desk, who)
    return paper.id


async def mark(device: Device, name: str, entry: str, url: str | None) -> str:
    key = make_id(name)
    await device.push(key=key, type_="highlight", set={"entry_id": entry, "selectors": QUOTE, "manifestation": url})
    return key


async def test_a_split_gives_each_paper_its_own_identifiers_and_what_its_own_source_says(
    desk: Desk, ada: dict[str, Who], clock: Clock
) -> None:
    who = ada["laptop"]
    paper_id = await joined(desk, who, clock)
    await split_paper(desk, who, paper_id, SPLIT)
    preprint, article = await papers_of(desk, who)
    assert (preprint.identifiers, article.identifiers) == ({"arxiv": (ARXIV,)}, {"doi": (DOI,)})
    assert (preprint.kind, preprint.venue, preprint.year) == ("preprint", None, 2017)
    assert (article.kind, article.venue, article.year) == ("article", "Journal of Slowness", 2018)


async def test_entries_that_were_two_come_back_with_their_own_keys_notes_and_tags(
    desk: Desk, ada: dict[str, Who], clock: Clock
) -> None:
    who = ada["laptop"]
    await split_paper(desk, who, await joined(desk, who, clock), SPLIT)
    preprint, article = (one.entry for one in await entries_of(desk, who))
    assert {preprint.id, article.id} == {make_id(f"{n} {who.library_id}") for n in ("preprint", "article")}
    assert (preprint.note, article.note) == ("of the preprint", "of the article")
    device = Device(desk, who)
    await device.pull()
    names = {key: fields["name"] for key, fields in seen_by(device, "tag").items()}
    assert sorted(names[t] for t in preprint.tags) == ["both", "thesis"]
    assert sorted(names[t] for t in article.tags) == ["both", "teaching"]
    assert "note_versions" not in seen_by(device, "entry")[preprint.id] | seen_by(device, "entry")[article.id]


async def test_what_was_taken_away_or_edited_while_the_two_were_one_stays_so(
    desk: Desk, ada: dict[str, Who], clock: Clock
) -> None:
    who = ada["laptop"]
    paper_id = await joined(desk, who, clock)
    device = Device(desk, who)
    await device.pull()
    (one,) = await entries_of(desk, who)
    tags = {fields["name"]: key for key, fields in seen_by(device, "tag").items()}
    await device.push(key=one.entry.id, type_="entry", **{"del": {"tags": [tags["teaching"], tags["thesis"]]}})
    await split_paper(desk, who, paper_id, SPLIT)
    for each in await entries_of(desk, who):
        assert each.entry.tags == [tags["both"]]


async def test_highlights_go_with_the_page_that_they_were_made_on_and_reach_both_devices(
    desk: Desk, ada: dict[str, Who], clock: Clock
) -> None:
    laptop, phone = Device(desk, ada["laptop"]), Device(desk, ada["phone"])
    paper_id = await joined(desk, ada["laptop"], clock)
    await laptop.pull()
    await phone.pull()
    (one,) = await entries_of(desk, ada["laptop"])
    on_preprint = await mark(laptop, "on the preprint", one.entry.id, f"https://arxiv.org/pdf/{ARXIV}v3")
    on_article = await mark(laptop, "on the article", one.entry.id, LANDING)
    nowhere = await mark(laptop, "on no page", one.entry.id, None)
    await phone.pull()
    await split_paper(desk, ada["laptop"], paper_id, SPLIT)
    preprint, article = (each.entry.id for each in await entries_of(desk, ada["laptop"]))
    for device in (laptop, phone):
        await device.pull()
        marks = seen_by(device, "highlight")
        assert (marks[on_preprint]["entry_id"], marks[on_article]["entry_id"]) == (preprint, article)
        assert marks[nowhere]["entry_id"] == one.entry.id
        assert {fields["paper_id"] for fields in seen_by(device, "entry").values()} == set(seen_by(device, "paper"))


async def test_a_person_may_choose_which_highlights_go_along(desk: Desk, ada: dict[str, Who], clock: Clock) -> None:
    who = ada["laptop"]
    device = Device(desk, who)
    paper_id = await joined(desk, who, clock)
    (one,) = await entries_of(desk, who)
    stays = await mark(device, "stays", one.entry.id, LANDING)
    goes = await mark(device, "goes", one.entry.id, ABS)
    await split_paper(desk, who, paper_id, SplitWish([f"doi:{DOI}"], [goes]))
    preprint, article = (each.entry.id for each in await entries_of(desk, who))
    await device.pull()
    marks = seen_by(device, "highlight")
    assert (marks[stays]["entry_id"], marks[goes]["entry_id"]) == (preprint, article)


async def test_join_split_join_loses_nothing_and_both_devices_end_with_the_same(
    desk: Desk, ada: dict[str, Who], clock: Clock
) -> None:
    who = ada["laptop"]
    laptop, phone = Device(desk, who), Device(desk, ada["phone"])
    paper_id = await joined(desk, who, clock)
    await laptop.pull()
    await phone.pull()
    (first,) = await entries_of(desk, who)
    marks = [await mark(laptop, url, first.entry.id, url) for url in (ABS, LANDING)]
    shelf = make_id("shelf")
    await laptop.push(key=shelf, type_="list", set={"name": "Shelf"})
    await laptop.push(key=first.entry.id, type_="entry", add={"lists": [shelf]})
    await phone.pull()
    stay, go = await split_paper(desk, who, paper_id, SPLIT)
    keys = {one.entry.citekey for one in await entries_of(desk, who)}
    assert len(keys) == 2
    assert first.entry.citekey in keys
    again = await join_papers(desk, who, stay, OtherWish(go))
    (last,) = await entries_of(desk, who)
    assert (last.paper.id, last.entry.id, last.entry.citekey) == (again, first.entry.id, first.entry.citekey)
    assert last.paper.identifiers == {"arxiv": (ARXIV,), "doi": (DOI,)}
    assert (sorted(last.entry.tags), last.entry.lists) == (sorted(first.entry.tags), [shelf])
    for device in (laptop, phone):
        await device.pull()
        entry = seen_by(device, "entry")[last.entry.id]
        notes = [entry["note"], *(one["value"] for one in entry["note_versions"])]
        assert sorted(notes) == ["of the article", "of the preprint"]
        assert set(seen_by(device, "highlight")) == set(marks)
        assert set(seen_by(device, "paper")) == {again}
    assert seen_by(laptop, "entry") == seen_by(phone, "entry")


async def test_a_paper_that_was_saved_once_gets_a_second_entry_with_the_same_tags_and_status(
    desk: Desk, ada: dict[str, Who]
) -> None:
    who = ada["laptop"]
    one = await save(desk, who, "preprint", tags=["thesis"], note="mine", status="reading")
    await enrich(desk, "preprint")
    stay, go = await split_paper(desk, who, one.paper.id, SPLIT)
    entries = {each.paper.id: each.entry for each in await entries_of(desk, who)}
    assert entries[stay].id == one.entry.id
    assert (entries[go].tags, entries[go].status, entries[go].note) == (entries[stay].tags, "reading", None)
    assert entries[stay].note == "mine"
    assert entries[go].citekey != entries[stay].citekey


async def test_sources_that_say_the_same_again_do_not_undo_a_split(
    desk: Desk, ada: dict[str, Who], clock: Clock
) -> None:
    who = ada["laptop"]
    await split_paper(desk, who, await joined(desk, who, clock), SPLIT)
    before = await papers_of(desk, who)
    clock.forward(90_000)
    await enrich(desk, again=True)
    assert [p.id for p in await papers_of(desk, who)] == [p.id for p in before]
    assert [(await save(desk, who, "preprint")).paper.id, (await save(desk, who, "article")).paper.id] == [
        p.id for p in before
    ]
    fresh = {(await save_url(desk, who, url)) for url in (f"https://arxiv.org/pdf/{ARXIV}v9", DOI)}
    assert fresh == {p.id for p in before}


async def test_a_word_before_the_sources_spoke_keeps_them_from_joining(
    desk: Desk, ada: dict[str, Who], bob: Who
) -> None:
    who = ada["laptop"]
    one, other = await save(desk, who, "preprint"), await save(desk, who, "article")
    await save(desk, bob, "preprint")
    await save(desk, bob, "article")
    await keep_apart(desk, who, one.paper.id, OtherWish(other.paper.id))
    await enrich(desk)
    assert [p.kind for p in await papers_of(desk, who)] == ["preprint", "article"]
    assert len(await papers_of(desk, bob)) == 1


async def test_other_libraries_see_nothing_of_a_split(desk: Desk, ada: dict[str, Who], bob: Who, clock: Clock) -> None:
    paper_id = await joined(desk, ada["laptop"], clock)
    await save(desk, bob, "preprint")
    bobs = Device(desk, bob)
    await bobs.pull()
    before = dict(bobs.rows)
    halves = await split_paper(desk, ada["laptop"], paper_id, SPLIT)
    await bobs.pull()
    assert bobs.rows == before
    assert (await get_paper(desk, bob.library_id, paper_id)).paper.identifiers == {"arxiv": (ARXIV,), "doi": (DOI,)}
    for half in halves:
        with pytest.raises(NotFound):
            await get_paper(desk, bob.library_id, half)
        with pytest.raises(NotFound):
            await split_paper(desk, bob, half, SPLIT)


async def test_new_words_of_sources_reach_the_halves(desk: Desk, ada: dict[str, Who], clock: Clock) -> None:
    who = ada["laptop"]
    await save(desk, who, "preprint")
    await enrich(desk, "preprint")
    (paper,) = await papers_of(desk, who)
    _, go = await split_paper(desk, who, paper.id, SPLIT)
    device = Device(desk, who)
    await device.pull()
    assert (await get_paper(desk, who.library_id, go)).paper.venue is None
    clock.forward(90_000)
    await enrich(desk, "article", again=True)
    await device.pull()
    assert seen_by(device, "paper")[go]["venue"] == "Journal of Slowness"


async def test_a_half_that_nobody_was_asked_about_is_asked_about_alone_and_nobody_else_hears_it(
    desk: Desk, ada: dict[str, Who], bob: Who, clock: Clock
) -> None:
    who = ada["laptop"]
    one = await save(desk, who, "preprint")
    await save(desk, bob, "preprint")
    await enrich(desk, "preprint")
    (before,) = await papers_of(desk, bob)
    _, go = await split_paper(desk, who, one.paper.id, SPLIT)
    assert (await get_paper(desk, who.library_id, go)).paper.enrich_state == "pending"
    task = await take_paper(desk, go)
    assert task is not None
    assert (task.identifiers, task.foreign) == ((Identifier("doi", DOI),), {Identifier("arxiv", ARXIV)})
    assert await take_paper(desk, go) is None
    assert await finish_paper(desk, task, [Observation("crossref", DOI, clock.now_ms, 200, b"{}", ABOUT_ARTICLE)])
    device = Device(desk, who)
    await device.pull()
    shown = seen_by(device, "paper")[go]
    assert (shown["venue"], shown["enrich_state"]) == ("Journal of Slowness", "done")
    assert await papers_of(desk, bob) == [before]
    again = await join_papers(desk, who, one.paper.id, OtherWish(go))
    assert (await get_paper(desk, who.library_id, again)).paper.venue == "Journal of Slowness"
    assert await take_paper(desk, go) is None
    stay, gone = await split_paper(desk, who, again, SPLIT)
    assert (await get_paper(desk, who.library_id, gone)).paper.venue == "Journal of Slowness"
    assert (await get_paper(desk, who.library_id, stay)).paper.venue is None


async def test_a_late_answer_about_a_paper_that_was_split_meanwhile_is_refused(
    desk: Desk, ada: dict[str, Who], clock: Clock
) -> None:
    who = ada["laptop"]
    both = [await save(desk, who, which) for which in ("preprint", "article")]
    one = await join_papers(desk, who, both[0].paper.id, OtherWish(both[1].paper.id))
    task = await take_paper(desk, one)
    assert task is not None
    await split_paper(desk, who, one, SPLIT)
    assert not await finish_paper(desk, task, [Observation("arxiv", ARXIV, clock.now_ms, 200, b"", ABOUT_PREPRINT)])


async def test_the_old_id_leads_to_the_half_that_stayed(desk: Desk, ada: dict[str, Who], clock: Clock) -> None:
    who = ada["laptop"]
    paper_id = await joined(desk, who, clock)
    stay, _ = await split_paper(desk, who, paper_id, SPLIT)
    assert (await get_paper(desk, who.library_id, paper_id)).paper.id == stay


async def test_a_split_asked_for_twice_at_once_is_made_once(desk: Desk, ada: dict[str, Who], clock: Clock) -> None:
    who = ada["laptop"]
    paper_id = await joined(desk, who, clock)
    made = await asyncio.gather(*(split_paper(desk, each, paper_id, SPLIT) for each in ada.values()))
    assert len(set(made)) == 1
    assert len(await papers_of(desk, who)) == 2


async def test_a_half_can_be_joined_with_another_paper(desk: Desk, ada: dict[str, Who], clock: Clock) -> None:
    who = ada["laptop"]
    _, go = await split_paper(desk, who, await joined(desk, who, clock), SPLIT)
    other = await save_url(desk, who, "https://example.org/essay")
    survivor = await join_papers(desk, who, other, OtherWish(go))
    assert survivor == go
    assert await save_url(desk, who, "https://example.org/essay#again") == go
    assert await join_papers(desk, who, other, OtherWish(go)) == go


async def test_what_cannot_be_split_is_refused(desk: Desk, ada: dict[str, Who], clock: Clock) -> None:
    who = ada["laptop"]
    paper_id = await joined(desk, who, clock)
    for wrong in (["doi:10.1/none"], ["doi"], [f"doi:{DOI}", f"arxiv:{ARXIV}"]):
        with pytest.raises(BadInput):
            await split_paper(desk, who, paper_id, SplitWish(wrong))
    with pytest.raises(NotFound):
        await split_paper(desk, who, make_id("nothing"), SPLIT)
