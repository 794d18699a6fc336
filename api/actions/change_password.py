"""Change a password that one knows; every other device has to sign in again.

Refuses the wrong old password and a weak new one. Personal tokens stay: scripts hold them on purpose, and the page of
the account ends them one by one.
"""

from __future__ import annotations

from api.actions.desk import Desk
from api.domain.accounts import Who
from api.domain.passwords import check_password
from api.store import accounts, devices
from api.store.database import Tx
from api.store.own_password import check_own_password
from api.store.password_hashes import make_hash


async def change_password(desk: Desk, who: Who, old: str, new: str) -> None:
    """Set the new password and sign out all devices but the one that asks; raises WrongPassword or WeakPassword."""
    account = await check_own_password(desk.database, who.account_id, old)
    check_password(new, account.email)
    password_hash = await make_hash(new)

    async def work(tx: Tx) -> None:
        await accounts.set_hash(tx, account.id, password_hash)
        await devices.revoke_others(tx, account.id, who.device_id, desk.now())

    await desk.database.write(work)
