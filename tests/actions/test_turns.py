"""A paper whose turn it was not has failed at nothing: it comes again, later each time, for as long as it takes."""

from __future__ import annotations

from api.actions.desk import Desk
from api.actions.enrich_paper import finish_paper, take_paper
from api.actions.list_entries import list_entries
from api.actions.save_paper import SaveWish, save_paper
from api.domain.accounts import Who
from api.domain.entries import EntryFilter
from api.store import enrichment
from tests.conftest import Clock
from tests.make import make_id


async def saved(desk: Desk, who: Who, name: str = "1706.03762") -> str:
    """A paper that was just saved."""
    url = f"https://arxiv.org/abs/{name}"
    return (await save_paper(desk, who, SaveWish(make_id(url), url))).paper.id


async def waits(desk: Desk, clock: Clock, paper_id: str, *, paced: bool) -> float:
    """How many seconds an attempt that nobody answered makes a paper wait; they are over then."""
    task = await take_paper(desk, paper_id)
    assert task is not None
    await finish_paper(desk, task, [], 1.0, paced=paced)
    for second in range(2000):
        if paper_id in await due(desk):
            return second
        clock.forward(1)
    raise AssertionError("it never comes again")


async def due(desk: Desk) -> list[str]:
    """The papers whose time has come."""
    return await desk.database.read(lambda tx: enrichment.due(tx, desk.now(), 100))


async def test_turns_that_did_not_come_are_no_tries_and_each_is_waited_for_longer(
    desk: Desk, ada: dict[str, Who], clock: Clock
) -> None:
    paper_id = await saved(desk, ada["laptop"])
    waited = [await waits(desk, clock, paper_id, paced=True) for _ in range(9)]
    for seconds, least in zip(waited, (5, 10, 20, 40, 80, 160, 320, 640, 640), strict=True):
        assert least <= seconds <= 1.2 * least + 1
    (item,) = (await list_entries(desk, ada["laptop"].library_id, EntryFilter())).items
    assert item.paper.enrich_state == "pending"
    assert 10 <= await waits(desk, clock, paper_id, paced=False) <= 12
    assert 60 <= await waits(desk, clock, paper_id, paced=False) <= 72


async def test_turns_that_do_not_come_for_half_a_day_are_tries(desk: Desk, ada: dict[str, Who], clock: Clock) -> None:
    paper_id = await saved(desk, ada["laptop"])
    for _ in range(24):
        task = await take_paper(desk, paper_id)
        assert task is not None
        await finish_paper(desk, task, [], 1.0, paced=True)
        clock.forward(800)
    assert 10 <= await waits(desk, clock, paper_id, paced=True) <= 12
    assert 60 <= await waits(desk, clock, paper_id, paced=True) <= 72


async def test_papers_that_wait_for_a_turn_do_not_come_back_together(
    desk: Desk, ada: dict[str, Who], clock: Clock
) -> None:
    for number in range(12):
        task = await take_paper(desk, await saved(desk, ada["laptop"], f"1706.0{1000 + number}"))
        assert task is not None
        await finish_paper(desk, task, [], 1.0, paced=True)
    clock.forward(4.9)
    back = [len(await due(desk))]
    for _ in range(11):
        clock.forward(0.1)
        back.append(len(await due(desk)))
    assert (back[0], back[-1]) == (0, 12)
    assert len(set(back)) > 4
