"""A job that raises writes down the kind of its error, and none of its words."""

from __future__ import annotations

import pytest

from api.actions.bury_jobs import bury_jobs
from api.actions.desk import Desk
from api.actions.enrich_paper import take_paper
from api.actions.retry_jobs import look_at_work
from api.actions.save_paper import SaveWish, save_paper
from api.store.database import Tx
from tests.make import LAPTOP, OFFLINE, make_id, make_library
from workers import jobs


async def test_a_job_that_raises_says_what_kind_of_error_it_was(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in OFFLINE.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("SCHOLIUM_DATABASE_URL", desk.settings.database_url)
    monkeypatch.setenv("SCHOLIUM_REDIS_URL", desk.settings.redis_url)
    who = (await make_library(desk, "ada", {"laptop": LAPTOP}))["laptop"]
    paper_id = (await save_paper(desk, who, SaveWish(make_id("e"), "https://arxiv.org/abs/1706.03762"))).paper.id

    async def broken(desk: Desk, outside: object, which: str) -> bool:
        assert await take_paper(desk, which) is not None
        raise MemoryError("the password is hunter2")

    monkeypatch.setattr(jobs, "enrich", broken)
    with pytest.raises(MemoryError):
        await jobs.enrich_paper(paper_id)

    async def wear_out(tx: Tx) -> None:
        await tx.run("UPDATE paper SET starts = 5, lease_until = 0")

    await desk.database.write(wear_out)
    await bury_jobs(desk)
    assert [job.trouble for job in (await look_at_work(desk)).failed] == ["it ended with MemoryError"]
