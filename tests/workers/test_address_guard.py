"""The guard dials public addresses only, and exactly the one that it judged."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

import httpcore
import pytest

from workers.address_guard import GuardedDialer, is_public
from workers.refusals import Refused

_INSIDE = """
0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.100.100.200 127.0.0.1 127.255.255.254 168.63.129.16
169.254.169.254 169.254.170.2 172.16.0.1 172.31.255.255 192.0.0.1 192.0.0.192 192.0.2.1 192.88.99.1 192.168.0.1
192.168.255.255 198.18.0.1 198.19.255.255 198.51.100.7 203.0.113.9 224.0.0.1 239.255.255.250 240.0.0.1
255.255.255.255
:: ::1 ::127.0.0.1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:169.254.169.254 ::ffff:0:127.0.0.1 64:ff9b::7f00:1
64:ff9b::a9fe:a9fe 64:ff9b::808:808 64:ff9b:1::1 100::1 2001::1 2001:0:7f00:1::1 2001:2::1 2001:10::1 2001:20::1
2001:db8::1 2002:7f00:1:: 2002:a00:1::1 2002:808:808::1 3fff::1 4000::1 5f00::1 fc00::1 fd00:ec2::254 fe80::1
fe80::1%eth0 fec0::1 ff02::1 ff0e::1
"""

NO_ADDRESS = ["", "localhost", "2130706433", "0x7f.1", "0177.0.0.1", "127.1", "1.1.1.1 ", "８.８.８.８", "1.1.1.1/32"]

_OUTSIDE = """
1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.1 100.63.255.255 100.128.0.1 126.255.255.254 128.84.21.199 169.253.255.255
172.15.255.255 172.32.0.1 192.0.1.1 192.167.255.255 192.169.0.1 198.17.255.255 198.20.0.1 223.255.255.254
::ffff:8.8.8.8 2001:200::1 2001:4860:4860::8888 2003::1 2400:cb00::1 2606:4700:4700::1111 2a00:1450:4001::1
"""

INSIDE, OUTSIDE = _INSIDE.split(), _OUTSIDE.split()


@pytest.mark.parametrize("address", INSIDE + NO_ADDRESS)
def test_an_address_that_is_not_of_the_public_internet_is_refused(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", OUTSIDE)
def test_a_neighbour_of_a_refused_range_is_public(address: str) -> None:
    assert is_public(address)


class Wire(httpcore.AsyncNetworkBackend):
    """Records what would be dialled; addresses in `dead` take no connection."""

    def __init__(self, dead: Iterable[str] = ()) -> None:
        self.dialled: list[tuple[str, int]] = []
        self._dead = set(dead)

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        self.dialled.append((host, port))
        if host in self._dead:
            raise httpcore.ConnectError(host)
        return httpcore.AsyncMockStream([])


class Names:
    """Answers look-ups from a list, one answer a time, so that a second look-up shows."""

    def __init__(self, *answers: list[str]) -> None:
        self.asked = 0
        self._answers = answers

    async def __call__(self, host: str, port: int) -> list[str]:
        self.asked += 1
        return self._answers[min(self.asked, len(self._answers)) - 1]


@pytest.mark.parametrize("address", INSIDE)
async def test_a_name_that_leads_inside_is_never_dialled(address: str) -> None:
    wire = Wire()
    with pytest.raises(Refused, match="address"):
        await GuardedDialer(resolve=Names([address]), backend=wire).connect_tcp("paper.example", 443)
    assert wire.dialled == []


async def test_a_name_that_turns_inward_after_the_look_up_is_dialled_where_it_was_judged() -> None:
    wire, names = Wire(), Names(["8.8.8.8"], ["127.0.0.1"])
    await GuardedDialer(resolve=names, backend=wire).connect_tcp("rebind.example", 443)
    assert (wire.dialled, names.asked) == ([("8.8.8.8", 443)], 1)


async def test_of_mixed_addresses_only_the_public_ones_are_tried() -> None:
    wire = Wire(dead=["2606:4700:4700::1111"])
    names = Names(["10.0.0.1", "2606:4700:4700::1111", "8.8.8.8", "::1"])
    await GuardedDialer(resolve=names, backend=wire).connect_tcp("mixed.example", 80)
    assert wire.dialled == [("2606:4700:4700::1111", 80), ("8.8.8.8", 80)]


@pytest.mark.parametrize("port", [0, 22, 25, 6379, 8080, 65535])
async def test_only_the_ports_of_the_web_are_dialled(port: int) -> None:
    wire = Wire()
    with pytest.raises(Refused, match="port"):
        await GuardedDialer(resolve=Names(["8.8.8.8"]), backend=wire).connect_tcp("paper.example", port)
    assert wire.dialled == []


async def test_an_excepted_place_may_be_on_loopback_but_nowhere_else_inside() -> None:
    wire = Wire()
    places = frozenset({("fake.example", 9000)})
    await GuardedDialer(places, Names(["127.0.0.1"]), wire).connect_tcp("fake.example", 9000)
    assert wire.dialled == [("127.0.0.1", 9000)]
    for host, port, address in [
        ("fake.example", 9000, "169.254.169.254"),
        ("fake.example", 9001, "127.0.0.1"),
        ("other.example", 9000, "127.0.0.1"),
    ]:
        with pytest.raises(Refused):
            await GuardedDialer(places, Names([address]), wire).connect_tcp(host, port)
    assert len(wire.dialled) == 1


async def test_a_name_server_that_never_answers_is_a_connect_timeout() -> None:
    async def silent(host: str, port: int) -> list[str]:
        return await asyncio.Future()

    with pytest.raises(httpcore.ConnectTimeout):
        await GuardedDialer(resolve=silent, backend=Wire()).connect_tcp("slow.example", 443, timeout=0.01)


async def test_a_name_without_address_is_a_connect_error() -> None:
    async def unknown(host: str, port: int) -> list[str]:
        raise OSError("no such name")

    with pytest.raises(httpcore.ConnectError):
        await GuardedDialer(resolve=unknown, backend=Wire()).connect_tcp("nowhere.example", 443)


async def test_a_file_of_this_machine_is_no_source() -> None:
    with pytest.raises(Refused):
        await GuardedDialer().connect_unix_socket("queue.sock")
