"""The feed: a library's objects after a version, each once, at its latest version, by keyset on the version.

What an object shows was written down with it, so a page of the feed is read and sent as it lies there. Made anew is
only what that would not be true of: what names something that was merged, a corrected paper, a row of an older form.
Refuses offsets and times as positions: both skip rows under writes.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import msgspec
from msgspec import UNSET, Raw, structs

from api.domain.changes import Change, Told, change, told
from api.domain.states import Member, State
from api.store import papers
from api.store.database import Row, Tx, in_list
from api.store.objects import COLUMNS, MERGED_NAMES, load_members, state_of
from api.store.papers import IN_FULL, as_shown

_ROW = f"o.key, o.type, o.version, o.deleted, o.merged_into, o.parent_key, o.shown, {IN_FULL} AS paper FROM object o"
_MOST_NAMES = 64  # merged tags and lists that a page's rows are looked through for


async def after(tx: Tx, library_id: str, version: int, limit: int, *, merged: bool) -> list[Told]:
    """The next changes after a version, at most `limit`, in the order of their versions.

    `merged`: whether any tag or list of the library was merged into another.
    """
    rows = await tx.rows(
        f"SELECT {_ROW} WHERE o.library_id = :library_id AND o.version > :version ORDER BY o.version LIMIT :most",
        library_id=library_id,
        version=version,
        most=limit,
    )
    return await _told(tx, library_id, rows, merged)


async def before(tx: Tx, library_id: str, version: int, limit: int, *, tombstones: bool, merged: bool) -> list[Told]:
    """What lives below a version, the newest first, at most `limit`, and keys that were merged.

    Other tombstones only where asked for: a device that was told nothing yet has nothing that they could be about.
    """
    kept = "" if tombstones else "AND (o.deleted = 0 OR o.merged_into IS NOT NULL) "
    rows = await tx.rows(
        f"SELECT {_ROW} WHERE o.library_id = :library_id AND o.version < :version "
        f"{kept}ORDER BY o.version DESC LIMIT :most",
        library_id=library_id,
        version=version,
        most=limit,
    )
    return await _told(tx, library_id, rows, merged)


async def _told(tx: Tx, library_id: str, rows: Sequence[Row], some_merged: bool) -> list[Told]:
    """How these rows are shown, in their order."""
    merged = await merged_names(tx, library_id) if rows and some_merged else []
    of_merged = await _of_merged(tx, library_id, {row["parent_key"] for row in rows if row["parent_key"]})
    found = {row["key"]: _as_it_lies(row, merged, of_merged) for row in rows}
    anew = await states_of(tx, library_id, [key for key, one in found.items() if one is None])
    found |= {one.key: told(one) for one in await changes_of(tx, library_id, anew)}
    return [one for one in found.values() if one]


def _as_it_lies(row: Row, merged: Sequence[str] | None, of_merged: Collection[str]) -> Told | None:
    """What was written down for a row, or None where it is to be made anew."""
    key, version = row["key"], row["version"]
    if row["deleted"] or row["merged_into"]:
        return Told(row["type"], key, version, deleted=True, merged_into=row["merged_into"] or UNSET)
    if row["type"] == "paper":
        return Told("paper", key, version, data=as_shown(row["paper"], version)) if row["paper"] else None
    if row["parent_key"] in of_merged or not lies_as_shown(row["shown"], merged):
        return None
    return Told(row["type"], key, version, data=Raw(row["shown"].encode()))


def lies_as_shown(shown: str | None, merged: Sequence[str] | None) -> bool:
    """Whether what was written down is still what is shown, given the tags and lists that were merged (None: many)."""
    return shown is not None and merged is not None and not (merged and any(name in shown for name in merged))


async def states_of(tx: Tx, library_id: str, keys: Sequence[str]) -> dict[str, State]:
    """The states of these objects, without their members."""
    if not keys:
        return {}
    text, values = in_list("k", keys)
    sql = f"SELECT {COLUMNS} FROM object o WHERE o.library_id = :library_id AND o.key IN ({text})"
    return {row["key"]: state_of(row) for row in await tx.rows(sql, library_id=library_id, **values)}


async def merged_names(tx: Tx, library_id: str) -> list[str] | None:
    """The tags and lists that were merged into others; None where they are many."""
    rows = await tx.rows(
        f"SELECT n.key FROM {MERGED_NAMES.format(':library_id')} LIMIT :most",
        library_id=library_id,
        most=_MOST_NAMES + 1,
    )
    return [row["key"] for row in rows] if len(rows) <= _MOST_NAMES else None


async def _of_merged(tx: Tx, library_id: str, entries: Collection[str]) -> set[str]:
    """Those of these entries that were merged into others."""
    if not entries:
        return set()
    text, values = in_list("k", sorted(entries))
    rows = await tx.rows(
        f"SELECT key FROM object WHERE library_id = :library_id AND merged_into IS NOT NULL AND key IN ({text})",
        library_id=library_id,
        **values,
    )
    return {row["key"] for row in rows}


async def changes_of(tx: Tx, library_id: str, states: dict[str, State]) -> list[Change]:
    """How the feed shows these states, papers with their record, merged ids followed."""
    live = {k: s for k, s in states.items() if not s.deleted and s.type != "paper"}
    await load_members(tx, library_id, live)
    live = await followed_all(tx, library_id, live)
    records = await papers.get_many(tx, [s.key for s in states.values() if s.type == "paper"], library_id)
    shown: list[Change] = []
    for key, state in states.items():
        if state.type == "paper" and not state.merged_into and key in records:
            data: dict[str, Any] = msgspec.to_builtins(records[key])
            shown.append(Change("paper", key, state.version, data={**data, "version": state.version}))
        else:
            shown.append(change(live.get(key, state)))
    return shown


async def followed_all(tx: Tx, library_id: str, states: dict[str, State]) -> dict[str, State]:
    """The states with every id that was merged replaced by its survivor."""
    aliases = await _aliases(tx, library_id, states)
    return {key: _followed(state, aliases) for key, state in states.items()} if aliases else states


def _followed(state: State, aliases: dict[str, str]) -> State:
    members = {
        field: _joined([(aliases.get(name, name), row) for name, row in rows.items()])
        for field, rows in state.members.items()
    }
    fields = state.fields
    if fields.get("entry_id") in aliases:
        fields = fields | {"entry_id": aliases[fields["entry_id"]]}
    return structs.replace(state, members=members, fields=fields)


def _joined(rows: list[tuple[str, Member]]) -> dict[str, Member]:
    joined: dict[str, Member] = {}
    for name, row in rows:
        if name not in joined or row.present:
            joined[name] = row
    return joined


async def _aliases(tx: Tx, library_id: str, states: dict[str, State]) -> dict[str, str]:
    named = {m for s in states.values() for rows in s.members.values() for m in rows}
    named |= {s.fields["entry_id"] for s in states.values() if s.fields.get("entry_id")}
    aliases: dict[str, str] = {}
    while wanted := named - set(aliases):
        text, values = in_list("k", sorted(wanted))
        rows = await tx.rows(
            f"SELECT key, merged_into FROM object WHERE library_id = :library_id AND merged_into IS NOT NULL "
            f"AND key IN ({text})",
            library_id=library_id,
            **values,
        )
        found = {row["key"]: row["merged_into"] for row in rows}
        if not found:
            break
        aliases = {k: found.get(v, v) for k, v in aliases.items()} | found
        named = set(found.values()) | set(aliases)
    return aliases
