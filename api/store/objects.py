"""The synced objects of a library: loaded for a batch, written with their versions as the transaction's last step.

Refuses to write an object without a version of its library's counter.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable

import msgspec
from msgspec.json import Decoder

from api.domain.batch import Batch, Known
from api.domain.changes import shown
from api.domain.states import Liveness, Member, OtherVersion, Stamp, State
from api.domain.tags import name_folded
from api.store.database import Row, Tx, Value, in_list, upsert

_NAMES = (
    "key",
    "type",
    "version",
    "deleted",
    "merged_into",
    "liveness",
    "edited",
    "fields",
    "stamps",
    "other_versions",
    "clocks",
    "blank",
)
_LIVENESS = Decoder(Liveness)
_STAMPS = Decoder(tuple[Stamp, ...])
_STAMPS_BY_FIELD = Decoder(dict[str, Stamp])
_CLOCKS = Decoder(tuple[tuple[int, str], ...])
_OTHER_VERSIONS = Decoder(dict[str, tuple[OtherVersion, ...]])
COLUMNS = ", ".join(f"o.{name}" for name in _NAMES)  # of `object o`, as `state_of` reads them
# The tags and lists of a library that were merged into others.
MERGED_NAMES = "object n WHERE n.library_id = {} AND n.merged_into IS NOT NULL AND n.type IN ('tag', 'list')"
# How objects are found by key, paper and name: each condition as an index has it, so that none walks a library.
_FOUND_BY = {
    "key": ("o.key IN ({})",),
    "paper": (
        "o.type IN ('entry', 'paper') AND o.paper_id IN ({}) AND o.merged_into IS NULL",
        "o.paper_id IN ({}) AND o.merged_into IS NOT NULL",
    ),
    "name": ("o.type IN ('tag', 'list') AND o.name_folded IN ({})",),
}
_NEXT = "UPDATE library SET version = version + :count WHERE id = :library_id RETURNING id, version"
_MARK = "(library_id, version, tag)"


async def load(
    tx: Tx, library_id: str, keys: Collection[str], papers: Collection[str] = (), names: Collection[str] = ()
) -> Known:
    """What the library holds of these keys (and what they were merged into), papers and tag names (folded)."""
    found = await _select(tx, library_id, keys, papers, names)
    chased: set[str] = set(keys)
    while missing := {s.merged_into for s in found.values() if s.merged_into} - set(found) - chased:
        chased |= missing
        found |= await _select(tx, library_id, missing)
    await load_members(tx, library_id, found)
    known = Known(states=found)
    for key, state in found.items():
        if state.type == "entry" and not state.merged_into and "paper_id" in state.fields:
            known.entry_of_paper[state.fields["paper_id"]] = key
        if state.type == "tag" and not state.deleted and "name" in state.fields:
            known.tag_of_name[name_folded(state.fields["name"])] = key
    return known


async def load_citekeys(tx: Tx, library_id: str, known: Known, wishes: Iterable[str]) -> None:
    """Add who owns these citation keys, folded; a key of a deleted entry stays taken."""
    folded = sorted({wish.casefold() for wish in wishes})
    if not folded:
        return
    text, values = in_list("k", folded)
    sql = f"SELECT folded, entry_key FROM citekey WHERE library_id = :library_id AND folded IN ({text})"
    for row in await tx.rows(sql, library_id=library_id, **values):
        known.entry_of_citekey[row["folded"]] = row["entry_key"]


async def aliases_of(tx: Tx, library_id: str, keys: Collection[str]) -> dict[str, tuple[str, ...]]:
    """What was merged into each of these keys, at once or through others."""
    into, found, fresh = {key: key for key in keys}, dict[str, tuple[str, ...]](), set(keys)
    while fresh:
        text, values = in_list("k", sorted(fresh))
        rows = await tx.rows(
            f"SELECT key, merged_into FROM object WHERE library_id = :library_id AND merged_into IN ({text})",
            library_id=library_id,
            **values,
        )
        fresh = {row["key"] for row in rows if row["key"] not in into}
        for row in rows:
            if row["key"] in fresh:
                into[row["key"]] = into[row["merged_into"]]
                found[into[row["key"]]] = (*found.get(into[row["key"]], ()), row["key"])
    return found


async def _select(
    tx: Tx, library_id: str, keys: Collection[str], papers: Collection[str] = (), names: Collection[str] = ()
) -> dict[str, State]:
    found: list[str] = []
    values: dict[str, Value] = {}
    for (name, conditions), wanted in zip(_FOUND_BY.items(), (keys, papers, names), strict=True):
        if wanted:
            text, given = in_list(name, wanted)
            values |= given
            found += [f"o.library_id = :library_id AND {one.format(text)}" for one in conditions]
    if not found:
        return {}
    sql = " UNION ALL ".join(f"SELECT {COLUMNS} FROM object o WHERE {one}" for one in found)
    return {row["key"]: state_of(row) for row in await tx.rows(sql, library_id=library_id, **values)}


async def load_members(tx: Tx, library_id: str, states: dict[str, State]) -> None:
    """Put the set members of these states into them."""
    if not states:
        return
    text, values = in_list("k", states)
    sql = f"SELECT key, field, member, added, removed FROM member WHERE library_id = :library_id AND key IN ({text})"
    for row in await tx.rows(sql, library_id=library_id, **values):
        members = states[row["key"]].members
        members.setdefault(row["field"], {})[row["member"]] = Member(_stamps(row["added"]), _stamps(row["removed"]))


def state_of(row: Row) -> State:
    """The state in a row of `object`, without its members."""
    if row["type"] == "paper":  # half of a library's objects; what they hold is in the paper's own record
        return State("paper", row["key"], row["version"], deleted=bool(row["deleted"]), merged_into=row["merged_into"])
    return State(
        type=row["type"],
        key=row["key"],
        version=row["version"],
        deleted=bool(row["deleted"]),
        merged_into=row["merged_into"],
        liveness=_LIVENESS.decode(row["liveness"]) if row["liveness"] else Liveness(),
        edited=_STAMPS.decode(row["edited"]),
        fields=msgspec.json.decode(row["fields"]),
        stamps=_STAMPS_BY_FIELD.decode(row["stamps"]),
        members={},
        other_versions=_OTHER_VERSIONS.decode(row["other_versions"]),
        blank=bool(row["blank"]),
        clocks=_CLOCKS.decode(row["clocks"]),
    )


async def save(tx: Tx, library_id: str, batch: Batch, at_ms: int) -> None:
    """Write what the batch changed. Takes the library's next versions; nothing but the writing follows."""
    batch.commit(await next_version(tx, library_id, len(batch.changed)) if batch.changed else 0)
    keys = [*batch.changed, *batch.quiet]
    states = [batch.states[key] for key in keys]
    await upsert(tx, "object", ("library_id", "key"), [_row(library_id, s, at_ms) for s in states])
    await upsert(
        tx, "member", ("library_id", "key", "field", "member"), [r for s in states for r in _members(library_id, s)]
    )
    citekeys: list[dict[str, Value]] = [
        {"library_id": library_id, "folded": s.fields["citekey"].casefold(), "entry_key": s.key}
        for s in states
        if s.type == "entry" and s.fields.get("citekey")
    ]
    await upsert(tx, "citekey", ("library_id", "folded"), citekeys)


async def next_version(tx: Tx, library_id: str, count: int) -> int:
    """Reserve versions, the first of which is returned, and mark the commit with a random tag."""
    tag = secrets.token_hex(8)
    if tx.dialect == "postgres":  # which does both in one round trip
        both = f"WITH l AS ({_NEXT}), c AS (INSERT INTO library_commit {_MARK} SELECT id, version, :tag FROM l)"
        row = await tx.row(f"{both} SELECT version FROM l", library_id=library_id, count=count, tag=tag)
    else:
        row = await tx.row(_NEXT, library_id=library_id, count=count)
        if row is not None:
            mark = f"INSERT INTO library_commit {_MARK} VALUES (:library_id, :version, :tag)"
            await tx.run(mark, library_id=library_id, version=row["version"], tag=tag)
    if row is None:
        raise LookupError("no such library")
    first: int = row["version"] - count + 1
    return first


def _row(library_id: str, state: State, at_ms: int) -> dict[str, Value]:
    fields = state.fields
    live_name = fields.get("name") if not state.deleted else None
    return {
        "library_id": library_id,
        "key": state.key,
        "type": state.type,
        "version": state.version,
        "deleted": int(state.deleted),
        "merged_into": state.merged_into,
        "paper_id": state.key if state.type == "paper" else fields.get("paper_id"),
        "parent_key": fields.get("entry_id"),
        "name_folded": name_folded(live_name) if live_name else None,
        "citekey": fields.get("citekey"),
        "has_note": int(bool(fields.get("note"))),
        "status": fields.get("status", "to_read") if state.type == "entry" else None,
        "saved_at": fields.get("saved_at") or fields.get("created_at"),
        "liveness": _json(state.liveness) if state.liveness != Liveness() else None,
        "edited": _json(state.edited),
        "fields": _json(fields),
        "shown": _json(shown(state)) if _is_shown(state) else None,
        "stamps": _json(state.stamps),
        "other_versions": _json(state.other_versions),
        "blank": int(state.blank),
        "clocks": _json(state.clocks),
        "updated_at": at_ms,
    }


def _is_shown(state: State) -> bool:
    return not (state.deleted or state.merged_into or state.type == "paper")


def _members(library_id: str, state: State) -> list[dict[str, Value]]:
    return [
        {
            "library_id": library_id,
            "key": state.key,
            "field": field,
            "member": name,
            "present": int(member.present),
            "added": _json(member.added),
            "removed": _json(member.removed),
            "saved_at": state.fields.get("saved_at"),
        }
        for field, rows in state.members.items()
        for name, member in rows.items()
    ]


def _stamps(text: str | None) -> tuple[Stamp, ...]:
    return _STAMPS.decode(text) if text else ()


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
