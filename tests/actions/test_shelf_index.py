"""A page of the slim index, of a tag or of the feed costs what it holds, not what there is of it: nothing is sorted."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

import pytest

from api.actions.desk import Desk
from api.actions.list_entries import list_entries
from api.actions.read_index import read_index
from api.domain.accounts import Who
from api.domain.entries import EntryFilter
from api.store import entries, feed, shelf_index
from api.store.database import Row, Tx, Value
from tests.actions.syncing import push, save
from tests.make import make_id, make_op


class Explaining:
    """A transaction that answers each query with the database's plan for it."""

    def __init__(self, tx: Tx, dialect: str) -> None:
        self._tx, self.dialect = tx, dialect
        self.plan = ""

    async def rows(self, sql: str, **values: Value) -> Sequence[Row]:
        """No rows; the plan is kept."""
        explain = "EXPLAIN QUERY PLAN " if self.dialect == "sqlite" else "EXPLAIN "
        column = "detail" if self.dialect == "sqlite" else "QUERY PLAN"
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


async def plan_of(desk: Desk, ask: Callable[[Tx], Awaitable[object]]) -> str:
    async def work(tx: Tx) -> str:
        if desk.database.dialect == "postgres":  # a table of a few rows is read whole whatever indexes it has
            for way in ("seqscan", "bitmapscan", "hashjoin", "mergejoin"):
                await tx.run(f"SET LOCAL enable_{way} = off")
        explaining = Explaining(tx, desk.database.dialect)
        await ask(explaining)
        return explaining.plan

    return await desk.database.read(work)


@pytest.mark.parametrize("after", [None, ("2026-11-20T10:00:00.000Z", make_id("a"))])
async def test_a_page_of_the_index_is_walked_and_not_sorted(
    desk: Desk, ada: dict[str, Who], after: tuple[str, str] | None
) -> None:
    library = ada["laptop"].library_id
    plan = await plan_of(desk, lambda tx: shelf_index.page(tx, library, 1000, after))
    assert "object_shelf" in plan
    assert not any(word in plan for word in ("Sort", "B-TREE")), plan


@pytest.mark.parametrize("after", [None, ("2026-11-20T10:00:00.000Z", make_id("a"))])
async def test_a_page_of_a_tag_is_walked_and_not_sorted(
    desk: Desk, ada: dict[str, Who], after: tuple[Value, str] | None
) -> None:
    library, wanted = ada["laptop"].library_id, EntryFilter(tags=(make_id("tag"),))
    plan = await plan_of(desk, lambda tx: entries.page(tx, library, wanted, "saved", 50, after))
    assert "member_saved" in plan
    assert not any(word in plan for word in ("Sort", "B-TREE")), plan


@pytest.mark.parametrize("way", ["after", "before"])
async def test_a_page_of_the_feed_finds_its_papers_by_their_ids(desk: Desk, ada: dict[str, Who], way: str) -> None:
    library = ada["laptop"].library_id
    if way == "after":
        plan = await plan_of(desk, lambda tx: feed.after(tx, library, 5, 100, merged=False))
    else:
        plan = await plan_of(desk, lambda tx: feed.before(tx, library, 5, 100, tombstones=False, merged=False))
    assert "object_version" in plan
    assert "Index Cond: (id = " in plan or "paper_1 (id=?)" in plan, plan
    assert not any(word in plan for word in ("Sort", "B-TREE")), plan


async def test_the_pages_of_a_tag_hold_its_entries_once_the_newest_first(desk: Desk, ada: dict[str, Who]) -> None:
    who, old, new = ada["laptop"], make_id("1 old"), make_id("2 new")
    days = [3, 1, 2, 2, 5, 4]
    tags = [make_op(name=name, key=key, type="tag", set={"name": name}) for name, key in (("old", old), ("new", new))]
    saves = [
        save(
            f"s{n}",
            f"https://example.org/{n}",
            key=make_id(f"e{n}"),
            set={"saved_at": f"2026-11-0{day}T10:00:00.000Z"},
            add={"tags": [new if n else old]},
        )
        for n, day in enumerate(days)
    ]
    await push(desk, who, *tags, *saves)
    await push(desk, who, make_op("delete", name="gone", key=make_id("e4"), base=100), first_seq=50)
    twos = sorted((make_id("e2"), make_id("e3")), reverse=True)
    assert await pages_of(desk, who, new) == [make_id("e5"), *twos, make_id("e1")]
    assert await pages_of(desk, who, "new") == await pages_of(desk, who, new)
    await push(desk, who, make_op(name="same", key=new, type="tag", base=100, set={"name": "old"}), first_seq=60)
    assert await pages_of(desk, who, "old") == [make_id("e5"), make_id("e0"), *twos, make_id("e1")]


async def pages_of(desk: Desk, who: Who, tag: str) -> list[str]:
    """The keys on the pages of a tag."""
    page = await list_entries(desk, who.library_id, EntryFilter(tags=(tag,)), limit=2)
    found = [one.entry.id for one in page.items]
    while page.cursor:
        page = await list_entries(desk, who.library_id, EntryFilter(tags=(tag,)), limit=2, cursor=page.cursor)
        found += [one.entry.id for one in page.items]
    return found


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
