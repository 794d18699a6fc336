"""Words that are spelt alike: the pieces by which they are found, and how far apart two are.

Refuses to correct short words and numbers: a slip there makes another word.
"""

from __future__ import annotations

from collections.abc import Iterable

SHORTEST = 4  # characters of a word that is corrected
_LONG = 7  # from here on two slips are forgiven, below one


def grams(word: str) -> frozenset[str]:
    """The pieces of three characters of a word, its ends marked; none of a word that is not corrected."""
    if len(word) < SHORTEST or not word.isalpha():
        return frozenset()
    marked = f"^{word}$"
    return frozenset(marked[i : i + 3] for i in range(len(marked) - 2))


def nearest(word: str, known: Iterable[tuple[str, int]]) -> str | None:
    """The word that was most likely meant, of known ones with how often each is used; None if all are too far."""
    most = 2 if len(word) >= _LONG else 1
    near = [(slips(word, other, most), word[0] != other[0], -n, other) for other, n in known]
    best = min((one for one in near if one[0] <= most), default=None)
    return best[3] if best else None


def slips(one: str, other: str, most: int) -> int:
    """Letters left out, added, changed, or swapped with their neighbour; `most` + 1 where there are more."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, left in enumerate(one, 1):
        last, before, row = before, row, [i]
        for j, right in enumerate(other, 1):
            cost = min(before[j] + 1, row[-1] + 1, before[j - 1] + (left != right))
            if i > 1 and j > 1 and left == other[j - 2] and right == one[i - 2]:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return row[-1]
