"""Names as sources print them in one string, taken apart into an author.

Refuses to be clever: a double family name without hyphen cannot be told from a middle name, so the last word wins.
"""

from __future__ import annotations

import re

from api.domain.papers import Author

_SUFFIX = re.compile(r"(?:jr|sr)\.?|i{2,3}|iv", re.I)
_GROUP = re.compile(
    r"\b(?:collaborations?|consortium|consortia|team|group|project|network|committee|institute|university|society"
    r"|initiative|working group|organi[sz]ation|investigators|association)\b",
    re.I,
)
_PARTICLE = re.compile(
    r"af|al|av|ben|bin|das?|dal|del?|dell|della|den|der|des|di|dos?|du|el|ibn|las?|le|['’]t|ten|ter|tot"
    r"|vander|van|ver|vom|von|zum|zur|zu"
)
_CAPITAL_PARTICLE = re.compile(r"De|Del|Della|Den|Der|Di|Dos|Du|Von")  # not Van, Le or Do: given names elsewhere


def person(name: str) -> Author | None:
    """An author from a cleaned `Given van Family Jr.` or `Family, Given`; None for a text without letters."""
    name = name.strip(", ")
    if not any(letter.isalpha() for letter in name):
        return None
    if _GROUP.search(name):
        return Author(literal=name)
    family, comma, given = (part.strip() for part in name.partition(","))
    if comma and given and not _SUFFIX.fullmatch(given):
        return Author(family=family, given=given)
    words = name.replace(",", " ").split()
    suffix = words.pop() if len(words) > (1 if comma else 2) and _SUFFIX.fullmatch(words[-1]) else None
    if len(words) == 1:
        return Author(literal=name)
    start = _start_of(_PARTICLE, words, _start_of(_CAPITAL_PARTICLE, words, len(words) - 1))
    if start > 1 and words[start - 1] == "Van" and words[start].lower() in ("de", "den", "der"):
        start -= 1
    particle, family = _split(words[start:])
    return Author(family=family, given=" ".join(words[:start]), particle=particle or None, suffix=suffix)


def _start_of(pattern: re.Pattern[str], words: list[str], start: int) -> int:
    while start > 1 and pattern.fullmatch(words[start - 1]):
        start -= 1
    return start


def _split(words: list[str]) -> tuple[str, str]:
    """The lower-case particle and the rest of a family name."""
    first = next((place for place, word in enumerate(words[:-1]) if not _PARTICLE.fullmatch(word)), len(words) - 1)
    return " ".join(words[:first]), " ".join(words[first:])
