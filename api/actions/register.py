"""Register: an account and its empty library.

Refuses where this instance takes no new accounts by itself; an administrator and a one-time link may always.
"""

from __future__ import annotations

import secrets

from api.actions.desk import Desk
from api.domain.accounts import Account
from api.domain.errors import RegistrationClosed
from api.domain.passwords import check_email, check_password
from api.store import accounts
from api.store.database import Tx
from api.store.password_hashes import make_hash


async def register(desk: Desk, email: str, password: str, *, by_admin: bool = False) -> Account:
    """Make an account; raises RegistrationClosed, BadEmail, WeakPassword or EmailTaken."""
    if not by_admin and desk.settings.registration != "open":
        raise RegistrationClosed("this instance takes no new accounts by itself")
    address = check_email(email)
    check_password(password, address)
    password_hash = await make_hash(password)
    account = Account(desk.new_id(), address, desk.new_id(), desk.now())
    epoch = secrets.token_hex(6)

    async def work(tx: Tx) -> None:
        first = by_admin and await accounts.count(tx) == 0  # a stranger who comes first is not the owner
        await accounts.add(tx, account, password_hash, epoch, owner=first)

    await desk.database.write(work)
    return account
