"""Access tokens: what is no token of ours, for us, now, opens nothing."""

from __future__ import annotations

import base64
import json
from typing import Any

import jwt

from api.http.access_tokens import key_id
from tests.conftest import NOW, SECRET, Clock
from tests.http.conftest import Client, MakeClient, bearer

OTHER = "another secret, which is long enough to sign with too"
BASE_URL = "http://127.0.0.1:8420"


def claims(ada: dict[str, Any], **changed: Any) -> dict[str, Any]:
    """Good claims for Ada's device, with some changed; None leaves one out."""
    account = jwt.decode(ada["access_token"], options={"verify_signature": False})["sub"]
    good = {
        "iss": BASE_URL,
        "aud": "scholium",
        "sub": account,
        "sid": ada["device_id"],
        "lib": ada["library_id"],
        "scope": "read account",
        "jti": "1",
        "iat": NOW // 1000,
        "exp": NOW // 1000 + 900,
    } | changed
    return {name: value for name, value in good.items() if value is not None}


def signed(content: dict[str, Any], key: str = SECRET, **header: Any) -> str:
    """A token signed with HS256, `typ` and `kid` as ours have them unless changed."""
    return jwt.encode(content, key, algorithm="HS256", headers={"typ": "at+jwt", "kid": key_id(SECRET)} | header)


def bare(header: dict[str, Any], content: dict[str, Any], signature: str = "") -> str:
    """A token put together by hand."""
    parts = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in (header, content)]
    return ".".join([*parts, signature])


async def opened(client: Client, token: str) -> int:
    answer = await client.get("/v1/entries", headers=bearer(token))
    if answer.status_code == 401:
        assert answer.json()["code"] == "not_signed_in"
        assert answer.headers["www-authenticate"] == "Bearer"
    return answer.status_code


async def test_a_token_with_good_claims_opens(client: Client, ada: dict[str, Any]) -> None:
    assert await opened(client, signed(claims(ada))) == 200


WRONG_CLAIMS: list[dict[str, Any]] = [
    {"aud": "another"},
    {"aud": None},
    {"iss": "https://elsewhere.example"},
    {"iss": None},
    {"exp": None},
    {"iat": None},
    {"sub": None},
    {"sub": "0199aaaa-0000-7000-8000-000000000000"},
    {"sub": 7},
    {"sid": None},
    {"sid": "0199aaaa-0000-7000-8000-000000000000"},
    {"jti": None},
    {"lib": "0199aaaa-0000-7000-8000-000000000000"},
    {"exp": str(NOW)},
    {"exp": float("1e30")},
    {"exp": True},
    {"exp": NOW // 1000 - 30},
    {"iat": NOW // 1000 + 31},
]


async def test_a_wrong_or_missing_claim_opens_nothing(client: Client, ada: dict[str, Any]) -> None:
    opens = {str(changed): await opened(client, signed(claims(ada, **changed))) for changed in WRONG_CLAIMS}
    assert opens == dict.fromkeys(opens, 401)


async def test_another_type_or_key_name_opens_nothing(client: Client, ada: dict[str, Any]) -> None:
    for changed in ({"typ": "JWT"}, {"typ": "link+jwt"}, {"kid": "00000000"}, {"kid": None}):
        header = {"typ": "at+jwt", "kid": key_id(SECRET)} | changed
        token = jwt.encode(claims(ada), SECRET, algorithm="HS256", headers={k: v for k, v in header.items() if v})
        assert await opened(client, token) == 401, changed


async def test_an_algorithm_that_the_token_chooses_is_not_followed(client: Client, ada: dict[str, Any]) -> None:
    for algorithm in ("none", "None", "RS256", "HS512"):
        header = {"alg": algorithm, "typ": "at+jwt", "kid": key_id(SECRET)}
        assert await opened(client, bare(header, claims(ada))) == 401, algorithm


async def test_a_longer_hash_than_ours_is_not_taken(client: Client, ada: dict[str, Any]) -> None:
    header = {"typ": "at+jwt", "kid": key_id(SECRET)}
    with_512 = jwt.encode(claims(ada), SECRET + SECRET, algorithm="HS512", headers=header)
    assert await opened(client, with_512) == 401


async def test_a_forged_signature_opens_nothing(client: Client, ada: dict[str, Any]) -> None:
    assert await opened(client, signed(claims(ada), OTHER)) == 401
    head, body, signature = ada["access_token"].split(".")
    assert await opened(client, f"{head}.{body}.{signature[::-1]}") == 401
    assert await opened(client, f"{head}.{body}.") == 401


async def test_what_is_no_token_opens_nothing(client: Client) -> None:
    for token in ("", ".", "..", "a.b.c", "sch_", "é" * 10, "e30.e30.e30", "x" * 5000):
        headers = [(b"authorization", b"Bearer " + token.encode("latin-1"))]
        assert (await client.get("/v1/entries", headers=headers)).status_code == 401, token[:20]


async def test_another_scheme_opens_nothing(client: Client, ada: dict[str, Any]) -> None:
    for scheme in ("Basic", "Token", ada["access_token"]):
        answer = await client.get("/v1/entries", headers={"Authorization": f"{scheme} {ada['access_token']}"})
        assert answer.status_code == 401


async def test_a_token_ends_after_its_quarter_of_an_hour_and_the_leeway(
    client: Client, clock: Clock, ada: dict[str, Any]
) -> None:
    clock.forward(900 + 29)
    assert await opened(client, ada["access_token"]) == 200
    clock.forward(1)
    assert await opened(client, ada["access_token"]) == 401


async def test_the_previous_key_is_taken_while_keys_rotate_and_signs_nothing_new(
    make_client: MakeClient, ada: dict[str, Any]
) -> None:
    rotating = await make_client(secret_key=OTHER, secret_key_previous=SECRET)
    assert await opened(rotating, ada["access_token"]) == 200
    form = {"grant_type": "refresh_token", "refresh_token": ada["refresh_token"], "client_id": "a"}
    fresh = (await rotating.post("/oauth/token", data=form)).json()["access_token"]
    assert jwt.get_unverified_header(fresh)["kid"] == key_id(OTHER)
    rotated = await make_client(secret_key=OTHER)
    assert await opened(rotated, ada["access_token"]) == 401
    assert await opened(rotated, fresh) == 200
