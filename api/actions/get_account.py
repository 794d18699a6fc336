"""Get the account of somebody who is signed in."""

from __future__ import annotations

from api.actions.desk import Desk
from api.domain.accounts import Account
from api.domain.errors import NotSignedIn
from api.store import accounts


async def get_account(desk: Desk, account_id: str) -> Account:
    """The account; raises NotSignedIn where it was deleted a moment ago."""
    account = await desk.database.read(lambda tx: accounts.by_id(tx, account_id))
    if account is None:
        raise NotSignedIn("this account was deleted")
    return account
