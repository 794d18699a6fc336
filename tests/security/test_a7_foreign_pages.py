"""A7: no other origin reads our answers, and the cookies of our own pages are sent and set by nobody else."""

from __future__ import annotations

from typing import Any

from tests.http.conftest import EMAIL, PASSWORD, Client, MakeClient, ada, submit
from tests.security.doors import OPEN, doors, knock
from tests.security.house import House

__all__ = ["ada"]
ORIGINS = (
    "https://evil.example",
    "null",
    "http://127.0.0.1:8421",
    "chrome-extension://abcdefghijklmnop",
    "http://localhost",
)


async def test_a7_no_answer_is_for_another_origin_but_that_of_an_open_feed(door: Client, house: House) -> None:
    for route, one in doors(house.ada).items():
        if route.startswith("GET") and "stream" not in route:
            for origin in ORIGINS:
                answer = await knock(door, route, house.ada.ids, one, house.ada.headers | {"Origin": origin})
                allowed = answer.headers.get("access-control-allow-origin")
                assert allowed == ("*" if route.startswith("GET /f/") else None), route
                assert "access-control-allow-credentials" not in answer.headers


async def test_a7_no_preflight_is_granted(door: Client, house: House) -> None:
    asks = {
        "Origin": ORIGINS[0],
        "Access-Control-Request-Method": "DELETE",
        "Access-Control-Request-Headers": "x-scholium",
    }
    for route, one in doors(house.ada).items():
        if one.scopes != OPEN:
            answer = await door.options(route.split(" ")[1].replace("{", "").replace("}", ""), headers=asks)
            assert not [name for name in answer.headers if name.startswith("access-control-")], route


async def test_a7_cookies_are_lax_out_of_scripts_reach_and_bound_to_our_host(
    make_client: MakeClient, ada: dict[str, Any]
) -> None:
    client = await make_client(base_url="https://127.0.0.1")
    client.base_url = "https://127.0.0.1"
    shown = await client.get("/sign-in")
    entered = await submit(client, shown, "/sign-in", email=EMAIL, password=PASSWORD)
    for answer, name in ((shown, "__Host-scholium_form"), (entered, "__Host-scholium_session")):
        said = answer.headers["set-cookie"]
        parts = {part.strip().lower() for part in said.split(";")[1:]}
        assert said.startswith(f"{name}=")
        assert {"secure", "httponly", "samesite=lax", "path=/"} <= parts
        assert not any(part.startswith("domain") for part in parts)
    assert (await client.get("/v1/entries")).status_code == 200
    plain = client.cookies["__Host-scholium_session"]
    client.cookies.clear()
    assert (await client.get("/v1/entries", headers={"Cookie": f"scholium_session={plain}"})).status_code == 401
