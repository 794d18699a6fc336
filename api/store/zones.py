"""Time zones by their IANA name, from the system's data or from the package that comes with us.

Refuses names that no data has, and the system's variants of them that count leap seconds.
"""

from __future__ import annotations

from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from api.domain.errors import BadInput


def check_zone(name: str) -> ZoneInfo:
    """The zone with this name; raises BadInput."""
    if name not in names():
        raise BadInput("no such time zone; it is called as in the IANA data, such as Europe/Berlin")
    return ZoneInfo(name)


def zone_of(name: str) -> ZoneInfo:
    """The zone that was checked once; UTC where the data lost it since."""
    try:
        return ZoneInfo(name)
    except ZoneInfoNotFoundError:
        return ZoneInfo("UTC")


@lru_cache(maxsize=1)
def names() -> tuple[str, ...]:
    """Every name that there is, sorted."""
    return tuple(sorted(available_timezones()))
