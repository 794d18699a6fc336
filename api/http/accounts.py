"""`POST /v1/accounts`: register, where this instance takes new accounts."""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Request, post
from litestar.di import NamedDependency
from litestar.params import JSONBody
from msgspec import Meta, Struct

from api.actions.desk import Desk
from api.actions.register import register
from api.domain.clock import rfc3339
from api.domain.passwords import MOST_EMAIL
from api.http.limits import Limits


class RegisterWish(Struct, frozen=True, forbid_unknown_fields=True):
    """The address and the password of a new account."""

    email: Annotated[str, Meta(max_length=MOST_EMAIL)]
    password: Annotated[str, Meta(max_length=1024)]


class AccountAnswer(Struct, frozen=True):
    """An account."""

    id: str
    email: str
    library_id: str
    created_at: str


@post("/v1/accounts", opt={"public": True, "refusals": (403,)})
async def make_account(
    request: Request[Any, Any, Any],
    data: JSONBody[RegisterWish],
    desk: NamedDependency[Desk],
    limits: NamedDependency[Limits],
) -> AccountAnswer:
    """Make an account with an empty library."""
    await limits.register(request)
    account = await register(desk, data.email, data.password)
    return AccountAnswer(account.id, account.email, account.library_id, rfc3339(account.created_at))
