"""Who is asking: every route is closed unless it says `opt={"public": True}`.

Takes an access token or a personal token in `Authorization: Bearer`, or the cookie of a browser that signed in on
our pages. Refuses a device within five seconds after it was signed out, and a write by cookie that our own page did
not send: a foreign page can neither set the `X-Scholium` header nor look like ours in `Sec-Fetch-Site` or `Origin`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Literal
from urllib.parse import urlsplit

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler
from litestar.types import Guard

from api.actions.desk import Desk
from api.actions.recognize import recognize_browser, recognize_device, recognize_token
from api.domain.accounts import Who
from api.domain.errors import NotAllowed, NotSignedIn
from api.domain.one_way import PERSONAL_PREFIX
from api.http import access_tokens
from api.http.access_tokens import Claims
from api.http.limits import Limits
from api.settings import Settings

AnyConnection = ASGIConnection[Any, Any, Any, Any]
COOKIE = "scholium_session"
OWN_HEADER = "X-Scholium"
KNOWN_MS = 5000  # how long a device is believed without asking the database again
MOST_KNOWN = 10_000
_SAFE = ("GET", "HEAD", "OPTIONS")
Kind = Literal["device", "token", "browser"]


class Doorkeeper:
    """Recognizes who shows what; remembers it for five seconds."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._known: dict[tuple[Kind, str], tuple[int, Who]] = {}
        self._read: dict[str, Claims] = {}  # of tokens whose signature was checked

    async def bearer(self, token: str) -> Who | None:
        """Who presents this token; raises NotSignedIn for an access token that is not valid."""
        desk = self._desk
        if token.startswith(PERSONAL_PREFIX):
            return await self._once("token", token, lambda: recognize_token(desk, token))
        claims = self._claims(token, desk.now() // 1000)
        who = await self._once("device", claims.sid, lambda: recognize_device(desk, claims.sid))
        return who if who and (who.account_id, who.library_id) == (claims.sub, claims.lib) else None

    async def browser(self, cookie: str) -> Who | None:
        """Who holds this cookie."""
        return await self._once("browser", cookie, lambda: recognize_browser(self._desk, cookie))

    def forget(self, id_: str) -> None:
        """Ask the database again about this device or personal token."""
        self._known = {shown: kept for shown, kept in self._known.items() if kept[1].device_id != id_}

    def forget_account(self, account_id: str) -> None:
        """Ask the database again about whoever speaks for this account."""
        self._known = {shown: kept for shown, kept in self._known.items() if kept[1].account_id != account_id}

    def _claims(self, token: str, now: int) -> Claims:
        """The claims of a token; its signature is checked once, its times whenever it is shown."""
        claims = self._read.get(token)
        if claims is not None:
            access_tokens.check_times(claims, now)
            return claims
        claims = access_tokens.read(self._desk.settings, token, now)
        if len(self._read) >= MOST_KNOWN:
            self._read.clear()
        self._read[token] = claims
        return claims

    async def _once(self, kind: Kind, text: str, ask: Callable[[], Awaitable[Who | None]]) -> Who | None:
        # The kind is part of the key: a device's id, which is no secret, must not pass for somebody's cookie.
        now, shown = self._desk.now(), (kind, text)
        until, who = self._known.get(shown, (0, None))
        if who and now < until:
            return who
        found = await ask()
        if len(self._known) >= MOST_KNOWN:
            self._known.clear()
        if found:
            self._known[shown] = (now + KNOWN_MS, found)
        else:
            self._known.pop(shown, None)
        return found


async def signed_in(connection: AnyConnection, handler: BaseRouteHandler) -> None:
    """A guard for every route: raises NotSignedIn for whom nobody knows, and TooMany for whom asks too often."""
    limits: Limits = connection.app.state.limits
    if handler.opt.get("public") or connection.scope.get("method") == "OPTIONS":
        if handler.opt.get("paced", True):
            await limits.pace_stranger(connection)
        return
    try:
        who = await visitor(connection)
        if who is None:
            raise NotSignedIn("sign in first")
    except NotSignedIn:
        await limits.pace_stranger(connection)
        raise
    await (limits.pace_heavy if handler.opt.get("heavy") else limits.pace)(who.account_id)
    connection.scope["user"] = who


async def visitor(connection: AnyConnection) -> Who | None:
    """Who is asking, if anybody known; raises NotSignedIn for a token that is not valid."""
    doorkeeper: Doorkeeper = connection.app.state.doorkeeper
    header = connection.headers.get("authorization")
    if header is not None:
        scheme, _, token = header.partition(" ")
        if scheme.lower() != "bearer":
            raise NotSignedIn("only Bearer tokens are taken")
        return await doorkeeper.bearer(token.strip())
    cookie = connection.cookies.get(cookie_name(connection, COOKIE))
    who = await doorkeeper.browser(cookie) if cookie else None
    if who and connection.scope["path"].startswith("/v1/") and connection.scope.get("method") not in _SAFE:
        _check_own_page(connection)
    return who


def _check_own_page(connection: AnyConnection) -> None:
    if connection.headers.get(OWN_HEADER) != "1" or not is_same_origin(connection, unsaid=False):
        raise NotAllowed(f"a write by cookie needs the header {OWN_HEADER}: 1 and the page's own origin")


def cookie_name(connection: AnyConnection, name: str) -> str:
    """A cookie's name, behind TLS with the prefix that lets no other host and no plain page set it (RFC 6265bis)."""
    settings: Settings = connection.app.state.desk.settings
    return f"__Host-{name}" if settings.base_url.startswith("https://") else name


def is_same_origin(connection: AnyConnection, *, unsaid: bool) -> bool:
    """Whether our own page sent this; `unsaid` is the answer where the browser says nothing about it."""
    site = connection.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    origin = connection.headers.get("origin")
    if origin is None:
        return unsaid
    settings = connection.app.state.desk.settings
    return origin == settings.base_url or urlsplit(origin).netloc == connection.headers.get("host")


def requires(*scopes: str) -> Guard:
    """A guard that lets pass who has any of these scopes."""

    async def guard(connection: AnyConnection, _: BaseRouteHandler) -> None:  # a plain one would get a thread
        who: Who = connection.scope["user"]
        if not who.scopes & set(scopes):
            raise NotAllowed(f"this needs the scope {' or '.join(scopes)}")

    return guard
