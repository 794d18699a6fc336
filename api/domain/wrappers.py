"""Addresses that wrap another one: viewers, library proxies, redirect pages. The paper is the one inside.

Knows only forms that say plainly what they wrap; a parameter called `url` on any other site stays what it is.
"""

from __future__ import annotations

import re

from api.domain.errors import BadUrl
from api.domain.web_address import Address, parse_address, unescape

_DEEPEST = 5
_PREFIX = re.compile(r"(?:blob|view-source):", re.I | re.A)
_VIEWER = re.compile(r"(?:[a-z-]*extension|resource|about|edge|read):.*", re.I | re.A | re.S)
_INSIDE = re.compile(r"https?(?:://|%3a%2f%2f).*", re.I | re.A | re.S)
_WEB_VIEWER = re.compile(r".*/viewer\.html", re.I | re.A | re.S)
_LOGIN = re.compile(r"(?:.*/)?login(?:\.aspx|\.php)?/?", re.I | re.A | re.S)
_NAMED = re.compile(r"[?&](?:q?url|file|src|pdf|pdfurl|q)=(https?(?:://|%3a%2f%2f).*)", re.I | re.A | re.S)
_BEHIND_PROXY = re.compile(r"(.+?)\.[a-z0-9-]*(?:proxy|ezp|oclc|remotexs|webvpn)[a-z0-9-]*\..+", re.A)
_ZERO_PROXY = re.compile(r"0-(.+?(?:[.-](?:com|org|net|edu|gov)))\..+", re.A)
_ORIGIN = re.compile(
    r"[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:com|org|net|edu|gov|io|co|ai|info|press|cc|science|int|eu|ac|uk|de|fr|ch|nl|se|cn|jp)",
    re.A,
)


def unwrapped(text: str) -> str:
    """The address inside viewers and proxies, up to five layers deep; the text itself where there is none."""
    for _ in range(_DEEPEST):
        inner = _inner(text)
        if inner is None:
            return text
        text = inner
    return text


def _inner(text: str) -> str | None:
    if prefix := _PREFIX.match(text):
        return text[prefix.end() :]
    if _VIEWER.fullmatch(text):
        return _named(text) or _found(text)
    try:
        address = parse_address(text)
    except BadUrl:
        return None
    path = unescape(address.path)
    redirect = (
        _WEB_VIEWER.fullmatch(path)
        or _LOGIN.fullmatch(path)
        or (address.site.startswith(("google.", "scholar.google.")) and path in ("/url", "/scholar_url"))
    )
    return (_named(text) if redirect else None) or _proxied(address, text)


def _named(text: str) -> str | None:
    """The address in a `url=` or `file=`, escaped as a value or, as many proxies have it, bare up to the end."""
    match = _NAMED.search(text)
    if match is None:
        return None
    value = match.group(1)
    return value if re.match("https?://", value, re.I | re.A) else unescape(value.partition("&")[0])


def _found(text: str) -> str | None:
    match = _INSIDE.search(text)
    if match is None:
        return None
    return match.group() if "://" in match.group()[:8] else unescape(match.group())


def _proxied(address: Address, text: str) -> str | None:
    """The address behind `host-with-dashes.proxy.example`, `host.proxy.example` or `0-host.example`."""
    match = _BEHIND_PROXY.fullmatch(address.host) or _ZERO_PROXY.fullmatch(address.host)
    if match is None:
        return None
    outer = match.group(1)
    for host in (re.sub("-+", _dotted, outer.partition(".")[0]), outer):
        if _ORIGIN.fullmatch(host):
            return f"https://{host}" + re.sub(r"^[^:]*:[/\\]*[^/?#\\]*", "", text, count=1)
    return None


def _dotted(dashes: re.Match[str]) -> str:
    """Proxies write a dot as `-` and a dash as `--`."""
    return {1: ".", 2: "-"}.get(len(dashes.group()), dashes.group())
