"""Many papers and what became of them: what the tests of remembered and of common answers share."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from typing import Any

import pytest

from api.actions.desk import Desk
from api.actions.save_paper import SaveWish, save_paper
from api.domain.accounts import Who
from api.store.database import Tx
from tests.make import make_id
from tests.workers.outside_world import ManyPapers
from tests.workers.test_asking import outside
from workers.enrich import Outside

one_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # the others meet the statements


def reaching(desk: Desk, world: ManyPapers) -> AbstractAsyncContextManager[Outside]:
    """The way to the outside."""
    return outside(desk, world.server)


async def saved(desk: Desk, who: Who, count: int = 1) -> list[str]:
    """Papers from arXiv, just saved."""
    urls = [f"https://arxiv.org/abs/1706.0{1000 + number}" for number in range(count)]
    return [(await save_paper(desk, who, SaveWish(make_id(url), url))).paper.id for url in urls]


async def rows(desk: Desk, sql: str) -> list[dict[str, Any]]:
    """Rows of the database."""

    async def read(tx: Tx) -> list[dict[str, Any]]:
        return [dict(row) for row in await tx.rows(sql)]

    return await desk.database.read(read)


async def heard(desk: Desk) -> list[tuple[Any, ...]]:
    """What stands with the papers: who was asked what and what was understood."""
    found = await rows(desk, "SELECT paper_id, source, asked, status, finding FROM observation ORDER BY 1, 2, 3")
    return [tuple(row.values()) for row in found]
