"""What a library does with records from a file: entries made for papers that it lacks, the others filled up.

Doing it twice is doing it once: what is there already is asked for nothing. Refuses to take away or to overwrite: a
note, a key or a status that the library has stays, and a citation key that another entry has is not taken.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping

from msgspec import Struct, to_builtins
from msgspec.structs import replace

from api.domain.batch import Known
from api.domain.citekeys import folded, is_safe
from api.domain.clock import read_rfc3339, rfc3339
from api.domain.edits import KNOWS_ALL, edit_now
from api.domain.fields import Json
from api.domain.formats.imported import Imported, ImportedMark
from api.domain.ids import uuid7
from api.domain.merge import MOST_OTHER_VERSIONS
from api.domain.states import Edit, OtherVersion, State
from api.domain.tags import name_folded

DEVICE = "import"  # the device that imported entries name
LONGEST_KEY = 255


class Shelf(Struct):
    """What the library holds of a batch's papers, keys and names; `lists` are ids by name, `keys` those that exist."""

    known: Known
    lists: dict[str, str]


class Versions(Struct, frozen=True):
    """Other versions of a text that an object had elsewhere."""

    key: str
    field: str
    found: tuple[OtherVersion, ...]


class ImportPlan:
    """Takes records one by one; `edits` make them so, in order, and `versions` are to be kept beside.

    `refs` says which tag or list here an id of the file means.
    """

    def __init__(self, shelf: Shelf, now_ms: int, new_id: Callable[[], str], refs: Mapping[str, str]) -> None:
        self.edits: list[Edit] = []
        self.versions: list[Versions] = []
        self._refs = refs
        self._shelf, self._now, self._new_id = shelf, now_ms, new_id
        self._tags: dict[str, set[str]] = {}  # by entry, with those of this batch
        self._lists: dict[str, set[str]] = {}
        self._noted: dict[str, str] = {}
        self._marks: set[str] = set()

    def take(self, record: Imported, paper_id: str) -> bool:
        """Plan what one record asks for; says whether it makes an entry."""
        known = self._shelf.known
        key = known.entry_of_paper.get(paper_id)
        state = known.states.get(key) if key else None
        new = key is None
        if key is None:
            key = record.id if record.id and record.id not in known.states else self._new_id()
            known.entry_of_paper[paper_id] = key
        elif record.deleted:
            return False  # what lay in the trash takes nothing from what lives, and wakes nothing
        elif state is not None and state.deleted:
            self._edit("entry", key, op="restore")
        members = {"tags": self._missing_tags(record, key, state), "lists": self._missing_lists(record, key, state)}
        values = self._born(record, paper_id) if new else self._lacking(record, key, state)
        add = {field: ids for field, ids in members.items() if ids}
        if new or values or add:
            self._edit("entry", key, values, add, base=0 if new else KNOWS_ALL)
        self._keep(key, "note", record.note_versions)
        for mark in record.marks:
            self._mark(mark, key)
        if record.deleted:
            self._edit("entry", key, op="delete")
        return new

    def _keep(self, key: str, field: str, versions: tuple[OtherVersion, ...]) -> None:
        if versions:
            self.versions.append(Versions(key, field, versions))

    def _edit(
        self,
        type_: str,
        key: str,
        values: dict[str, Json] | None = None,
        add: dict[str, tuple[str, ...]] | None = None,
        *,
        op: str = "put",
        base: int = KNOWS_ALL,
    ) -> None:
        index = len(self.edits)
        self.edits.append(edit_now(type_, key, DEVICE, self._now, op=op, set_=values, add=add, base=base, index=index))

    def _born(self, record: Imported, paper_id: str) -> dict[str, Json]:
        key = self._free_key(record.citekey, paper_id)
        values: dict[str, Json] = {
            "paper_id": paper_id,
            "saved_at": _past(record.saved_at, self._now),
            "saved_from": {"url": record.url, "version": record.saved_version} if record.url else None,
            "citekey": key,
            "note": record.note,
            "rating": record.rating,
            "position": record.position,
            "last_read": record.last_read,
            "starred": record.starred or None,
            "status": record.status,
        }
        if record.note:
            self._noted[self._shelf.known.entry_of_paper[paper_id]] = record.note
        return {name: value for name, value in values.items() if value is not None}

    def _lacking(self, record: Imported, key: str, state: State | None) -> dict[str, Json]:
        """What the record knows and the entry does not; a second note in one file is written below the first."""
        has = state.fields if state else {}
        values: dict[str, Json] = {}
        before = self._noted.get(key, "")
        if record.note and not has.get("note") and record.note not in before:
            values["note"] = self._noted[key] = f"{before}\n\n{record.note}".strip()
        if state is not None and not has.get("citekey") and (free := self._free_key(record.citekey, key)):
            values["citekey"] = free
        return values

    def _free_key(self, wish: str | None, owner: str) -> str | None:
        key = wish if wish and is_safe(wish) else folded(wish or "")
        taken = self._shelf.known.entry_of_citekey
        if not key or len(key) > LONGEST_KEY or key.casefold() in taken:
            return None
        taken[key.casefold()] = owner
        return key

    def _missing_tags(self, record: Imported, key: str, state: State | None) -> tuple[str, ...]:
        return _added(
            self._tags, key, state, "tags", self._meant(record.tag_refs) + [self._tag(name) for name in record.tags]
        )

    def _missing_lists(self, record: Imported, key: str, state: State | None) -> tuple[str, ...]:
        return _added(
            self._lists,
            key,
            state,
            "lists",
            self._meant(record.list_refs) + [self._list(name) for name in record.lists],
        )

    def _meant(self, refs: tuple[str, ...]) -> list[str]:
        return [self._refs[one] for one in refs if one in self._refs]

    def _tag(self, name: str) -> str:
        names = self._shelf.known.tag_of_name
        if name_folded(name) not in names:
            names[name_folded(name)] = self._new_id()
            self._edit("tag", names[name_folded(name)], {"name": name, "created_at": rfc3339(self._now)}, base=0)
        return names[name_folded(name)]

    def _list(self, name: str) -> str:
        lists = self._shelf.lists
        if name not in lists:
            lists[name] = self._new_id()
            self._edit("list", lists[name], {"name": name, "created_at": rfc3339(self._now)}, base=0)
        return lists[name]

    def _mark(self, mark: ImportedMark, entry_key: str) -> None:
        key = mark_id(mark, entry_key, self._now)
        if key in self._marks or key in self._shelf.known.states:
            return
        self._marks.add(key)
        values: dict[str, Json] = {
            "entry_id": entry_key,
            "selectors": to_builtins(list(mark.selectors)),
            "created_at": _past(mark.created_at, self._now),
            "color": mark.color,
        }
        values |= {"comment": mark.comment} if mark.comment else {}
        values |= {"manifestation": mark.manifestation} if mark.manifestation else {}
        values |= {"anchor": to_builtins(list(mark.anchor))} if mark.anchor else {}
        tags = tuple(dict.fromkeys([*self._meant(mark.tag_refs), *map(self._tag, mark.tags)]))
        self._edit("highlight", key, values, {"tags": tags} if tags else None, base=0)
        self._keep(key, "comment", mark.comment_versions)
        if mark.deleted:
            self._edit("highlight", key, op="delete")


def mark_id(mark: ImportedMark, entry_key: str, now_ms: int) -> str:
    """The highlight's own id, else one made of what it marks: the same mark is the same highlight however often."""
    if mark.id:
        return mark.id
    words = repr((entry_key, mark.selectors, mark.created_at)).encode()
    at = read_rfc3339(mark.created_at) if mark.created_at else 0
    return uuid7(min(max(at, 0), now_ms), hashlib.sha256(words).digest())


def with_versions(state: State, field: str, found: tuple[OtherVersion, ...]) -> State:
    """The state with these versions of a text among its others, each once, the latest 20."""
    there = state.other_versions.get(field, ())
    kept = tuple(dict.fromkeys((*found, *there)))[-MOST_OTHER_VERSIONS:]
    return state if set(kept) == set(there) else replace(state, other_versions=state.other_versions | {field: kept})


def _added(seen: dict[str, set[str]], key: str, state: State | None, field: str, wanted: list[str]) -> tuple[str, ...]:
    """Those of the wanted members that the entry has not, neither before nor by this batch."""
    if key not in seen:
        rows = state.members.get(field, {}) if state else {}
        seen[key] = {member for member, row in rows.items() if row.present}
    missing = tuple(dict.fromkeys(member for member in wanted if member not in seen[key]))
    seen[key] |= set(missing)
    return missing


def _past(time: str | None, now_ms: int) -> str:
    """The time, unless it lies ahead."""
    return rfc3339(min(read_rfc3339(time), now_ms)) if time else rfc3339(now_ms)
