"""A library's corrections of its papers, beside the shared records.

Refuses to touch a shared record: what a person says in one library is seen in no other.
"""

from __future__ import annotations

import msgspec

from api.domain.corrections import Corrections
from api.domain.titles import title_fold
from api.store.database import Tx, Value, upsert


async def of_paper(tx: Tx, library_id: str, paper_id: str) -> Corrections:
    """What a library corrected of one paper; nothing is an empty answer."""
    row = await tx.row(
        "SELECT fields FROM correction WHERE library_id = :library_id AND paper_id = :paper_id",
        library_id=library_id,
        paper_id=paper_id,
    )
    return msgspec.json.decode(row["fields"], type=Corrections) if row else Corrections()


async def every(tx: Tx, library_id: str) -> list[tuple[str, Corrections]]:
    """All that a library corrected, by the ids of the papers."""
    rows = await tx.rows(
        "SELECT paper_id, fields FROM correction WHERE library_id = :library_id ORDER BY paper_id",
        library_id=library_id,
    )
    return [(row["paper_id"], msgspec.json.decode(row["fields"], type=Corrections)) for row in rows]


async def keep(tx: Tx, library_id: str, paper_id: str, said: Corrections) -> None:
    """Put a library's corrections of a paper down; empty ones are dropped."""
    if not said.at:
        await tx.run(
            "DELETE FROM correction WHERE library_id = :library_id AND paper_id = :paper_id",
            library_id=library_id,
            paper_id=paper_id,
        )
        return
    authors = " ".join(a.literal or f"{a.given or ''} {a.particle or ''} {a.family or ''}" for a in said.authors or ())
    year = said.year or next((int(d[:4]) for d in (said.issued, said.online, said.preprinted) if d), None)
    row: dict[str, Value] = {
        "library_id": library_id,
        "paper_id": paper_id,
        "fields": msgspec.json.encode(said).decode(),
        "title_folded": title_fold(said.title) if said.title else None,
        "year": year,
        "venue": said.venue,
        "search_text": title_fold(" ".join((said.title or "", authors, said.venue or "", said.abstract or ""))),
    }
    await upsert(tx, "correction", ("library_id", "paper_id"), [row])


async def move(tx: Tx, library_id: str, old: str, new: str) -> None:
    """Let a paper's corrections follow it to another record, where they do not overwrite what stands there."""
    moved = await of_paper(tx, library_id, old)
    if moved.at:
        await fill(tx, library_id, new, moved)
        await keep(tx, library_id, old, Corrections())


async def fill(tx: Tx, library_id: str, paper_id: str, said: Corrections) -> bool:
    """Add corrections of a paper where they do not overwrite what stands there; says whether any were."""
    there = await of_paper(tx, library_id, paper_id)
    values = {n: getattr(there, n) if getattr(there, n) is not None else getattr(said, n) for n in _FIELDS}
    filled = Corrections(**values, at=said.at | there.at)
    if filled != there:
        await keep(tx, library_id, paper_id, filled)
    return filled != there


_FIELDS = tuple(name for name in Corrections.__struct_fields__ if name != "at")
