"""List the personal access tokens, without their secrets."""

from __future__ import annotations

from api.actions.desk import Desk
from api.domain.accounts import PersonalToken
from api.store import tokens
from api.store.database import Tx


async def list_tokens(desk: Desk, account_id: str) -> list[PersonalToken]:
    """The tokens of an account that were not revoked, the newest first."""

    async def work(tx: Tx) -> list[PersonalToken]:
        return await tokens.listed(tx, account_id)

    return await desk.database.read(work)
