"""Author names as pages print them, taken apart.

Pages write `Given Family`, `Family, Given`, `FAMILY Given`, `Family GM`, several people in one tag, and groups.
Refuses to be clever where it cannot know: without a comma the last word is the family name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from api.domain.markup import plain_text
from api.domain.papers import Author

_LONGEST = 1000
_PARTICLES = re.compile(
    r"af|al|av|ben|bin|das?|dal|de[lnrs]?|dell|della|di|dos?|du|e|el|ibn|las?|le|lo|op|'?t|ten|ter|tot|van|vander|ver|vom|von|y|zu[mr]?"
)
_CAPITAL_PARTICLE = re.compile(r"De|Del|Della|Den|Der|Di|Dos|Du|Von")  # not Van, Le or Do: given names elsewhere
_AFTER_DE = re.compile(r"La|Las|Le|Los")
_SUFFIX = re.compile(r"(?:jr|sr)\.?|i{2,3}|iv|2nd|3rd", re.I)
_DEGREE = re.compile(r"(?:,\s*|\s+)(?:ph\.?\s?d|m\.?d|d\.?phil|m\.?sc|dr|prof|mph|frcp)\.?$", re.I)
_HONORIFIC = re.compile(r"(?:prof(?:essor)?|dr|mr|mrs|ms|sir)\.?\s+(?=\S+\s)", re.I)
_GROUP = re.compile(
    r"\b(?:collaborations?|consortium|team|group|project|network|committee|institutes?|university|society|initiative"
    r"|organi[sz]ation|investigators|association|foundation|agency|council|ministry|department|laborator(?:y|ies)|press"
    r"|consortia|corporation|company|inc|ltd|gmbh|llc|commission|cent(?:er|re)|academy|hospital|research|nations)\b",
    re.I,
)
_EMPLOYER = re.compile(
    r"\b(?:universit(?:y|ät|é|à|at)|universidad[e]?|department|institut[eo]?|laborator(?:y|ies)|hospital|cent(?:er|re)|school"
    r"|college|academy|faculty)\b",
    re.I,
)
_JUNK = re.compile(
    r"https?://|www\.|@|\bet al\b|^(?:admin|editor|staff|anonymous|unknown|null|none|undefined|author)s?$", re.I
)
_INITIALS = re.compile(r"[A-Z]{1,3}|(?:[A-Z]\.?[- ]?){1,4}", re.A)
_VANCOUVER = re.compile(r"[A-Z][^\W\d_]+(?:[ '’-][^\W\d_]+)* [A-Z]{1,3}")
_MARKS = re.compile(r"[*†‡§¶#]+|(?<=[^\W\d])\s?\d+(?:,\s?\d+)*(?=[*†‡§¶#]*$)")
_REMARK = re.compile(r"\s*(?:\([^()]*\)|\[[^\[\]]*\]|<[^<>]*>|,\s*eds?\.)$", re.I)
_BYLINE = re.compile(r"^(?:(?:(?:written|posted|edited|reported)\s+)?by\s+|(?:and|&)\s+)", re.I)
_SEPARATOR = re.compile(r"\s*[;|·•；、，]\s*")


def author(text: str) -> Author | None:
    """The author in one name; None where there is no name (no letters, an address, `et al.`)."""
    name = _MARKS.sub("", plain_text(text[:_LONGEST])).strip(" ,;")
    name = _HONORIFIC.sub("", _BYLINE.sub("", name))
    while (shorter := _DEGREE.sub("", _REMARK.sub("", name))) != name:
        name = shorter
    if not any(char.isalpha() for char in name) or _JUNK.search(name) or len(name) > 200:
        return None
    head, _, rest = name.partition(",")
    if " " in head and _EMPLOYER.search(rest) and not _GROUP.search(head):
        name = head
    if _GROUP.search(name) or not re.search("[ ,]", name):
        return Author(literal=name)
    return _by_comma(name) if "," in name else _by_words(name.split())


def authors(texts: Iterable[str]) -> tuple[Author, ...]:
    """All authors of a row of tags, where one tag may hold several people; neighbours that repeat are dropped.

    A row that says `et al.` is no list of authors: it gives none.
    """
    texts = list(texts)
    if any(re.search(r"\bet al\b", text, re.I) for text in texts):
        return ()
    found: list[Author] = []
    for text in texts:
        for one in _split(plain_text(text)):
            person = author(one)
            if person and (not found or person != found[-1]):
                found.append(person)
    half = len(found) // 2
    return tuple(found[:half] if half > 1 and found[:half] == found[half:] else found)


def _split(text: str) -> list[str]:
    if _SEPARATOR.search(text):
        return _SEPARATOR.split(text)
    if _GROUP.search(text) and text.count(",") < 2:
        return [text]
    people = re.split(r",?\s+(?:and|&)\s+", text)
    if len(people) > 1 and all(person.count(",") == 1 for person in people):
        return people
    pieces = [piece for piece in re.split(r",?\s+(?:and|&)\s+|,\s*", text) if piece]
    if pairs := _paired(pieces):
        return pairs
    if len(people) > 1 or (len(pieces) > 2 and all(" " in piece.strip() for piece in pieces)):
        return re.split(r",?\s+(?:and|&)\s+|,\s+(?=\S+\s)", text)
    return pieces if len(pieces) == 2 and all(map(_VANCOUVER.fullmatch, pieces)) else [text]


def _paired(pieces: list[str]) -> list[str]:
    """`Doe, J., Roe, R.` and `Doe, Jane, Roe, Richard` by twos; nothing where that cannot be told."""
    families, given = pieces[::2], pieces[1::2]
    known = all(map(_INITIALS.fullmatch, given)) or not any(" " in piece for piece in pieces)
    if len(pieces) < 4 or len(families) != len(given) or not known or any(map(_SUFFIX.fullmatch, given)):
        return []
    return [f"{family}, {name}" for family, name in zip(families, given, strict=True)]


def _by_comma(name: str) -> Author:
    parts = [part.strip() for part in name.split(",") if part.strip()]
    if len(parts) == 1:
        return Author(literal=parts[0])
    suffix = next((part for part in parts[1:] if _SUFFIX.fullmatch(part)), None)
    rest = [part for part in parts[1:] if part is not suffix]
    if not rest:
        return _with_suffix(_by_words(parts[0].split()), suffix)
    particle, family = _particle(parts[0].split())
    given = " ".join(rest)
    shouting = _is_loud(family) and (_is_loud(given) or len(family) > 4)
    return Author(_calm(family) if shouting else family, _calm_all(given, is_shouted=shouting), particle, suffix)


def _by_words(words: list[str]) -> Author:
    suffix = words.pop() if len(words) > 2 and _SUFFIX.fullmatch(words[-1]) else None
    if len(words) == 1:
        return Author(literal=words[0])
    if _INITIALS.fullmatch(words[-1]) and "." not in words[-1] and not _INITIALS.fullmatch(words[0]):
        particle, family = _particle(words[:-1])  # `Harper QK`, as PubMed prints it
        return Author(_calm(family) if _is_loud(family) else family, words[-1], particle, suffix)
    if len(words) == 2 and _is_loud(words[0]) and len(words[0]) > 3 and not _is_loud(words[1]):
        words = words[::-1]  # `PETIT Jean`
    start = _family_start(words)
    particle, family = _particle(words[start:])
    given = " ".join(words[:start])
    return Author(_calm(family) if _is_loud(family) and len(family) > 3 else family, _calm_all(given), particle, suffix)


def _family_start(words: list[str]) -> int:
    """Where the family name begins, its particles included; a name keeps at least one given word."""
    start = len(words) - 1
    while start > 1 and (
        _PARTICLES.fullmatch(words[start - 1])
        or _CAPITAL_PARTICLE.fullmatch(words[start - 1])
        or (_AFTER_DE.fullmatch(words[start - 1]) and words[start - 2] == "de")
    ):
        start -= 1
    if start > 1 and words[start - 1] == "Van" and words[start].lower() in ("de", "den", "der"):
        start -= 1
    if start > 1 and words[start] == "y":  # `Ortega y Gasset`
        start -= 1
    return start


def _particle(words: list[str]) -> tuple[str | None, str]:
    """The lower-case particle before a family name, and the rest."""
    start = 0
    while start < len(words) - 1 and _PARTICLES.fullmatch(words[start]):
        start += 1
    return " ".join(words[:start]) or None, " ".join(words[start:])


def _with_suffix(person: Author, suffix: str | None) -> Author:
    return Author(person.family, person.given, person.particle, suffix, person.literal)


def _is_loud(text: str) -> bool:
    letters = [char for char in text if char.isalpha()]
    return len(letters) > 2 and all(char.isupper() for char in letters)


def _calm(text: str) -> str:
    """`O'MEARA-LÓPEZ` as `O'Meara-López`."""
    return re.sub(r"[^\W\d_]+", lambda word: word.group().capitalize(), text)


def _calm_all(given: str, *, is_shouted: bool = False) -> str:
    """Shouted given names in mixed case; initials stay, which three letters are unless the whole name shouts."""

    def is_name(word: str) -> bool:
        return len(word) > 3 or (is_shouted and re.search("[AEIOUÁÉÍÓÚÄÖÜ]", word) is not None)

    return " ".join(
        _calm(word) if _is_loud(word) and "." not in word and is_name(word) else word for word in given.split()
    )
