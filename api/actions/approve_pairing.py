"""Approve or deny a device that shows a code; the person sees first which device it is.

Refuses a code that nobody waits with: unknown, expired and decided look alike.
"""

from __future__ import annotations

from api.actions.desk import Desk
from api.domain.errors import NotFound
from api.domain.pairings import Grant, read_user_code
from api.store import grants
from api.store.database import Tx


async def find_pairing(desk: Desk, typed: str) -> Grant:
    """The device that waits with this code; raises NotFound."""

    async def work(tx: Tx) -> Grant | None:
        return await grants.by_user_code(tx, read_user_code(typed))

    grant = await desk.database.read(work)
    if grant is None or grant.state != "pending" or grant.expires_at <= desk.now():
        raise NotFound("no device waits with this code")
    return grant


async def approve_pairing(desk: Desk, account_id: str, typed: str, *, approve: bool = True) -> None:
    """Let the device in, or turn it away; raises NotFound."""
    state = "approved" if approve else "denied"

    async def work(tx: Tx) -> bool:
        return await grants.decide(tx, read_user_code(typed), account_id, state, desk.now())

    if not await desk.database.write(work):
        raise NotFound("no device waits with this code")
