"""Jobs that never come to an end: counted before they begin, laid aside at the cap, and back when a person asks."""

from __future__ import annotations

from typing import Any

import pytest

from api.actions.bury_jobs import bury_jobs
from api.actions.desk import Desk
from api.actions.enrich_paper import finish_paper, take_paper
from api.actions.import_library import get_import, start_import
from api.actions.pull_changes import pull_changes
from api.actions.retry_jobs import look_at_work, retry_all, retry_job
from api.actions.save_paper import SaveWish, save_paper
from api.actions.try_again import try_again
from api.domain.accounts import Who
from api.domain.errors import NotFound
from api.domain.retries import MOST_STARTS, REST_MS, rest_ms
from api.store import enrichment, imports
from api.store.database import Tx
from tests.actions.syncing import data
from tests.conftest import Clock
from tests.make import as_read, make_id

URL = "https://arxiv.org/abs/1706.03762"
LONGEST = (90 + 300 * 1.2) + 1  # seconds: the lease, and the longest rest


async def save(desk: Desk, who: Who, url: str = URL) -> str:
    return (await save_paper(desk, who, SaveWish(make_id(url), url))).paper.id


async def begin_too_often(desk: Desk, clock: Clock, paper_id: str) -> None:
    """Workers that die, one after the other."""
    for _ in range(MOST_STARTS):
        assert await take_paper(desk, paper_id) is not None
        clock.forward(LONGEST)


async def columns(desk: Desk, names: str = "enrich_state, dead_at, starts, trouble") -> Any:
    async def read(tx: Tx) -> Any:
        row = await tx.row(f"SELECT {names} FROM paper")
        assert row is not None
        return tuple(row[name] for name in names.split(", "))

    return await desk.database.read(read)


async def test_a_job_that_kills_its_worker_each_time_is_begun_five_times_and_then_laid_aside(
    desk: Desk, ada: dict[str, Who], clock: Clock
) -> None:
    paper_id = await save(desk, ada["laptop"])
    await begin_too_often(desk, clock, paper_id)
    assert await take_paper(desk, paper_id) is None
    assert await desk.database.read(lambda tx: enrichment.due(tx, desk.now(), 10)) == []
    assert await bury_jobs(desk) == 1
    assert await bury_jobs(desk) == 0
    assert await columns(desk) == ("failed", desk.now(), MOST_STARTS, "its worker died")
    [failed] = (await look_at_work(desk)).failed
    assert (failed.id, failed.what, failed.trouble, failed.next_try_at) == (
        paper_id,
        "arxiv:1706.03762",
        "its worker died",
        0,
    )
    clock.forward(40 * 86_400)
    assert await take_paper(desk, paper_id) is None


async def test_every_device_hears_that_a_paper_was_given_up(desk: Desk, ada: dict[str, Who], clock: Clock) -> None:
    paper_id = await save(desk, ada["laptop"])
    cursor = (await pull_changes(desk, ada["laptop"], None, 1000)).cursor
    await begin_too_often(desk, clock, paper_id)
    await bury_jobs(desk)
    told = (await pull_changes(desk, ada["laptop"], cursor, 1000)).changes
    assert [(one.type, data(as_read(one))["enrich_state"]) for one in told] == [("paper", "failed")]


async def test_the_next_worker_follows_after_the_lease_and_each_later_one_rests_longer(
    desk: Desk, ada: dict[str, Who], clock: Clock
) -> None:
    paper_id = await save(desk, ada["laptop"])
    for starts, rest in enumerate(REST_MS[:4]):
        assert await take_paper(desk, paper_id) is not None
        clock.forward(90 + rest / 1000 - 0.01)
        assert await take_paper(desk, paper_id) is None
        assert rest <= rest_ms(paper_id, starts) <= rest * 1.2
        clock.forward(rest / 1000 * 0.2 + 0.01)


def test_papers_that_failed_together_do_not_come_back_together() -> None:
    rests = {rest_ms(make_id(str(number)), 2) for number in range(100)}
    assert len(rests) > 90
    assert all(60_000 <= rest <= 72_000 for rest in rests)


async def test_an_attempt_that_ends_forgives_the_starts_before_it(
    desk: Desk, ada: dict[str, Who], clock: Clock
) -> None:
    paper_id = await save(desk, ada["laptop"])
    for _ in range(3):
        for _ in range(MOST_STARTS - 1):
            assert await take_paper(desk, paper_id) is not None
            clock.forward(LONGEST)
        task = await take_paper(desk, paper_id)
        assert task is not None
        await finish_paper(desk, task, [], wait_seconds=1)
        clock.forward(90 * 86_400)
    assert await bury_jobs(desk) == 0


async def test_the_reason_that_a_job_could_still_say_is_the_one_that_is_shown(
    desk: Desk, ada: dict[str, Who], clock: Clock
) -> None:
    paper_id = await save(desk, ada["laptop"])
    await begin_too_often(desk, clock, paper_id)
    await desk.database.write(lambda tx: enrichment.stumble(tx, paper_id, "it ended with MemoryError"))
    await bury_jobs(desk)
    assert (await look_at_work(desk)).failed[0].trouble == "it ended with MemoryError"


async def test_a_known_paper_whose_look_again_kills_workers_stays_known(
    desk: Desk, ada: dict[str, Who], clock: Clock
) -> None:
    paper_id = await save(desk, ada["laptop"])
    task = await take_paper(desk, paper_id)
    assert task is not None
    await finish_paper(desk, task, [])
    clock.forward(100 * 86_400)
    await begin_too_often(desk, clock, paper_id)
    assert await bury_jobs(desk) == 1
    assert (await columns(desk))[0] == "done"
    assert await desk.database.read(lambda tx: enrichment.stale(tx, desk.now(), 10)) == []
    await retry_job(desk, paper_id)
    assert await desk.database.read(lambda tx: enrichment.stale(tx, desk.now(), 10)) == [paper_id]


@pytest.mark.parametrize("door", ["operator", "reader"])
async def test_a_dead_letter_comes_back_when_a_person_asks(
    desk: Desk, ada: dict[str, Who], clock: Clock, door: str
) -> None:
    paper_id = await save(desk, ada["laptop"])
    await begin_too_often(desk, clock, paper_id)
    await bury_jobs(desk)
    if door == "operator":
        await retry_job(desk, paper_id)
    else:
        await try_again(desk, ada["laptop"], paper_id)
    assert (await columns(desk))[:3] == ("pending", 0, 0)
    assert await take_paper(desk, paper_id) is not None


async def test_all_that_failed_comes_back_at_once_and_what_waits_is_left_alone(
    desk: Desk, ada: dict[str, Who], clock: Clock
) -> None:
    failing = [await save(desk, ada["laptop"], f"https://arxiv.org/abs/2001.{n:05d}") for n in range(205)]
    await desk.database.write(
        lambda tx: tx.run("UPDATE paper SET enrich_state = 'failed', next_try_at = 9000000000000")
    )
    waiting = await save(desk, ada["laptop"])
    seen: list[tuple[int, int]] = []
    assert (await look_at_work(desk)).resting == 205
    assert await retry_all(desk, lambda done, total: seen.append((done, total))) == 205
    assert (seen[0], seen[-1]) == ((1, 205), (205, 205))
    assert set(await desk.database.read(lambda tx: enrichment.due(tx, desk.now(), 500))) == {*failing, waiting}
    with pytest.raises(NotFound):
        await retry_job(desk, waiting)


async def test_a_file_that_kills_its_reader_is_given_up_says_so_and_can_be_read_again(
    desk: Desk, ada: dict[str, Who], clock: Clock
) -> None:
    who = ada["laptop"]
    import_id = await start_import(desk, who.account_id, who.library_id, "a.json", b"[]")

    async def begin() -> object:
        return await desk.database.write(lambda tx: imports.claim(tx, who.library_id, import_id, desk.now(), 60_000))

    for _ in range(MOST_STARTS):
        assert await begin() is not None
        clock.forward(LONGEST)
    assert await begin() is None
    assert await bury_jobs(desk) == 1
    run = await get_import(desk, who.library_id, import_id)
    assert (run.state, [line.code for line in run.report]) == ("failed", ["gave_up"])
    assert [(job.id, job.kind) for job in (await look_at_work(desk)).failed] == [(import_id, "import")]
    await retry_job(desk, import_id)
    run = await get_import(desk, who.library_id, import_id)
    assert (run.state, run.report) == ("queued", [])
    assert await begin() is not None


async def test_lanes_say_what_waits_and_since_when(desk: Desk, ada: dict[str, Who], clock: Clock) -> None:
    await save(desk, ada["laptop"])
    began = desk.now()
    clock.forward(10)
    tried = await save(desk, ada["laptop"], "https://arxiv.org/abs/2001.00001")
    task = await take_paper(desk, tried)
    assert task is not None
    await finish_paper(desk, task, [], wait_seconds=1)
    await start_import(desk, ada["laptop"].account_id, ada["laptop"].library_id, "a.json", b"[]")
    lanes = {lane.name: lane for lane in (await look_at_work(desk)).lanes}
    assert (lanes["new"].waiting, lanes["new"].oldest_at) == (1, began)
    assert (lanes["retry"].waiting, lanes["import"].waiting) == (0, 1)
    clock.forward(60)
    assert {lane.name: lane.waiting for lane in (await look_at_work(desk)).lanes} == {
        "new": 1,
        "retry": 1,
        "again": 0,
        "import": 1,
    }
