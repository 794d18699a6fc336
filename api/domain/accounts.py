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


class Account(Struct, frozen=True):
    """A person with a library; `created_at` in Unix milliseconds."""

    id: str
    email: str
    library_id: str
    created_at: int


class Session(Struct, frozen=True):
    """A device that was just signed in or refreshed, with the refresh token that it uses next."""

    account_id: str
    library_id: str
    device_id: str
    scopes: frozenset[str]
    refresh_token: str


class Device(Struct, frozen=True):
    """A signed-in device; times in Unix milliseconds."""

    id: str
    name: str
    client_id: str
    created_at: int
    seen_at: int


class PersonalToken(Struct, frozen=True):
    """A personal access token without its secret; times in Unix milliseconds."""

    id: str
    name: str
    scopes: frozenset[str]
    created_at: int
    expires_at: int | None
    used_at: int | None


ANY_CLIENT = ""  # a session opened with a password belongs to whichever client asked for it
WEB_CLIENT = "web"  # a browser tab: its token lives in a cookie and is never exchanged for another


def scope_text(scopes: frozenset[str]) -> str:
    """Scopes as one text, in a stable order (RFC 6749 3.3)."""
    return " ".join(sorted(scopes))


def scope_set(text: str) -> frozenset[str]:
    """The scopes that a text names."""
    return frozenset(text.split())
