"""Personal access tokens: kept as hashes, with scopes, an end and a last use."""

from __future__ import annotations

from msgspec import Struct

from api.domain.accounts import PersonalToken, Who, scope_set, scope_text
from api.store.database import Row, Tx


class Presented(Struct, frozen=True):
    """A token that may speak, for whom, and when it did last."""

    who: Who
    used_at: int | None


async def add(tx: Tx, token_hash: str, account_id: str, library_id: str, token: PersonalToken) -> None:
    """Keep a new token."""
    await tx.run(
        "INSERT INTO access_token (id, token_hash, account_id, library_id, name, scopes, created_at, expires_at) "
        "VALUES (:id, :hash, :account_id, :library_id, :name, :scopes, :now, :until)",
        id=token.id,
        hash=token_hash,
        account_id=account_id,
        library_id=library_id,
        name=token.name,
        scopes=scope_text(token.scopes),
        now=token.created_at,
        until=token.expires_at,
    )


async def presented(tx: Tx, token_hash: str, now_ms: int) -> Presented | None:
    """Whom a token speaks for, unless it ended, was revoked, or its account is disabled."""
    row = await tx.row(
        "SELECT t.id, t.account_id, t.library_id, t.scopes, t.used_at "
        "FROM access_token t JOIN account a ON a.id = t.account_id "
        "WHERE t.token_hash = :hash AND t.revoked_at IS NULL AND a.disabled = 0 "
        "AND (t.expires_at IS NULL OR t.expires_at > :now)",
        hash=token_hash,
        now=now_ms,
    )
    if row is None:
        return None
    return Presented(Who(row["account_id"], row["library_id"], row["id"], scope_set(row["scopes"])), row["used_at"])


async def used(tx: Tx, token_id: str, now_ms: int) -> None:
    """Note a token's last use."""
    await tx.run("UPDATE access_token SET used_at = :now WHERE id = :id", now=now_ms, id=token_id)


async def listed(tx: Tx, account_id: str) -> list[PersonalToken]:
    """The tokens of an account that were not revoked, the newest first."""
    rows = await tx.rows(
        "SELECT id, name, scopes, created_at, expires_at, used_at FROM access_token "
        "WHERE account_id = :account_id AND revoked_at IS NULL ORDER BY created_at DESC, id DESC",
        account_id=account_id,
    )
    return [_token(row) for row in rows]


async def revoke(tx: Tx, account_id: str, token_id: str, now_ms: int) -> bool:
    """End a token of this account; whether there was one."""
    row = await tx.row(
        "UPDATE access_token SET revoked_at = :now "
        "WHERE id = :id AND account_id = :account_id AND revoked_at IS NULL RETURNING id",
        now=now_ms,
        id=token_id,
        account_id=account_id,
    )
    return row is not None


def _token(row: Row) -> PersonalToken:
    return PersonalToken(
        row["id"], row["name"], scope_set(row["scopes"]), row["created_at"], row["expires_at"], row["used_at"]
    )
