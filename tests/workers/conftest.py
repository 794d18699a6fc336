"""Whose papers the workers look up, and the outside that answers for many of them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from api.actions.desk import Desk
from api.domain.accounts import Who
from tests.make import LAPTOP, make_library
from tests.workers.outside_world import ManyPapers


@pytest.fixture
async def who(desk: Desk) -> Who:
    """Whose library holds the papers."""
    return (await make_library(desk, "ada", {"laptop": LAPTOP}))["laptop"]


@pytest.fixture
def world() -> Iterator[ManyPapers]:
    """The outside, which counts."""
    many = ManyPapers()
    with many.server:
        yield many
