"""Who is asking: an account, its library, and the device or token that speaks for it."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

Scope = Literal["save", "read", "sync", "export", "account"]
ALL_SCOPES: frozenset[str] = frozenset(("save", "read", "sync", "export", "account"))
PERSONAL_SCOPES: frozenset[str] = ALL_SCOPES - {"account"}  # what a personal token may hold


class Who(Struct, frozen=True):
    """A signed-in person on one device; every statement on user data carries `library_id`."""

    account_id: str
    library_id: str
    device_id: str
    scopes: frozenset[str] = ALL_SCOPES
