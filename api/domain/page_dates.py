"""Dates as pages print them, in one spelling.

Refuses to guess: where day and month cannot be told apart only the year is kept, and a date that no calendar has
loses the part that is wrong.
"""

from __future__ import annotations

import re
from calendar import monthrange

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = r"(?P<name>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_YEAR = r"(?P<year>\d{4})"
_FOUR_DIGITS = re.compile(r"\d{4}", re.A)
_PATTERNS = tuple(
    re.compile(pattern, re.I | re.A)
    for pattern in (
        rf"{_YEAR}[-/.](?P<month>\d{{1,2}})[-/.](?P<day>\d{{1,2}})(?!\d).*",
        rf"{_YEAR}(?P<month>\d\d)(?P<day>\d\d)",
        rf"{_YEAR}[-/.](?P<month>\d{{1,2}})",
        rf"{_YEAR},?[ -]{_MONTH}(?:[ -](?P<day>\d{{1,2}}))?(?!\d).*",
        rf"(?:[a-z]+,? )?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[ -]{_MONTH},?[ -]{_YEAR}(?!\d).*",
        rf"(?:[a-z]+,? )?{_MONTH} (?P<day>\d{{1,2}})(?:st|nd|rd|th)?,? {_YEAR}(?!\d).*",
        rf"{_MONTH}(?:[-/–]{_MONTH.replace('name', 'other')})?,?[ -]{_YEAR}",
        rf"(?P<first>\d{{1,2}})[-/.](?P<second>\d{{1,2}})[-/.]{_YEAR}",
        rf"(?:.*\D)?{_YEAR}(?:\D.*)?",
    )
)


def page_date(text: str) -> str | None:
    """`YYYY`, `YYYY-MM` or `YYYY-MM-DD` from a date in any usual spelling; None where no year is to be seen."""
    text = " ".join(text.split())[:80]
    if _FOUR_DIGITS.search(text) is None:
        return None
    for pattern in _PATTERNS:
        match = pattern.fullmatch(text)
        if match is None:
            continue
        parts = match.groupdict()
        month, day = _month_and_day(parts)
        return _spelt(int(parts["year"]), month, day)
    return None


def _month_and_day(parts: dict[str, str | None]) -> tuple[int, int]:
    """Month and day, 0 where unknown."""
    if name := parts.get("name"):
        return _MONTHS.index(name[:3].lower()) + 1, int(parts.get("day") or 0)
    if first := parts.get("first"):
        one, two = int(first), int(parts.get("second") or 0)
        if one > 12 >= two:
            return two, one
        return (one, two) if two > 12 >= one or one == two else (0, 0)
    return int(parts.get("month") or 0), int(parts.get("day") or 0)


def _spelt(year: int, month: int, day: int) -> str | None:
    if not 1000 <= year <= 2999:
        return None
    if not 1 <= month <= 12:
        return f"{year}"
    if not 1 <= day <= monthrange(year, month)[1]:
        return f"{year}-{month:02}"
    return f"{year}-{month:02}-{day:02}"
