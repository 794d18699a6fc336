"""A wrong join is undone by a person, stays undone, and nothing that the person made is lost on the way."""

from __future__ import annotations

import asyncio

import pytest

from api.actions.desk import Desk
from api.actions.get_paper import get_paper
from api.actions.join_papers import OtherWish, join_papers
from api.actions.split_paper import SplitWish, split_paper
from api.domain.accounts import Who
from api.domain.errors import BadInput, NotFound
from tests.actions.devices import Device
from tests.actions.speaking import (
    ABS,
    ARXIV,
    DOI,
    LANDING,
    enrich,
    entries_of,
    joined,
    papers_of,
    save,
    save_url,
    seen_by,
)
from tests.conftest import Clock
from tests.make import make_id

SPLIT = SplitWish([f"doi:{DOI}"])
QUOTE = [{"type": "TextQuoteSelector", "exact": "slow"}]


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
    assert (entries[stay].citekey, entries[go].citekey) == ("lovelace2017slow", None)  # nobody knows its authors yet
    await enrich(desk, "article", again=True)
    entries = {each.paper.id: each.entry for each in await entries_of(desk, who)}
    assert entries[go].citekey == "lovelace2018slow"


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
