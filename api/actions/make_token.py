"""Make a personal access token for a script: shown once, kept as a hash.

Refuses scopes beyond save, read, sync and export: a script never manages the account.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable

from msgspec import Struct

from api.actions.desk import Desk
from api.domain.accounts import PERSONAL_SCOPES, PersonalToken
from api.domain.errors import BadInput, NotFound
from api.domain.fields import check_text
from api.domain.one_way import PERSONAL_PREFIX, SECRET_BYTES, hashed
from api.store import accounts, tokens
from api.store.database import Tx

DAY_MS = 86_400_000
MOST_DAYS = 3660
MOST_NAME = 100


class NewToken(Struct, frozen=True):
    """A token with its secret, this once."""

    token: PersonalToken
    secret: str


async def make_token(desk: Desk, account_id: str, name: str, scopes: Iterable[str], days: int) -> str:
    """The secret of a new token that ends after so many days; raises BadInput or NotFound."""
    return (await new_token(desk, account_id, name, scopes, desk.now() + days * DAY_MS)).secret


async def new_token(desk: Desk, account_id: str, name: str, scopes: Iterable[str], expires_at: int) -> NewToken:
    """A new token that ends at a time in Unix milliseconds; raises BadInput or NotFound."""
    wanted, now = frozenset(scopes), desk.now()
    if not wanted or not wanted <= PERSONAL_SCOPES:
        raise BadInput(f"scopes are one or more of {', '.join(sorted(PERSONAL_SCOPES))}")
    if not 1 <= len(name) <= MOST_NAME:
        raise BadInput(f"a name has 1 to {MOST_NAME} characters")
    if not now < expires_at <= now + MOST_DAYS * DAY_MS:
        raise BadInput(f"a token ends in the future, within {MOST_DAYS} days")
    check_text("name", name)
    secret = PERSONAL_PREFIX + secrets.token_urlsafe(SECRET_BYTES)
    token = PersonalToken(desk.new_id(), name, wanted, now, expires_at, None)

    async def work(tx: Tx) -> None:
        account = await accounts.by_id(tx, account_id)
        if account is None:
            raise NotFound("no such account")
        await tokens.add(tx, hashed(secret), account.id, account.library_id, token)

    await desk.database.write(work)
    return NewToken(token, secret)
