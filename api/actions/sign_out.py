"""Sign out: a device loses its tokens for good; what it holds in its own outbox is its own affair.

Refuses another account's device as if there were none.
"""

from __future__ import annotations

from api.actions.desk import Desk
from api.domain.errors import NotFound
from api.domain.one_way import hashed
from api.store import devices
from api.store.database import Tx


async def sign_out(desk: Desk, account_id: str, device_id: str) -> None:
    """Sign one device of an account out; raises NotFound if it is not signed in."""

    async def work(tx: Tx) -> bool:
        return await devices.revoke(tx, device_id, desk.now(), account_id)

    if not await desk.database.write(work):
        raise NotFound("no such session")


async def sign_out_token(desk: Desk, refresh_token: str) -> str | None:
    """Sign the device of a refresh token out (RFC 7009); its id, or None for a token that nobody knows."""

    async def work(tx: Tx) -> str | None:
        token = await devices.find_token(tx, hashed(refresh_token))
        if token is None:
            return None
        await devices.revoke(tx, token.device_id, desk.now())
        return token.device_id

    return await desk.database.write(work)
