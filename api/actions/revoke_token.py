"""Revoke a personal access token; refuses another account's as if there were none."""

from __future__ import annotations

from api.actions.desk import Desk
from api.domain.errors import NotFound
from api.store import tokens
from api.store.database import Tx


async def revoke_token(desk: Desk, account_id: str, token_id: str) -> None:
    """End a token for good; raises NotFound."""

    async def work(tx: Tx) -> bool:
        return await tokens.revoke(tx, account_id, token_id, desk.now())

    if not await desk.database.write(work):
        raise NotFound("no such token")
