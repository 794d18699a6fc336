"""When two tag names are the same name."""

from __future__ import annotations

import unicodedata


def name_folded(name: str) -> str:
    """The name under which tags are one: NFC, case-folded, white space collapsed at the ends."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold()).strip()
