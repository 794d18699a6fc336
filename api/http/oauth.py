"""`/oauth/*`: tokens refreshed, devices paired, tokens revoked (RFC 6749, 8628, 7009), form-encoded.

Errors have RFC 6749's own shape. Refuses to say whether a token that was revoked ever existed (RFC 7009 2.2).
"""

from __future__ import annotations

from typing import Annotated, Any, TypeVar

import msgspec
from litestar import Request, Response, Router, post
from litestar.di import NamedDependency
from litestar.exceptions import HTTPException
from msgspec import Meta, Struct

from api.actions.desk import Desk
from api.actions.poll_pairing import poll_pairing
from api.actions.refresh_session import refresh_session
from api.actions.sign_out import sign_out, sign_out_token
from api.actions.start_pairing import MOST_NAME, start_pairing
from api.domain.accounts import Session
from api.domain.errors import BadInput, NotFound, NotSignedIn, ScholiumError
from api.http import access_tokens
from api.http.access_tokens import TokenAnswer
from api.http.auth import Doorkeeper
from api.http.form_fields import form_fields
from api.http.limits import Limits
from api.http.problems import AnyRequest, status_of

T = TypeVar("T")
DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
PROOFS = {"refresh_token": "refresh_token", DEVICE_GRANT: "device_code"}  # what each grant is proved by
Needed = Annotated[str, Meta(min_length=1)]


class PairingForm(Struct, frozen=True):
    """RFC 8628 3.1, with a name for the device that the person sees."""

    client_id: Needed
    device_name: Annotated[str, Meta(max_length=MOST_NAME)] = ""


class TokenForm(Struct, frozen=True):
    """RFC 6749 6, RFC 8628 3.4: which grant, and what it is proved by."""

    grant_type: Needed
    client_id: Needed
    refresh_token: str = ""
    device_code: str = ""


class RevokeForm(Struct, frozen=True):
    """RFC 7009 2.1; its hint is not needed."""

    token: Needed


class OAuthError(Struct, frozen=True):
    """RFC 6749 5.2."""

    error: str
    error_description: str


class DeviceAnswer(Struct, frozen=True):
    """RFC 8628 3.2; times in seconds."""

    device_code: str
    user_code: str
    verification_uri: str
    verification_uri_complete: str
    expires_in: int
    interval: int


@post("/device_authorization", status_code=200, opt={"form": PairingForm})
async def device_authorization(
    request: Request[Any, Any, Any], desk: NamedDependency[Desk], limits: NamedDependency[Limits]
) -> DeviceAnswer:
    """Start pairing: a code to show to the person."""
    form = await _form(request, PairingForm)
    await limits.register(request)
    made = await start_pairing(desk, form.client_id, form.device_name)
    page = f"{desk.settings.base_url}/pair"
    shown = made.user_code
    return DeviceAnswer(made.device_code, shown, page, f"{page}?code={shown}", made.expires_in, made.interval)


@post("/token", status_code=200, opt={"form": TokenForm})
async def token(request: Request[Any, Any, Any], desk: NamedDependency[Desk]) -> Response[TokenAnswer | OAuthError]:
    """Exchange a refresh token or an approved device code."""
    form = await _form(request, TokenForm)
    if form.grant_type not in PROOFS:
        return _refused("unsupported_grant_type", "refresh_token and device_code are taken")
    if not (proof := getattr(form, PROOFS[form.grant_type])):
        raise BadInput(f"{PROOFS[form.grant_type]} is missing")
    if form.grant_type == "refresh_token":
        return _taken(desk, await refresh_session(desk, form.client_id, proof))
    state = await poll_pairing(desk, form.client_id, proof)
    return _taken(desk, state) if isinstance(state, Session) else _refused(state, state.replace("_", " "))


@post("/revoke", status_code=200, opt={"form": RevokeForm})
async def revoke(
    request: Request[Any, Any, Any], desk: NamedDependency[Desk], doorkeeper: NamedDependency[Doorkeeper]
) -> None:
    """Sign the device of a refresh or access token out."""
    shown = (await _form(request, RevokeForm)).token
    device_id = await sign_out_token(desk, shown) or await _sign_out_access(desk, shown)
    if device_id:
        doorkeeper.forget(device_id)


async def _sign_out_access(desk: Desk, shown: str) -> str | None:
    try:
        claims = access_tokens.read(desk.settings, shown, desk.now() // 1000)
        await sign_out(desk, claims.sub, claims.sid)
    except (NotSignedIn, NotFound):
        return None
    return claims.sid


async def _form(request: Request[Any, Any, Any], shape: type[T]) -> T:
    # A field without a value counts as left out, one that we do not know is ignored (RFC 6749 3.2).
    given = {name: value for name, value in (await form_fields(request)).items() if value}
    try:
        return msgspec.convert(given, shape)
    except msgspec.ValidationError as wrong:
        raise BadInput(str(wrong)) from None


def _taken(desk: Desk, session: Session) -> Response[TokenAnswer | OAuthError]:
    return Response(access_tokens.answer(desk, session), headers={"Pragma": "no-cache"})


def _refused(error: str, description: str, status: int = 400) -> Response[TokenAnswer | OAuthError]:
    return Response(OAuthError(error, description), status_code=status, headers={"Pragma": "no-cache"})


def _named(_: AnyRequest, error: ScholiumError) -> Response[Any]:
    if isinstance(error, NotSignedIn):
        return _refused("invalid_grant", error.detail)
    answer = _refused("invalid_request", error.detail, status_of(error))
    if "retry_after" in error.extra:
        answer.headers["Retry-After"] = str(error.extra["retry_after"])
    return answer


def _framework(request: AnyRequest, error: HTTPException) -> Response[Any]:
    if error.status_code >= 500:
        raise error
    return _refused("invalid_request", error.detail, error.status_code)


router = Router(
    "/oauth",
    route_handlers=[device_authorization, token, revoke],
    exception_handlers={ScholiumError: _named, HTTPException: _framework},
    opt={"public": True},
)
