"""Entries asked for by filters, in a stable order, page by page; and one entry with its paper.

Refuses entries in the trash, and those whose paper has not arrived.
"""

from __future__ import annotations

from collections.abc import Sequence

from api.domain.entries import EntryFilter, ShelvedEntry, Sort, entry_of
from api.domain.fields import Json
from api.domain.ids import is_uuid
from api.domain.papers import Paper
from api.domain.states import State
from api.domain.tags import name_folded
from api.domain.titles import title_fold
from api.store import papers
from api.store.database import Row, Tx, Value, in_list
from api.store.feed import changes_of, followed_all
from api.store.objects import COLUMNS, load, load_members, state_of

_OBJECT = f"{COLUMNS}, o.updated_at"
_PAPER = "p.id AS paper_id, p.record, p.enrich_state, p.version AS paper_version, c.fields AS corrected"
_FROM = f"FROM object o JOIN paper p ON p.id = o.paper_id {papers.CORRECTED.format('o.library_id')}"
_LIVE = "o.library_id = :library_id AND o.type = 'entry' AND o.deleted = 0"

_ORDER: dict[Sort, tuple[str, bool]] = {  # the sort value, and whether it descends
    "saved": ("COALESCE(o.saved_at, '')", True),
    "updated": ("o.updated_at", True),
    "title": ("COALESCE(c.title_folded, p.title_folded)", False),
    "year": ("COALESCE(c.year, p.year, 0)", True),
    "venue": ("COALESCE(c.venue, p.venue, '')", False),
    "rank": ("COALESCE(o.saved_at, '')", True),
}
_HAS = {
    "code": "p.has_code = 1",
    "pdf": "p.has_pdf = 1",
    "note": "o.has_note = 1",
    "highlights": "EXISTS (SELECT 1 FROM object h WHERE h.library_id = o.library_id AND h.parent_key = o.key "
    "AND h.type = 'highlight' AND h.deleted = 0)",
}


async def page(
    tx: Tx, library_id: str, wanted: EntryFilter, sort: Sort, limit: int, after: tuple[Value, str] | None
) -> tuple[list[ShelvedEntry], tuple[str | int, str] | None]:
    """A page of entries, and the place to go on from (None at the end)."""
    where, values = await _where(tx, library_id, wanted)
    expression, down = _ORDER[sort]
    if after is not None:
        sign = "<" if down else ">"
        where += f" AND ({expression} {sign} :after_value OR ({expression} = :after_value AND o.key {sign} :after_key))"
        values |= {"after_value": after[0], "after_key": after[1]}
    way = "DESC" if down else "ASC"
    rows = await tx.rows(
        f"SELECT {_OBJECT}, {_PAPER}, {expression} AS sort_value {_FROM} WHERE {where} "
        f"ORDER BY {expression} {way}, o.key {way} LIMIT :most",
        most=limit + 1,
        **values,
    )
    shelved = await _shelved(tx, library_id, rows[:limit])
    more = len(rows) > limit
    return shelved, (rows[limit - 1]["sort_value"], rows[limit - 1]["key"]) if more else None


async def count(tx: Tx, library_id: str, wanted: EntryFilter) -> int:
    """How many entries there are."""
    where, values = await _where(tx, library_id, wanted)
    row = await tx.row(f"SELECT COUNT(*) AS n {_FROM} WHERE {where}", **values)
    n: int = row["n"] if row else 0
    return n


async def keys(tx: Tx, library_id: str, wanted: EntryFilter) -> list[tuple[str, str | None, str | None]]:
    """The keys, citation keys and times of saving of all entries, in no order."""
    where, values = await _where(tx, library_id, wanted)
    rows = await tx.rows(f"SELECT o.key, o.citekey, o.saved_at {_FROM} WHERE {where}", **values)
    return [(row["key"], row["citekey"], row["saved_at"]) for row in rows]


async def get_many(tx: Tx, library_id: str, wanted: Sequence[str]) -> dict[str, ShelvedEntry]:
    """The live entries with these keys."""
    text, values = in_list("k", wanted)
    rows = await tx.rows(
        f"SELECT {_OBJECT}, {_PAPER} {_FROM} WHERE {_LIVE} AND o.key IN ({text})", library_id=library_id, **values
    )
    return {one.entry.id: one for one in await _shelved(tx, library_id, rows)}


async def fields_of(tx: Tx, library_id: str, wanted: Sequence[str]) -> dict[str, dict[str, Json]]:
    """Every field of these entries, as the feed shows them; those that were thrown away are left out."""
    states = (await load(tx, library_id, wanted)).states
    changes = await changes_of(tx, library_id, states)
    return {change.key: change.data for change in changes if change.data}


async def find(tx: Tx, library_id: str, key: str) -> ShelvedEntry | None:
    """The entry with this key or the one it was merged into, in the trash or not; None where the key is new."""
    known = await load(tx, library_id, [key])
    state = known.states.get(key)
    while state is not None and state.merged_into:
        state = known.states.get(state.merged_into)
    if state is None or state.type != "entry" or "paper_id" not in state.fields:
        return None
    paper_id = state.fields["paper_id"]
    return ShelvedEntry(entry_of(state, 0), (await papers.get_many(tx, [paper_id], library_id))[paper_id])


async def without_citekey(tx: Tx, library_id: str, paper_id: str | None = None) -> list[tuple[str, Paper]]:
    """Live entries (of one paper, or all) that have no citation key yet, in the order in which they were saved."""
    of_paper = " AND o.paper_id = :paper_id" if paper_id else ""
    values = {"paper_id": paper_id} if paper_id else {}
    rows = await tx.rows(
        f"SELECT o.key, {_PAPER} {_FROM} WHERE {_LIVE} AND o.citekey IS NULL{of_paper} ORDER BY o.saved_at, o.key",
        library_id=library_id,
        **values,
    )
    return [(row["key"], _paper(row)) for row in rows]


async def _shelved(tx: Tx, library_id: str, rows: Sequence[Row]) -> list[ShelvedEntry]:
    states: dict[str, State] = {row["key"]: state_of(row) for row in rows}
    await load_members(tx, library_id, states)
    states = await followed_all(tx, library_id, states)
    return [ShelvedEntry(entry_of(states[row["key"]], row["updated_at"]), _paper(row)) for row in rows]


def _paper(row: Row) -> Paper:
    return papers.paper_of(row, version=row["paper_version"])


async def _where(tx: Tx, library_id: str, wanted: EntryFilter) -> tuple[str, dict[str, Value]]:
    parts, values = [_LIVE], {"library_id": library_id}
    members: dict[str, Value] = dict(values)
    for index, tag in enumerate(wanted.tags):
        parts.append(await _member_of(tx, library_id, "tags", tag, f"tag{index}_", members))
    if wanted.list_:
        parts.append(await _member_of(tx, library_id, "lists", wanted.list_, "list_", members))
    if wanted.status:
        parts.append("o.status = :status")
        members["status"] = wanted.status
    if wanted.since_ms is not None:
        parts.append("o.updated_at >= :since")
        members["since"] = wanted.since_ms
    parts += [_HAS[has] for has in wanted.has]
    for index, word in enumerate(wanted.words):
        parts.append(f"(p.search_text LIKE :word{index} ESCAPE '!' OR c.search_text LIKE :word{index} ESCAPE '!')")
        members[f"word{index}"] = f"%{_escaped(title_fold(word))}%"
    return " AND ".join(parts), members


def _escaped(word: str) -> str:
    return word.replace("!", "!!").replace("%", "!%").replace("_", "!_")


async def _member_of(tx: Tx, library_id: str, field: str, wanted: str, prefix: str, values: dict[str, Value]) -> str:
    """The condition of being tagged with (or listed in) an id or name, merged ids included."""
    by_name = not is_uuid(wanted)
    rows = await tx.rows(
        "SELECT key, merged_into FROM object WHERE library_id = :library_id AND type = :type AND deleted = 0 "
        f"AND {'name_folded' if by_name else 'key'} = :wanted",
        library_id=library_id,
        type="tag" if field == "tags" else "list",
        wanted=name_folded(wanted) if by_name else wanted,
    )
    ids = {row["key"] for row in rows} or set() if by_name else {wanted}
    text, given = in_list("k", sorted(ids))
    merged = await tx.rows(
        f"SELECT key FROM object WHERE library_id = :library_id AND merged_into IN ({text})",
        library_id=library_id,
        **given,
    )
    text, given = in_list(prefix, sorted(ids | {row["key"] for row in merged}))
    values |= given
    return (
        "EXISTS (SELECT 1 FROM member m WHERE m.library_id = o.library_id AND m.key = o.key "
        f"AND m.field = '{field}' AND m.present = 1 AND m.member IN ({text}))"
    )
