"""A database on which many histories are played, each in a library of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from api.store.database import Database, open_database
from tests.simulation.guard import lowered
from tests.simulation.inline_sqlite import open_inline


@pytest.fixture
async def arena(database_url: str) -> AsyncIterator[Database]:
    """A fresh database of this test; the test runs once for each engine."""
    sqlite = database_url.startswith("sqlite:///")
    opened = open_inline(database_url.removeprefix("sqlite:///")) if sqlite else await open_database(database_url)
    with lowered():
        yield opened
    await opened.close()


@pytest.fixture
async def quick_arena(sqlite_template: Path, tmp_path: Path) -> AsyncIterator[Database]:
    """A fresh SQLite database, for what need not be seen on both engines."""
    path = tmp_path / "arena.db"
    path.write_bytes(sqlite_template.read_bytes())
    opened = open_inline(str(path))
    with lowered():
        yield opened
    await opened.close()
