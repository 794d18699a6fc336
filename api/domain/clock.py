"""Times on the wire (RFC 3339, UTC, milliseconds) and hybrid logical clocks as fixed-width text.

Refuses to read any clock: the present is always given. Nothing is ordered by time; a hybrid logical clock only
breaks a tie between two edits that did not know of each other.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache

AHEAD_MS = 60_000  # a stamp further ahead of the server is clamped to this, never refused
_HLC = re.compile(r"([0-9a-f]{12})-([0-9a-f]{4})-(.{1,64})", re.ASCII | re.DOTALL)
_RFC3339 = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:[Zz]|([+-])(\d\d):(\d\d))", re.ASCII
)


def rfc3339(at_ms: int) -> str:
    """Unix milliseconds → `2026-11-22T09:30:00.000Z`."""
    return f"{_second(at_ms // 1000)}.{at_ms % 1000:03d}Z"


@lru_cache(maxsize=16_384)
def _second(at: int) -> str:
    """Unix seconds → `2026-11-22T09:30:00`; remembered, for the same page of a list is read again and again."""
    return datetime.fromtimestamp(at, UTC).isoformat()[:19]


def read_rfc3339(text: str) -> int:
    """RFC 3339 text of the years 1900 to 2100 → Unix milliseconds; raises ValueError."""
    match = _RFC3339.fullmatch(text)
    if match is None:
        raise ValueError("not an RFC 3339 time")
    year, month, day, hour, minute, second = (int(match.group(i)) for i in range(1, 7))
    if not 1900 <= year <= 2100:
        raise ValueError("a year outside 1900 to 2100")
    moment = datetime(year, month, day, hour, minute, min(second, 59), tzinfo=UTC)
    if match.group(8):
        shift = timedelta(hours=int(match.group(9)), minutes=int(match.group(10)))
        moment = moment - shift if match.group(8) == "+" else moment + shift
    fraction = int((match.group(7) or "0").ljust(3, "0")[:3])
    return int(moment.timestamp()) * 1000 + fraction


def hlc(at_ms: int, counter: int, device: str) -> str:
    """A stamp: 12 hex digits of Unix milliseconds, 4 of counter, the device."""
    return f"{at_ms:012x}-{counter:04x}-{device}"


def is_hlc(text: str) -> bool:
    """Whether the text has a stamp's form."""
    return _HLC.fullmatch(text) is not None


def clamped(stamp: str, now_ms: int) -> str:
    """The stamp, or the same device's first one of the latest moment that is believed: never earlier than one of the
    same device that was clamped before."""
    latest = now_ms + AHEAD_MS
    if int(stamp[:12], 16) < latest:
        return stamp
    return f"{latest:012x}-0000{stamp[17:]}"


def after(stamp: str, other: str) -> str:
    """The stamp if it is later than `other`, else one just after `other` and before all else that is later: of those
    after the same one the order is kept."""
    if stamp > other:
        return stamp
    root, _, rest = other.partition("!")
    return f"{root}!{int(rest[:8] or '0', 16) + 1:08x}!{stamp}"
