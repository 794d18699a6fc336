"""What changed since searching looked last: a library read on by its versions, as a device pulls it.

A write leaves nothing for searching to do but its own version. Refuses to read more at once than it was asked for.
"""

from __future__ import annotations

from collections.abc import Collection

import msgspec
from msgspec import structs

from api.domain.papers import Provenance
from api.domain.search_documents import Document, Seen, document_of, public_document_of
from api.store import entries, highlights, ledger, papers, search_docs
from api.store.database import Database, Tx, in_list
from api.store.search_docs import EVERYBODY, ReadTo

_STEP = 200  # changes in one transaction


async def is_behind(tx: Tx, library_id: str) -> bool:
    """Whether something changed in a library that was not read yet."""
    head = await ledger.head(tx, library_id)
    place = await search_docs.read_to(tx, library_id)
    return (place.epoch, place.version) != (head.epoch, head.version)


async def read_on(tx: Tx, library_id: str, most: int) -> bool:
    """Read the next `most` changes of a library; says whether that was all."""
    await tx.lock(f"search:{library_id}")
    head = await ledger.head(tx, library_id)
    place = await search_docs.read_to(tx, library_id)
    if place.epoch != head.epoch:
        await search_docs.forget(tx, library_id)
        place = ReadTo(head.epoch)
    rows = await tx.rows(
        "SELECT key, type, version, paper_id, parent_key, merged_into FROM object WHERE library_id = :library_id "
        "AND version > :version AND type IN ('entry', 'highlight', 'paper') ORDER BY version LIMIT :most",
        library_id=library_id,
        version=place.version,
        most=most,
    )
    touched = {row["key"] for row in rows if row["type"] == "entry"}
    touched |= {row["merged_into"] for row in rows if row["type"] == "entry" and row["merged_into"]}
    touched |= await _survivors(tx, library_id, {row["parent_key"] for row in rows if row["parent_key"]})
    touched |= await _entries_of(tx, library_id, {row["key"] for row in rows if row["type"] == "paper"})
    more = await _write(tx, library_id, sorted(touched)) if touched else 0
    done = len(rows) < most
    await search_docs.keep_place(
        tx,
        library_id,
        structs.replace(place, version=head.version if done else rows[-1]["version"], docs=place.docs + more),
    )
    return done


async def read_papers(tx: Tx, most: int) -> bool:
    """Read the next `most` papers whose record is another than was read; says whether that was all."""
    await tx.lock("search:")
    rows = await tx.rows(
        "SELECT id, version, provenance, for_library, redirect_to FROM paper WHERE indexed_version <> version "
        "ORDER BY id LIMIT :most",
        most=most,
    )
    found = await papers.get_many(tx, [row["id"] for row in rows])
    seen = Seen()
    documents: dict[str, Document | None] = {}
    for row in rows:
        sources = msgspec.json.decode(row["provenance"], type=dict[str, Provenance])
        shared = row["for_library"] is None and row["redirect_to"] is None and row["id"] in found
        documents[row["id"]] = public_document_of(seen, found[row["id"]], sources) if shared else None
    more = await search_docs.replace(tx, EVERYBODY, documents, seen.shown)
    for row in rows:
        await tx.run("UPDATE paper SET indexed_version = :version WHERE id = :id", version=row["version"], id=row["id"])
    place = await search_docs.read_to(tx, EVERYBODY)
    await search_docs.keep_place(tx, EVERYBODY, structs.replace(place, docs=place.docs + more))
    return len(rows) < most


async def read_all(database: Database, library_id: str) -> None:
    """Read on to the end: for filters by words, which name all that they mean or nothing."""
    if await database.read(lambda tx: is_behind(tx, library_id)):
        while not await database.write(lambda tx: read_on(tx, library_id, _STEP)):
            pass


async def papers_behind(tx: Tx) -> bool:
    """Whether a paper was not read yet as it is."""
    return await tx.row("SELECT 1 AS one FROM paper WHERE indexed_version <> version LIMIT 1") is not None


async def behind(tx: Tx, limit: int) -> list[str]:
    """Libraries of which something was not read yet."""
    rows = await tx.rows(
        "SELECT l.id FROM library l LEFT JOIN search_place s ON s.library_id = l.id "
        "WHERE s.version IS NULL OR s.version <> l.version OR s.epoch <> l.epoch ORDER BY l.id LIMIT :most",
        most=limit,
    )
    return [row["id"] for row in rows]


async def _write(tx: Tx, library_id: str, keys: list[str]) -> int:
    seen = Seen()
    shelved = await entries.get_many(tx, library_id, keys)
    marks = await highlights.texts_of(tx, library_id, list(shelved))
    documents: dict[str, Document | None] = dict.fromkeys(keys)
    for key, found in shelved.items():
        documents[key] = document_of(seen, found.paper, found.entry.note or "", marks.get(key, ()))
    return await search_docs.replace(tx, library_id, documents, seen.shown)


async def _survivors(tx: Tx, library_id: str, keys: Collection[str]) -> set[str]:
    """These entries, or those that they were merged into."""
    found, wanted = set(keys), set(keys)
    while wanted:
        text, values = in_list("k", sorted(wanted))
        rows = await tx.rows(
            f"SELECT merged_into FROM object WHERE library_id = :library_id AND merged_into IS NOT NULL "
            f"AND key IN ({text})",
            library_id=library_id,
            **values,
        )
        wanted = {row["merged_into"] for row in rows} - found
        found |= wanted
    return found


async def _entries_of(tx: Tx, library_id: str, paper_ids: Collection[str]) -> set[str]:
    text, values = in_list("p", sorted(paper_ids))
    rows = await tx.rows(
        "SELECT key FROM object WHERE library_id = :library_id AND type = 'entry' AND merged_into IS NULL "
        f"AND paper_id IN ({text}) UNION ALL SELECT key FROM object WHERE library_id = :library_id "
        f"AND type = 'entry' AND merged_into IS NOT NULL AND paper_id IN ({text})",  # each as an index has it
        library_id=library_id,
        **values,
    )
    return {row["key"] for row in rows}
