"""Fields of a JSON answer, each read for itself: what is missing or of another type is empty, and loses nothing else.

Refuses to raise: sources send null, numbers and lists where their documents promise text.
"""

from __future__ import annotations

from workers.answer_text import clean

Fields = dict[str, object]


def text(fields: object, key: str) -> str:
    """The text at a key as it was sent, or an empty one."""
    value = fields.get(key) if isinstance(fields, dict) else None
    return value if isinstance(value, str) else ""


def number(fields: object, key: str) -> int | None:
    """The whole number at a key, also where it was sent as text."""
    value = fields.get(key) if isinstance(fields, dict) else None
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 16:
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def texts(value: object) -> list[str]:
    """The texts of a list that hold anything."""
    return [each for each in value if isinstance(each, str) and clean(each)] if isinstance(value, list) else []


def inner(fields: object, key: str) -> Fields:
    """The object at a key, or an empty one."""
    value = fields.get(key) if isinstance(fields, dict) else None
    return value if isinstance(value, dict) else {}


def objects(value: object) -> list[Fields]:
    """The objects of a list."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def rows(fields: object, key: str) -> list[Fields]:
    """The objects of the list at a key."""
    return objects(fields.get(key)) if isinstance(fields, dict) else []
