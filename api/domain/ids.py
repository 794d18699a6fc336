"""Ids as distinct types, and the one way to make and check them.

Refuses anything that is not a canonical lower-case UUID: an id is a key for ever, so it has one spelling.
"""

from __future__ import annotations

import re
from typing import NewType

UserId = NewType("UserId", str)
LibraryId = NewType("LibraryId", str)
DeviceId = NewType("DeviceId", str)
PaperId = NewType("PaperId", str)
ObjectKey = NewType("ObjectKey", str)  # entry, highlight, tag or list
EntryId = ObjectKey

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.ASCII)


def uuid7(at_ms: int, random: bytes) -> str:
    """A UUIDv7 (RFC 9562 5.7) for a time in Unix milliseconds, from 10 bytes of randomness."""
    number = (at_ms & (2**48 - 1)) << 80 | int.from_bytes(random[:10], "big")
    number = number & ~(0xF << 76) | 7 << 76
    number = number & ~(0b11 << 62) | 0b10 << 62
    text = f"{number:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def is_uuid(text: str) -> bool:
    """Whether the text is a UUID in its canonical lower-case spelling."""
    return _UUID.fullmatch(text) is not None
