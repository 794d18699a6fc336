"""Devices that wait to be approved (RFC 8628): found by the code that a person types, or by the device's secret."""

from __future__ import annotations

from api.domain.pairings import Grant
from api.store.database import Row, Tx

_SELECT = "SELECT user_code, client_id, device_name, state, account_id, expires_at, polled_at FROM device_grant "


async def add(tx: Tx, device_code_hash: str, grant: Grant, now_ms: int) -> None:
    """Let a device wait; those that waited too long a day ago are forgotten."""
    await tx.run("DELETE FROM device_grant WHERE expires_at < :old", old=now_ms - 86_400_000)
    await tx.run(
        "INSERT INTO device_grant (device_code_hash, user_code, client_id, device_name, state, created_at, expires_at) "
        "VALUES (:hash, :user_code, :client_id, :name, 'pending', :now, :until)",
        hash=device_code_hash,
        user_code=grant.user_code,
        client_id=grant.client_id,
        name=grant.device_name,
        now=now_ms,
        until=grant.expires_at,
    )


async def by_user_code(tx: Tx, user_code: str) -> Grant | None:
    """The device that shows this code."""
    row = await tx.row(_SELECT + "WHERE user_code = :code", code=user_code)
    return _grant(row) if row else None


async def by_device_code(tx: Tx, device_code_hash: str) -> Grant | None:
    """The device that holds this secret."""
    row = await tx.row(_SELECT + "WHERE device_code_hash = :hash", hash=device_code_hash)
    return _grant(row) if row else None


async def decide(tx: Tx, user_code: str, account_id: str, state: str, now_ms: int) -> bool:
    """Approve or deny a device that waits; whether there was one."""
    row = await tx.row(
        "UPDATE device_grant SET state = :state, account_id = :account_id "
        "WHERE user_code = :code AND state = 'pending' AND expires_at > :now RETURNING user_code",
        state=state,
        account_id=account_id,
        code=user_code,
        now=now_ms,
    )
    return row is not None


async def polled(tx: Tx, device_code_hash: str, now_ms: int) -> None:
    """Note when a device asked last."""
    await tx.run(
        "UPDATE device_grant SET polled_at = :now WHERE device_code_hash = :hash", now=now_ms, hash=device_code_hash
    )


async def take(tx: Tx, device_code_hash: str) -> bool:
    """Use an approval up; whether it was this call that did."""
    row = await tx.row(
        "UPDATE device_grant SET state = 'taken' "
        "WHERE device_code_hash = :hash AND state = 'approved' RETURNING user_code",
        hash=device_code_hash,
    )
    return row is not None


def _grant(row: Row) -> Grant:
    return Grant(
        row["user_code"],
        row["client_id"],
        row["device_name"],
        row["state"],
        row["account_id"],
        row["expires_at"],
        row["polled_at"],
    )
