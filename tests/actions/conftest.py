"""A library with two devices, for tests of actions that need no sign-in."""

from __future__ import annotations

import pytest

from api.actions.desk import Desk
from api.domain.accounts import Who
from api.store.database import Tx
from tests.make import LAPTOP, PHONE, make_id


async def _make(desk: Desk, name: str, devices: dict[str, str]) -> dict[str, Who]:
    account, library = make_id(f"account {name}"), make_id(f"library {name}")

    async def work(tx: Tx) -> None:
        await tx.run(
            "INSERT INTO account (id, email, email_folded, password_hash, created_at) VALUES (:id, :m, :m, 'x', 1)",
            id=account,
            m=f"{name}@example.org",
        )
        await tx.run(
            "INSERT INTO library (id, owner_id, epoch, created_at) VALUES (:id, :owner, 'e1', 1)",
            id=library,
            owner=account,
        )

    await desk.database.write(work)
    return {label: Who(account, library, device) for label, device in devices.items()}


@pytest.fixture
async def ada(desk: Desk) -> dict[str, Who]:
    """Ada's library, seen from her laptop and her phone."""
    return await _make(desk, "ada", {"laptop": LAPTOP, "phone": PHONE})


@pytest.fixture
async def bob(desk: Desk) -> Who:
    """Bob's library."""
    return (await _make(desk, "bob", {"one": make_id("bob's device")}))["one"]
