"""Which entries a filter means, as a condition over entries with their papers.

Refuses entries in the trash.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from api.domain.entries import Condition, EntryFilter
from api.domain.ids import is_uuid
from api.domain.search_match import Match, Need
from api.domain.search_query import SearchQuery, Within, read_search
from api.domain.tags import name_folded
from api.store import papers
from api.store.database import Tx, Value, in_list
from api.store.search_engines import engine_of

SAID = papers.CORRECTED.format("o.library_id")
TABLES = f"object o JOIN paper p ON p.id = o.paper_id {SAID}"
TAGGED_AT = "COALESCE(m.saved_at, '')"  # the order of the members `m` of a tag
LIVE = "o.library_id = :library_id AND o.type = 'entry' AND o.deleted = 0"
# The same for entries that are named: the sign keeps databases from walking over all that lives instead.
NAMED = "o.library_id = :library_id AND o.type = 'entry' AND +o.deleted = 0"
_HAS = {
    "code": "p.has_code = 1",
    "pdf": "p.has_pdf = 1",
    "note": "o.has_note = 1",
    "highlights": "EXISTS (SELECT 1 FROM object h WHERE h.library_id = o.library_id AND h.parent_key = o.key "
    "AND h.type = 'highlight' AND h.deleted = 0)",
}


async def where(
    tx: Tx, library_id: str, wanted: EntryFilter, among: Sequence[str] | None = None, *, named: bool = False
) -> tuple[str, dict[str, Value]]:
    """The condition that these entries meet, over `TABLES`, with its values; `among` some (keys) alone, where given.

    `named`: the tables that are joined name each entry, so that no index of what lives is to be walked.
    """
    members: dict[str, Value] = {"library_id": library_id}
    parts = [NAMED if named else LIVE]
    if among is not None:
        text, keys = in_list("among", among)
        parts = [NAMED, f"o.key IN ({text})"]
        members |= keys
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
    query = read_search(" ".join(wanted.words))
    if query.asks_text:
        parts.append(_asked(tx.dialect, library_id, query, members))
    for index, condition in enumerate(wanted.conditions + query.conditions):
        text = await _condition(tx, library_id, condition, f"c{index}_", members)
        parts.append(f"NOT ({text})" if condition.not_ else text)
    return " AND ".join(parts), members


def _asked(dialect: str, library_id: str, query: SearchQuery, values: dict[str, Value]) -> str:
    """The condition of having every word, phrase and part that a query names; what was not read is not found."""
    engine = engine_of(dialect)
    needs = [Need((term,)) for term in (*query.words, *query.phrases, *(one.term for one in query.within))]
    values["match"] = engine.match(library_id, Match(tuple(needs), query.without))
    parts = [engine.condition, "d.library_id = :library_id"]
    for index, one in enumerate(query.within):
        parts.append(f"({_holds(one, f'within{index}_', values)})")
    for index, one in enumerate(query.not_within):
        parts.append(f"NOT ({_holds(one, f'outside{index}_', values)})")
    return f"o.key IN (SELECT d.key FROM {engine.tables} WHERE {' AND '.join(parts)})"


def _holds(one: Within, prefix: str, values: dict[str, Value]) -> str:
    """The condition that a part of a document holds words beside each other."""
    lines = [f"% {' '.join(one.term.stems)} %"]
    if one.term.start:
        lines.append(f"% {' '.join((*one.term.stems[:-1], one.term.start))}%")
    values |= {f"{prefix}{n}": line for n, line in enumerate(lines)}
    return " OR ".join(f"d.{one.part} LIKE :{prefix}{n}" for n in range(len(lines)))


async def _condition(tx: Tx, library_id: str, asked: Condition, prefix: str, values: dict[str, Value]) -> str:
    """What a field word asks."""
    if asked.name in ("tag", "list"):
        field: Literal["tags", "lists"] = "tags" if asked.name == "tag" else "lists"
        return await _member_of(tx, library_id, field, asked.value, prefix, values)
    if asked.name == "has":
        return _HAS[asked.value]
    if asked.name == "starred":
        values["starred"] = '%"starred":true%'  # quotes within a text are escaped there
        return "o.fields LIKE :starred"
    if asked.name == "status":
        values[f"{prefix}is"] = asked.value
        return f"o.status = :{prefix}is"
    values |= {f"{prefix}first": asked.first, f"{prefix}last": asked.last}
    return f"COALESCE(c.year, p.year, 0) BETWEEN :{prefix}first AND :{prefix}last"


def tagged(where: str, onward: str) -> str:
    """The tables of `:most` entries with the tag `:tagged` that meet a condition, the last saved first, after a place.

    CROSS JOIN: SQLite would else begin with the entries. OFFSET 0: PostgreSQL would else join all of them before it
    looks for the first.
    """
    found = f"EXISTS (SELECT 1 FROM {TABLES} WHERE {where} AND o.key = m.key LIMIT 1 OFFSET 0)"
    members = (
        f"SELECT m.key, {TAGGED_AT} AS at FROM member m WHERE m.library_id = :library_id AND m.field = 'tags' "
        f"AND m.member = :tagged AND m.present = 1 AND {found} {onward} "
        f"ORDER BY {TAGGED_AT} DESC, m.key DESC LIMIT :most"
    )
    return f"({members}) m CROSS JOIN object o JOIN paper p ON p.id = o.paper_id {SAID}"


async def only_tag(tx: Tx, library_id: str, wanted: EntryFilter) -> str | None:
    """The id under which all entries with the one tag of a filter bear it; None where it is not one tag of one id."""
    if len(wanted.tags) != 1:
        return None
    ids = await _ids_of(tx, library_id, "tags", wanted.tags[0])
    return ids[0] if len(ids) == 1 else None


async def _member_of(tx: Tx, library_id: str, field: str, wanted: str, prefix: str, values: dict[str, Value]) -> str:
    """The condition of being tagged with (or listed in) an id or name, merged ids included."""
    text, given = in_list(prefix, await _ids_of(tx, library_id, field, wanted))
    values |= given
    return (
        "EXISTS (SELECT 1 FROM member m WHERE m.library_id = o.library_id AND m.key = o.key "
        f"AND m.field = '{field}' AND m.present = 1 AND m.member IN ({text}))"
    )


async def _ids_of(tx: Tx, library_id: str, field: str, wanted: str) -> list[str]:
    """The ids that an id or name of a tag or list stands for, those that were merged included."""
    by_name = not is_uuid(wanted)
    rows = await tx.rows(
        "SELECT key, merged_into FROM object WHERE library_id = :library_id AND type = :type AND deleted = 0 "
        f"AND {'name_folded' if by_name else 'key'} = :wanted",
        library_id=library_id,
        type="tag" if field == "tags" else "list",
        wanted=name_folded(wanted) if by_name else wanted,
    )
    # a tag's id may be one that was merged into another, or is yet to arrive; a list that was thrown away shows nothing
    ids = {row["key"] for row in rows} if by_name or field == "lists" else {wanted}
    text, given = in_list("k", sorted(ids))
    merged = await tx.rows(
        f"SELECT key FROM object WHERE library_id = :library_id AND merged_into IN ({text})",
        library_id=library_id,
        **given,
    )
    return sorted(ids | {row["key"] for row in merged})
