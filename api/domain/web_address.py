"""A web address, taken apart the same way here and in the extension.

The standard library and a browser disagree on odd addresses, and a paper must have one identity on both sides,
so the grammar is a small one of our own (RFC 3986, the part that real pages use). Refuses everything that is
not http or https, and every text that a database or a header could not carry.
"""

from __future__ import annotations

import re
from functools import lru_cache

from msgspec import Struct

from api.domain.errors import BadUrl

LONGEST = 8192
_LONGEST_HOST = 253  # RFC 1035 2.3.4

_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_ADDRESS = re.compile(r"(https?)://([^/?#]*)([^?#]*)(?:\?([^#]*))?(?:#(.*))?", re.I | re.A | re.S)
_AUTHORITY = re.compile("([a-z0-9_\u00a1-\U0010ffff.-]+|\\[[0-9a-f:.]+\\])(?::([0-9]{0,5}))?", re.A)
_LABELS = re.compile(r"[^.]+(?:\.[^.]+)*", re.A)
_UPPER = re.compile("[A-Z]+")
_ESCAPES = re.compile("(?:%[0-9A-Fa-f]{2})+")
_TO_ESCAPE = re.compile("%(?:[0-9A-Fa-f]{2})?|[^!$&-;=?-Z_a-z~@\\[\\]#]")
_MIRROR_LABEL = re.compile(r"(?:www[0-9]*|m|mobile|amp)\.(?=[^.]+\.)", re.A)
_TRACKER = re.compile(
    r"utm_.*|mc_[ce]id|__?hs[a-z]+|hsctatracking|_g[al]|_x_tr_.*|(?:pk|mtm|piwik)_(?:campaign|kwd|keyword|source|medium|content)|fbclid|gclid|dclid|gbraid|wbraid|msclkid|yclid|igshid|twclid|ttclid"
    r"|mkt_tok|ref_src|ref_url|vero_id|oly_(?:enc|anon)_id|cmpid|s_cid|srsltid|sessionid|jsessionid|phpsessid|aspsessionid.*|cfid|cftoken",
    re.I | re.A,
)

_SESSION = re.compile(r";(?:jsessionid|phpsessid)=[^/]*", re.I | re.A)


class Address(Struct, frozen=True):
    """The parts of an http(s) address; `host` in lower case without user and default port, the rest as written."""

    scheme: str
    host: str
    port: str
    path: str
    query: str
    fragment: str

    @property
    def site(self) -> str:
        """The host without `www.` or `m.`, which never tell two papers apart."""
        return _MIRROR_LABEL.sub("", self.host, count=1) if _MIRROR_LABEL.match(self.host) else self.host

    def parameter(self, name: str) -> str:
        """The decoded value of a query parameter, or the empty text."""
        for pair in self.query.split("&"):
            key, _, value = pair.partition("=")
            if lower(key) == name:
                return unescape(value.replace("+", " "))
        return ""

    @property
    def page(self) -> str:
        """The address to open: no fragment (but for `#!` and `#/` routes), no trackers, one spelling of escapes."""
        return f"{self.scheme}://{self.host}{self._port}{_escape(self.path) or '/'}{self._query}{self._route}"

    @property
    def key(self) -> str:
        """The value of scheme `url`: like `page`, and the same for http, `www.` and a slash at the end."""
        path = re.sub("(?<!:)/{2,}", "/", _escape(self.path)).rstrip("/") or "/"
        return f"https://{self.site}{self._port}{path}{self._query}{self._route}"

    @property
    def _port(self) -> str:
        return f":{self.port}" if self.port else ""

    @property
    def _query(self) -> str:
        kept = [p for p in self.query.split("&") if p and not _TRACKER.fullmatch(p.partition("=")[0])]
        return "?" + _escape("&".join(kept)) if kept else ""

    @property
    def _route(self) -> str:
        return "#" + _escape(self.fragment) if self.fragment.startswith(("!", "/")) else ""


@lru_cache(maxsize=256)
def parse_address(text: str) -> Address:
    """The address in a text that is one; BadUrl for anything else."""
    head, mark, rest = _cut(text)
    match = _ADDRESS.fullmatch(head.replace("\\", "/") + mark + rest)
    if match is None:
        raise BadUrl("not a web address")
    scheme, authority, path, query, fragment = match.groups("")
    found = _AUTHORITY.fullmatch(lower(authority.rpartition("@")[2]))
    if found is None:
        raise BadUrl("not a web address: no host")
    host, port = found.group(1).removesuffix("."), found.group(2) or ""
    if _LABELS.fullmatch(host) is None or len(host) > _LONGEST_HOST:
        raise BadUrl("not a web address: no host")
    scheme = lower(scheme)
    port = "" if port == {"http": "80", "https": "443"}[scheme] else port
    return Address(scheme, host, port, _SESSION.sub("", path), query, fragment)


def checked_text(text: str) -> str:
    """The text without space around it; BadUrl when it is empty, too long, or holds control characters."""
    if len(text) > LONGEST:
        raise BadUrl(f"longer than {LONGEST} characters")
    text = text.strip(" \t\r\n")
    if not text or _UNSAFE.search(text):
        raise BadUrl("empty, or with control characters")
    return text


def lower(text: str) -> str:
    """ASCII letters in lower case and nothing else changed, as host names and DOIs are compared."""
    return _UPPER.sub(lambda found: found.group().lower(), text)


def unescape(text: str) -> str:
    """Percent escapes decoded once, as UTF-8; a run that is not UTF-8 stays as it is."""
    return _ESCAPES.sub(_decoded, text)


def _decoded(found: re.Match[str]) -> str:
    try:
        return bytes.fromhex(found.group().replace("%", "")).decode()
    except UnicodeDecodeError:
        return found.group()


def _escape(text: str) -> str:
    """One spelling: unreserved characters plain, all others escaped with capital hex, a stray % as %25."""
    return _TO_ESCAPE.sub(_escaped, text)


def _escaped(found: re.Match[str]) -> str:
    text = found.group()
    if text == "%":
        return "%25"
    if text[0] != "%":
        return "".join(f"%{byte:02X}" for byte in text.encode())
    plain = chr(int(text[1:], 16))
    return plain if re.fullmatch("[A-Za-z0-9._~-]", plain) else text.upper()


def _cut(text: str) -> tuple[str, str, str]:
    """The part before the query or fragment, where a backslash means a slash, and the rest."""
    found = re.search("[?#]", text)
    return (text, "", "") if found is None else (text[: found.start()], found.group(), text[found.end() :])
