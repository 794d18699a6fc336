"""The password of somebody who is signed in, asked for again before what cannot be taken back."""

from __future__ import annotations

from api.domain.accounts import Account
from api.domain.errors import WrongPassword
from api.domain.passwords import MOST_PASSWORD
from api.store import accounts
from api.store.accounts import Credentials
from api.store.database import Database, Tx
from api.store.password_hashes import matches


async def check_own_password(database: Database, account_id: str, password: str) -> Account:
    """The account whose password this is; raises WrongPassword."""

    async def look(tx: Tx) -> Credentials | None:
        return await accounts.credentials_of(tx, account_id)

    found = await database.read(look)
    right = await matches(password[: MOST_PASSWORD + 1], found.password_hash if found else None)
    if found is None or not right:
        raise WrongPassword("this is not your password")
    return found.account
