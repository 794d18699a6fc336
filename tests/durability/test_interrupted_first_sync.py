"""A first sync of a large library over a bad connection: complete, in pages, without the server holding the library."""

from __future__ import annotations

import itertools
import random
import socket
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx

from api.domain.clock import rfc3339
from tests.bench.papers import paper
from tests.durability.conftest import MEGABYTE, Service
from tests.durability.devices import HttpDevice, new_key
from tests.durability.scale import engines, scaled
from tests.make import NOW

OBJECTS = scaled(100_000, 1_000)  # entries and their papers, half and half
PAGE = scaled(1000, 40)
CUTS = 20
MOST_GROWTH = 40 * MEGABYTE
MOST_PAGE = 2 * MEGABYTE + 64 * 1024  # and its envelope
BADGE_SECONDS = 2.0
SEED = 20_261_124
SignIn = Callable[[str, str], HttpDevice]


@engines("sqlite")
def test_a_first_sync_that_is_cut_off_ends_complete_and_costs_the_server_no_memory(
    service: Service, sign_in: SignIn
) -> None:
    entries = fill(sign_in(service.url, "scribe"))
    device = sign_in(service.url, "laptop")
    service.stop("api")
    service.start("api")  # a cold server: the sync is the first thing that it is asked for
    before = service.resident()
    began = time.monotonic()
    device.page(None, limit=PAGE)
    saved = device.client.get("/v1/sync/index").json()["items"]
    badge = time.monotonic() - began
    assert saved[0][0] == entries[-1]

    seen = walk(device, service.url)
    took = time.monotonic() - began
    assert sum(seen.values()) == len(seen) == OBJECTS, "an object was missed, or met twice"
    assert seen.keys() >= set(entries)
    grown = service.resident("VmHWM") - before
    print(f"{OBJECTS} objects in {took:.1f} s, the API grew {grown / MEGABYTE:.1f} MiB, the badge after {badge:.3f} s")
    assert grown <= MOST_GROWTH
    assert badge < BADGE_SECONDS


def fill(device: HttpDevice) -> list[str]:
    """Save the papers; the entries' keys, the latest last."""
    keys = [new_key() for _ in range(OBJECTS // 2)]
    for start in range(0, len(keys), 100):
        ops = []
        for number, key in enumerate(keys[start : start + 100], start):
            saved_at = rfc3339(NOW + number * 1000)
            ops.append(device.op("entry", key, set={"saved_from": paper(), "saved_at": saved_at}))
        assert {result["status"] for result in device.push(*ops)["results"]} == {"applied"}
    return keys


def walk(device: HttpDevice, url: str) -> dict[str, int]:
    """Follow the feed to its end over a connection that breaks; how often each object was kept."""
    chance = random.Random(SEED)  # noqa: S311  a seed that repeats is wanted
    pages = OBJECTS // PAGE
    broken = set(chance.sample(range(pages), CUTS))
    seen: dict[str, int] = {}
    cursor: str | None = None
    for number in itertools.count():
        if number in broken:
            cut(url, device.token, cursor, chance.randint(1, 20_000))
        page = whole_page(device, cursor)
        for change in page["changes"]:
            seen[change["key"]] = seen.get(change["key"], 0) + 1
        cursor = page["cursor"]
        if not page["more"]:
            assert number + 1 >= pages
            return seen
    raise AssertionError("unreachable")


def whole_page(device: HttpDevice, cursor: str | None) -> dict[str, Any]:
    """A page that arrived, within its limits."""
    answer = device.client.get("/v1/sync/pull", params={"limit": PAGE} | ({"cursor": cursor} if cursor else {}))
    assert answer.status_code == httpx.codes.OK, answer.text
    page: dict[str, Any] = answer.json()
    assert len(page["changes"]) <= PAGE
    assert len(answer.content) <= MOST_PAGE
    return page


def cut(url: str, token: str, cursor: str | None, after: int) -> None:
    """Ask for a page and hang up in the middle of it."""
    query = urlencode({"limit": PAGE} | ({"cursor": cursor} if cursor else {}))
    where = urlsplit(url)
    assert where.hostname
    assert where.port
    with socket.create_connection((where.hostname, where.port), 30) as line:
        ask = f"GET /v1/sync/pull?{query} HTTP/1.1\r\nHost: {where.netloc}\r\nAuthorization: Bearer {token}\r\n\r\n"
        line.sendall(ask.encode("ascii"))
        left = after
        while left > 0:
            got = line.recv(min(left, 4096))
            assert got, "the page was shorter than the cut"
            left -= len(got)
