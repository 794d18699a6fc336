"""What was thrown away and is still whole, the latest first; and what objects are called, thrown away or not.

Refuses to show what became another object: that one is looked for under its survivor's name.
"""

from __future__ import annotations

from collections.abc import Collection

from msgspec import Struct

from api.domain.states import State
from api.store import papers
from api.store.database import Tx, Value
from api.store.objects import COLUMNS, load, state_of

_TYPES = "'entry', 'highlight', 'tag', 'list'"  # a paper leaves with its entry, and comes back with it


class Trashed(Struct, frozen=True):
    """An object in the trash; `updated_at` in Unix milliseconds: when it came there, or was last written to there."""

    state: State
    updated_at: int


async def page(tx: Tx, library_id: str, after: tuple[int, str] | None, limit: int) -> list[Trashed]:
    """The next objects of the trash after a time and key, the latest first."""
    where = "o.library_id = :library_id AND o.deleted = 1 AND o.blank = 0 AND o.merged_into IS NULL"
    values: dict[str, Value] = {}
    if after is not None:
        where += " AND (o.updated_at < :at OR (o.updated_at = :at AND o.key < :after))"
        values = {"at": after[0], "after": after[1]}
    rows = await tx.rows(
        f"SELECT {COLUMNS}, o.updated_at FROM object o WHERE {where} AND o.type IN ({_TYPES}) "
        "ORDER BY o.updated_at DESC, o.key DESC LIMIT :most",
        library_id=library_id,
        most=limit,
        **values,
    )
    return [Trashed(state_of(row), row["updated_at"]) for row in rows]


async def names(tx: Tx, library_id: str, states: Collection[State]) -> dict[str, str]:
    """What people know each object by: a paper's title, a highlight's words, a name; empty where it has none."""
    wanted = {state.fields["paper_id"] for state in states if "paper_id" in state.fields}
    titles = {key: paper.title for key, paper in (await papers.get_many(tx, wanted, library_id)).items()}
    return {state.key: titles.get(state.fields.get("paper_id", "")) or _own_name(state) for state in states}


async def names_of_keys(tx: Tx, library_id: str, keys: Collection[str]) -> dict[str, str]:
    """The names of the objects with these keys; those that are unknown here are left out."""
    states = (await load(tx, library_id, keys)).states if keys else {}
    return await names(tx, library_id, list(states.values()))


def _own_name(state: State) -> str:
    name = state.fields.get("name") or (state.fields.get("saved_from") or {}).get("url")
    quotes = (one.get("exact") for one in state.fields.get("selectors") or ())
    return str(name or next(filter(None, quotes), ""))
