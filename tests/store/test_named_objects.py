"""Few objects that are named cost what they are, not what the library holds: no statement walks a library for them.

The plans are SQLite's, which chooses by the statement alone; PostgreSQL's change with what its tables hold.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from pathlib import Path

import pytest

from api.domain.entries import EVERY_ENTRY
from api.store import entries, highlights, objects, search_reading, tags
from api.store.database import Row, Tx, Value
from api.store.sqlite import PRAGMAS, SqliteTx
from api.store.sqlite_connection import Connection
from tests.conftest import fresh_database
from tests.make import make_id

LIBRARY = make_id("library")
KEYS = [make_id(f"key {number}") for number in range(64)]
WALK = re.compile(r"SCAN (o|object)\b|INDEX \w*object\w* \(library_id=\?( AND (type=|key>)\?)?\)")
ALL_OF_A_TYPE = re.compile(r"SCAN (o|object)\b|INDEX \w*object\w* \(library_id=\?( AND key>\?)?\)")
ASKED: dict[str, Callable[[Tx], Awaitable[object]]] = {
    "objects by key, paper and name": lambda tx: objects.load(tx, LIBRARY, KEYS, KEYS, KEYS),
    "what was merged": lambda tx: objects.aliases_of(tx, LIBRARY, KEYS),
    "entries by key": lambda tx: entries.get_many(tx, LIBRARY, KEYS),
    "the first entries": lambda tx: entries.first_keys(tx, LIBRARY, EVERY_ENTRY, 50),
    "entries by paper": lambda tx: entries.of_papers(tx, LIBRARY, KEYS),
    "entries to read for searching": lambda tx: search_reading._entries_of(tx, LIBRARY, KEYS),
    "highlights of an entry": lambda tx: highlights.page(tx, LIBRARY, KEYS[0], "", 100),
    "highlights of entries": lambda tx: highlights.of_entries(tx, LIBRARY, KEYS),
    "lists": lambda tx: highlights.lists(tx, LIBRARY, "", 100),
    "tags": lambda tx: tags.live(tx, LIBRARY),
}


class Planned(SqliteTx):
    """A transaction that keeps the plan of each statement."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self.plans: list[tuple[str, str]] = []

    async def rows(self, sql: str, **values: Value) -> Sequence[Row]:
        """All rows of a statement, its plan kept."""
        self.plans += [(str(row["detail"]), sql) for row in await super().rows(f"EXPLAIN QUERY PLAN {sql}", **values)]
        return await super().rows(sql, **values)


@pytest.fixture
async def planned(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Planned]:
    """A migrated database that holds citation keys alone."""
    with fresh_database("sqlite", request.getfixturevalue, tmp_path) as url:
        connection = Connection(url.removeprefix("sqlite:///"), PRAGMAS)
        keys = [(LIBRARY, f"k{number:03}", key) for number, key in enumerate(KEYS)]
        await connection.many("INSERT INTO citekey (library_id, folded, entry_key) VALUES (?, ?, ?)", keys)
        yield Planned(connection)
        await connection.close()


@pytest.mark.parametrize("asked", ASKED)
async def test_what_is_named_is_found_by_an_index(planned: Planned, asked: str) -> None:
    await ASKED[asked](planned)
    assert any(re.search(r"object_|autoindex_object", plan) for plan, _ in planned.plans)
    walk = ALL_OF_A_TYPE if asked in ("lists", "tags") else WALK
    assert [(plan, sql) for plan, sql in planned.plans if walk.search(plan)] == []
