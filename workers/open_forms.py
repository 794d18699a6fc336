"""Addresses where a paper is open to read, as those sources name them that collect such places.

Refuses what is no web address, and the resolver of DOIs: that is the paper's identity, not one more form of it.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from api.domain.papers import Manifestation, ManifestationKind

LONGEST_ADDRESS = 2_000
_RESOLVERS = ("doi.org", "dx.doi.org", "www.doi.org")
_SAFE_TOO = ("arxiv.org", "www.arxiv.org")  # named by http in old records, known by https to all others


def open_form(kind: ManifestationKind, url: str) -> Manifestation | None:
    """The form at an address, or None where the address names none."""
    url = url.strip()
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    plain = url.isascii() and url.isprintable() and " " not in url and len(url) <= LONGEST_ADDRESS
    if not plain or parts.scheme not in ("http", "https") or not parts.hostname or parts.hostname in _RESOLVERS:
        return None
    if parts.hostname in _SAFE_TOO:
        url = parts._replace(scheme="https", netloc="arxiv.org").geturl()
    return Manifestation(kind, url)
