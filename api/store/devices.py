"""Signed-in devices and their refresh tokens; all tokens of one device are one family.

A token is kept as its hash and marked used by one atomic statement; it stays until it expires, so that a replay
is known as one.
"""

from __future__ import annotations

from msgspec import Struct

from api.domain.accounts import Account, Device, Who, scope_set, scope_text
from api.store.database import Tx

_WHO = (
    "SELECT d.id, d.account_id, d.library_id, d.client_id, d.scopes, d.seen_at "
    "FROM device d JOIN account a ON a.id = d.account_id "
)
_ALIVE = "d.revoked_at IS NULL AND a.disabled = 0"


class Bearer(Struct, frozen=True):
    """A device that may speak, and for whom."""

    who: Who
    client_id: str
    seen_at: int


class Spent(Struct, frozen=True):
    """What is known of a refresh token: its device, and when it was used, if it was."""

    device_id: str
    expires_at: int
    used_at: int | None


async def add(tx: Tx, account: Account, device: Device, scopes: frozenset[str]) -> None:
    """Sign a device in."""
    await tx.run(
        "INSERT INTO device (id, account_id, library_id, name, client_id, scopes, created_at, seen_at) "
        "VALUES (:id, :account_id, :library_id, :name, :client_id, :scopes, :at, :at)",
        id=device.id,
        account_id=account.id,
        library_id=account.library_id,
        name=device.name,
        client_id=device.client_id,
        scopes=scope_text(scopes),
        at=device.created_at,
    )


async def add_token(tx: Tx, token_hash: str, device_id: str, now_ms: int, expires_at: int) -> None:
    """Give a device a refresh token, and forget those of its family that have expired."""
    await tx.run("DELETE FROM refresh_token WHERE device_id = :id AND expires_at <= :now", id=device_id, now=now_ms)
    await tx.run(
        "INSERT INTO refresh_token (token_hash, device_id, created_at, expires_at) VALUES (:hash, :id, :now, :until)",
        hash=token_hash,
        id=device_id,
        now=now_ms,
        until=expires_at,
    )


async def use_token(tx: Tx, token_hash: str, now_ms: int) -> bool:
    """Mark a token used; whether it was this call that did."""
    row = await tx.row(
        "UPDATE refresh_token SET used_at = :now WHERE token_hash = :hash AND used_at IS NULL RETURNING device_id",
        hash=token_hash,
        now=now_ms,
    )
    return row is not None


async def find_token(tx: Tx, token_hash: str) -> Spent | None:
    """What is known of a refresh token."""
    row = await tx.row(
        "SELECT device_id, expires_at, used_at FROM refresh_token WHERE token_hash = :hash", hash=token_hash
    )
    return Spent(row["device_id"], row["expires_at"], row["used_at"]) if row else None


async def prolong_token(tx: Tx, token_hash: str, device_id: str, now_ms: int, expires_at: int) -> None:
    """Let a web session's token live on from now, and note that its device was seen."""
    await tx.run(
        "UPDATE refresh_token SET expires_at = :until WHERE token_hash = :hash", until=expires_at, hash=token_hash
    )
    await seen(tx, device_id, now_ms)


async def bearer(tx: Tx, device_id: str) -> Bearer | None:
    """The device, unless it was signed out or its account disabled."""
    row = await tx.row(_WHO + f"WHERE d.id = :id AND {_ALIVE}", id=device_id)
    if row is None:
        return None
    who = Who(row["account_id"], row["library_id"], row["id"], scope_set(row["scopes"]))
    return Bearer(who, row["client_id"], row["seen_at"])


async def seen(tx: Tx, device_id: str, now_ms: int) -> None:
    """Note that a device was there."""
    await tx.run("UPDATE device SET seen_at = :now WHERE id = :id", now=now_ms, id=device_id)


async def listed(tx: Tx, account_id: str) -> list[Device]:
    """The signed-in devices of an account, the latest seen first."""
    rows = await tx.rows(
        "SELECT id, name, client_id, created_at, seen_at FROM device "
        "WHERE account_id = :account_id AND revoked_at IS NULL ORDER BY seen_at DESC, id DESC",
        account_id=account_id,
    )
    return [Device(r["id"], r["name"], r["client_id"], r["created_at"], r["seen_at"]) for r in rows]


async def revoke(tx: Tx, device_id: str, now_ms: int, account_id: str | None = None) -> bool:
    """Sign a device out for good (of this account, where one is named); whether it was signed in."""
    row = await tx.row(
        "UPDATE device SET revoked_at = :now WHERE id = :id AND revoked_at IS NULL "
        "AND account_id = COALESCE(:account_id, account_id) RETURNING id",
        now=now_ms,
        id=device_id,
        account_id=account_id,
    )
    return row is not None


async def revoke_others(tx: Tx, account_id: str, device_id: str | None, now_ms: int) -> None:
    """Sign out all devices of an account but this one, and forget those that were just let in and not seen yet."""
    await tx.run(
        "UPDATE device SET revoked_at = :now WHERE account_id = :account_id AND revoked_at IS NULL AND id <> :id",
        now=now_ms,
        account_id=account_id,
        id=device_id or "",
    )
    await tx.run("DELETE FROM device_grant WHERE account_id = :account_id", account_id=account_id)
