"""Sign in with a password: a new device, with the first refresh token of its family.

Refuses with one answer, after the same work, whether the address is unknown, the password wrong or the account
disabled.
"""

from __future__ import annotations

import secrets

from api.actions.desk import Desk
from api.domain.accounts import ALL_SCOPES, ANY_CLIENT, Account, Device, Session
from api.domain.errors import WrongPassword
from api.domain.fields import check_text
from api.domain.one_way import SECRET_BYTES, hashed
from api.domain.passwords import MOST_PASSWORD
from api.store import accounts, devices
from api.store.accounts import Credentials
from api.store.database import Tx
from api.store.password_hashes import is_outdated, make_hash, matches

DAY_MS = 86_400_000


async def sign_in(desk: Desk, email: str, password: str, device: str, client_id: str = ANY_CLIENT) -> Session:
    """Open a session on a new device of this name; raises WrongPassword."""
    check_text("device", device)

    async def look(tx: Tx) -> Credentials | None:
        return await accounts.credentials(tx, email) if "\0" not in email else None

    found = await desk.database.read(look)
    right = await matches(password[: MOST_PASSWORD + 1], found.password_hash if found else None)
    if found is None or not right or found.disabled:
        raise WrongPassword("the mail address or the password is wrong")
    fresh = await make_hash(password) if is_outdated(found.password_hash) else None
    return await _open(desk, found.account, device, client_id, fresh)


async def _open(desk: Desk, account: Account, name: str, client_id: str, fresh_hash: str | None) -> Session:
    now = desk.now()
    device = Device(desk.new_id(), name, client_id, now, now)
    token = secrets.token_urlsafe(SECRET_BYTES)

    async def work(tx: Tx) -> None:
        if fresh_hash:
            await accounts.set_hash(tx, account.id, fresh_hash)
        await devices.add(tx, account, device, ALL_SCOPES)
        until = now + desk.settings.refresh_token_days * DAY_MS
        await devices.add_token(tx, hashed(token), device.id, now, until)

    await desk.database.write(work)
    return Session(account.id, account.library_id, device.id, ALL_SCOPES, token)
