"""`/v1/sessions`: sign in, see the devices that are signed in, sign one out. A session's id is its device's."""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Request, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import Meta, Struct

from api.actions.desk import Desk
from api.actions.list_devices import list_devices
from api.actions.sign_in import sign_in
from api.actions.sign_out import sign_out
from api.domain.accounts import Who
from api.domain.clock import rfc3339
from api.http.access_tokens import TokenAnswer, answer
from api.http.auth import Doorkeeper, requires
from api.http.limits import Limits


class SignInWish(Struct, frozen=True, forbid_unknown_fields=True):
    """Address, password, and a name for the device."""

    email: Annotated[str, Meta(max_length=1024)]
    password: Annotated[str, Meta(max_length=1024)]
    device: Annotated[str, Meta(min_length=1, max_length=100)] = "unnamed device"


class SessionItem(Struct, frozen=True):
    """A signed-in device; `current` is the one that asks."""

    id: str
    name: str
    client_id: str
    created_at: str
    seen_at: str
    current: bool


class SessionList(Struct, frozen=True):
    """All signed-in devices."""

    items: list[SessionItem]
    cursor: str | None = None


@post("/v1/sessions", opt={"public": True, "refusals": (401,)})
async def open_session(
    request: Request[Any, Any, Any],
    data: JSONBody[SignInWish],
    desk: NamedDependency[Desk],
    limits: NamedDependency[Limits],
) -> TokenAnswer:
    """Sign a device in."""
    async with limits.guess_password(request, data.email):
        session = await sign_in(desk, data.email, data.password, data.device)
    return answer(desk, session)


@get("/v1/sessions", guards=[requires("account")])
async def listed(who: NamedDependency[Who], desk: NamedDependency[Desk]) -> SessionList:
    """The devices that are signed in, the latest seen first."""
    found = await list_devices(desk, who.account_id)
    return SessionList(
        [
            SessionItem(d.id, d.name, d.client_id, rfc3339(d.created_at), rfc3339(d.seen_at), d.id == who.device_id)
            for d in found
        ]
    )


@delete("/v1/sessions/{session_id:str}", guards=[requires("account")])
async def end_session(
    session_id: FromPath[str],
    who: NamedDependency[Who],
    desk: NamedDependency[Desk],
    doorkeeper: NamedDependency[Doorkeeper],
) -> None:
    """Sign a device out."""
    await sign_out(desk, who.account_id, session_id)
    doorkeeper.forget(session_id)
