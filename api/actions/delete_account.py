"""Delete an account with everything in it, at once and for good.

Refuses without the account's password: a device that was left open must not be enough.
"""

from __future__ import annotations

import asyncio

from api.actions.desk import Desk
from api.domain.accounts import Account
from api.store import leaving, mail_files
from api.store.database import Tx
from api.store.own_password import check_own_password


async def delete_account(desk: Desk, account_id: str, password: str) -> Account:
    """What was deleted, in one transaction; its devices and tokens mean nothing afterwards. Raises WrongPassword."""
    account = await check_own_password(desk.database, account_id, password)

    async def work(tx: Tx) -> None:
        await leaving.erase(tx, account)

    await desk.database.write(work)
    await asyncio.to_thread(mail_files.remove_all, desk.settings.data_dir, account.library_id)
    desk.poke(account.library_id)
    return account
