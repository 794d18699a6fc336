"""Every way we know of writing an inward address into a URL or a name's answer: not one connection is made.

The whole gateway runs with the system's own reading of names for what is written as a number; the last step before a
socket counts, so that a guard that is passed shows here.
"""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator, Iterable

import httpcore
import pytest
from redis.asyncio import Redis

from workers.address_guard import GuardedDialer
from workers.gateway import Gateway
from workers.gateway_limits import GatewayLimits
from workers.origins import redirect_target
from workers.refusals import Refused, TryLater
from workers.sources.base import Request

# Loopback, metadata and private hosts as inet_aton reads them: decimal, octal, hexadecimal, mixed, short.
_NUMBERS = """
127.0.0.1 2130706433 017700000001 0x7f000001 0x7F.0x0.0x0.0x1 0177.0.0.1 0177.0.0x1 127.1 127.0.1 0x7f.1 0177.1
00000177.0.0.1 0x0000007f.1 127.0x1 127.000.000.001 127.255.255.254 2147483646 0 0x0 00 0.0.0.0 0.0 0.1
169.254.169.254 2852039166 0xa9fea9fe 025177524776 0xa9.0xfe.0xa9.0xfe 0251.0376.0251.0376 169.16689662 169.254.43518
10.0.0.1 167772161 0xa000001 012.1 10.1 0x0a.0.0.1 192.168.0.1 3232235521 0xc0a80001 0300.0250.0.1 192.168.1
192.11010049 172.16.0.1
2886729729 0xac100001 0254.020.0.1 172.31.255.254 100.64.0.1 1681915905 100.100.100.200 0x646464c8
192.0.0.192 198.18.0.1 224.0.0.1 255.255.255.255 4294967295 0xffffffff 168.63.129.16 192.0.2.1 203.0.113.9
"""
# IPv6 that is local, or that carries an IPv4 address: mapped, compatible, NAT64, 6to4, Teredo, ISATAP, with zones.
_BRACKETED = """
:: ::1 0:0:0:0:0:0:0:1 0000:0000:0000:0000:0000:0000:0000:0001 ::127.0.0.1 ::7f00:1 ::ffff:127.0.0.1 ::ffff:7f00:1
0:0:0:0:0:ffff:127.0.0.1 ::FFFF:7F00:0001 ::ffff:169.254.169.254 ::ffff:a9fe:a9fe ::ffff:10.0.0.1 ::ffff:a00:1
::ffff:192.168.0.1 ::ffff:172.16.0.1 ::ffff:0.0.0.0 ::ffff:0:127.0.0.1 ::ffff:100.64.0.1 ::ffff:168.63.129.16
64:ff9b::127.0.0.1 64:ff9b::7f00:1 64:ff9b::a9fe:a9fe 64:ff9b::a00:1 64:ff9b::8.8.8.8 64:ff9b:1::7f00:1
64:ff9b:1::a9fe:a9fe 2002:7f00:1:: 2002:7f00:0001::1 2002:a9fe:a9fe:: 2002:a00:1:: 2002:c0a8:1:: 2002:ac10:1::
2002:808:808:: 2001::1 2001:0:4136:e378:8000:63bf:80ff:fffe 2001:0:7f00:1::1 2001:0:a9fe:a9fe:: 2001:db8::1
fe80::1 fe80::5efe:7f00:1 fe80::1%25lo fe80::1%25eth0 fe80::1%25%31 ::1%25lo fe80::a9fe:a9fe fec0::1 fc00::1
fd00::1 fd00:ec2::254 fdff:ffff::1 ff01::1 ff02::1 ff05::1:3 ff0e::1 100::1 2001:10::1 2001:20::1 3fff::1 5f00::1
4000::1 8000::1
"""
NUMBERS, BRACKETED = _NUMBERS.split(), _BRACKETED.split()
# A host that a hasty reader takes for another one.
TRICKS = [
    "http://paper.example@127.0.0.1/",
    "http://paper.example:80@127.0.0.1/",
    "http://user:word@127.0.0.1/",
    "http://@127.0.0.1/",
    "http://127.0.0.1@paper.example/",
    "http://paper.example%40127.0.0.1/",
    "http://127.0.0.1\\@paper.example/",
    "http://paper.example\\@127.0.0.1/",
    "http://127.0.0.1%2f@paper.example/",
    "http://127.0.0.1 /",
    "http://127.0.0.1\t/",
    "http://127.0.0.1\r\nHost: paper.example/",
    "http://127.0.0.1\x00.paper.example/",
    "http://\uff11\uff12\uff17.0.0.1/",
    "http://127\u30020\u30020\u30021/",
    "http://\u2460\u2461\u2466.0.0.1/",
    "http://[::1/",
    "http://::1/",
    "http://[127.0.0.1]/",
    "http://[::ffff:127.0.0.1]@paper.example/",
    "http://127.0.0.1:0x50/",
    "http://127.0.0.1:99999/",
    "http://127.0.0.1:-1/",
    "http:///127.0.0.1/",
    "http:127.0.0.1/",
    "//127.0.0.1/",
    "file:///etc/passwd",
    "ftp://127.0.0.1/",
    "gopher://127.0.0.1:6379/_INFO",
    "dict://127.0.0.1:6379/INFO",
    "unix:///run/queue.sock",
    "data:text/plain,x",
    "javascript:alert(1)",
    "",
]
PORTS = [1, 21, 22, 23, 25, 53, 81, 110, 143, 444, 2375, 5432, 6379, 8000, 8080, 8420, 8443, 9200, 11211, 65535]
MIXED = [["127.0.0.1", "10.0.0.1"], ["::1", "fe80::1"], ["::ffff:127.0.0.1"], ["169.254.169.254", "fd00:ec2::254"], []]
URLS = [
    *(f"http://{each}/" for each in NUMBERS),
    *(f"http://[{each}]/" for each in BRACKETED),
    *TRICKS,
    *(f"http://paper.example:{port}/" for port in PORTS),
]


class Counter(httpcore.AsyncNetworkBackend):
    """The last step before a socket: counts, and plays one answer to whoever came that far."""

    def __init__(self, answer: bytes = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n") -> None:
        self.dialled: list[str] = []
        self._answer = answer

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        self.dialled.append(host)
        return httpcore.AsyncMockStream([self._answer])


class Names:
    """Numbers as the system reads them; names by their answers, one a look-up, the last one from then on."""

    def __init__(self, *answers: list[str]) -> None:
        self._answers = list(answers)

    async def __call__(self, host: str, port: int) -> list[str]:
        if host != "paper.example":
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
            return [str(each[4][0]) for each in found]
        return self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]


@pytest.fixture
async def client(redis_url: str) -> AsyncIterator[Redis]:
    """A client on the real Valkey, emptied."""
    opened = Redis.from_url(redis_url)
    yield opened
    await opened.aclose()


async def fetch(client: Redis, wire: Counter, names: Names, url: str) -> None:
    """What the gateway does with a URL, wired to the counter."""
    gateway = Gateway(GatewayLimits("Scholium", {"x": 0.0}), client, lambda: 0)
    gateway._exchange._pool = httpcore.AsyncConnectionPool(network_backend=GuardedDialer(resolve=names, backend=wire))
    async with gateway:
        await gateway.fetch(Request("x", url, "*/*"))


def test_the_cases_are_many() -> None:
    assert len(set(URLS)) + len(MIXED) >= 150


@pytest.mark.parametrize("url", URLS, ids=ascii)
async def test_no_way_of_writing_an_inward_address_is_dialled(client: Redis, url: str) -> None:
    wire = Counter()
    with pytest.raises((Refused, TryLater)):
        await fetch(client, wire, Names(["8.8.8.8"]), url)
    assert wire.dialled == []


@pytest.mark.parametrize("url", [*(f"http://{n}/" for n in NUMBERS[:20]), *(f"http://[{n}]/" for n in BRACKETED[:20])])
async def test_a_redirect_inward_ends_at_the_public_host(client: Redis, url: str) -> None:
    wire = Counter(f"HTTP/1.1 302 Found\r\nLocation: {url}\r\nContent-Length: 0\r\n\r\n".encode())
    with pytest.raises((Refused, TryLater)):
        await fetch(client, wire, Names(["8.8.8.8"]), "http://paper.example/")
    assert wire.dialled == ["8.8.8.8"]


@pytest.mark.parametrize("answers", MIXED, ids=str)
async def test_a_name_with_inward_answers_only_is_not_dialled(client: Redis, answers: list[str]) -> None:
    wire = Counter()
    with pytest.raises(Refused):
        await fetch(client, wire, Names(answers), "http://paper.example/")
    assert wire.dialled == []


async def test_a_name_that_turns_inward_between_two_hops_is_not_followed(client: Redis) -> None:
    wire = Counter(b"HTTP/1.1 302 Found\r\nLocation: /b\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
    with pytest.raises(Refused):
        await fetch(client, wire, Names(["8.8.8.8"], ["127.0.0.1"]), "http://paper.example/a")
    assert wire.dialled == ["8.8.8.8"]


async def test_a_public_host_is_dialled_so_that_the_counter_is_known_to_count(client: Redis) -> None:
    for url in ("http://paper.example/", "http://8.8.8.8/", "http://[2606:4700:4700::1111]/"):
        wire = Counter()
        await fetch(client, wire, Names(["127.0.0.1", "8.8.8.8"]), url)
        assert len(wire.dialled) == 1
        assert wire.dialled[0] in ("8.8.8.8", "2606:4700:4700::1111")


@pytest.mark.parametrize("location", ["http://paper.example/", "ftp://paper.example/", "//[::1", "file:///etc/passwd"])
def test_a_redirect_never_leaves_tls(location: str) -> None:
    with pytest.raises(Refused):
        redirect_target("https://paper.example/", location)
