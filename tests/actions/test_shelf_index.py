"""A page of the slim index costs what the page holds, not what the library holds: nothing is sorted for it."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from api.actions.desk import Desk
from api.actions.read_index import read_index
from api.domain.accounts import Who
from api.store import shelf_index
from api.store.database import Row, Tx, Value
from tests.actions.syncing import push, save
from tests.make import make_id


class Explaining:
    """A transaction that answers each query with the database's plan for it."""

    def __init__(self, tx: Tx, dialect: str) -> None:
        self._tx, self._dialect = tx, dialect
        self.plan = ""

    async def rows(self, sql: str, **values: Value) -> Sequence[Row]:
        """No rows; the plan is kept."""
        explain = "EXPLAIN QUERY PLAN " if self._dialect == "sqlite" else "EXPLAIN "
        column = "detail" if self._dialect == "sqlite" else "QUERY PLAN"
        self.plan = "\n".join(str(row[column]) for row in await self._tx.rows(explain + sql, **values))
        return []

    async def row(self, sql: str, **values: Value) -> Row | None:
        """Not asked here."""
        raise NotImplementedError

    async def run(self, sql: str, **values: Value) -> None:
        """Not asked here."""
        raise NotImplementedError

    async def lock(self, name: str) -> None:
        """Not asked here."""
        raise NotImplementedError


async def plan_of(desk: Desk, who: Who, after: tuple[str, str] | None) -> str:
    async def work(tx: Tx) -> str:
        if desk.database.dialect == "postgres":  # a table of a few rows is read whole whatever indexes it has
            for way in ("seqscan", "bitmapscan", "hashjoin", "mergejoin"):
                await tx.run(f"SET LOCAL enable_{way} = off")
        explaining = Explaining(tx, desk.database.dialect)
        await shelf_index.page(explaining, who.library_id, 1000, after)
        return explaining.plan

    return await desk.database.read(work)


@pytest.mark.parametrize("after", [None, ("2026-11-20T10:00:00.000Z", make_id("a"))])
async def test_a_page_of_the_index_is_walked_and_not_sorted(
    desk: Desk, ada: dict[str, Who], after: tuple[str, str] | None
) -> None:
    plan = await plan_of(desk, ada["laptop"], after)
    assert "object_shelf" in plan
    assert not any(word in plan for word in ("Sort", "B-TREE")), plan


async def test_the_pages_of_the_index_hold_everything_once_the_newest_first(desk: Desk, ada: dict[str, Who]) -> None:
    who = ada["laptop"]
    ops = [
        save(
            f"s{n}", f"https://example.org/{n}", key=make_id(f"e{n}"), set={"saved_at": f"2026-11-0{day}T10:00:00.000Z"}
        )
        for n, day in enumerate([3, 1, 2, 2, 5])
    ]
    await push(desk, who, *ops)
    found: list[str] = []
    page = await read_index(desk, who, 2, None)
    while page.cursor:
        found += [item[0] for item in page.items]
        page = await read_index(desk, who, 2, page.cursor)
    found += [item[0] for item in page.items]
    twos = sorted((make_id("e2"), make_id("e3")), reverse=True)
    assert found == [make_id("e4"), make_id("e0"), *twos, make_id("e1")]
