"""Random histories of two to seven devices on one library keep every promise, on SQLite.

Measured on 2 cores that others kept busy as well (load 7): 2,000 histories in 42 to 48 s. `make soak` plays 50,000. On
PostgreSQL: `test_histories_postgres.py`; a file for each, so that both may run side by side.
"""

from __future__ import annotations

import pytest

from api.domain import merge
from api.store.database import Database
from tests.simulation.histories import search
from tests.simulation.steps import plan_of

HISTORIES = 2000


async def test_no_history_breaks_a_promise(quick_arena: Database) -> None:
    broken = await search(quick_arena, map(plan_of, range(HISTORIES)))
    assert broken is None, str(broken)


def test_a_seed_is_one_history_for_ever() -> None:
    assert plan_of(7) == plan_of(7)
    assert plan_of(7) != plan_of(8)


async def test_a_broken_promise_is_shown_with_few_steps_and_how_to_see_it_again(
    quick_arena: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(merge, "_keep_loser", lambda *args: False)
    broken = await search(quick_arena, map(plan_of, range(300)))
    assert broken is not None
    assert 3 <= len(broken.plan.steps) <= 10
    assert f"python -m tests.simulation --seed {broken.plan.seed} --histories 1" in str(broken)
