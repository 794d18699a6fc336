"""Tags and lists of a library: names by id, and how many entries carry each."""

from __future__ import annotations

import msgspec
from msgspec import Struct

from api.domain.changes import Change
from api.store.database import Tx
from api.store.feed import changes_of
from api.store.objects import COLUMNS, state_of


class TagCount(Struct, frozen=True):
    """A tag or list with the number of live entries that carry it, and when it was last put on one."""

    id: str
    name: str
    color: str | None
    entries: int
    version: int


async def names(tx: Tx, library_id: str) -> dict[str, str]:
    """The name of each live tag, by id."""
    rows = await tx.rows(
        "SELECT key, fields FROM object WHERE library_id = :library_id AND type = 'tag' AND deleted = 0",
        library_id=library_id,
    )
    return {row["key"]: msgspec.json.decode(row["fields"]).get("name", "") for row in rows}


async def live(tx: Tx, library_id: str) -> list[Change]:
    """All live tags, in the order of their ids."""
    rows = await tx.rows(
        f"SELECT {COLUMNS} FROM object o WHERE o.library_id = :library_id AND o.type = 'tag' AND o.deleted = 0",
        library_id=library_id,
    )
    states = {row["key"]: state_of(row) for row in rows}
    return await changes_of(tx, library_id, {key: states[key] for key in sorted(states)})


async def counted(tx: Tx, library_id: str, type_: str = "tag") -> list[TagCount]:
    """All live tags (or lists), most used first, then by name."""
    rows = await tx.rows(
        "SELECT t.key, t.fields, t.version, COUNT(DISTINCT e.key) AS n FROM object t "
        "LEFT JOIN object alias ON alias.library_id = t.library_id AND alias.merged_into = t.key "
        "LEFT JOIN member m ON m.library_id = t.library_id AND m.field = :field AND m.present = 1 "
        "AND (m.member = t.key OR m.member = alias.key) "
        "LEFT JOIN object e ON e.library_id = m.library_id AND e.key = m.key AND e.type = 'entry' AND e.deleted = 0 "
        "WHERE t.library_id = :library_id AND t.type = :type AND t.deleted = 0 GROUP BY t.key, t.fields, t.version",
        library_id=library_id,
        field="tags" if type_ == "tag" else "lists",
        type=type_,
    )
    found = []
    for row in rows:
        fields = msgspec.json.decode(row["fields"])
        found.append(TagCount(row["key"], fields.get("name", ""), fields.get("color"), row["n"], row["version"]))
    return sorted(found, key=lambda tag: (-tag.entries, tag.name.casefold(), tag.id))
