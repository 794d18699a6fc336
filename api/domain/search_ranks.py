"""How well a document answers: Okapi BM25 over parts of different weight (BM25F), the same on both databases.

After Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009), 3.5. Refuses a document
that lacks what had to be there.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from math import log

from msgspec import Struct

from api.domain.search_documents import Document
from api.domain.search_query import PARTS, Part, SearchQuery, Term, Within

_K = 1.2
_PARTS: dict[Part, tuple[float, float, float]] = {  # weight, usual number of words, how much length counts
    "title": (5.0, 10, 0.5),
    "authors": (4.0, 10, 0.3),
    "venue": (1.5, 6, 0.3),
    "abstract": (1.0, 180, 0.6),
    "note": (1.5, 60, 0.4),
    "marks": (1.5, 120, 0.4),
}
MOST_TELLING = 16  # words of a document that others are compared by
_STARTED = 0.5  # what a word counts that only begins as asked
_SPELT = 0.8  # what a word counts that is asked by a slip
_ALL_IN_TITLE = 1.5
_WHOLE_TITLE = 2.0
_NEIGHBOURS = 0.5  # of a pair that stands together as asked, in the title; half of it elsewhere


class Asked(Struct, frozen=True):
    """A word of the query with what stands in for it: `meant` where it was a slip; `weight` is how rare it is."""

    term: Term
    weight: float
    meant: str = ""

    @property
    def stem(self) -> str:
        """The word to look for."""
        return self.meant or self.term.stems[0]


def rarity(documents: int, having: int) -> float:
    """How much a word tells that so many of all documents have; never negative."""
    return log(1 + (max(documents, having) - having + 0.5) / (having + 0.5))


def holds(line: str, term: Term) -> bool:
    """Whether a part holds these words beside each other."""
    whole = f" {' '.join(term.stems)} "
    if whole in line:
        return True
    return bool(term.start) and f" {' '.join((*term.stems[:-1], term.start))}" in line


def answers(document: Document, query: SearchQuery) -> bool:
    """Whether all is there that has to be, and nothing that must not."""
    lines = [getattr(document, part) for part in PARTS]

    def somewhere(term: Term) -> bool:
        return any(holds(line, term) for line in lines)

    def within(one: Within) -> bool:
        return holds(getattr(document, one.part), one.term)

    return (
        all(map(somewhere, query.phrases))
        and all(map(within, query.within))
        and not any(map(somewhere, query.without))
        and not any(map(within, query.not_within))
    )


def score(document: Document, asked: tuple[Asked, ...]) -> float:
    """How well the document answers these words; 0 where it has none of them."""
    return scored(document, asked, 0)[0]


def scored(document: Document, asked: tuple[Asked, ...], first: int) -> tuple[float, bool]:
    """How well the document answers these words, and whether it has every one of the `first` of them somewhere."""
    found = [(one, _frequency(document, one)) for one in asked]
    return _score(document, asked, found), all(n for _, n in found[:first])


def _score(document: Document, asked: tuple[Asked, ...], found: list[tuple[Asked, float]]) -> float:
    whole = sum(one.weight for one in asked) or 1.0
    total = sum(one.weight * n * (_K + 1) / (n + _K) for one, n in found if n)
    if not total:
        return 0.0
    covered = sum(one.weight for one, n in found if n) / whole
    return (total + _neighbours(document, asked)) * covered * _title_factor(document, asked)


def telling(document: Document, counts: Mapping[str, int], documents: int) -> tuple[Asked, ...]:
    """The words that tell most of what a document is about, by tf-idf.

    `counts` are in how many of the documents each word is; one that no other has tells nothing of likeness.
    """
    found = []
    for one in (document.title + document.abstract).split():
        n = counts.get(one, 0)
        if 1 < n <= max(2, documents // 3) and len(one) > 2 and not one.isdigit():
            asked = Asked(Term((one,), "", one), rarity(documents, n))
            found.append((-asked.weight * _frequency(document, asked) / (_K + _frequency(document, asked)), one, asked))
    return tuple({one: asked for _, one, asked in sorted(found, key=lambda each: each[:2])}.values())[:MOST_TELLING]


def _frequency(document: Document, one: Asked) -> float:
    found, word, start = 0.0, one.stem, one.term.start
    for part, (weight, usual, b) in _PARTS.items():
        line: str = getattr(document, part)
        if (word in line or (start and start in line)) and (n := count(line, one)):
            found += weight * n / (1 - b + b * line.count(" ") / usual)
    return found * (_SPELT if one.meant else 1.0)


def count(line: str, one: Asked) -> float:
    """How often a part has this word; one that only begins as it counts half."""
    exact = line.count(f" {one.stem} ")
    if not one.term.start or one.meant:
        return exact
    started = line.count(f" {one.term.start}") - (exact if one.stem.startswith(one.term.start) else 0)
    return exact + _STARTED * max(0, started)


def _neighbours(document: Document, asked: tuple[Asked, ...]) -> float:
    found = 0.0
    for one, other in pairwise(asked):
        pair = f" {one.stem} {other.stem} "
        if pair in document.title:
            found += _NEIGHBOURS * (one.weight + other.weight)
        elif pair in document.abstract or pair in document.authors:
            found += _NEIGHBOURS / 2 * (one.weight + other.weight)
    return found


def _title_factor(document: Document, asked: tuple[Asked, ...]) -> float:
    if len(asked) < 2 or not all(count(document.title, one) for one in asked):
        return 1.0
    whole = document.title.count(" ") - 1 <= len(asked) + 2
    return _WHOLE_TITLE if whole else _ALL_IN_TITLE
