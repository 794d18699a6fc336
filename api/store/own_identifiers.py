"""What a library says of identity by a person's word: whose an identifier is there, and which papers are two.

Refuses to let one identifier be two of a library's papers (the primary key of `own_identifier`).
"""

from __future__ import annotations

from collections.abc import Collection

from api.domain.papers import Identifier
from api.store.database import Tx, Value, in_list, insert_missing, upsert
from api.store.papers import among

_BOTH = "JOIN own_identifier o ON o.scheme = i.scheme AND o.value = i.value"


async def speaks(tx: Tx, library_id: str) -> bool:
    """Whether a library said anything about any identifier; most never do."""
    row = await tx.row(
        "SELECT 1 AS one FROM own_identifier WHERE library_id = :library_id LIMIT 1", library_id=library_id
    )
    return row is not None


async def speaking(tx: Tx, paper_ids: Collection[str]) -> list[str]:
    """The libraries that said something about an identifier of any of these shared papers, sorted."""
    text, values = in_list("p", sorted(paper_ids))
    rows = await tx.rows(
        f"SELECT DISTINCT o.library_id FROM paper_identifier i {_BOTH} WHERE i.paper_id IN ({text})", **values
    )
    return sorted(row["library_id"] for row in rows)


async def over(tx: Tx, library_id: str, paper_ids: Collection[str]) -> dict[str, list[str]]:
    """The library's own papers that have identifiers of these shared ones, sorted; those without any are left out."""
    text, values = in_list("p", sorted(paper_ids))
    rows = await tx.rows(
        f"SELECT DISTINCT i.paper_id AS shared, o.paper_id FROM paper_identifier i {_BOTH} "
        f"WHERE o.library_id = :library_id AND i.paper_id IN ({text})",
        library_id=library_id,
        **values,
    )
    found: dict[str, list[str]] = {}
    for shared, own in sorted((row["shared"], row["paper_id"]) for row in rows):
        found.setdefault(shared, []).append(own)
    return found


async def owners(tx: Tx, library_id: str, identifiers: Collection[Identifier]) -> dict[Identifier, str]:
    """Whose these identifiers are by the library's word; those that it said nothing about are left out."""
    text, values = among(identifiers)
    rows = await tx.rows(
        f"SELECT scheme, value, paper_id FROM own_identifier WHERE library_id = :library_id AND {text}",
        library_id=library_id,
        **values,
    )
    found = {Identifier(row["scheme"], row["value"]): row["paper_id"] for row in rows}
    return {each: found[each] for each in identifiers if each in found}


async def of_paper(tx: Tx, library_id: str, paper_id: str) -> tuple[Identifier, ...]:
    """The identifiers of one of the library's own papers, sorted; none of a shared one."""
    rows = await tx.rows(
        "SELECT scheme, value FROM own_identifier WHERE library_id = :library_id AND paper_id = :paper_id",
        library_id=library_id,
        paper_id=paper_id,
    )
    return tuple(sorted(Identifier(row["scheme"], row["value"]) for row in rows))


async def give(tx: Tx, library_id: str, paper_ids: dict[Identifier, str], at_ms: int) -> None:
    """Say whose these identifiers are, whatever was said before."""
    rows: list[dict[str, Value]] = [
        {"library_id": library_id, "scheme": i.scheme, "value": i.value, "paper_id": paper_ids[i], "said_at": at_ms}
        for i in sorted(paper_ids)
    ]
    await upsert(tx, "own_identifier", ("library_id", "scheme", "value"), rows)


async def every(tx: Tx, library_id: str) -> list[tuple[Identifier, str, int]]:
    """All that a library said of identifiers: whose each is, and since when (Unix milliseconds)."""
    rows = await tx.rows(
        "SELECT scheme, value, paper_id, said_at FROM own_identifier WHERE library_id = :library_id",
        library_id=library_id,
    )
    return sorted((Identifier(row["scheme"], row["value"]), row["paper_id"], row["said_at"]) for row in rows)


async def set_apart(tx: Tx, library_id: str, one: str, other: str, at_ms: int) -> None:
    """Keep that two papers (ids) are not the same; saying it again changes nothing."""
    first, second = sorted((one, other))
    row: dict[str, Value] = {"library_id": library_id, "one": first, "other": second, "said_at": at_ms}
    await insert_missing(tx, "apart", ("library_id", "one", "other"), [row])


async def apart_from(tx: Tx, library_id: str, paper_id: str) -> set[str]:
    """The papers that are not the same as this one, by a person's word."""
    rows = await tx.rows(
        "SELECT one, other FROM apart WHERE library_id = :library_id AND (one = :paper_id OR other = :paper_id)",
        library_id=library_id,
        paper_id=paper_id,
    )
    return {row["other"] if row["one"] == paper_id else row["one"] for row in rows}


async def every_pair(tx: Tx, library_id: str) -> list[tuple[str, str]]:
    """All pairs of papers that are not the same."""
    rows = await tx.rows("SELECT one, other FROM apart WHERE library_id = :library_id", library_id=library_id)
    return sorted((row["one"], row["other"]) for row in rows)


async def merge_apart(tx: Tx, library_id: str, loser: str, survivor: str, at_ms: int) -> None:
    """What was not the same as a paper that became part of another one is not the same as that one."""
    others = await apart_from(tx, library_id, loser) - {survivor}
    await tx.run(
        "DELETE FROM apart WHERE library_id = :library_id AND (one = :loser OR other = :loser)",
        library_id=library_id,
        loser=loser,
    )
    for other in sorted(others):
        await set_apart(tx, library_id, survivor, other, at_ms)
