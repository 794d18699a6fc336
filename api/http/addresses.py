"""Which machine asks, and by which name it calls us.

A header says who asks only where one of `SCHOLIUM_TRUSTED_PROXIES` wrote it: everybody else may write it too. Refuses
a host name that is not ours: a foreign page that leads its own name to our address (DNS rebinding) gets nothing. An
address in digits cannot be led anywhere and is always ours.
"""

from __future__ import annotations

from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any
from urllib.parse import urlsplit

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from api.domain.errors import WrongHost
from api.settings import Settings

AnyConnection = ASGIConnection[Any, Any, Any, Any]
Address = IPv4Address | IPv6Address
_HOME = 64  # bits of an IPv6 address that one household or machine is given as a whole


def socket_address(connection: AnyConnection) -> str:
    """The address at the other end of the socket, whatever headers say."""
    return connection.client.host if connection.client else "unknown"


def client_address(connection: AnyConnection, settings: Settings) -> str:
    """The address that asks: the nearest one that is no trusted proxy."""
    nearest = socket_address(connection)
    trusted = _networks(settings.trusted_proxies)
    said = ",".join(connection.headers.getall("x-forwarded-for", [])).split(",") if trusted else []
    while said and _is_in(nearest, trusted):
        before = _read(said.pop())
        if before is None:
            break
        nearest = str(before)
    return nearest


def household(address: str) -> str:
    """What is counted as one asker: an IPv4 address, or the 64 bits of an IPv6 address that belong together."""
    found = _read(address)
    if isinstance(found, IPv6Address):
        return str(ip_network((found, _HOME), strict=False))
    return address


async def known_host(connection: AnyConnection, handler: BaseRouteHandler) -> None:
    """A guard for every route but those with `opt={"any_host": True}`: raises WrongHost for a name that is not ours."""
    if handler.opt.get("any_host"):
        return
    settings: Settings = connection.app.state.desk.settings
    host = _host(connection.headers.get("host", ""))
    if _read(host) is None and host not in _names(settings.base_url, settings.hosts):
        raise WrongHost("no service of this name is here")


@lru_cache(maxsize=8)
def _networks(text: str) -> tuple[IPv4Network | IPv6Network, ...]:
    return tuple(ip_network(part.strip(), strict=False) for part in text.split(",") if part.strip())


@lru_cache(maxsize=8)
def _names(base_url: str, hosts: str) -> frozenset[str]:
    own = (urlsplit(base_url).hostname or "").lower()
    near = _read(own)
    extra = {"localhost"} if near is not None and near.is_loopback else set()
    return frozenset({own, *extra, *(one.strip().lower() for one in hosts.split(",") if one.strip())})


def _host(header: str) -> str:
    """A Host header without its port and the brackets of an IPv6 address."""
    if header.startswith("["):
        return header[1:].partition("]")[0]
    return header.partition(":")[0].lower().removesuffix(".")


def _read(text: str) -> Address | None:
    """An address as proxies write it, perhaps with a port."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        found = ip_address(text)
    except ValueError:
        return None
    return found.ipv4_mapped or found if isinstance(found, IPv6Address) else found


def _is_in(address: str, networks: tuple[IPv4Network | IPv6Network, ...]) -> bool:
    found = _read(address)
    return found is not None and any(found in network for network in networks)
