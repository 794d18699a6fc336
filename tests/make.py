"""Factories with defaults: what a test does not care about, it does not say."""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec

from api.actions.desk import Desk
from api.domain.accounts import Who
from api.domain.changes import Change, Told
from api.domain.clock import hlc, rfc3339
from api.domain.states import PENDING, Edit, Stamp
from api.settings import Settings
from api.store.database import Tx

NOW = 1_795_000_000_000
# What an instance of the tests is told first, so that it asks nobody outside: each source has a pace and an address.
OFFLINE = {
    f"SCHOLIUM_{name.removesuffix('_interval_seconds').upper()}_URL": ""
    for name in Settings.__struct_fields__
    if name.endswith("_interval_seconds")
}
LAPTOP = "0199aaaa-0000-7000-8000-00000000000a"
PHONE = "0199aaaa-0000-7000-8000-00000000000b"
TABLET = "0199aaaa-0000-7000-8000-00000000000c"


def make_id(name: str) -> str:
    """A UUIDv7-shaped id that is the same for the same name."""
    digits = hashlib.sha256(name.encode()).hexdigest()
    return f"0199{digits[:4]}-{digits[4:8]}-7{digits[8:11]}-8{digits[11:14]}-{digits[14:26]}"


def make_edit(
    op: str = "put",
    *,
    type_: str = "entry",
    key: str = "key",
    device: str = LAPTOP,
    base: int = 0,
    at: int = 0,
    seq: int = 1,
    **more: Any,
) -> Edit:
    """An edit `at` milliseconds after the tests' present; `set`, `add`, `remove` as given."""
    stamp = Stamp(PENDING, hlc(NOW + at, 0, device), device, seq)
    return Edit(op, type_, key, base, stamp, rfc3339(NOW), **more)


def make_op(op: str = "put", *, name: str = "op", **more: Any) -> dict[str, Any]:
    """An op as a device sends it."""
    device = more.pop("device", LAPTOP)
    wire = {
        "id": make_id(name),
        "type": "entry",
        "key": make_id("key"),
        "op": op,
        "base": 0,
        "hlc": hlc(NOW + more.pop("at", 0), 0, device),
    }
    return wire | more


async def make_library(desk: Desk, name: str, devices: dict[str, str]) -> dict[str, Who]:
    """An account with a library, seen from these devices; nobody can sign in to it."""
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


def as_read(one: Told) -> Change:
    """A change of the feed as a device reads it."""
    return msgspec.json.decode(msgspec.json.encode(one), type=Change)
