"""The names in an author or editor field, taken apart by BibTeX's rules before any TeX in them is read.

Braces hold together what they enclose: ` and `, a comma or a space inside them divides nothing, and a name all in
braces is an organisation. Refuses extended `family=…` names no more than any other text: their parts are read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from api.domain.formats.read_tex import tex_to_text
from api.domain.papers import Author

MOST_NAMES = 10_000
_AND = re.compile(r"\s+and\s+", re.IGNORECASE)
_PART = re.compile(r"""(family|given|prefix|suffix)(?:-i)?\s*=\s*"?(\{.*\}|[^,"]*)"?\s*(?:,|$)""", re.IGNORECASE)
_EXTENDED = re.compile(r"\s*(?:family|given|prefix|suffix)\s*=", re.IGNORECASE)
_NAMESAKE = re.compile(r"\s+\d{4}(?=\s*(,|$))")  # by which DBLP tells apart people of one name
ET_AL = "et al."


def people_of(tex: str) -> tuple[Author, ...]:
    """The people in their order; a last `others` becomes the name `et al.`, as which writers know it."""
    names = [name.strip() for name in _split(tex, _AND)][:MOST_NAMES]
    found = [_person(name) for name in names if name and name.lower() != "others"]
    if len(names) > 1 and names[-1].lower() == "others":
        found.append(Author(literal=ET_AL))
    return tuple(one for one in found if one != Author())


def _split(tex: str, at: re.Pattern[str]) -> list[str]:
    """The text parted where the pattern stands outside all braces."""
    if "{" not in tex:
        return at.split(tex)
    depths = _depths(tex)
    pieces, start = [], 0
    for match in at.finditer(tex):
        if not depths[match.start()]:
            pieces.append(tex[start : match.start()])
            start = match.end()
    return [*pieces, tex[start:]]


def _depths(tex: str) -> list[int]:
    depth, depths = 0, []
    for char in tex:
        depth += (char == "{") - (char == "}")
        depths.append(max(depth, 0))
    return depths


_COMMA = re.compile(",")
_SPACE = re.compile(r"[\s~]+")


def _person(name: str) -> Author:
    if _EXTENDED.match(name):
        return _extended(name)
    name = _NAMESAKE.sub("", name)
    if _is_braced(name):
        return Author(literal=tex_to_text(name) or None)
    parts = [part.strip() for part in _split(name, _COMMA)]
    if len(parts) == 1:
        return _by_words(_split(parts[0], _SPACE))
    family, suffix, given = (parts[0], "", parts[1]) if len(parts) == 2 else (parts[0], parts[1], ", ".join(parts[2:]))
    particle, family = _particle([word for word in _split(family, _SPACE) if word])
    return _author(family, given, particle, suffix)


def _is_braced(name: str) -> bool:
    accent_first = name.startswith("{\\") and not name.startswith("{\\relax")
    if accent_first or not (name.startswith("{") and name.endswith("}")):
        return False
    return all(_depths(name)[:-1])


def _by_words(words: list[str]) -> Author:
    words = [word for word in words if word]
    if len(words) < 2:
        return Author(literal=tex_to_text(" ".join(words)) or None)
    low = [place for place, word in enumerate(words[:-1]) if _is_low(word)]
    if not low:
        return _author(words[-1], " ".join(words[:-1]), "", "")
    return _author(" ".join(words[low[-1] + 1 :]), " ".join(words[: low[0]]), " ".join(words[low[0] : low[-1] + 1]), "")


def _particle(words: list[str]) -> tuple[str, str]:
    low = 0
    while low < len(words) - 1 and _is_low(words[low]):
        low += 1
    return " ".join(words[:low]), " ".join(words[low:])


def _is_low(word: str) -> bool:
    """Whether a name's word is a particle: its first letter outside braces is small, as BibTeX counts it."""
    if word.startswith("{") and not word.startswith("{\\"):
        return False
    letter = next((char for char in tex_to_text(word) if char.isalpha()), "")
    return letter.islower()


def _author(family: str, given: str, particle: str, suffix: str) -> Author:
    family, given, particle, suffix = (tex_to_text(part) for part in (family, given, particle, suffix))
    if not family or not given:
        said = " ".join(part for part in (given, particle, family) if part)
        return Author(literal=", ".join(part for part in (said, suffix) if part) or None)
    return Author(family, given, particle or None, suffix or None)


def _extended(name: str) -> Author:
    said = {key.lower(): value for key, value in _parts(name)}
    return _author(said.get("family", ""), said.get("given", ""), said.get("prefix", ""), said.get("suffix", ""))


def _parts(name: str) -> Iterator[tuple[str, str]]:
    for part in _split(name, _COMMA):
        if (found := _PART.fullmatch(part.strip())) is not None:
            yield found[1], found[2]
