"""`/v1/account`: one's own account: all of it as a file, another password, or its end.

Refuses the latter two without the password, and counts wrong ones as tries to sign in.
"""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Request, delete, get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody
from litestar.response import Stream
from msgspec import Meta, Struct

from api.actions.change_password import change_password
from api.actions.delete_account import delete_account
from api.actions.desk import Desk
from api.actions.export_account import export_account
from api.actions.export_library import export_library
from api.actions.get_account import get_account
from api.domain.accounts import Who
from api.domain.entries import EntryFilter
from api.domain.formats.catalog import export_wish
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
    async with limits.guess_password(request, account.email):
        await delete_account(desk, account.id, data.password)
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
    async with limits.guess_password(request, account.email):
        await change_password(desk, who, data.old, data.new)
    doorkeeper.forget_account(account.id)


@get("/v1/account/export", guards=[requires("account")], opt={"heavy": True, "media": ("application/json",)})
async def everything(who: NamedDependency[Who], desk: NamedDependency[Desk]) -> Stream:
    """All that this instance keeps for the account, as one file that can be imported again."""
    library = export_library(desk, who.library_id, EntryFilter(), export_wish("json"))
    return Stream(
        export_account(desk, who, library),
        media_type="application/json",
        headers={"Content-Disposition": 'attachment; filename="scholium-account.json"'},
    )
