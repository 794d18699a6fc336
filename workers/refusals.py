"""What can come of an outside request other than an answer: wait, or do not ask again.

Refuses to carry a source's own words: a reason is a short code that an operator can look up, never foreign text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from email.utils import parsedate_to_datetime

LEAST_SECONDS = 1.0
MOST_SECONDS = 86_400.0
UNSAID_SECONDS = 30.0  # a source that is in trouble and names no time


class TryLater(Exception):
    """Ask again after `after_seconds` (1 s to 24 h); a floor under the caller's own growing pause.

    `reason`: `pace`, `pace_unknown`, `left_alone`, `timeout`, `connect`, `cut_off` or `status_NNN`. `said`: the source
    itself named the time, for all that we ask.
    """

    def __init__(self, after_seconds: float, reason: str, *, said: bool = False) -> None:
        super().__init__(f"{reason}: again in {after_seconds:.1f} s")
        self.said = said
        self.after_seconds = min(max(after_seconds, LEAST_SECONDS), MOST_SECONDS)
        self.reason = reason


class Refused(Exception):
    """Asking again would not help: a wall at the source, or a rule of ours.

    `reason`: `url`, `address`, `port`, `redirects`, `too_large`, `encoding` or `status_NNN`.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def retry_after(headers: Mapping[str, str], now_ms: int) -> float | None:
    """Seconds that a source asks to wait, or None if unsaid or unreadable.

    `Retry-After` (RFC 9110 10.2.3: seconds or a date), else the end of a quota that is used up, as `X-RateLimit-Reset`
    (GitHub and Zenodo: Unix seconds; OpenAlex: seconds from now) or `RateLimit` (Hugging Face: `r` left, `t` seconds).
    """
    text = headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        return min(float(text[:9]), MOST_SECONDS)
    try:
        at = parsedate_to_datetime(text).timestamp()
    except (ValueError, OverflowError, OSError):
        return _quota_reset(headers, now_ms)
    return min(max(at - now_ms / 1000, 0.0), MOST_SECONDS)


def _quota_reset(headers: Mapping[str, str], now_ms: int) -> float | None:
    if found := _RATE_LIMIT.search(headers.get("ratelimit", "")):
        return min(float(found.group(1)), MOST_SECONDS)
    reset = headers.get("x-ratelimit-reset", "").strip()
    if headers.get("x-ratelimit-remaining", "").strip() != "0" or not (reset.isascii() and reset.isdigit()):
        return None
    seconds = float(reset[:12])
    return min(max(seconds - now_ms / 1000 if seconds > _LONGEST_DELAY else seconds, 0.0), MOST_SECONDS)


_RATE_LIMIT = re.compile(r";\s*r=0\s*;\s*t=(\d{1,9})\b", re.A)
_LONGEST_DELAY = 100_000_000  # seconds; above it a number is a time
