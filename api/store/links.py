"""One-time links, kept as the hash of their token and used up by one atomic statement."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from api.store.database import Tx

Purpose = Literal["owner", "account", "password"]


class Link(Struct, frozen=True):
    """What a link is for, and for whom where it names somebody."""

    purpose: Purpose
    email: str | None


async def add(tx: Tx, token_hash: str, link: Link, now_ms: int, expires_at: int) -> None:
    """Keep a new link."""
    await tx.run(
        "INSERT INTO one_time_link (token_hash, purpose, email, created_at, expires_at) "
        "VALUES (:hash, :purpose, :email, :now, :until)",
        hash=token_hash,
        purpose=link.purpose,
        email=link.email,
        now=now_ms,
        until=expires_at,
    )


async def find(tx: Tx, token_hash: str, now_ms: int) -> Link | None:
    """The link, if it can still be used."""
    row = await tx.row(
        "SELECT purpose, email FROM one_time_link WHERE token_hash = :hash AND used_at IS NULL AND expires_at > :now",
        hash=token_hash,
        now=now_ms,
    )
    return Link(row["purpose"], row["email"]) if row else None


async def use(tx: Tx, token_hash: str, now_ms: int) -> bool:
    """Use a link up; whether it was this call that did."""
    row = await tx.row(
        "UPDATE one_time_link SET used_at = :now "
        "WHERE token_hash = :hash AND used_at IS NULL AND expires_at > :now RETURNING purpose",
        now=now_ms,
        hash=token_hash,
    )
    return row is not None


async def end_all(tx: Tx, purpose: Purpose, now_ms: int, email: str | None = None) -> None:
    """End the links of a purpose that are still open; for one address, where it is named."""
    await tx.run(
        "UPDATE one_time_link SET used_at = :now "
        "WHERE purpose = :purpose AND used_at IS NULL AND COALESCE(:email, email, '') = COALESCE(email, '')",
        now=now_ms,
        purpose=purpose,
        email=email,
    )
