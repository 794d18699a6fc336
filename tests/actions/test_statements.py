"""A push costs as many statements for two hundred ops as for one, and saves that meet make one paper."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

import msgspec
import pytest
from msgspec.structs import replace

from api.actions.desk import Desk
from api.actions.push_changes import PushAnswer, push_changes
from api.actions.save_paper import SaveWish, save_paper
from api.domain.accounts import Who
from api.domain.changes import PushWish
from api.store.database import Database, Insert, Row, Tx, Value
from tests.make import make_id, make_library, make_op

T = TypeVar("T")
BOUND = 25  # statements of one push, whatever is in it
MANY = 200


class Counted:
    """A transaction that counts what it is asked."""

    def __init__(self, tx: Tx, asked: list[str]) -> None:
        self._tx = tx
        self.dialect = tx.dialect
        self._asked = asked

    async def rows(self, sql: str, **values: Value) -> Sequence[Row]:
        self._asked.append(sql)
        return await self._tx.rows(sql, **values)

    async def row(self, sql: str, **values: Value) -> Row | None:
        self._asked.append(sql)
        return await self._tx.row(sql, **values)

    async def run(self, sql: str, **values: Value) -> None:
        self._asked.append(sql)
        await self._tx.run(sql, **values)

    async def insert(self, insert: Insert, rows: Sequence[tuple[Value, ...]]) -> int:
        self._asked.append(f"INSERT INTO {insert.table} {insert.clash}")
        return await self._tx.insert(insert, rows)

    async def lock(self, name: str) -> None:
        self._asked.append(f"lock {name}")
        await self._tx.lock(name)


class CountingDatabase:
    """A database that remembers every statement."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.dialect = database.dialect
        self.asked: list[str] = []

    async def write(self, work: Callable[[Tx], Awaitable[T]]) -> T:
        return await self._database.write(lambda tx: work(Counted(tx, self.asked)))

    async def read(self, work: Callable[[Tx], Awaitable[T]]) -> T:
        return await self._database.read(lambda tx: work(Counted(tx, self.asked)))

    async def close(self) -> None:
        await self._database.close()

    @contextmanager
    def counting(self) -> Iterator[list[str]]:
        """The statements of the block."""
        self.asked.clear()
        yield self.asked


def save(name: str, **more: Any) -> dict[str, Any]:
    """A paper with three identifiers, from a page that names them."""
    number = int(name.split()[-1])
    metas = [["citation_title", name], ["citation_doi", f"10.5555/{number}"], ["citation_pmid", str(1000 + number)]]
    told = {"url": f"https://arxiv.org/abs/2101.{number:05d}", "page": {"metas": metas}}
    return make_op(name=name, key=make_id(f"entry {number}"), set={"saved_from": told}, **more)


def tag(name: str) -> dict[str, Any]:
    return make_op(name=name, type="tag", key=make_id(name), set={"name": name})


def tagging(name: str) -> dict[str, Any]:
    number = name.split()[-1]
    return make_op(name=name, key=make_id(f"entry {number}"), base=1, add={"tags": [make_id(f"tag {number}")]})


def highlight(name: str) -> dict[str, Any]:
    selectors = [{"type": "TextQuoteSelector", "exact": name}]
    parent = make_id(f"entry {name.split()[-1]}")
    return make_op(name=name, type="highlight", key=make_id(name), set={"entry_id": parent, "selectors": selectors})


KINDS: dict[str, Callable[[str], dict[str, Any]]] = {
    "save": save,
    "tag": tag,
    "tagging": tagging,
    "highlight": highlight,
}


async def push(desk: Desk, who: Who, first_seq: int, ops: list[dict[str, Any]]) -> PushAnswer:
    raw = [msgspec.Raw(msgspec.json.encode(op)) for op in ops]
    return await push_changes(desk, who, PushWish(1, who.library_id, who.device_id, first_seq, raw))


@pytest.mark.parametrize("kind", KINDS)
async def test_a_push_of_many_costs_no_more_statements_than_the_bound(
    desk: Desk, ada: dict[str, Who], kind: str
) -> None:
    counting = CountingDatabase(desk.database)
    counted = replace(desk, database=counting)
    if kind != "save":
        await push(desk, ada["laptop"], 1, [save(f"save {n}") for n in range(MANY)])
    for first_seq, names in ((1001, range(1)), (2001, range(1, MANY))):
        with counting.counting() as asked:
            answer = await push(counted, ada["laptop"], first_seq, [KINDS[kind](f"{kind} {n}") for n in names])
        assert {result.status for result in answer.results} == {"applied"}
        assert len(asked) <= BOUND, asked


async def test_pushing_again_what_others_saved_stays_within_the_bound(
    desk: Desk, ada: dict[str, Who], bob: Who
) -> None:
    """The papers are known, with pages of their own that were seen, and pages that were not."""
    counting = CountingDatabase(desk.database)
    await push(desk, ada["laptop"], 1, [save(f"save {n}") for n in range(MANY)])
    with counting.counting() as asked:
        await push(replace(desk, database=counting), bob, 1, [save(f"save {n}") for n in range(MANY)])
        await push(replace(desk, database=counting), bob, 1, [save(f"save {n}") for n in range(MANY)])
    assert len(asked) <= 2 * BOUND, asked


async def test_a_paper_that_many_people_save_at_once_is_one_paper(desk: Desk) -> None:
    people = [(await make_library(desk, f"reader {n}", {"one": make_id(f"{n}")}))["one"] for n in range(6)]
    for number in range(3):
        wanted = f"https://doi.org/10.5555/met.{number}"
        wishes = [(who, SaveWish(make_id(f"{who.library_id} {number}"), wanted)) for who in people]
        saved = await asyncio.gather(*(save_paper(desk, who, wish) for who, wish in wishes))
        assert len({one.paper.id for one in saved}) == 1
