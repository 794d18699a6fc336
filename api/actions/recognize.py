"""Recognize who speaks, by what they show: a device's id from a signed token, a personal token, or a browser's cookie.

Says None for whatever is unknown, ended or revoked, and never why.
"""

from __future__ import annotations

from api.actions.desk import Desk
from api.domain.accounts import WEB_CLIENT, Who
from api.domain.one_way import hashed
from api.store import devices, tokens
from api.store.database import Tx
from api.store.devices import Bearer
from api.store.tokens import Presented

MINUTE_MS = 60_000
DAY_MS = 86_400_000


async def recognize_device(desk: Desk, device_id: str) -> Who | None:
    """Whom this device speaks for, while it is signed in."""

    async def work(tx: Tx) -> Bearer | None:
        return await devices.bearer(tx, device_id)

    bearer = await desk.database.read(work)
    return bearer.who if bearer else None


async def recognize_token(desk: Desk, secret: str) -> Who | None:
    """Whom a personal token speaks for; its last use is noted once a minute."""
    now = desk.now()

    async def work(tx: Tx) -> Presented | None:
        return await tokens.presented(tx, hashed(secret), now)

    found = await desk.database.read(work)
    if found is None:
        return None
    if found.used_at is None or now - found.used_at >= MINUTE_MS:
        token_id = found.who.device_id

        async def note(tx: Tx) -> None:
            await tokens.used(tx, token_id, now)

        await desk.database.write(note)
    return found.who


async def recognize_browser(desk: Desk, cookie: str) -> Who | None:
    """Whom a browser's cookie speaks for; each day of use lets it live on."""
    now, token_hash = desk.now(), hashed(cookie)

    async def work(tx: Tx) -> Bearer | None:
        token = await devices.find_token(tx, token_hash)
        if token is None or token.expires_at <= now:
            return None
        return await devices.bearer(tx, token.device_id)

    bearer = await desk.database.read(work)
    if bearer is None or bearer.client_id != WEB_CLIENT:
        return None
    if now - bearer.seen_at >= DAY_MS:
        until = now + desk.settings.refresh_token_days * DAY_MS

        async def prolong(tx: Tx) -> None:
            await devices.prolong_token(tx, token_hash, bearer.who.device_id, now, until)

        await desk.database.write(prolong)
    return bearer.who
