"""`/v1/tokens`: personal access tokens for scripts, shown once, with scopes and an end."""

from __future__ import annotations

from typing import Annotated

from litestar import delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import Meta, Struct, structs

from api.actions.desk import Desk
from api.actions.list_tokens import list_tokens
from api.actions.make_token import DAY_MS, MOST_NAME, new_token
from api.actions.revoke_token import revoke_token
from api.domain.accounts import PERSONAL_SCOPES, PersonalToken, Who
from api.domain.clock import read_rfc3339, rfc3339
from api.domain.errors import BadInput
from api.domain.fields import TIME_SCHEMA
from api.http.auth import Doorkeeper, requires

DEFAULT_DAYS = 365
_SCOPES = {"enum": sorted(PERSONAL_SCOPES)}  # checked where a token is made
_FEW = Meta(min_length=1, max_length=10)


class TokenWish(Struct, frozen=True, forbid_unknown_fields=True):
    """A name, the scopes (`save`, `read`, `sync`, `export`), and an end; a year where none is given."""

    name: Annotated[str, Meta(min_length=1, max_length=MOST_NAME)]
    scopes: Annotated[list[Annotated[str, Meta(max_length=20, extra_json_schema=_SCOPES)]], _FEW]
    expires_at: Annotated[str, Meta(max_length=64, extra_json_schema=TIME_SCHEMA)] | None = None


class TokenItem(Struct, frozen=True):
    """A token without its secret."""

    id: str
    name: str
    scopes: list[str]
    created_at: str
    expires_at: str | None
    last_used_at: str | None


class NewTokenAnswer(TokenItem, frozen=True):
    """A new token with its secret, this once."""

    token: str


class TokenList(Struct, frozen=True):
    """All tokens that were not revoked."""

    items: list[TokenItem]
    cursor: str | None = None


@post("/v1/tokens", guards=[requires("account")])
async def make(data: JSONBody[TokenWish], who: NamedDependency[Who], desk: NamedDependency[Desk]) -> NewTokenAnswer:
    """Make a token."""
    made = await new_token(desk, who.account_id, data.name, data.scopes, _end(data.expires_at, desk.now()))
    return NewTokenAnswer(**structs.asdict(_item(made.token)), token=made.secret)


@get("/v1/tokens", guards=[requires("account")])
async def listed(who: NamedDependency[Who], desk: NamedDependency[Desk]) -> TokenList:
    """The tokens, the newest first."""
    return TokenList([_item(token) for token in await list_tokens(desk, who.account_id)])


@delete("/v1/tokens/{token_id:str}", guards=[requires("account")])
async def revoke(
    token_id: FromPath[str],
    who: NamedDependency[Who],
    desk: NamedDependency[Desk],
    doorkeeper: NamedDependency[Doorkeeper],
) -> None:
    """End a token for good."""
    await revoke_token(desk, who.account_id, token_id)
    doorkeeper.forget(token_id)


def _end(text: str | None, now: int) -> int:
    if text is None:
        return now + DEFAULT_DAYS * DAY_MS
    try:
        return read_rfc3339(text)
    except ValueError as wrong:
        raise BadInput(f"expires_at: {wrong}") from None


def _item(token: PersonalToken) -> TokenItem:
    return TokenItem(
        token.id,
        token.name,
        sorted(token.scopes),
        rfc3339(token.created_at),
        rfc3339(token.expires_at) if token.expires_at is not None else None,
        rfc3339(token.used_at) if token.used_at is not None else None,
    )
