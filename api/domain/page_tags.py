"""The meta tags of a page by what they mean, whatever the site calls them.

Sites write `citation_title`, `DC.Title`, `dc:title`, `bepress_citation_title`, `wkhealth_title`. Refuses nothing; an
empty value is no value.
"""

from __future__ import annotations

import re

from api.domain.markup import plain_text

_LONGEST = 20_000


class Tags:
    """The tags of one page: names in lower case with `_` for `.` and `:`, values plain, order and repeats kept."""

    def __init__(self, metas: tuple[tuple[str, str], ...]) -> None:
        self._values: dict[str, list[str]] = {}
        for name, content in metas:
            value = plain_text(content[:_LONGEST])
            if value:
                self._values.setdefault(_meaning(name), []).append(value)

    def all(self, *names: str) -> tuple[str, ...]:
        """The values of the first of these names that the page has."""
        return next((tuple(self._values[name]) for name in names if name in self._values), ())

    def every(self, *names: str) -> tuple[str, ...]:
        """The values of all these names, without repeats."""
        return tuple(dict.fromkeys(value for name in names for value in self._values.get(name, ())))

    def first(self, *names: str) -> str | None:
        """The first value of the first of these names that the page has."""
        return next(iter(self.all(*names)), None)

    def has(self, *names: str) -> bool:
        """Whether the page has any of these names with a value."""
        return any(name in self._values for name in names)


def _meaning(name: str) -> str:
    name = re.sub(r"[.:\s]+", "_", name.strip().lower())
    if name.startswith("wkhealth_"):
        return "citation_" + name.removeprefix("wkhealth_")
    prefix, found, field = name.partition("_citation_")
    return f"citation_{field}" if found and prefix != "bepress" else name
