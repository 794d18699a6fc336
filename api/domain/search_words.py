"""Words as searching compares them: folded, without endings, the same for what is written and for what is asked.

Both databases are given these words ready made, so that neither's own idea of a word decides what is found. Refuses
words over 64 characters: nobody types one.
"""

from __future__ import annotations

import re
from functools import lru_cache

from api.domain.titles import title_fold

LONGEST = 64  # characters of a word
# Words that nearly every text holds: they count in a phrase, and where nothing else is asked.
IDLE = frozenset(
    word
    for words in (
        "a an and are as at be been by can for from has have in into is it its of on or our such that the their these",
        "this to towards toward via was we were which with",
    )
    for word in words.split()
)
_ONE_BY_ONE = r"\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"  # scripts that put no blanks between words
_WORD = re.compile(rf"[{_ONE_BY_ONE}]|[^\s{_ONE_BY_ONE}]+")
_VOWEL = re.compile("[aeiouy]")
_TWICE = re.compile(r"([^aeiou])\1$")


def words_of(text: str) -> list[str]:
    """The folded words of a text in order; of scripts without blanks each character is one."""
    return [word for word in _WORD.findall(title_fold(text)) if len(word) <= LONGEST]


def stems_of(text: str) -> list[str]:
    """The words of a text without their endings."""
    return [stem(word) for word in words_of(text)]


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """An English word without the endings of number and tense: the light half of Porter's rules.

    Made for comparing, not for reading: `policies` and `policy` are `polici`, `using` and `use` are `us`.
    """
    if len(word) < 3 or not word.isascii() or not word.isalpha():
        return word
    found = _without_tense(_without_number(word))
    if found.endswith("e") and len(found) > 2:
        found = found[:-1]
    if found.endswith("y") and len(found) > 3:
        found = found[:-1] + "i"
    return found[:-1] if len(found) > 3 and _TWICE.search(found) else found


def _without_number(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return word[:-2]
    if word.endswith("is") and len(word) > 5:  # analysis, analyses
        return word[:-2]
    if word.endswith(("sses", "ches", "shes", "xes", "zes", "ses")) and len(word) > 5:
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3 else word


def _without_tense(word: str) -> str:
    for ending in ("ing", "ed"):
        rest = word.removesuffix(ending)
        if rest != word:
            long_enough = len(rest) > 2 or (len(rest) == 2 and rest in ("us", "ag"))
            return rest if long_enough and _VOWEL.search(rest) and not word.endswith("eed") else word
    return word
