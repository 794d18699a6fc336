"""A library with two devices, for tests of actions that need no sign-in."""

from __future__ import annotations

import pytest

from api.actions.confirm_digest import confirm_digest
from api.actions.desk import Desk
from api.actions.keep_digest import keep_digest
from api.actions.send_mails import send_mails
from api.domain.accounts import Who
from tests.make import LAPTOP, PHONE, make_id, make_library
from tests.postman import DAILY, Postman


@pytest.fixture
async def ada(desk: Desk) -> dict[str, Who]:
    """Ada's library, seen from her laptop and her phone."""
    return await make_library(desk, "ada", {"laptop": LAPTOP, "phone": PHONE})


@pytest.fixture
async def bob(desk: Desk) -> Who:
    """Bob's library."""
    return (await make_library(desk, "bob", {"one": make_id("bob's device")}))["one"]


@pytest.fixture
def postman() -> Postman:
    """Who carries the mails of this test."""
    return Postman()


@pytest.fixture
async def reader(desk: Desk, ada: dict[str, Who], postman: Postman) -> Who:
    """Ada, who asked for the mail every day at seven in Berlin and said yes."""
    who = ada["laptop"]
    await keep_digest(desk, who, DAILY)
    await send_mails(desk, who.library_id, postman)
    await confirm_digest(desk, postman.link("confirm"))
    postman.got.clear()
    return who
