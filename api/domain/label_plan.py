"""What a library does with the tags and lists of another library's file: found again, or made as they were.

Doing it twice is doing it once. Refuses to bring a tag or list out of the trash for one that lay in the trash there,
and to take a colour or a text away.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from api.domain.clock import rfc3339
from api.domain.edits import edit_now
from api.domain.fields import Json
from api.domain.following import survivor
from api.domain.formats.belongings import ImportedLabel
from api.domain.ids import is_uuid
from api.domain.import_plan import DEVICE, Shelf, Versions
from api.domain.merge import merge
from api.domain.states import Edit, State
from api.domain.tags import name_folded


class LabelPlan:
    """Takes labels one by one: `edits` and `dead` (tombstones to put down) make them so, `refs` says which is which."""

    def __init__(self, shelf: Shelf, now_ms: int, new_id: Callable[[], str]) -> None:
        self.edits: list[Edit] = []
        self.dead: list[State] = []
        self.refs: dict[str, str] = {}
        self.versions: list[Versions] = []
        self._shelf, self._now, self._new_id = shelf, now_ms, new_id

    def take(self, labels: Sequence[ImportedLabel]) -> None:
        """Plan what these ask for; those that live come before those in the trash."""
        for label in sorted(labels, key=lambda one: one.deleted):
            key = survivor(self._shelf.known.states, label.id)
            state = self._shelf.known.states.get(key)
            named = None if label.deleted else self._named(label)
            if state is not None and state.type == label.type and not state.blank:
                self._again(key, state, label)
            elif named is not None:
                self.refs[label.id] = named
            else:
                self._make(label, self._new_id() if state is not None or not is_uuid(label.id) else label.id)

    def _named(self, label: ImportedLabel) -> str | None:
        """Who has this name in the library already."""
        if label.type == "tag":
            return self._shelf.known.tag_of_name.get(name_folded(label.name))
        return self._shelf.lists.get(label.name)

    def _again(self, key: str, state: State, label: ImportedLabel) -> None:
        self.refs[label.id] = key
        if state.deleted and not label.deleted:
            self._edit(label, key, {}, op="restore")
        if label.versions:
            self.versions.append(Versions(key, "description", label.versions))

    def _make(self, label: ImportedLabel, key: str) -> None:
        self.refs[label.id] = key
        fields = {"created_at": rfc3339(self._now)} | label.fields
        if label.versions:
            self.versions.append(Versions(key, "description", label.versions))
        if not label.deleted:
            self._edit(label, key, fields, base=0)
            if label.type == "tag":
                self._shelf.known.tag_of_name[name_folded(label.name)] = key
            return
        # put down as it lies, for a tag that is made meets its namesake
        born = merge(State(label.type, key), self._made(label, key, fields, base=0, index=0)).state
        self.dead.append(merge(born, self._made(label, key, {}, op="delete", index=1)).state)

    def _edit(self, label: ImportedLabel, key: str, fields: dict[str, Json], **how: Any) -> None:
        self.edits.append(self._made(label, key, fields, index=len(self.edits), **how))

    def _made(self, label: ImportedLabel, key: str, fields: dict[str, Json], **how: Any) -> Edit:
        return edit_now(label.type, key, DEVICE, self._now, set_=fields, **how)
