"""Use a one-time link: it becomes an account, once.

Refuses a link that was used, has expired or was replaced, all alike; the owner's link also once there is any
account.
"""

from __future__ import annotations

import secrets

from api.actions.desk import Desk
from api.domain.accounts import Account
from api.domain.errors import NotFound
from api.domain.one_way import hashed
from api.domain.passwords import check_email, check_password
from api.store import accounts, links
from api.store.database import Tx
from api.store.links import Link
from api.store.password_hashes import make_hash


async def find_link(desk: Desk, token: str) -> Link:
    """What a link is for, while it can be used; raises NotFound."""

    async def work(tx: Tx) -> Link | None:
        return await _usable(tx, token, desk.now())

    link = await desk.database.read(work)
    if link is None:
        raise _gone()
    return link


async def use_link(desk: Desk, token: str, email: str, password: str) -> Account:
    """Make the account that the link stands for; raises NotFound, BadEmail, WeakPassword or EmailTaken."""
    link = await find_link(desk, token)
    address = check_email(link.email or email)
    check_password(password, address)
    password_hash = await make_hash(password)
    account = Account(desk.new_id(), address, desk.new_id(), desk.now())
    epoch = secrets.token_hex(6)

    async def work(tx: Tx) -> None:
        await tx.lock("owner link")
        if await _usable(tx, token, account.created_at) is None:
            raise _gone()
        await accounts.add(tx, account, password_hash, epoch)
        if not await links.use(tx, hashed(token), account.created_at):
            raise _gone()

    await desk.database.write(work)
    return account


async def _usable(tx: Tx, token: str, now: int) -> Link | None:
    link = await links.find(tx, hashed(token), now)
    if link and link.purpose == "owner" and await accounts.count(tx) > 0:
        return None
    return link


def _gone() -> NotFound:
    return NotFound("this link was used or has expired")
