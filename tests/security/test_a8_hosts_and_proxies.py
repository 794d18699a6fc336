"""A8: we answer to our own names, believe the proxies that are named and nobody else, and links are the settings'."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from litestar.datastructures import Headers

from api.http.addresses import client_address, household
from api.settings import Settings, read_settings
from tests.http.conftest import Client, MakeClient, ada, bearer

__all__ = ["ada"]
PROXIES = "10.0.0.0/24, 2001:db8::7"
OURS = (
    "127.0.0.1:8420",
    "127.0.0.1",
    "localhost:8420",
    "LOCALHOST",
    "[::1]:8420",
    "192.168.1.5",
    "papers.example.org",
    "papers.example.org.",
)
NOT_OURS = (
    "evil.example",
    "127.0.0.1.evil.example",
    "localhost.evil.example",
    "papers.example.org.evil.example",
    "",
    "papers_example.org",
    "127.0.0.1@evil.example",
)


async def test_a8_only_our_own_names_are_answered(make_client: MakeClient, ada: dict[str, Any]) -> None:
    client = await make_client(hosts="papers.example.org, other.example")
    for path in ("/v1/entries", "/sign-in", "/"):
        for host in OURS:
            assert (await client.get(path, headers=bearer(ada["access_token"]) | {"Host": host})).status_code == 200, (
                host
            )
        for host in NOT_OURS:
            answer = await client.get(path, headers=bearer(ada["access_token"]) | {"Host": host})
            assert (answer.status_code, answer.json()["code"]) == (421, "wrong_host"), host


async def test_a8_who_watches_us_may_know_us_by_an_inner_name(client: Client) -> None:
    for path in ("/health/live", "/health/ready"):
        assert (await client.get(path, headers={"Host": "api:8420"})).status_code == 200


async def test_a8_no_host_header_gets_into_a_link(client: Client) -> None:
    forged = {"Host": "203.0.113.9", "X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"}
    answer = await client.post("/oauth/device_authorization", data={"client_id": "a"}, headers=forged)
    assert answer.json()["verification_uri"] == "http://127.0.0.1:8420/pair"
    assert "evil" not in (await client.get("/sign-in", headers=forged)).text


CHAINS = [
    ("203.0.113.9", "192.0.2.1", "203.0.113.9"),  # no proxy of ours: what it says is its own invention
    ("10.0.0.2", "192.0.2.1", "192.0.2.1"),
    ("10.0.0.2", "192.0.2.66, 192.0.2.1", "192.0.2.1"),  # the left one is the asker's own invention
    ("10.0.0.2", "192.0.2.1, 10.0.0.3", "192.0.2.1"),
    ("10.0.0.2", "2001:db8::1, 2001:db8::7", "2001:db8::1"),
    ("10.0.0.2", "[2001:db8::1]:4711", "2001:db8::1"),
    ("10.0.0.2", "192.0.2.1:4711", "192.0.2.1"),
    ("10.0.0.2", "unknown", "10.0.0.2"),
    ("10.0.0.2", "192.0.2.66, <script>", "10.0.0.2"),
    ("10.0.0.2", "", "10.0.0.2"),
    ("10.0.0.2", "10.0.0.3", "10.0.0.3"),
    ("::ffff:10.0.0.2", "192.0.2.1", "192.0.2.1"),
]


@pytest.mark.parametrize(("peer", "said", "asks"), CHAINS)
def test_a8_the_asker_is_the_nearest_address_that_is_no_proxy_of_ours(peer: str, said: str, asks: str) -> None:
    assert client_address(connection(peer, said), Settings(trusted_proxies=PROXIES)) == asks
    assert client_address(connection(peer, said), Settings()) == peer


def test_a8_two_headers_are_read_as_one() -> None:
    both = connection("10.0.0.2", "192.0.2.66", "192.0.2.1")
    assert client_address(both, Settings(trusted_proxies=PROXIES)) == "192.0.2.1"


def test_a8_addresses_that_belong_together_are_one_asker() -> None:
    assert household("2001:db8:1:2:3::4") == household("2001:db8:1:2:ffff::9") != household("2001:db8:1:3::4")
    assert household("192.0.2.1") != household("192.0.2.2")
    assert household("unknown") == "unknown"


def test_a8_a_proxy_that_is_no_address_starts_nothing() -> None:
    with pytest.raises(ValueError, match="SCHOLIUM_TRUSTED_PROXIES"):
        read_settings({"SCHOLIUM_TRUSTED_PROXIES": "10.0.0.0/24, caddy"})


def connection(peer: str, *said: str) -> Any:
    """What is looked at of a connection."""
    headers = Headers([(b"x-forwarded-for", value.encode()) for value in said])
    return SimpleNamespace(client=SimpleNamespace(host=peer), headers=headers)
