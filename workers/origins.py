"""Where a request goes: the place that an address names, its origin, and where a redirect may lead.

Refuses credentials in an address, schemes other than http and https, bytes that a request line cannot hold, and a
redirect that would leave TLS.
"""

from __future__ import annotations

from urllib.parse import urlencode, urljoin, urlsplit

from workers.refusals import Refused

PORTS = {"http": 80, "https": 443}


def place_of(url: str) -> tuple[str, str, int]:
    """The scheme, host and port of a plain web address; raises Refused for anything else."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise Refused("url") from None
    plain = url.isascii() and url.isprintable() and " " not in url
    if not plain or parts.scheme not in PORTS or not parts.hostname or "@" in parts.netloc:
        raise Refused("url")
    return parts.scheme, parts.hostname, PORTS[parts.scheme] if port is None else port


def origin_of(url: str) -> str:
    """`scheme://host:port` with the port always named; raises Refused for what is no plain web address."""
    scheme, host, port = place_of(url)
    return f"{scheme}://{host}:{port}"


def redirect_target(url: str, location: str) -> str:
    """Where a redirect leads; raises Refused when it would leave TLS or leads nowhere."""
    try:
        target = urljoin(url, location.strip())
        leaves_tls = urlsplit(url).scheme == "https" and urlsplit(target).scheme != "https"
    except ValueError:
        raise Refused("redirects") from None
    if leaves_tls:
        raise Refused("redirects")
    return target


def dialled(url: str, secret_query: tuple[tuple[str, str], ...]) -> str:
    """What is dialled: without the fragment, and with the key where the source takes it there."""
    parts = urlsplit(url)
    query = "&".join(part for part in (parts.query, urlencode(secret_query)) if part)
    return parts._replace(query=query, fragment="").geturl()
