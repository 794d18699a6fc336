"""A library with two devices, for tests of actions that need no sign-in."""

from __future__ import annotations

import pytest

from api.actions.desk import Desk
from api.domain.accounts import Who
from tests.make import LAPTOP, PHONE, make_id, make_library


@pytest.fixture
async def ada(desk: Desk) -> dict[str, Who]:
    """Ada's library, seen from her laptop and her phone."""
    return await make_library(desk, "ada", {"laptop": LAPTOP, "phone": PHONE})


@pytest.fixture
async def bob(desk: Desk) -> Who:
    """Bob's library."""
    return (await make_library(desk, "bob", {"one": make_id("bob's device")}))["one"]
