"""Another try: a paper that failed is due at once when its owner asks, and nobody else's paper is."""

from __future__ import annotations

from typing import Any

import pytest

from api.actions.desk import Desk
from api.actions.enrich_paper import take_paper
from api.store.database import Tx
from tests.http.conftest import Client
from tests.make import make_id


@pytest.fixture
async def signed(client: Client, ada: dict[str, Any]) -> Client:
    """A client that speaks for Ada."""
    client.headers["Authorization"] = f"Bearer {ada['access_token']}"
    return client


async def saved(client: Client, desk: Desk, state: str) -> str:
    """A paper in this state whose next try is a day away."""
    answer = await client.post("/v1/saves", json={"id": make_id("entry"), "url": "https://arxiv.org/abs/1706.03762"})

    async def work(tx: Tx) -> None:
        await tx.run(
            "UPDATE paper SET enrich_state = :state, next_try_at = :at", state=state, at=desk.now() + 86_400_000
        )

    await desk.database.write(work)
    return str(answer.json()["paper"]["id"])


async def test_a_paper_that_failed_is_due_at_once_when_somebody_asks(signed: Client, desk: Desk) -> None:
    paper_id = await saved(signed, desk, "failed")
    assert await take_paper(desk, paper_id) is None
    answer = await signed.post(f"/v1/papers/{paper_id}/enrich")
    assert (answer.status_code, answer.json()["id"], answer.json()["enrich_state"]) == (202, paper_id, "pending")
    assert await take_paper(desk, paper_id) is not None


async def test_a_paper_that_is_done_or_at_work_stays_as_it_is(signed: Client, desk: Desk) -> None:
    paper_id = await saved(signed, desk, "done")
    assert (await signed.post(f"/v1/papers/{paper_id}/enrich")).json()["enrich_state"] == "done"
    assert await take_paper(desk, paper_id) is None
    paper_id = await saved(signed, desk, "failed")
    await signed.post(f"/v1/papers/{paper_id}/enrich")
    assert await take_paper(desk, paper_id) is not None
    await signed.post(f"/v1/papers/{paper_id}/enrich")
    assert await take_paper(desk, paper_id) is None


async def test_a_paper_that_the_library_does_not_hold_is_not_found(signed: Client, desk: Desk) -> None:
    paper_id = await saved(signed, desk, "failed")

    async def work(tx: Tx) -> None:
        await tx.run("DELETE FROM object WHERE paper_id = :paper_id", paper_id=paper_id)

    await desk.database.write(work)
    assert (await signed.post(f"/v1/papers/{paper_id}/enrich")).status_code == 404
    assert await take_paper(desk, paper_id) is None
