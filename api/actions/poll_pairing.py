"""Poll: the device asks whether it was let in, and is signed in once (RFC 8628 3.4).

A device let in by a code may save, read, sync and export, but not manage the account: a code can be begged from
somebody (RFC 8628 5.4).
"""

from __future__ import annotations

import secrets

from api.actions.desk import Desk
from api.domain.accounts import PERSONAL_SCOPES, Device, Session
from api.domain.one_way import SECRET_BYTES, hashed
from api.domain.pairings import Grant, PollState, poll_state
from api.store import accounts, devices, grants
from api.store.database import Tx

DAY_MS = 86_400_000


async def poll_pairing(desk: Desk, client_id: str, device_code: str) -> Session | PollState:
    """A session, the first time after the approval; else what RFC 8628 3.5 calls the state."""
    now, secret = desk.now(), hashed(device_code)
    token, device_id = secrets.token_urlsafe(SECRET_BYTES), desk.new_id()

    async def work(tx: Tx) -> Session | PollState:
        grant = await grants.by_device_code(tx, secret)
        if grant is None:
            return "invalid_grant"
        state = poll_state(grant, client_id, now)
        if state == "authorization_pending":
            await grants.polled(tx, secret, now)
        if state is not None:
            return state
        if not await grants.take(tx, secret):
            return "invalid_grant"
        until = now + desk.settings.refresh_token_days * DAY_MS
        return await _let_in(tx, grant, Device(device_id, grant.device_name, client_id, now, now), token, until)

    return await desk.database.write(work)


async def _let_in(tx: Tx, grant: Grant, device: Device, token: str, until: int) -> Session | PollState:
    account = await accounts.by_id(tx, grant.account_id or "")
    if account is None:
        return "invalid_grant"
    await devices.add(tx, account, device, PERSONAL_SCOPES)
    await devices.add_token(tx, hashed(token), device.id, device.created_at, until)
    return Session(account.id, account.library_id, device.id, PERSONAL_SCOPES, token)
