"""The feed: a library's objects after a version, each once, at its latest version, by keyset on the version.

Refuses offsets and times as positions: both skip rows under writes.
"""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import structs

from api.domain.changes import Change, change
from api.domain.states import Member, State
from api.store import papers
from api.store.database import Tx, in_list
from api.store.objects import COLUMNS, load_members, state_of


async def after(tx: Tx, library_id: str, version: int, limit: int) -> list[Change]:
    """The next changes after a version, at most `limit`, in the order of their versions."""
    rows = await tx.rows(
        f"SELECT {COLUMNS} FROM object o WHERE o.library_id = :library_id AND o.version > :version "
        "ORDER BY o.version LIMIT :most",
        library_id=library_id,
        version=version,
        most=limit,
    )
    states = {row["key"]: state_of(row) for row in rows}
    return await changes_of(tx, library_id, states)


async def before(tx: Tx, library_id: str, version: int, limit: int, *, tombstones: bool) -> list[Change]:
    """What lives below a version, the newest first, at most `limit`, and keys that were merged.

    Other tombstones only where asked for: a device that was told nothing yet has nothing that they could be about.
    """
    kept = "" if tombstones else "AND (o.deleted = 0 OR o.merged_into IS NOT NULL) "
    rows = await tx.rows(
        f"SELECT {COLUMNS} FROM object o WHERE o.library_id = :library_id AND o.version < :version "
        f"{kept}ORDER BY o.version DESC LIMIT :most",
        library_id=library_id,
        version=version,
        most=limit,
    )
    return await changes_of(tx, library_id, {row["key"]: state_of(row) for row in rows})


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
