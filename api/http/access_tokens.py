"""Access tokens: JWTs of a quarter of an hour that name account, library and device (RFC 9068).

One algorithm; a key by its `kid`, so that two live while they rotate. Refuses a token of another type, audience or
issuer, one without each of the claims, and times that are no plain numbers.
"""

from __future__ import annotations

import hashlib
import secrets

import jwt
import msgspec
from msgspec import Struct

from api.actions.desk import Desk
from api.domain.accounts import Session, scope_text
from api.domain.errors import NotSignedIn
from api.settings import Settings

ALGORITHM = "HS256"
TYPE = "at+jwt"
AUDIENCE = "scholium"
LEEWAY_SECONDS = 30
MOST_CHARACTERS = 4096
_REQUIRED = ["exp", "iat", "sub", "sid", "jti", "aud", "iss", "lib", "scope"]


class Claims(Struct, frozen=True):
    """What a token says: whom it speaks for, on which device, for how long (seconds)."""

    iss: str
    aud: str
    sub: str
    sid: str
    lib: str
    scope: str
    jti: str
    iat: int
    exp: int


class TokenAnswer(Struct, frozen=True):
    """What a client gets when it signs in or refreshes (RFC 6749 5.1)."""

    access_token: str
    token_type: str
    expires_in: int
    refresh_token: str
    scope: str
    device_id: str
    library_id: str


def answer(desk: Desk, session: Session) -> TokenAnswer:
    """A session as the client gets it, with a fresh access token."""
    return TokenAnswer(
        mint(desk.settings, session, desk.now() // 1000),
        "Bearer",
        desk.settings.access_token_seconds,
        session.refresh_token,
        scope_text(session.scopes),
        session.device_id,
        session.library_id,
    )


def mint(settings: Settings, session: Session, now: int) -> str:
    """A signed token for a session; `now` in Unix seconds."""
    claims = Claims(
        iss=settings.base_url,
        aud=AUDIENCE,
        sub=session.account_id,
        sid=session.device_id,
        lib=session.library_id,
        scope=scope_text(session.scopes),
        jti=secrets.token_urlsafe(12),
        iat=now,
        exp=now + settings.access_token_seconds,
    )
    key = settings.secret_key
    headers = {"kid": key_id(key), "typ": TYPE}
    return jwt.encode(msgspec.to_builtins(claims), key, algorithm=ALGORITHM, headers=headers)


def read(settings: Settings, token: str, now: int) -> Claims:
    """The claims of a token that is valid now (Unix seconds); raises NotSignedIn."""
    try:
        claims = msgspec.convert(_verified(settings, token), Claims)
    except (jwt.PyJWTError, msgspec.ValidationError, ValueError, RecursionError):
        raise NotSignedIn("the access token is not valid") from None
    check_times(claims, now)
    return claims


def check_times(claims: Claims, now: int) -> None:
    """Raise NotSignedIn for a token before or after its time (Unix seconds)."""
    if not claims.iat - LEEWAY_SECONDS <= now < claims.exp + LEEWAY_SECONDS:
        raise NotSignedIn("the access token has expired")


def key_id(key: str) -> str:
    """A short name of a key that does not give it away."""
    return hashlib.sha256(b"kid " + key.encode()).hexdigest()[:8]


def _verified(settings: Settings, token: str) -> dict[str, object]:
    if len(token) > MOST_CHARACTERS:
        raise ValueError("too long")
    header = jwt.get_unverified_header(token)
    keys = {key_id(key): key for key in (settings.secret_key_previous, settings.secret_key) if key}
    if header.get("typ") != TYPE or header.get("kid") not in keys:
        raise ValueError("another type or key")
    # Times are checked above, against the desk's clock and as plain numbers.
    options = {"require": _REQUIRED, "verify_exp": False, "verify_iat": False, "verify_nbf": False}
    found: dict[str, object] = jwt.decode(
        token,
        keys[header["kid"]],
        algorithms=[ALGORITHM],
        audience=AUDIENCE,
        issuer=settings.base_url,
        options=options,  # type: ignore[arg-type]  # a plain dict of its keys
    )
    return found
