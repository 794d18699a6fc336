"""A person's corrections: before every source, in one library only, until they are withdrawn."""

from __future__ import annotations

import pytest
from msgspec import UNSET

from api.actions.correct_paper import correct_paper
from api.actions.desk import Desk
from api.actions.enrich_paper import finish_paper, take_paper
from api.actions.get_paper import get_paper
from api.actions.list_entries import list_entries
from api.actions.pull_changes import pull_changes
from api.actions.save_paper import SaveWish, save_paper
from api.domain.accounts import Who
from api.domain.corrections import AuthorWish, CorrectionWish, DatesWish
from api.domain.entries import EntryFilter
from api.domain.errors import BadInput, NotFound
from api.domain.papers import Author, Dates, Finding, Identifier
from api.store.enrichment import Observation
from tests.make import NOW, as_read, make_id

FOUND = Finding(
    "arxiv",
    identifiers=(Identifier("arxiv", "1706.03762"),),
    kind="preprint",
    title="Attention Is All You Need",
    authors=(Author(family="Vaswani", given="Ashish"),),
    dates=Dates(preprinted="2017-06-12"),
)


async def save(desk: Desk, who: Who, name: str = "entry", url: str = "arXiv:1706.03762") -> str:
    return (await save_paper(desk, who, SaveWish(make_id(name), url))).paper.id


async def enrich(desk: Desk, paper_id: str, *findings: Finding) -> None:
    task = await take_paper(desk, paper_id)
    assert task is not None
    asked = "https://example.org/"
    await finish_paper(desk, task, [Observation(f.source, asked + f.source, NOW, 200, b"x", f) for f in findings])


async def test_a_correction_beats_what_sources_say_later_and_keeps_the_citation_key(
    desk: Desk, ada: dict[str, Who]
) -> None:
    who = ada["laptop"]
    paper_id = await save(desk, who)
    await correct_paper(desk, who, paper_id, CorrectionWish(title="Mine", dates=DatesWish(issued="2018")))
    await enrich(desk, paper_id, FOUND)
    shown = (await list_entries(desk, who.library_id, EntryFilter())).items[0]
    assert (shown.paper.title, shown.paper.year, shown.paper.authors[0].family) == ("Mine", 2018, "Vaswani")
    key = shown.entry.citekey
    assert key
    await correct_paper(desk, who, paper_id, CorrectionWish(authors=(AuthorWish(family="Other"),), year=1999))
    again = (await list_entries(desk, who.library_id, EntryFilter())).items[0]
    assert (again.entry.citekey, again.paper.year, again.paper.dates.issued) == (key, 1999, "1999")


async def test_a_correction_is_withdrawn_field_by_field(desk: Desk, ada: dict[str, Who]) -> None:
    who = ada["laptop"]
    paper_id = await save(desk, who)
    await enrich(desk, paper_id, FOUND)
    await correct_paper(desk, who, paper_id, CorrectionWish(title="Mine", venue="A Venue"))
    await correct_paper(desk, who, paper_id, CorrectionWish(title=None, venue=UNSET))
    known = await get_paper(desk, who.library_id, paper_id)
    assert (known.paper.title, known.paper.venue) == ("Attention Is All You Need", "A Venue")
    assert (known.provenance["title"].source, known.provenance["venue"].source) == ("arxiv", "user")


async def test_a_correction_reaches_the_librarys_devices_and_nobody_else(
    desk: Desk, ada: dict[str, Who], bob: Who
) -> None:
    paper_id = await save(desk, ada["laptop"])
    await save(desk, bob, "bob's")
    before = await pull_changes(desk, ada["phone"], None, 100)
    await correct_paper(desk, ada["laptop"], paper_id, CorrectionWish(title="Mine"))
    after = await pull_changes(desk, ada["phone"], before.cursor, 100)
    assert [(c.type, c.data["title"]) for c in map(as_read, after.changes) if c.data] == [("paper", "Mine")]
    assert (await get_paper(desk, bob.library_id, paper_id)).paper.title == "arxiv:1706.03762"


async def test_a_corrected_title_and_year_are_sorted_and_found_by(desk: Desk, ada: dict[str, Who]) -> None:
    who = ada["laptop"]
    first = await save(desk, who, "one", "arXiv:1706.03762")
    second = await save(desk, who, "two", "arXiv:1706.03763")
    await correct_paper(desk, who, first, CorrectionWish(title="Zebras", year=1990))
    await correct_paper(desk, who, second, CorrectionWish(title="Ants", year=1980))
    by_title = (await list_entries(desk, who.library_id, EntryFilter(), "title")).items
    by_year = (await list_entries(desk, who.library_id, EntryFilter(), "year")).items
    found = (await list_entries(desk, who.library_id, EntryFilter(words=("zebras",)))).items
    assert [one.paper.title for one in by_title] == ["Ants", "Zebras"]
    assert [one.paper.title for one in by_year] == ["Zebras", "Ants"]
    assert [one.paper.title for one in found] == ["Zebras"]


async def test_a_correction_follows_its_paper_into_a_join(desk: Desk, ada: dict[str, Who]) -> None:
    who = ada["laptop"]
    await save(desk, who, "arxiv one", "arXiv:1706.03762")
    published = await save(desk, who, "doi one", "10.1000/attention")
    await correct_paper(desk, who, published, CorrectionWish(venue="Mine"))
    both = (Identifier("arxiv", "1706.03762"), Identifier("doi", "10.1000/attention"))
    crossref = Finding("crossref", identifiers=both, title=FOUND.title, authors=FOUND.authors, venue="Theirs")
    await enrich(desk, published, crossref)
    shown = (await list_entries(desk, who.library_id, EntryFilter())).items
    assert [one.paper.venue for one in shown] == ["Mine"]


@pytest.mark.parametrize(
    "wish",
    [
        CorrectionWish(title="  "),
        CorrectionWish(venue="a\0b"),
        CorrectionWish(authors=(AuthorWish(given="Only"),)),
        CorrectionWish(authors=(AuthorWish(family="F", literal="L"),)),
    ],
)
async def test_a_wrong_value_changes_nothing(desk: Desk, ada: dict[str, Who], wish: CorrectionWish) -> None:
    who = ada["laptop"]
    paper_id = await save(desk, who)
    with pytest.raises(BadInput):
        await correct_paper(desk, who, paper_id, wish)
    assert "user" not in {p.source for p in (await get_paper(desk, who.library_id, paper_id)).provenance.values()}


async def test_nobody_corrects_what_their_library_does_not_hold(desk: Desk, ada: dict[str, Who], bob: Who) -> None:
    paper_id = await save(desk, ada["laptop"])
    with pytest.raises(NotFound):
        await correct_paper(desk, bob, paper_id, CorrectionWish(title="Theirs"))
