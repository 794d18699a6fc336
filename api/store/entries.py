"""Entries asked for by filters, in a stable order, page by page; and one entry with its paper.

Refuses entries in the trash, and those whose paper has not arrived.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import structs

from api.domain.entries import EntryFilter, ShelvedEntry, Sort, entry_of, entry_shown
from api.domain.fields import Json
from api.domain.papers import Paper
from api.store import entry_filters, feed, papers
from api.store.database import Row, Tx, Value, in_list
from api.store.entry_filters import LIVE, NAMED, TABLES, TAGGED_AT
from api.store.objects import MERGED_NAMES, load, load_members

ALL = 1_000_000_000  # more than any library holds

_OBJECT = (
    "o.key, o.version, o.shown, o.updated_at, "
    f"EXISTS (SELECT 1 FROM {MERGED_NAMES.format(':library_id')}) AS some_merged"
)
_PAPER = "p.id AS paper_id, p.record, p.enrich_state, p.version AS paper_version, c.fields AS corrected"
_FROM = f"FROM {TABLES}"

_ORDER: dict[Sort, tuple[str, bool]] = {  # the sort value, and whether it descends
    "position": ("COALESCE({position}, COALESCE(o.saved_at, '') || o.key)", False),  # as `positions.standing` has it
    "saved": ("COALESCE(o.saved_at, '')", True),
    "updated": ("o.updated_at", True),
    "title": ("COALESCE(c.title_folded, p.title_folded)", False),
    "year": ("COALESCE(c.year, p.year, 0)", True),
    "venue": ("COALESCE(c.venue, p.venue, '')", False),
    "rank": ("COALESCE(o.saved_at, '')", True),
}
_POSITION = {
    "sqlite": "json_extract(o.fields, '$.position')",
    "postgres": "(CAST(o.fields AS json) ->> 'position') COLLATE \"C\"",
}


async def page(
    tx: Tx, library_id: str, wanted: EntryFilter, sort: Sort, limit: int, after: tuple[Value, str] | None
) -> tuple[list[ShelvedEntry], tuple[str | int, str] | None]:
    """A page of entries, and the place to go on from (None at the end)."""
    tag = await entry_filters.only_tag(tx, library_id, wanted) if sort == "saved" else None
    rest = structs.replace(wanted, tags=()) if tag else wanted
    where, values = await entry_filters.where(tx, library_id, rest, named=tag is not None)
    expression, down = (TAGGED_AT, True) if tag else _order(tx, sort)
    key, sign, way = "m.key" if tag else "o.key", "<" if down else ">", "DESC" if down else "ASC"
    onward = ""
    if after is not None:
        onward = f"AND ({expression} {sign} :after_value OR ({expression} = :after_value AND {key} {sign} :after_key))"
        values |= {"after_value": after[0], "after_key": after[1]}
    if tag:  # its entries stand in an index in this order
        tables, expression = entry_filters.tagged(where, onward), "m.at"
        chosen = "WHERE o.library_id = :library_id AND o.key = m.key"
        values["tagged"] = tag
    else:
        tables = TABLES
        chosen = f"WHERE {where} {onward} ORDER BY {expression} {way}, o.key {way} LIMIT :most"
    sql = f"SELECT {_OBJECT}, {_PAPER}, {expression} AS sort_value FROM {tables} {chosen}"
    rows = await tx.rows(sql, most=limit + 1, **values)
    if tag:
        rows = sorted(rows, key=lambda row: (row["sort_value"], row["key"]), reverse=True)
    shelved = await _shelved(tx, library_id, rows[:limit])
    more = len(rows) > limit
    return shelved, (rows[limit - 1]["sort_value"], rows[limit - 1]["key"]) if more else None


async def slice_of(
    tx: Tx, library_id: str, wanted: EntryFilter, sort: Sort, first: int, limit: int
) -> list[ShelvedEntry]:
    """Entries by their places in a list, from number `first` on; the places are found before anything is read."""
    where, values = await entry_filters.where(tx, library_id, wanted)
    expression, down = _order(tx, sort)
    way = "DESC" if down else "ASC"
    rows = await tx.rows(
        f"SELECT o.key {_FROM} WHERE {where} ORDER BY {expression} {way}, o.key {way} LIMIT :most OFFSET :first",
        most=limit,
        first=first,
        **values,
    )
    keys = [row["key"] for row in rows]
    found = await get_many(tx, library_id, keys)
    return [found[key] for key in keys if key in found]


async def places(tx: Tx, library_id: str, wanted: EntryFilter) -> list[tuple[str, str]]:
    """The keys of all entries in the order that a person gave them, each with its place."""
    where, values = await entry_filters.where(tx, library_id, wanted)
    expression, _ = _order(tx, "position")
    rows = await tx.rows(
        f"SELECT o.key, {expression} AS place {_FROM} WHERE {where} ORDER BY {expression}, o.key", **values
    )
    return [(row["key"], row["place"]) for row in rows]


async def count(tx: Tx, library_id: str, wanted: EntryFilter) -> int:
    """How many entries there are."""
    where, values = await entry_filters.where(tx, library_id, wanted)
    row = await tx.row(f"SELECT COUNT(*) AS n {_FROM} WHERE {where}", **values)
    n: int = row["n"] if row else 0
    return n


async def tally(tx: Tx, library_id: str) -> tuple[int, int, int]:
    """How many entries there are, how many are still to read, and how many have code, in one walk."""
    row = await tx.row(
        "SELECT COUNT(*) AS papers, SUM(CASE WHEN o.status = 'to_read' THEN 1 ELSE 0 END) AS to_read, "
        f"SUM(p.has_code) AS with_code FROM object o JOIN paper p ON p.id = o.paper_id WHERE {LIVE}",
        library_id=library_id,
    )
    return (row["papers"], int(row["to_read"] or 0), int(row["with_code"] or 0)) if row else (0, 0, 0)


async def keys(tx: Tx, library_id: str, wanted: EntryFilter) -> list[tuple[str, str | None, str | None]]:
    """The keys, citation keys and times of saving of all entries, in no order."""
    where, values = await entry_filters.where(tx, library_id, wanted)
    rows = await tx.rows(f"SELECT o.key, o.citekey, o.saved_at {_FROM} WHERE {where}", **values)
    return [(row["key"], row["citekey"], row["saved_at"]) for row in rows]


async def first_keys(tx: Tx, library_id: str, wanted: EntryFilter, limit: int) -> list[str]:
    """The keys of those among the first citation keys of the library that are wanted: maybe few, and quickly there."""
    first = await tx.rows(
        "SELECT folded, entry_key FROM citekey WHERE library_id = :library_id ORDER BY folded LIMIT :most",
        library_id=library_id,
        most=limit,
    )
    where, values = await entry_filters.where(tx, library_id, wanted, [row["entry_key"] for row in first])
    rows = await tx.rows(f"SELECT o.key, o.citekey {_FROM} WHERE {where}", **values)
    own = {row["key"]: (row["citekey"] or "").casefold() for row in rows}
    # an entry's former keys lead to it too, but it stands in its own place alone
    return [row["entry_key"] for row in first if own.get(row["entry_key"]) == row["folded"]]


async def get_many(tx: Tx, library_id: str, wanted: Sequence[str]) -> dict[str, ShelvedEntry]:
    """The live entries with these keys."""
    text, values = in_list("k", wanted)
    rows = await tx.rows(
        f"SELECT {_OBJECT}, {_PAPER} {_FROM} WHERE {NAMED} AND o.key IN ({text})", library_id=library_id, **values
    )
    return {one.entry.id: one for one in await _shelved(tx, library_id, rows)}


async def of_papers(tx: Tx, library_id: str, paper_ids: Sequence[str]) -> dict[str, str]:
    """The live entries (keys) of these papers, by paper."""
    text, values = in_list("p", paper_ids)
    rows = await tx.rows(
        f"SELECT o.paper_id, o.key FROM object o WHERE {LIVE} AND o.merged_into IS NULL AND o.paper_id IN ({text})",
        library_id=library_id,
        **values,
    )
    return {row["paper_id"]: row["key"] for row in rows}


async def fields_of(tx: Tx, library_id: str, wanted: Sequence[str]) -> dict[str, dict[str, Json]]:
    """Every field of these entries, as the feed shows them; those that were thrown away are left out."""
    states = (await load(tx, library_id, wanted)).states
    changes = await feed.changes_of(tx, library_id, states)
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


async def without_citekey(
    tx: Tx, library_id: str, paper_id: str | None = None, limit: int = ALL
) -> list[tuple[str, Paper]]:
    """Live entries (of one paper, or all) that have no citation key yet, in the order in which they were saved."""
    of_paper = " AND o.paper_id = :paper_id" if paper_id else ""
    values = {"paper_id": paper_id} if paper_id else {}
    rows = await tx.rows(
        f"SELECT o.key, {_PAPER} {_FROM} WHERE {LIVE} AND o.citekey IS NULL{of_paper} ORDER BY o.saved_at, o.key "
        "LIMIT :most",
        library_id=library_id,
        most=limit,
        **values,
    )
    return [(row["key"], _paper(row)) for row in rows]


def _order(tx: Tx, sort: Sort) -> tuple[str, bool]:
    expression, down = _ORDER[sort]
    return expression.format(position=_POSITION[tx.dialect]), down


async def _shelved(tx: Tx, library_id: str, rows: Sequence[Row]) -> list[ShelvedEntry]:
    merged = await feed.merged_names(tx, library_id) if rows and rows[0]["some_merged"] else []
    lies = {row["key"] for row in rows if feed.lies_as_shown(row["shown"], merged)}
    anew = await feed.states_of(tx, library_id, [row["key"] for row in rows if row["key"] not in lies])
    await load_members(tx, library_id, anew)
    anew = await feed.followed_all(tx, library_id, anew)
    return [
        ShelvedEntry(
            entry_shown(row["shown"], row["key"], row["version"], row["updated_at"])
            if row["key"] in lies
            else entry_of(anew[row["key"]], row["updated_at"]),
            _paper(row),
        )
        for row in rows
    ]


def _paper(row: Row) -> Paper:
    return papers.paper_of(row, version=row["paper_version"])
