"""Dials public addresses only: the name is resolved once, judged, and the judged address is the one dialled.

Checking a name before the request does not help: the second look-up may answer otherwise. So the guard sits where
the connection is made. Refuses loopback, private, link-local, multicast, metadata and transition addresses, and
every port but 80 and 443. `ipaddress.is_global` alone lets NAT64, 6to4 and multicast through.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import httpcore

from workers.refusals import Refused

Resolve = Callable[[str, int], Awaitable[list[str]]]
Place = tuple[str, int]  # host and port
WEB_PORTS = (80, 443)
MOST_ADDRESSES = 4  # tried one after the other, as one of them may be of a family that this machine lacks

_SPECIAL_V4 = tuple(
    map(
        ip_network,
        (
            "0.0.0.0/8",
            "100.64.0.0/10",  # carrier-grade NAT, and some clouds' metadata
            "168.63.129.16/32",  # Azure's host agent, on a public address
            "192.0.0.0/24",  # protocol assignments, and Oracle's metadata
            "192.88.99.0/24",  # 6to4 relays
            "224.0.0.0/3",  # multicast, reserved, broadcast
        ),
    )
)
_UNICAST_V6 = ip_network("2000::/3")  # all else is local, mapped, NAT64, multicast or unassigned
_SPECIAL_V6 = tuple(
    map(
        ip_network,
        (
            "2001::/23",  # Teredo, ORCHID and other protocols that wrap addresses
            "2001:db8::/32",
            "2002::/16",  # 6to4 wraps any IPv4 address
            "2620:4f:8000::/48",
            "3fff::/20",
        ),
    )
)


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the public internet; anything that is no plain IP address does not."""
    try:
        ip = ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, IPv6Address):
        if ip.ipv4_mapped is not None:
            return _is_public_v4(ip.ipv4_mapped)
        return ip in _UNICAST_V6 and ip.is_global and not any(ip in net for net in _SPECIAL_V6)
    return _is_public_v4(ip)


def _is_public_v4(ip: IPv4Address) -> bool:
    return ip.is_global and not any(ip in net for net in _SPECIAL_V4)


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


async def resolve(host: str, port: int) -> list[str]:
    """The addresses of a name, in the order in which the system would try them; raises OSError."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(entry[4][0]) for entry in found]


class GuardedDialer(httpcore.AsyncNetworkBackend):
    """A network backend for httpcore that connects to judged addresses and raises Refused for all others.

    `loopback_for`: places named by the operator's settings that may be on loopback, at any port.
    """

    def __init__(
        self,
        loopback_for: frozenset[Place] = frozenset(),
        resolve: Resolve = resolve,
        backend: httpcore.AsyncNetworkBackend | None = None,
    ) -> None:
        self._loopback_for = loopback_for
        self._resolve = resolve
        self._backend = backend or httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109  # the signature is httpcore's
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """A connection to the first judged address that takes it, all within `timeout` seconds."""
        try:
            async with asyncio.timeout(timeout):
                judged = await self._judged(host, port)
                share = timeout and timeout / len(judged)  # one dead address leaves time for the next
                for address in judged[:-1]:
                    with suppress(httpcore.ConnectError, httpcore.ConnectTimeout):
                        return await self._backend.connect_tcp(address, port, share, local_address, socket_options)
                return await self._backend.connect_tcp(judged[-1], port, share, local_address, socket_options)
        except TimeoutError:
            raise httpcore.ConnectTimeout(f"{host} took more than {timeout} s") from None

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ASYNC109  # the signature is httpcore's
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Never: a file of this machine is no outside source."""
        raise Refused("address")

    async def sleep(self, seconds: float) -> None:
        """Wait, as httpcore asks between its own retries (of which there are none)."""
        await asyncio.sleep(seconds)

    async def _judged(self, host: str, port: int) -> list[str]:
        excepted = (host, port) in self._loopback_for
        if port not in WEB_PORTS and not excepted:
            raise Refused("port")
        try:
            addresses = await self._resolve(host, port)
        except (OSError, UnicodeError) as failure:
            raise httpcore.ConnectError(f"{host} has no address") from failure
        judged = [each for each in addresses if is_public(each) or (excepted and _is_loopback(each))]
        if not judged:
            raise Refused("address")
        return judged[:MOST_ADDRESSES]
