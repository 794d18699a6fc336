"""Refresh: a used token is exchanged for the next one of its family.

A lost answer is normal, so the same token again within the grace gets a working successor too; after that it can
only be a copy, and the whole device is signed out (RFC 9700 4.14.2). Refuses tokens of other clients.
"""

from __future__ import annotations

import secrets
from typing import Literal

from api.actions.desk import Desk
from api.domain.accounts import ANY_CLIENT, WEB_CLIENT, Session
from api.domain.errors import NotSignedIn
from api.domain.one_way import SECRET_BYTES, hashed
from api.store import devices
from api.store.database import Tx
from api.store.devices import Bearer

DAY_MS = 86_400_000


async def refresh_session(desk: Desk, client_id: str, refresh_token: str) -> Session:
    """The session with its next refresh token; raises NotSignedIn."""
    now, spent = desk.now(), hashed(refresh_token)
    successor = secrets.token_urlsafe(SECRET_BYTES)

    # A replay must be remembered, so it is told by the return value: an error would roll the revocation back.
    async def work(tx: Tx) -> Session | None:
        bearer = await _bearer(tx, client_id, spent, now)
        if bearer is None:
            return None
        device_id = bearer.who.device_id
        if await _use(tx, spent, now, desk.settings.refresh_grace_seconds * 1000) == "replayed":
            await devices.revoke(tx, device_id, now)
            return None
        await devices.add_token(tx, hashed(successor), device_id, now, now + desk.settings.refresh_token_days * DAY_MS)
        await devices.seen(tx, device_id, now)
        who = bearer.who
        return Session(who.account_id, who.library_id, device_id, who.scopes, successor)

    session = await desk.database.write(work)
    if session is None:
        raise NotSignedIn("this refresh token is not valid; sign in again")
    return session


async def _bearer(tx: Tx, client_id: str, token_hash: str, now: int) -> Bearer | None:
    token = await devices.find_token(tx, token_hash)
    if token is None or token.expires_at <= now:
        return None
    bearer = await devices.bearer(tx, token.device_id)
    if bearer is None or bearer.client_id == WEB_CLIENT or bearer.client_id not in (ANY_CLIENT, client_id):
        return None
    return bearer


async def _use(tx: Tx, token_hash: str, now: int, grace_ms: int) -> Literal["used", "again", "replayed"]:
    if await devices.use_token(tx, token_hash, now):
        return "used"
    token = await devices.find_token(tx, token_hash)
    if token and token.used_at is not None and now - token.used_at <= grace_ms:
        return "again"
    return "replayed"
