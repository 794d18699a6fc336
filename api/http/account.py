"""`/v1/account`: one's own account: another password, or the end of it. Both ask for the password and count tries."""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Request, delete, post
from litestar.di import NamedDependency
from litestar.params import JSONBody
from msgspec import Meta, Struct

from api.actions.change_password import change_password
from api.actions.delete_account import delete_account
from api.actions.desk import Desk
from api.actions.get_account import get_account
from api.domain.accounts import Who
from api.http.auth import Doorkeeper, requires
from api.http.limits import Limits

Password = Annotated[str, Meta(max_length=1024)]


class LeaveWish(Struct, frozen=True, forbid_unknown_fields=True):
    """The password, for the last time."""

    password: Password


class PasswordWish(Struct, frozen=True, forbid_unknown_fields=True):
    """The password as it is, and as it shall be."""

    old: Password
    new: Password


@delete("/v1/account", guards=[requires("account")])
async def leave(
    request: Request[Any, Any, Any],
    data: JSONBody[LeaveWish],
    who: NamedDependency[Who],
    desk: NamedDependency[Desk],
    doorkeeper: NamedDependency[Doorkeeper],
    limits: NamedDependency[Limits],
) -> None:
    """Delete the account with everything in it, for good."""
    account = await get_account(desk, who.account_id)
    await limits.sign_in(request, account.email)
    await delete_account(desk, account.id, data.password)
    await limits.forgive(account.email)
    doorkeeper.forget_account(account.id)


@post("/v1/account/password", status_code=204, guards=[requires("account")])
async def password(
    request: Request[Any, Any, Any],
    data: JSONBody[PasswordWish],
    who: NamedDependency[Who],
    desk: NamedDependency[Desk],
    doorkeeper: NamedDependency[Doorkeeper],
    limits: NamedDependency[Limits],
) -> None:
    """Change the password; every other device is signed out."""
    account = await get_account(desk, who.account_id)
    await limits.sign_in(request, account.email)
    await change_password(desk, who, data.old, data.new)
    await limits.forgive(account.email)
    doorkeeper.forget_account(account.id)
