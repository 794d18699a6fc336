"""What a text means: the one function that turns a URL, a DOI or an id into the identity of a paper.

Pure string work, the same in `extension/src/identity.js`, so that the browser knows at once, and offline, whether a
page is in the library. Refuses (BadUrl) whatever is neither a web address nor an identifier; raises no other error.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

from msgspec import Struct

from api.domain import schemes, wrappers
from api.domain.errors import BadUrl
from api.domain.papers import Identifier, ManifestationKind
from api.domain.url_rules import RULES, Rule
from api.domain.web_address import Address, checked_text, lower, parse_address, unescape


class Identity(Struct, frozen=True):
    """A paper, a list of papers or another web page, with the page that stands for it.

    `identifiers` come without version, the most telling one first; `version` is the one that the text named.
    `canonical_url` means the same identity when it is identified again.
    """

    kind: Literal["paper", "list", "webpage"]
    identifiers: tuple[Identifier, ...]
    version: int | None
    canonical_url: str
    manifestation: ManifestationKind


_BARE: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("doi", re.compile(r"((?:(?:urn:|info:)?doi[:/]? *|hdl:)?10\.\d{4,9}(?:[./]|%2f).+)", re.I | re.A | re.S)),
    (
        "arxiv",
        re.compile(
            r"(?:oai:arxiv\.org:|(?:e-?print )?arxiv[:/ ] *)?"
            r"(\d{4}\.\d{4,5}(?:v\d+)?|[a-z-]+(?:\.[a-z]{2})?/\d{7}(?:v\d+)?)"
            r"(?: *\[[^\]]*\](?: \d{1,2} [a-z]+ \d{4})?)?",
            re.I | re.A,
        ),
    ),
    ("pmid", re.compile(r"pmid:? *(\d+)", re.I | re.A)),
    ("pmcid", re.compile(r"(?:pmc(?:id)?: *)?(PMC\d+(?:\.\d+)?)", re.I | re.A)),
    ("corpusid", re.compile(r"corpusid: *(\d+)", re.I | re.A)),
)
_OPENERS = "<([{\"'“‘«„ "
_LABEL = re.compile(r"^(?:doi|ur[il]|link): *(?=https?://)", re.I | re.A)
_ROUTE = re.compile(r"!?/|abs/", re.A)
_COPIED_ALONG = re.compile(r"</.*|&[a-z_]+=.*", re.I | re.A | re.S)  # markup, or a query that lost its question mark
_RULE = re.I | re.A | re.S
_LONGEST_PATH = 1000  # no paper has a longer one, and patterns take their time over such
_NO_SCHEME = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+/.+", re.I | re.A | re.S)
_TAIL = re.compile(
    r"(?:\.full(?:-text|\.pdf(?:\+html)?)?|\.abstract|\.pdf|\.html?|\.xml|\.epub|\.long|\.short|\.figures-only|\.article-(?:info|metrics)"
    r"|\.supplementary-material|/(?:full(?:/html)?|fulltext|abstract|summary|(?:e|am)?pdf|html|xml(?:/nlm)?|epub|meta|metrics|references"
    r"|citations?|related|comments|download|(?:tables?|figures?)(?:/\d+)?|supplementary[a-z-]*|suppl_file/[^/]*))$",
    re.I | re.A,
)
_PDF = re.compile(
    r".*\.pdf|.*/(?:e?pdf|pdfdirect|pdfplus|pdfft|attachment|document|file|reader)(?:/.*)?|.*/stamp(?:pdf)?/.*|.*/delivery\.cfm.*",
    re.I | re.A | re.S,
)
_HTML = re.compile(r".*/(?:full|html|fullhtml|fulltext)(?:/.*)?|.*\.(?:full|full-text)", re.I | re.A | re.S)
_ABS = re.compile(r".*/(?:abs|abstract|format)(?:/.*)?|.*\.abstract|.*-abstract[^/]*\.html", re.I | re.A | re.S)


@lru_cache(maxsize=256)  # one save asks about its address several times
def identify(text: str) -> Identity:
    """The identity behind a URL (a viewer's and a proxy's too) or a bare DOI, arXiv id, PMID or PMCID.

    Takes up to 8,192 characters; raises BadUrl and nothing else.
    """
    text = _plain(text)
    return _bare(text) or _schemeless(text) or _at(parse_address(wrappers.unwrapped(text)))


@lru_cache(maxsize=256)
def shown_page(text: str) -> str:
    """The address of the very page (PDF, HTML) that a text names, out of its viewers and proxies and in one spelling.

    A bare identifier names no page of its own: its canonical page. Raises BadUrl as `identify` does.
    """
    text = _plain(text)
    if bare := _bare(text):
        return bare.canonical_url
    return parse_address(wrappers.unwrapped(f"https://{text}" if _NO_SCHEME.fullmatch(text) else text)).page


def _plain(text: str) -> str:
    """The text out of brackets and quotes, and without a label such as `doi:` before an address."""
    text = checked_text(text)
    inner = text.lstrip(_OPENERS)
    return _LABEL.sub("", schemes.trimmed(inner) if inner != text else text, count=1)


def _bare(text: str) -> Identity | None:
    bare = schemes.trimmed(text)
    for scheme, pattern in _BARE:
        match = pattern.fullmatch(bare)
        found = schemes.claim(scheme, match.group(1)) if match else None
        if found:
            kind: ManifestationKind = "abs" if scheme == "arxiv" else "landing"
            return Identity("paper", found.identifiers, found.version, found.page, kind)
    return None


def _schemeless(text: str) -> Identity | None:
    """`arxiv.org/abs/…` as people write it: taken where it names a paper, and nowhere else."""
    if _NO_SCHEME.fullmatch(text) is None:
        return None
    found = _at(parse_address(wrappers.unwrapped(f"https://{text}")))
    if found.kind != "paper":
        raise BadUrl("not a web address: no scheme")
    return found


def _at(address: Address) -> Identity:
    path = _rule_path(address) if len(address.path) <= _LONGEST_PATH else ""
    site = address.site
    for rule, pattern in _rules_at(site):
        groups = _fits(rule, pattern, address, path)
        if groups is None:
            continue
        if rule.scheme == "list":
            return Identity("list", (Identifier("url", address.key),), None, address.page, "landing")
        found = _claimed(rule, groups)
        if found:
            page = _filled(rule.page, groups) if rule.page else found.page
            return Identity("paper", found.identifiers, found.version, page, _manifestation(site, path))
    kind: ManifestationKind = "pdf" if lower(path).endswith(".pdf") else "html"
    return Identity("webpage", (Identifier("url", address.key),), None, address.page, kind)


def _rule_path(address: Address) -> str:
    """The path that rules read; on a site of one page, the route in its fragment."""
    raw, route = address.path, address.fragment
    if raw in ("", "/") and _ROUTE.match(route) and len(route) <= _LONGEST_PATH:
        raw = "/" + route.lstrip("!/")
    path = _COPIED_ALONG.sub("", re.sub("/{2,}", "/", unescape(raw)), count=1)
    return schemes.trimmed(path.rstrip(" ")).rstrip("/") or "/"


@lru_cache(maxsize=1024)
def _rules_at(site: str) -> tuple[tuple[Rule, re.Pattern[str]], ...]:
    """The rules of a site in their order, with the pattern of their paths: a few, where the table has a hundred."""
    return tuple((rule, re.compile(rule.path, _RULE)) for rule in RULES if re.fullmatch(rule.site, site, _RULE))


def _fits(rule: Rule, pattern: re.Pattern[str], address: Address, path: str) -> list[str] | None:
    match = pattern.fullmatch(path)
    if match is None:
        return None
    if not rule.parameter:
        return list(match.groups(""))
    value = schemes.trimmed(address.parameter(rule.parameter))
    return [value] if value else None


def _claimed(rule: Rule, groups: list[str]) -> schemes.Claim | None:
    raw = _filled(rule.value, groups)
    if rule.scheme != "doi_path":
        return schemes.claim(rule.scheme, raw)
    while (shorter := _TAIL.sub("", raw, count=1)) != raw:
        raw = shorter
    return schemes.claim("doi", raw)


def _filled(template: str, groups: list[str]) -> str:
    return re.sub(r"\$([1-9])", lambda found: groups[int(found.group(1)) - 1], template)


def _manifestation(site: str, path: str) -> ManifestationKind:
    if site in ("doi.org", "dx.doi.org"):
        return "landing"
    if _PDF.fullmatch(path):
        return "pdf"
    if _HTML.fullmatch(path) or site.startswith("ar5iv."):
        return "html"
    return "abs" if _ABS.fullmatch(path) else "landing"
