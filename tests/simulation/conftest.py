"""A database on which many histories are played, each in a library of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from api.store.database import Database, open_database
from tests.conftest import fresh_database
from tests.simulation.guard import lowered
from tests.simulation.inline_sqlite import open_inline


@pytest.fixture
async def postgres_arena(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    """A fresh PostgreSQL database."""
    with fresh_database("postgres", request.getfixturevalue, tmp_path) as url:
        opened = await open_database(url)
        with lowered():
            yield opened
        await opened.close()


@pytest.fixture
async def quick_arena(sqlite_template: Path, tmp_path: Path) -> AsyncIterator[Database]:
    """A fresh SQLite database."""
    path = tmp_path / "arena.db"
    path.write_bytes(sqlite_template.read_bytes())
    opened = open_inline(str(path))
    with lowered():
        yield opened
    await opened.close()
