"""Make the vectors of what searching read: batch by batch, each kept as soon as it is there.

A text that changes meanwhile is left to the next round. Refuses to run where searching by meaning is off.
"""

from __future__ import annotations

from api.actions.desk import Desk
from api.domain.papers import Paper
from api.domain.search_documents import Document, is_public
from api.meaning import Meaning
from api.store import entries, meanings, papers, search_docs
from api.store.database import Tx

BATCH = 100  # texts of one transaction
MOST_BATCHES = 50  # of one job, which ends before its time does
MOST_CHARACTERS = 4000  # of an abstract that a vector is made of


async def wait_for_meaning(desk: Desk) -> list[str]:
    """The libraries with texts that have no vector; the one of everybody's papers is empty. None where it is off."""
    if desk.meaning is None:
        return []
    name = desk.meaning.name

    async def work(tx: Tx) -> list[str]:
        return [one for one in await meanings.libraries(tx) if await meanings.missing(tx, one, name, 1)]

    return await desk.database.read(work)


async def read_meaning(desk: Desk, library_id: str) -> int:
    """Make vectors of a library, up to 5,000; returns how many were made."""
    if desk.meaning is None:
        return 0
    made = 0
    for _ in range(MOST_BATCHES):
        found = await _read_some(desk, desk.meaning, library_id)
        if not found:
            break
        made += found
    return made


async def _read_some(desk: Desk, meaning: Meaning, library_id: str) -> int:
    async def texts(tx: Tx) -> tuple[dict[str, str], dict[str, Document]]:
        keys = await meanings.missing(tx, library_id, meaning.name, BATCH)
        return await _texts(tx, library_id, keys), await search_docs.get_many(tx, library_id, keys)

    told, before = await desk.database.read(texts)
    vectors = dict(zip(told, await meaning.embed(list(told.values())), strict=True)) if told else {}

    async def keep(tx: Tx) -> int:
        now = await search_docs.get_many(tx, library_id, list(vectors))
        same = {key: vector for key, vector in vectors.items() if now.get(key) == before[key]}
        await meanings.put(tx, library_id, meaning.name, same, desk.now())
        return len(same)

    return await desk.database.write(keep) if vectors else 0


async def _texts(tx: Tx, library_id: str, keys: list[str]) -> dict[str, str]:
    """The texts of documents: title and abstract, as those may know them who search there."""
    if library_id != search_docs.EVERYBODY:
        shelved = await entries.get_many(tx, library_id, keys)
        return {key: _text(one.paper, one.paper.abstract) for key, one in shelved.items()}
    told = {}
    for key, paper in (await papers.get_many(tx, keys)).items():
        public = is_public(await papers.provenance(tx, key), "abstract")
        told[key] = _text(paper, paper.abstract if public else None)
    return told


def _text(paper: Paper, abstract: str | None) -> str:
    return f"{paper.title}. {(abstract or '')[:MOST_CHARACTERS]}"
