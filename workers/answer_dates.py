"""Dates as sources send them, in the one spelling that the house keeps: `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.

A date is read as far as it makes sense: a month that is none leaves the year. Refuses to guess what is left out.
"""

from __future__ import annotations

import re
from datetime import date

_LIMITS = ((1000, 2100), (1, 12), (1, 31))
_NAMES = "jan feb mar apr may jun jul aug sep oct nov dec"
_MONTHS = {name: place for place, name in enumerate(_NAMES.split(), start=1)}


def date_of(*parts: object) -> str | None:
    """The date of year, month and day, each a number or a text, the month also as an English name."""
    kept: list[int] = []
    for part, (least, most) in zip(parts, _LIMITS, strict=False):
        number = _number(part)
        if number is None or not least <= number <= most:
            break
        kept.append(number)
    if len(kept) == 3 and not _exists(*kept):
        kept.pop()
    return "-".join(f"{number:02d}" for number in kept) or None


def iso_date(text: str) -> str | None:
    """The date at the beginning of an ISO 8601 text, also of one with a time."""
    return date_of(*re.split(r"[-/]", re.split(r"[T\s]", text.strip())[0]))


def loose_date(text: str) -> str | None:
    """The same from a database that has no half-known dates: its first of January is a year without month and day."""
    found = iso_date(text)
    return found[:4] if found and found.endswith("-01-01") else found


def _number(part: object) -> int | None:
    if isinstance(part, str):
        word = part.strip()
        return int(word) if word.isascii() and word.isdigit() and len(word) < 5 else _MONTHS.get(word[:3].lower())
    return part if isinstance(part, int) and not isinstance(part, bool) else None


def _exists(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
