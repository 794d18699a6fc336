"""What a thesis calls itself, where formats have a type of their own for it. Refuses to tell more than two apart."""

from __future__ import annotations

MASTERS = "Master's thesis"


def is_masters(type_: str) -> bool:
    """Whether the thesis' own word for itself is a master's."""
    words = type_.casefold()
    return "master" in words or words.startswith(("msc", "m.sc", "mathesis"))


def type_named(text: str) -> str:
    """The word for a type, empty where it says no more than the kind: codes of other tools are words here."""
    return _CODES.get(text.casefold(), text)


_CODES = {
    **dict.fromkeys(("phdthesis", "phd thesis", "ph.d. thesis", "techreport", "technical report", "preprint"), ""),
    **dict.fromkeys(("mathesis", "mastersthesis"), MASTERS),
}
