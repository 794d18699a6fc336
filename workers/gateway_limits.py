"""Who we say we are, how often we ask, and when we stop: what the settings make of the way out.

Refuses a name that could carry a second header.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from workers.sources.base import MOST_BYTES


class GatewayLimits(Struct, frozen=True):
    """The gateway's manners.

    `intervals`: seconds between two requests for each source, over all workers; a source without one gets a second.
    `allow_private_for`: origins as `origin_of` gives them that may be on loopback, at any port; for tests.
    """

    user_agent: str
    intervals: Mapping[str, float]
    allow_private_for: frozenset[str] = frozenset()
    one_at_a_time: frozenset[str] = frozenset()  # sources that ask for one connection
    interval_seconds: float = 1.0
    patience_seconds: float = 5.0
    connect_seconds: float = 5.0
    total_seconds: float = 30.0
    body_bytes: int = MOST_BYTES
    redirects: int = 5


def user_agent(version: str, instance_url: str, contact: str) -> str:
    """`Scholium/<version> (+<instance url>; mailto:<contact>)`, as Crossref's and others' rules of politeness ask."""
    mail = f"; mailto:{contact}" if contact else ""
    return "".join(c for c in f"Scholium/{version} (+{instance_url}{mail})" if " " <= c <= "~")
