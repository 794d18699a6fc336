"""What a library's tables hold at one moment, read by statements of our own: the feed is what is under test."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import Struct

from api.store.database import Database, Tx


class Violation(AssertionError):
    """A promise that a history broke: which one, and how."""

    def __init__(self, rule: str, text: str) -> None:
        super().__init__(f"{rule}: {text}")
        self.rule = rule


class Fact(Struct, frozen=True):
    """One object as it is stored."""

    type: str
    version: int
    deleted: bool
    merged_into: str | None
    fields: dict[str, Any]
    members: dict[str, frozenset[str]]
    others: dict[str, tuple[str, ...]]
    latest_ms: int  # of all clocks that its stamps carry

    def seen(self) -> tuple[Any, ...]:
        """What a person sees of it."""
        others = {name: sorted(texts) for name, texts in self.others.items()}
        return self.deleted, self.merged_into, self.fields, {f: m for f, m in self.members.items() if m}, others


class Truth(Struct, frozen=True):
    """A library: its version and its objects; `graves` are merged keys that are no more, with what they became."""

    head: int
    facts: dict[str, Fact]
    graves: dict[str, str] = {}

    def survivor(self, key: str) -> str:
        """The key that lives on where this one was merged, else the key itself."""
        while into := self.facts[key].merged_into if key in self.facts else self.graves.get(key):
            key = into
        return key

    def text(self, key: str, name: str) -> tuple[Any, tuple[str, ...]]:
        """A text field of an object, and its other versions."""
        fact = self.facts.get(self.survivor(key))
        return (fact.fields.get(name), fact.others.get(name, ())) if fact else (None, ())


async def read_truth(database: Database, library_id: str, graves: dict[str, str]) -> Truth:
    """The library as it stands."""

    async def work(tx: Tx) -> Truth:
        head = await tx.row("SELECT version FROM library WHERE id = :id", id=library_id)
        rows = await tx.rows("SELECT * FROM object WHERE library_id = :id", id=library_id)
        sets = await tx.rows(
            "SELECT key, field, member, added FROM member WHERE library_id = :id AND present = 1", id=library_id
        )
        members: dict[str, dict[str, set[str]]] = {}
        for row in sets:
            members.setdefault(row["key"], {}).setdefault(row["field"], set()).add(row["member"])
        facts = {row["key"]: _fact(row, members.get(row["key"], {})) for row in rows}
        return Truth(head["version"] if head else 0, facts, dict(graves))

    return await database.read(work)


def _fact(row: Any, members: dict[str, set[str]]) -> Fact:
    stamps = [stamp[1] for stamp in msgspec.json.decode(row["stamps"]).values()]
    others = msgspec.json.decode(row["other_versions"])
    return Fact(
        type=row["type"],
        version=row["version"],
        deleted=bool(row["deleted"]),
        merged_into=row["merged_into"],
        fields=msgspec.json.decode(row["fields"]),
        members={field: frozenset(names) for field, names in members.items()},
        others={name: tuple(one["value"] for one in texts) for name, texts in others.items()},
        latest_ms=max((int(clock[:12], 16) for clock in stamps), default=0),
    )
