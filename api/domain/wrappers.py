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
_LOGIN = re.compile(r"(?:.*/)?(?:login(?:\.aspx|\.php)?|_auth)/?", re.I | re.A | re.S)
_REDIRECT = re.compile(
    r"(?:.*/)?(?:l|l\.php|url|scholar_url|redir|redirect|redirector(?:/.*)?|away(?:\.php)?|link|linkfilter|goto|out|leave"
    r"|safety/go|authorize|viewer|gview|translate)/?",
    re.I | re.A | re.S,
)
_REDIRECT_HOST = re.compile(r".*\.safelinks\.protection\.outlook\.com|l\.instagram\.com|out\.reddit\.com", re.A)
_NAMED = re.compile(
    r"[?&](?:q?url|file|src|pdf|pdfurl|q|u|to|z|uddg|dest|destination|redirect_ur[il]|return_?(?:url|to))="
    r"(https?(?:://|%3a%2f%2f).*)",
    re.I | re.A | re.S,
)
_NAMED_BARE = re.compile(r"[?&]q?url=((?:[a-z0-9-]+\.)+[a-z]{2,}/.+)", re.I | re.A | re.S)
# Archives' and readers' copies, which have the whole address in their path
_COPY = re.compile(
    r"https?://(?:web\.archive\.org|archive\.(?:ph|is|today|li|md|vn|fo)|r\.jina\.ai|via\.hypothes\.is|12ft\.io)"
    r"/(?:[^?#]*?/)?(https?):/{1,2}(.+)",
    re.I | re.A | re.S,
)
_AMP = re.compile(
    r"https?://(?:(?:www\.)?google\.[a-z.]+/amp|[a-z0-9-]+\.cdn\.ampproject\.org/[a-z])/(?:s/)?(.+)", re.I | re.A | re.S
)
_DEFENSE = re.compile(r"https?://urldefense\.(?:proofpoint\.)?com/v3/__(https?):/{1,2}(.+?)__;.*", re.I | re.A | re.S)
_OLD_DEFENSE = re.compile(r"https?://urldefense\.proofpoint\.com/v[12]/url\?(?:.*&)?u=([^&]+).*", re.I | re.A | re.S)
_BEHIND_PROXY = re.compile(
    r"(.+?)\.(?:[a-z0-9-]*(?:proxy|ezp|oclc|remotexs|vpn|lib|bib|myaccess)[a-z0-9-]*\..+|translate\.goog)", re.A
)
_SERVICE = re.compile(r"-(?:s|\d{2,5})$", re.A)  # `www-example-com-s`: https, or a port
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
    address = _parsed(text)
    if address is None:
        return None
    if (copied := _copied(text)) and _parsed(copied):
        return copied
    path = unescape(address.path)
    return _redirected(address.host, path, text) or _proxied(address, text)


def _parsed(text: str) -> Address | None:
    try:
        return parse_address(text)
    except BadUrl:
        return None


def _redirected(host: str, path: str, text: str) -> str | None:
    if _LOGIN.fullmatch(path):
        bare = _NAMED_BARE.search(text)
        return _named(text) or (f"https://{bare.group(1)}" if bare else None)
    if _WEB_VIEWER.fullmatch(path):
        return _named(text)
    return _named(text, parted=True) if _REDIRECT.fullmatch(path) or _REDIRECT_HOST.fullmatch(host) else None


def _copied(text: str) -> str | None:
    """The address that stands whole in the path of an archive, a reader, an AMP cache or a mail filter."""
    if whole := _COPY.fullmatch(text) or _DEFENSE.fullmatch(text):
        return f"{whole.group(1)}://{whole.group(2)}"
    if amp := _AMP.fullmatch(text):
        return f"https://{amp.group(1)}"
    old = _OLD_DEFENSE.fullmatch(text)
    return unescape(old.group(1).replace("-", "%").replace("_", "/")) if old else None


def _named(text: str, *, parted: bool = False) -> str | None:
    """The address in a `url=` or `file=`, escaped as a value or, as many proxies have it, bare up to the end.

    `parted` where the parameters after a bare one are those of the redirect.
    """
    match = _NAMED.search(text)
    if match is None:
        return None
    value = match.group(1).partition("&")[0] if parted else match.group(1)
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
    outer = match.group(1).removeprefix("0-")
    label = outer.partition(".")[0]
    for host in (*(re.sub("-+", _dotted, name) for name in (label, _SERVICE.sub("", label))), outer):
        if _ORIGIN.fullmatch(host):
            return f"https://{host}" + re.sub(r"^[^:]*:[/\\]*[^/?#\\]*", "", text, count=1)
    return None


def _dotted(dashes: re.Match[str]) -> str:
    """Proxies write a dot as `-` and a dash as `--`."""
    return {1: ".", 2: "-"}.get(len(dashes.group()), dashes.group())
