"""The words that libraries have: in how many documents each is, and which one a slip was meant to be.

Refuses to correct by words of a library that the asker does not search: what others wrote stays theirs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence

from api.domain.search_query import Term
from api.domain.search_words import stem
from api.domain.spelling import grams, nearest
from api.store.database import Tx, in_list

_MOST_ALIKE = 40  # words that are compared letter by letter
_LAST = "\U0010ffff"


async def counts(tx: Tx, libraries: Sequence[str], stems: Collection[str]) -> dict[str, int]:
    """In how many documents each of these words is."""
    found: Counter[str] = Counter()
    text, values = in_list("s", sorted(set(stems)))
    for library_id in libraries if stems else ():
        for row in await tx.rows(
            f"SELECT stem, n FROM search_word WHERE library_id = :library_id AND stem IN ({text})",
            library_id=library_id,
            **values,
        ):
            found[row["stem"]] += row["n"]
    return dict(found)


async def count_started(tx: Tx, libraries: Sequence[str], start: str) -> int:
    """In how many documents words with this beginning are, each word counted by itself."""
    total = 0
    for library_id in libraries:
        row = await tx.row(
            "SELECT SUM(n) AS n FROM search_word WHERE library_id = :library_id AND stem >= :low AND stem < :high",
            library_id=library_id,
            low=start,
            high=start + _LAST,
        )
        total += int(row["n"] or 0) if row else 0
    return total


async def shown(tx: Tx, libraries: Sequence[str], stems: Collection[str]) -> dict[str, str]:
    """How these words are written."""
    text, values = in_list("s", sorted(set(stems)))
    found: dict[str, str] = {}
    for library_id in libraries if stems else ():
        for row in await tx.rows(
            f"SELECT stem, shown FROM search_word WHERE library_id = :library_id AND stem IN ({text})",
            library_id=library_id,
            **values,
        ):
            found.setdefault(row["stem"], row["shown"])
    return found


async def nearest_to(tx: Tx, libraries: Sequence[str], term: Term) -> tuple[str, int] | None:
    """The word that was meant by one that nobody has, with its count; None where nothing is near."""
    word = term.stems[0]
    known: Counter[str] = Counter()
    for library_id in libraries:
        known.update(await _alike(tx, library_id, word))
        if stem(term.shown) != term.shown:
            known.update(await _alike(tx, library_id, term.shown))
    found = nearest(word, sorted(known.items()))
    return (found, known[found]) if found else None


async def _alike(tx: Tx, library_id: str, word: str) -> dict[str, int]:
    pieces = grams(word)
    if not pieces:
        return {}
    text, values = in_list("g", sorted(pieces))
    rows = await tx.rows(
        "SELECT w.stem, w.n FROM (SELECT stem, COUNT(*) AS shared FROM search_gram WHERE library_id = :library_id "
        f"AND gram IN ({text}) GROUP BY stem ORDER BY COUNT(*) DESC, stem LIMIT :most) near "
        "JOIN search_word w ON w.library_id = :library_id AND w.stem = near.stem",
        library_id=library_id,
        most=_MOST_ALIKE,
        **values,
    )
    return {row["stem"]: row["n"] for row in rows}
