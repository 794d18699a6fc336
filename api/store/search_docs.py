"""The documents that searching reads, put in and taken out with the count of every word; and how far we have read.

Refuses to be the only place of anything: all of it is made from what is stored elsewhere, and can be forgotten.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TypeVar

from msgspec import Struct

from api.domain.search_documents import Document, counted
from api.domain.search_query import PARTS
from api.domain.spelling import grams
from api.store.database import Row, Tx, Value, in_list, insert_missing, upsert
from api.store.search_engines import engine_of

T = TypeVar("T")
COLUMNS = ", ".join(f"d.{part}" for part in PARTS)
_SLICE = 150  # rows in one statement: SQLite compares each name of a value with all before it
EVERYBODY = ""  # the library of what public sources tell


class ReadTo(Struct, frozen=True):
    """How far a library was read: its epoch, its version then, and how many documents it has."""

    epoch: str = ""
    version: int = 0
    docs: int = 0


async def read_to(tx: Tx, library_id: str) -> ReadTo:
    """How far a library was read; nothing of a new one."""
    row = await tx.row(
        "SELECT epoch, version, docs FROM search_place WHERE library_id = :library_id", library_id=library_id
    )
    return ReadTo(row["epoch"], row["version"], row["docs"]) if row else ReadTo()


async def keep_place(tx: Tx, library_id: str, place: ReadTo) -> None:
    """Write down how far a library was read."""
    row: dict[str, Value] = {
        "library_id": library_id,
        "epoch": place.epoch,
        "version": place.version,
        "docs": place.docs,
    }
    await upsert(tx, "search_place", ("library_id",), [row])


async def replace(
    tx: Tx,
    library_id: str,
    documents: Mapping[str, Document | None],
    shown: Mapping[str, str],
) -> int:
    """Put documents in the place of those with their keys, None for no document; how many more there are now."""
    before = await get_many(tx, library_id, list(documents))
    after = {key: document for key, document in documents.items() if document is not None}
    same = {key for key, document in after.items() if before.get(key) == document}
    gone, fresh = set(before) - same, {key: one for key, one in after.items() if key not in same}
    text, values = in_list("k", sorted(gone))
    for table in ("search_doc", "search_vector"):
        await tx.run(
            f"DELETE FROM {table} WHERE library_id = :library_id AND key IN ({text})", library_id=library_id, **values
        )
    await engine_of(tx.dialect).put(tx, library_id, fresh)
    await _count(tx, library_id, counted((before[key] for key in gone), fresh.values()), shown)
    return len(fresh) - len(gone)


async def forget(tx: Tx, library_id: str) -> None:
    """Take all out that is a library's."""
    for table in ("search_doc", "search_vector", "search_word", "search_gram", "search_place"):
        await tx.run(f"DELETE FROM {table} WHERE library_id = :library_id", library_id=library_id)


async def forget_all(tx: Tx) -> None:
    """Take everything out of everybody's: it comes back by itself."""
    for row in await tx.rows("SELECT DISTINCT library_id FROM search_place UNION SELECT ''"):
        await forget(tx, row["library_id"] if row["library_id"] else EVERYBODY)
    await tx.run("UPDATE paper SET indexed_version = 0 WHERE indexed_version <> 0")


async def get_document(tx: Tx, library_id: str, key: str) -> Document | None:
    """The document of an entry, or of a paper with everybody."""
    return (await get_many(tx, library_id, [key])).get(key)


async def papers_of(tx: Tx, library_id: str, keys: Sequence[str]) -> dict[str, str]:
    """The papers of these entries."""
    text, values = in_list("k", keys)
    rows = await tx.rows(
        f"SELECT key, paper_id FROM object WHERE library_id = :library_id AND deleted = 0 AND paper_id IS NOT NULL "
        f"AND key IN ({text})",
        library_id=library_id,
        **values,
    )
    return {row["key"]: row["paper_id"] for row in rows}


def document_in(row: Row) -> Document:
    """The document in a row."""
    return Document(*(row[part] for part in PARTS))


async def get_many(tx: Tx, library_id: str, keys: Sequence[str]) -> dict[str, Document]:
    """The documents with these keys."""
    text, values = in_list("k", keys)
    rows = await tx.rows(
        f"SELECT d.key, {COLUMNS} FROM search_doc d WHERE d.library_id = :library_id AND d.key IN ({text})",
        library_id=library_id,
        **values,
    )
    return {row["key"]: document_in(row) for row in rows}


async def _count(tx: Tx, library_id: str, more: Mapping[str, int], shown: Mapping[str, str]) -> None:
    """Add to the counts of words; new ones become known by their pieces, and those of no document are forgotten."""
    known = await _counts(tx, library_id, more)
    rows: list[dict[str, Value]] = [
        {"library_id": library_id, "stem": one, "shown": shown.get(one, one), "n": n + known.get(one, 0)}
        for one, n in more.items()
    ]
    for some in _slices([row for row in rows if int(row["n"] or 0) > 0]):
        await upsert(tx, "search_word", ("library_id", "stem"), some)
    await _drop_words(tx, library_id, [str(row["stem"]) for row in rows if int(row["n"] or 0) <= 0])
    pieces: list[dict[str, Value]] = [
        {"library_id": library_id, "gram": gram, "stem": one}
        for one, n in more.items()
        if n > 0 and one not in known
        for gram in sorted(grams(one))
    ]
    for some in _slices(pieces):
        await insert_missing(tx, "search_gram", ("library_id", "gram", "stem"), some)


async def _counts(tx: Tx, library_id: str, stems: Collection[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for some in _slices(sorted(stems)):
        text, values = in_list("s", some)
        rows = await tx.rows(
            f"SELECT stem, n FROM search_word WHERE library_id = :library_id AND stem IN ({text})",
            library_id=library_id,
            **values,
        )
        found |= {row["stem"]: row["n"] for row in rows}
    return found


async def _drop_words(tx: Tx, library_id: str, stems: Sequence[str]) -> None:
    for some in _slices(stems):
        await _drop_some(tx, library_id, some)


async def _drop_some(tx: Tx, library_id: str, stems: Sequence[str]) -> None:
    text, values = in_list("s", stems)
    given: dict[str, Value] = {"library_id": library_id, **values}
    await tx.run(f"DELETE FROM search_word WHERE library_id = :library_id AND stem IN ({text})", **given)
    pieces = sorted({gram for one in stems for gram in grams(one)})
    grams_text, more = in_list("g", pieces)
    await tx.run(
        f"DELETE FROM search_gram WHERE library_id = :library_id AND gram IN ({grams_text}) AND stem IN ({text})",
        **given,
        **more,
    )


def _slices(rows: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(rows), _SLICE):
        yield rows[start : start + _SLICE]
