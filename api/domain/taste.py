"""Which of a reader's tags a paper is near to: words of the papers under each tag, weighed by how rare they are.

Plain TF-IDF and cosines, the papers saved last counting most. Refuses nothing; without tags nothing is near.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

NEAR = 0.12  # of 1, below which two texts share little but what all texts share
FEWEST_LETTERS = 3
MOST_WORDS = 400  # of a paper: title, authors, venue and a long abstract
Vector = Mapping[str, float]


class Shelved(Struct, frozen=True):
    """A paper of the reader's as folded words, and the names of its tags."""

    text: str
    tags: tuple[str, ...]


class Taste:
    """What a reader's tags are about, by papers of which the last saved comes first; `others` make words common."""

    def __init__(self, shelf: Sequence[Shelved], others: Iterable[str] = ()) -> None:
        words = [_words(one.text) for one in shelf]
        everything = [*words, *map(_words, others)]
        self._seen: Counter[str] = Counter(word for text in everything for word in set(text))
        self._texts = len(everything)
        sums: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
        for place, (one, text) in enumerate(zip(shelf, words, strict=True), 1):
            for tag in one.tags:
                for word, weight in self._vector(text).items():
                    sums[tag][word] += weight / (1 + math.log10(place))
        self._tags = {tag: _unit(vector) for tag, vector in sorted(sums.items())}

    def nearest(self, text: str) -> tuple[str, float] | None:
        """The tag that a text is nearest to, and how near, from NEAR to 1; None where it is near to none."""
        vector = self._vector(_words(text))
        found = [(_dot(vector, of_tag), tag) for tag, of_tag in self._tags.items()]
        near, tag = max(found, default=(0.0, ""), key=lambda one: one[0])
        return (tag, min(1.0, near)) if near >= NEAR else None

    def _vector(self, words: Counter[str]) -> dict[str, float]:
        rare = {word: math.log((1 + self._texts) / (1 + self._seen[word])) for word in words}
        return _unit({word: (1 + math.log(count)) * rare[word] for word, count in words.items()})


def _words(text: str) -> Counter[str]:
    return Counter([word for word in text.split() if len(word) >= FEWEST_LETTERS][:MOST_WORDS])


def _unit(vector: Mapping[str, float]) -> dict[str, float]:
    length = math.sqrt(math.fsum(weight * weight for weight in vector.values()))
    return {word: weight / length for word, weight in vector.items()} if length else {}


def _dot(one: Vector, other: Vector) -> float:
    return math.fsum(weight * other[word] for word, weight in one.items() if word in other)
