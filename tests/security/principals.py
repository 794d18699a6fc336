"""Everybody who may stand at a door: with each kind of proof, good, spent, forged, or meant for something else."""

from __future__ import annotations

import base64
from typing import Any

import jwt
import msgspec
from msgspec import Struct
from msgspec.structs import replace

from api.actions.delete_account import delete_account
from api.actions.desk import Desk
from api.actions.make_token import new_token
from api.actions.register import register
from api.domain.accounts import ALL_SCOPES, PersonalToken, Session, scope_set
from api.domain.one_way import PERSONAL_PREFIX, hashed
from api.http.access_tokens import ALGORITHM, TYPE, key_id, mint
from api.http.auth import COOKIE
from api.store import tokens
from tests.conftest import NOW, SECRET
from tests.http.conftest import PASSWORD, Client, bearer, sign_in
from tests.security.house import OLD_KEY, House

NOBODY = None
DAY_MS = 86_400_000


class Principal(Struct, frozen=True):
    """What somebody shows, and what they may do with it; None where it proves nothing."""

    headers: dict[str, str]
    scopes: frozenset[str] | None = NOBODY


async def principals(client: Client, desk: Desk, house: House) -> dict[str, Principal]:
    """Everybody, by what they show."""
    ada, session = house.ada, _session(house)
    good = ada.session["access_token"]
    found = {
        "her device": Principal(ada.headers, ALL_SCOPES),
        "her device, signed with the key before": Principal(
            bearer(mint(replace(desk.settings, secret_key=OLD_KEY), session, NOW // 1000)), ALL_SCOPES
        ),
        "nothing": Principal({}),
        "an empty token": Principal({"Authorization": "Bearer "}),
        "her password": Principal({"Authorization": f"Basic {_basic(ada.account.email)}"}),
        "her token by another scheme": Principal({"Authorization": f"Token {good}"}),
        "her refresh token": Principal(bearer(ada.session["refresh_token"])),
        "her refresh token as a cookie": Principal(_cookie(ada.session["refresh_token"])),
        "her access token as a cookie": Principal(_cookie(good)),
        "her device's id as a cookie": Principal(_cookie(ada.session["device_id"])),
        "her feed's secret": Principal(bearer(ada.ids["secret"])),
        "her one-time link": Principal(bearer(ada.ids["token"])),
        "a device code that nobody approved": Principal(bearer(await _device_code(client))),
    }
    found |= await _personal(desk, house)
    found |= {f"a token of {what}": Principal(bearer(token)) for what, token in _forged(desk, session, good).items()}
    return found | await _ended(client, desk, house)


def _session(house: House) -> Session:
    known = house.ada.session
    return Session(
        house.ada.account.id, known["library_id"], known["device_id"], scope_set(known["scope"]), known["refresh_token"]
    )


async def _personal(desk: Desk, house: House) -> dict[str, Principal]:
    """Personal tokens of one scope each, of none, revoked and expired."""
    account = house.ada.account
    found = {}
    for scope in ("read", "save", "sync", "export"):
        made = await new_token(desk, account.id, scope, [scope], NOW + DAY_MS)
        found[f"a {scope}-only token"] = Principal(bearer(made.secret), frozenset((scope,)))
    shapes = {"a token without a scope": (frozenset[str](), NOW + DAY_MS), "an expired token": (ALL_SCOPES, NOW - 1)}
    for name, (scopes, until) in shapes.items():
        secret = f"{PERSONAL_PREFIX}{name}"
        token = PersonalToken(desk.new_id(), name, scopes, NOW, until, None)
        await desk.database.write(
            lambda tx, s=secret, t=token: tokens.add(tx, hashed(s), account.id, account.library_id, t)
        )
        found[name] = Principal(bearer(secret), scopes if until > NOW else NOBODY)
    made = await new_token(desk, account.id, "revoked", ["read", "save", "sync", "export"], NOW + DAY_MS)
    await desk.database.write(lambda tx: tokens.revoke(tx, account.id, made.token.id, NOW))
    return found | {"a revoked token": Principal(bearer(made.secret))}


def _forged(desk: Desk, session: Session, good: str) -> dict[str, str]:
    """Access tokens with one thing wrong."""
    claims = jwt.decode(good, options={"verify_signature": False})
    head, body, signature = good.split(".")
    now = NOW // 1000

    def signed(key: str = SECRET, typ: str = TYPE, kid: str = key_id(SECRET), **changed: Any) -> str:
        return jwt.encode(claims | changed, key, algorithm=ALGORITHM, headers={"kid": kid, "typ": typ})

    unsigned = base64.urlsafe_b64encode(msgspec.json.encode({"alg": "none", "typ": TYPE, "kid": key_id(SECRET)}))
    return {
        "another key": signed(key="a key of somebody else, long enough to sign with"),
        "no signature": f"{head}.{body}.",
        "no algorithm": f"{unsigned.decode().rstrip('=')}.{body}.",
        "half a signature": f"{head}.{body}.{signature[:20]}",
        "another purpose": signed(typ="JWT"),
        "an unknown key id": signed(kid="00000000"),
        "another audience": signed(aud="another service"),
        "another issuer": signed(iss="https://evil.example"),
        "an hour ago": signed(iat=now - 4500, exp=now - 3600),
        "tomorrow": signed(iat=now + 86_400, exp=now + 90_000),
        "a library that is not hers": signed(lib="0199aaaa-0000-7000-8000-0000000000ff"),
        "an account that is not the device's": signed(sub="0199aaaa-0000-7000-8000-0000000000fe"),
        "a device that nobody knows": signed(sid="0199aaaa-0000-7000-8000-0000000000fd"),
        "an expired session": mint(desk.settings, session, now - 5000),
    }


async def _ended(client: Client, desk: Desk, house: House) -> dict[str, Principal]:
    """Proofs that were good once."""
    away = await sign_in(client, house.ada.account.email)
    answer = await client.post("/oauth/revoke", data={"token": away["refresh_token"]})
    assert answer.status_code == 200
    gone = await register(desk, "gone@example.org", PASSWORD, by_admin=True)
    left = await sign_in(client, gone.email)
    await delete_account(desk, gone.id, PASSWORD)
    barred = await register(desk, "barred@example.org", PASSWORD, by_admin=True)
    shut = await sign_in(client, barred.email)
    await desk.database.write(lambda tx: tx.run("UPDATE account SET disabled = 1 WHERE id = :id", id=barred.id))
    return {
        "a device that signed out": Principal(bearer(away["access_token"])),
        "a device of an account that is gone": Principal(bearer(left["access_token"])),
        "a device of an account that is disabled": Principal(bearer(shut["access_token"])),
    }


async def _device_code(client: Client) -> str:
    answer = await client.post("/oauth/device_authorization", data={"client_id": "scholium-extension"})
    return str(answer.json()["device_code"])


def _cookie(value: str) -> dict[str, str]:
    return {"Cookie": f"{COOKIE}={value}", "X-Scholium": "1", "Sec-Fetch-Site": "same-origin"}


def _basic(email: str) -> str:
    return base64.b64encode(f"{email}:{PASSWORD}".encode()).decode()
