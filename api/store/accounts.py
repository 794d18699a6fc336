"""Accounts, each with the library that it owns; found by the folded mail address."""

from __future__ import annotations

from typing import NamedTuple

from api.domain.accounts import Account
from api.domain.errors import EmailTaken
from api.domain.passwords import fold_email
from api.store.database import Row, Tx

_SELECT = (
    "SELECT a.id, a.email, a.created_at, a.password_hash, a.disabled, l.id AS library_id "
    "FROM account a JOIN library l ON l.owner_id = a.id "
)


class Credentials(NamedTuple):
    """An account with what its password is compared with."""

    account: Account
    password_hash: str
    disabled: bool


async def count(tx: Tx) -> int:
    """How many accounts there are."""
    row = await tx.row("SELECT COUNT(*) AS n FROM account")
    return int(row["n"]) if row else 0


async def by_email(tx: Tx, email: str) -> Account | None:
    """The account with this address, however it is spelled."""
    found = await credentials(tx, email)
    return found.account if found else None


async def by_id(tx: Tx, account_id: str) -> Account | None:
    """The account with this id."""
    row = await tx.row(_SELECT + "WHERE a.id = :id", id=account_id)
    return _account(row) if row else None


async def by_library(tx: Tx, library_id: str) -> Account | None:
    """The account whose library this is; None for a disabled one."""
    row = await tx.row(_SELECT + "WHERE l.id = :library_id AND a.disabled = 0", library_id=library_id)
    return _account(row) if row else None


async def only(tx: Tx) -> Account | None:
    """The account where there is exactly one."""
    rows = await tx.rows(_SELECT + "ORDER BY a.id LIMIT 2")
    return _account(rows[0]) if len(rows) == 1 else None


async def credentials(tx: Tx, email: str) -> Credentials | None:
    """The account with this address and its password's hash."""
    row = await tx.row(_SELECT + "WHERE a.email_folded = :folded", folded=fold_email(email))
    return _credentials(row) if row else None


async def credentials_of(tx: Tx, account_id: str) -> Credentials | None:
    """The account with this id and its password's hash."""
    row = await tx.row(_SELECT + "WHERE a.id = :id", id=account_id)
    return _credentials(row) if row else None


async def is_owner(tx: Tx, account_id: str) -> bool:
    """Whether this account is that of the instance's owner."""
    row = await tx.row("SELECT is_owner FROM account WHERE id = :id", id=account_id)
    return row is not None and row["is_owner"] == 1


async def add(tx: Tx, account: Account, password_hash: str, epoch: str, *, owner: bool = False) -> None:
    """Make the account and its empty library with its first epoch; raises EmailTaken."""
    if await credentials(tx, account.email):
        raise EmailTaken("an account with this address exists")
    await tx.run(
        "INSERT INTO account (id, email, email_folded, password_hash, created_at, is_owner) "
        "VALUES (:id, :email, :folded, :hash, :at, :owner)",
        id=account.id,
        email=account.email,
        folded=fold_email(account.email),
        hash=password_hash,
        at=account.created_at,
        owner=int(owner),
    )
    await tx.run(
        "INSERT INTO library (id, owner_id, epoch, created_at) VALUES (:library_id, :owner_id, :epoch, :at)",
        library_id=account.library_id,
        owner_id=account.id,
        epoch=epoch,
        at=account.created_at,
    )
    await tx.run(
        "INSERT INTO library_epoch (library_id, epoch, parent, at_version, started_at) "
        "VALUES (:library_id, :epoch, NULL, 0, :at)",
        library_id=account.library_id,
        epoch=epoch,
        at=account.created_at,
    )


async def set_hash(tx: Tx, account_id: str, password_hash: str) -> None:
    """Keep another hash of an account's password."""
    await tx.run("UPDATE account SET password_hash = :hash WHERE id = :id", hash=password_hash, id=account_id)


def _account(row: Row) -> Account:
    return Account(row["id"], row["email"], row["library_id"], row["created_at"])


def _credentials(row: Row) -> Credentials:
    return Credentials(_account(row), row["password_hash"], bool(row["disabled"]))
