"""Use a one-time link, once: it becomes an account, or another password of the account that it names.

Whoever uses it for a password signs out every device, for somebody else may have known the old one.
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
from api.store import accounts, devices, links
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
    """The account that was made, or has its new password; raises NotFound, BadEmail, WeakPassword or EmailTaken."""
    link = await find_link(desk, token)
    address = check_email(link.email or email)
    check_password(password, address)
    password_hash = await make_hash(password)
    account = Account(desk.new_id(), address, desk.new_id(), desk.now())
    epoch = secrets.token_hex(6)

    async def work(tx: Tx) -> Account:
        await tx.lock("owner link")
        if await _usable(tx, token, account.created_at) is None:
            raise _gone()
        if not await links.use(tx, hashed(token), account.created_at):
            raise _gone()
        if link.purpose == "password":
            return await _reset(tx, address, password_hash, account.created_at)
        await accounts.add(tx, account, password_hash, epoch, owner=link.purpose == "owner")
        return account

    return await desk.database.write(work)


async def _reset(tx: Tx, email: str, password_hash: str, now: int) -> Account:
    account = await accounts.by_email(tx, email)
    if account is None:
        raise _gone()
    await accounts.set_hash(tx, account.id, password_hash)
    await devices.revoke_others(tx, account.id, None, now)
    return account


async def _usable(tx: Tx, token: str, now: int) -> Link | None:
    link = await links.find(tx, hashed(token), now)
    if link and link.purpose == "owner" and await accounts.count(tx) > 0:
        return None
    return link


def _gone() -> NotFound:
    return NotFound("this link was used or has expired")
