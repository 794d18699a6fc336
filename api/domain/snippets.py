"""Why something was found: a piece of each part that holds words of the query, with where they stand.

Refuses markup: a hit is a pair of offsets into the plain text (Unicode code points), never a tag.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from msgspec import Struct

from api.domain.search_query import Part
from api.domain.search_words import stem, words_of

ROOM = 240  # characters of a piece
MOST_HITS = 20  # of one piece
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*|[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
# Where one begins and ends that is found by its letters: the same rule.
_BEGIN, _END = re.compile(r"(?<![^\W_])(?<![^\W_]['’])"), re.compile(r"(?!['’]?[^\W_])")


class Snippet(Struct, frozen=True):
    """A piece of a part; `hits` are [start, end) in it. `cut` says whether text was left out before and after."""

    part: Part
    text: str
    hits: tuple[tuple[int, int], ...]
    cut: tuple[bool, bool] = (False, False)


def snippet_of(part: Part, text: str, stems: Iterable[str], starts: Sequence[str] = ()) -> Snippet | None:
    """The piece of a text with the most different words of the query; None where it has none."""
    wanted = frozenset(stems)
    told = {word: found for word in set(_WORD.findall(text)) if (found := _hit(word, wanted, starts))}
    if not told:
        return None
    hits = sorted((at, at + len(word), found) for word, found in told.items() for at in _places(text, word))
    best = max(hits, key=lambda hit: (_told(hits, hit[0]), -hit[0]))[0]
    start = _word_start(text, max(0, min(best - ROOM // 6, len(text) - ROOM)))
    end = len(text) if len(text) <= start + ROOM else _word_end(text, start + ROOM)
    inside = tuple((a - start, b - start) for a, b, _ in hits if a >= start and b <= end)[:MOST_HITS]
    return Snippet(part, text[start:end], inside, (start > 0, end < len(text)))


def _places(text: str, word: str) -> Iterator[int]:
    """Where a word stands in a text by itself."""
    at = text.find(word)
    while at >= 0:
        if _BEGIN.match(text, at) and _END.match(text, at + len(word)):
            yield at
        at = text.find(word, at + 1)


def _hit(word: str, wanted: frozenset[str], starts: Sequence[str]) -> str:
    """The word of the query that a written word stands for; empty where it stands for none."""
    for one, found in _forms(word):
        if found in wanted:
            return found
        for start in starts:
            if one.startswith(start):
                return start
    return ""


@lru_cache(maxsize=65_536)
def _forms(word: str) -> tuple[tuple[str, str], ...]:
    """A written word as it is compared: folded, and without its ending."""
    return tuple((one, stem(one)) for one in words_of(word))


def _told(hits: list[tuple[int, int, str]], start: int) -> int:
    return len({found for a, _, found in hits if start <= a < start + ROOM * 5 // 6})


def _word_start(text: str, at: int) -> int:
    if at == 0:
        return 0
    blank = text.find(" ", at)
    return blank + 1 if 0 <= blank < at + 40 else at


def _word_end(text: str, at: int) -> int:
    blank = text.rfind(" ", at - 40, at)
    return blank if blank > 0 else at
