"""Vectors of what searching reads, one for each document and model: kept, found missing, and read on.

All of it is made from what is stored elsewhere. `made` numbers the vectors of a library in the order in which they
came, so that a process that has read some reads only what is newer. Refuses vectors of two models for one
document.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from api.store.database import Tx, Value, in_list, upsert

_ROWS = 100  # in one statement


async def missing(tx: Tx, library_id: str, model: str, most: int) -> list[str]:
    """The keys of documents that have no vector of this model, in their order."""
    rows = await tx.rows(
        "SELECT d.key FROM search_doc d LEFT JOIN search_vector v ON v.library_id = d.library_id AND v.key = d.key "
        "AND v.model = :model WHERE d.library_id = :library_id AND v.key IS NULL ORDER BY d.key LIMIT :most",
        library_id=library_id,
        model=model,
        most=most,
    )
    return [row["key"] for row in rows]


async def put(tx: Tx, library_id: str, model: str, vectors: Mapping[str, bytes], now_ms: int) -> None:
    """Keep vectors by the keys of their documents; those of another model make room."""
    await tx.lock(f"meaning:{library_id}")  # numbers are to be seen in their order
    place = await tx.row("SELECT vectors FROM search_place WHERE library_id = :library_id", library_id=library_id)
    first = max(now_ms, (place["vectors"] if place else 0) + 1)  # after all that is forgotten, too
    rows: list[dict[str, Value]] = [
        {"library_id": library_id, "key": key, "model": model, "made": made, "vector": vector}
        for made, (key, vector) in enumerate(vectors.items(), first)
    ]
    for start in range(0, len(rows), _ROWS):
        await upsert(tx, "search_vector", ("library_id", "key"), rows[start : start + _ROWS])
    await tx.run(
        "UPDATE search_place SET vectors = :last WHERE library_id = :library_id",
        last=first + len(rows),
        library_id=library_id,
    )


async def newer(tx: Tx, library_id: str, model: str, made: int) -> list[tuple[str, int, bytes]]:
    """Keys, numbers and vectors that came after a number, in their order."""
    rows = await tx.rows(
        "SELECT key, made, vector FROM search_vector WHERE library_id = :library_id AND made > :made "
        "AND model = :model ORDER BY made",
        library_id=library_id,
        made=made,
        model=model,
    )
    return [(row["key"], row["made"], bytes(row["vector"])) for row in rows]


async def numbers(tx: Tx, library_id: str, model: str, keys: Sequence[str]) -> dict[str, int]:
    """The numbers of the vectors that these documents have now."""
    text, values = in_list("k", keys)
    rows = await tx.rows(
        f"SELECT key, made FROM search_vector WHERE library_id = :library_id AND model = :model AND key IN ({text})",
        library_id=library_id,
        model=model,
        **values,
    )
    return {row["key"]: row["made"] for row in rows}


async def get(tx: Tx, library_id: str, model: str, key: str) -> bytes | None:
    """The vector of a document; None where there is none of this model."""
    row = await tx.row(
        "SELECT vector FROM search_vector WHERE library_id = :library_id AND key = :key AND model = :model",
        library_id=library_id,
        key=key,
        model=model,
    )
    return bytes(row["vector"]) if row else None


async def libraries(tx: Tx) -> list[str]:
    """The libraries that have documents; that of what public sources tell is one."""
    return [row["library_id"] for row in await tx.rows("SELECT library_id FROM search_place ORDER BY library_id")]


async def counts(tx: Tx, model: str) -> tuple[int, int]:
    """How many documents there are, and how many have a vector of this model."""
    docs = await tx.row("SELECT COUNT(*) AS n FROM search_doc WHERE library_id IS NOT NULL")
    done = await tx.row(
        "SELECT COUNT(*) AS n FROM search_vector WHERE library_id IS NOT NULL AND model = :model", model=model
    )
    return (docs["n"] if docs else 0), (done["n"] if done else 0)
