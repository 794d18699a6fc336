"""What sources say after a split: they undo nothing, each half hears its own, and other libraries see nothing of it."""

from __future__ import annotations

import pytest

from api.actions.desk import Desk
from api.actions.enrich_paper import finish_paper, take_paper
from api.actions.get_paper import get_paper
from api.actions.join_papers import OtherWish, join_papers, keep_apart
from api.actions.split_paper import SplitWish, split_paper
from api.domain.accounts import Who
from api.domain.errors import NotFound
from api.domain.papers import Identifier
from api.store.enrichment import Observation
from tests.actions.devices import Device
from tests.actions.speaking import (
    ABOUT_ARTICLE,
    ABOUT_PREPRINT,
    ARXIV,
    DOI,
    enrich,
    joined,
    papers_of,
    save,
    save_url,
    seen_by,
)
from tests.conftest import Clock

SPLIT = SplitWish([f"doi:{DOI}"])
QUOTE = [{"type": "TextQuoteSelector", "exact": "slow"}]


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
