"""A batch of edits on one library, in memory: what the library held, what the batch makes of it.

Knows the rules that involve more than one object: one paper is one entry, one name is one tag, a key that was
merged is followed. Refuses nothing as a whole: each edit gets its own result.
"""

from __future__ import annotations

from msgspec import UNSET, Struct, structs

from api.domain.changes import Result, change
from api.domain.edits import dated
from api.domain.fields import FIELDS
from api.domain.following import all_names, by_another_name, followed, survivor
from api.domain.giving_back import is_forgotten, spelled_out
from api.domain.liveness import brought_back
from api.domain.merge import Merged, merge
from api.domain.states import Edit, State, settled
from api.domain.tags import name_folded

_TAKEN = ("applied", "merged", "unchanged")


class Known(Struct):
    """What the library held before the batch, as far as the batch's edits name it."""

    states: dict[str, State] = {}
    entry_of_paper: dict[str, str] = {}
    tag_of_name: dict[str, str] = {}
    entry_of_citekey: dict[str, str] = {}
    aliases: dict[str, tuple[str, ...]] = {}  # what was merged into a key
    floor: int = 0
    ends: dict[str, int] = {}  # of epochs that ended the last version that is kept


class Outcome(Struct):
    """One edit's result before versions are known; `shows` is the object that the answer carries."""

    result: Result
    key: str
    shows: str | None = None


class Mark(Struct):
    """A batch's state at one moment."""

    known: Known
    changed: dict[str, None]
    taken: int


class Batch:
    """Takes edits one by one; `changed` and `quiet` are the objects to write."""

    def __init__(self, known: Known) -> None:
        self._known = known
        self._before = dict(known.states)
        self.states = dict(known.states)
        self.changed: dict[str, None] = {}
        self._outcomes: list[Outcome] = []

    def take(self, op_id: str, edit: Edit) -> Outcome:
        """Apply one edit and say what became of it."""
        outcome = self._take(op_id, followed(edit, self.states, self._known.aliases))
        self._outcomes.append(outcome)
        return outcome

    def put(self, state: State) -> None:
        """Put an object down as it is given: for what the server itself decides."""
        self._touch(state.key, state)

    def mark(self) -> Mark:
        """The batch as it stands, to come back to when a group fails."""
        known = self._known
        maps = Known(
            dict(self.states),
            dict(known.entry_of_paper),
            dict(known.tag_of_name),
            dict(known.entry_of_citekey),
            dict(known.aliases),
            known.floor,
            known.ends,
        )
        return Mark(maps, dict(self.changed), len(self._outcomes))

    def back_to(self, mark: Mark) -> None:
        """Forget every edit since the mark."""
        self._known, self.states, self.changed = mark.known, mark.known.states, mark.changed
        del self._outcomes[mark.taken :]

    @property
    def quiet(self) -> list[str]:
        """Objects of which only stamps moved: written without a new version."""
        return [k for k, s in self.states.items() if k not in self.changed and s is not self._before.get(k)]

    def commit(self, first_version: int) -> None:
        """Give each changed object its version, in the order in which they changed.

        A quiet object keeps its version; what was noted on it counts as seen by whoever sees that.
        """
        for key in self.quiet:
            self.states[key] = settled(self.states[key], self.states[key].version)
        for version, key in enumerate(self.changed, first_version):
            self.states[key] = settled(self.states[key], version)

    def result(self, outcome: Outcome) -> Result:
        """The final result of an edit, with the object's version after the batch."""
        state = self.states.get(outcome.key)
        result = outcome.result
        if state is not None and state.version > 0 and result.status != "rejected":
            result = structs.replace(result, version=state.version)
        if outcome.shows is not None:
            result = structs.replace(result, object=change(self.states[outcome.shows]))
        if state is not None and self.in_trash_with(state) is not None and result.status in _TAKEN:
            result = structs.replace(result, in_trash=True)
        return result

    def in_trash_with(self, state: State) -> str | None:
        """The key of the entry with which a live highlight is in the trash, where it is."""
        entry = None if state.deleted else self.states.get(self.survivor(state.fields.get("entry_id", "")))
        return entry.key if entry is not None and entry.deleted else None

    def survivor(self, key: str) -> str:
        """The key that lives on where this one was merged, else the key itself."""
        return survivor(self.states, key)

    def _take(self, op_id: str, edit: Edit) -> Outcome:
        state = self.states.get(edit.key)
        if state is not None and state.type != edit.type:
            return _refused(op_id, edit.key, "type_mismatch")
        made = state is not None and not state.blank
        if self._is_gone(edit, state):
            return Outcome(Result(op_id, "superseded", code="gone"), edit.key)
        if edit.whole:
            edit = self._spelled_out(edit, state)
        if not made and edit.op == "put" and edit.type == "entry":
            twin = self._known.entry_of_paper.get(edit.set.get("paper_id", ""))
            if twin is not None:
                return self._fold(op_id, edit, twin)
        if self._citekey_taken(edit):
            return _refused(op_id, edit.key, "citekey_taken")
        if not made:
            edit = dated(edit)
        merged = merge(structs.replace(state, blank=False) if state else State(edit.type, edit.key), edit)
        if merged.fixed:
            return _refused(op_id, edit.key, "immutable")
        if edit.whole and not made and merged.state.deleted:
            return self._stays_gone(op_id, edit, merged)
        self._keep(edit.key, merged)
        if edit.type == "tag" and not merged.state.deleted and self._one_name(edit.key):
            survivor = self.survivor(edit.key)
            return Outcome(Result(op_id, "merged"), edit.key, survivor)
        return self._verdict(op_id, edit, merged)

    def _is_gone(self, edit: Edit, state: State | None) -> bool:
        """Whether the edit is of what was here once, and is no more."""
        if state is None and is_forgotten(edit, self._known.floor, self._known.ends):
            return True
        was_there = edit.base > 0 or edit.op == "restore"
        return (was_there and not edit.whole and state.blank) if state is not None else was_there

    def _spelled_out(self, edit: Edit, state: State | None) -> Edit:
        """What is given back, as changes; without a citation key that is another entry's by now."""
        told = spelled_out(edit, state, lambda names: all_names(self.states, self._known.aliases, names))
        if not self._citekey_taken(told):
            return told
        return structs.replace(told, set={name: value for name, value in told.set.items() if name != "citekey"})

    def _stays_gone(self, op_id: str, edit: Edit, merged: Merged) -> Outcome:
        """A deletion of what nobody here knows is known like one that was emptied: who had seen it hears `gone`."""
        if edit.op == "put":
            return Outcome(Result(op_id, "superseded", lost=tuple(edit.set)), edit.key)
        self._keep(edit.key, structs.replace(merged, state=structs.replace(merged.state, blank=True)))
        return self._verdict(op_id, edit, merged)

    def _verdict(self, op_id: str, edit: Edit, merged: Merged) -> Outcome:
        trash = merged.state.deleted and edit.op == "put"
        if merged.lost:
            status = "merged" if merged.taken else "superseded"
            result = Result(op_id, status, lost=merged.lost)  # type: ignore[arg-type]  # one of the two literals
        else:
            result = Result(op_id, "applied" if merged.changed else "unchanged")
        if trash:
            result = structs.replace(result, in_trash=True)
        return Outcome(result, edit.key, edit.key if merged.lost and not merged.state.deleted else None)

    def _fold(self, op_id: str, edit: Edit, twin: str) -> Outcome:
        """The library has this paper: the new key becomes another name of its entry, which leaves the trash.

        It keeps where it was saved from: should a person take the paper apart, it is the entry of that half.
        """
        born = {name: value for name, value in edit.set.items() if name in ("saved_at", "saved_from")}
        self._touch(edit.key, State("entry", edit.key, deleted=True, merged_into=twin, fields=born))
        state = self.states[twin]
        if state.deleted:
            state = brought_back(state, edit.stamp)
            self._touch(twin, state)
        rules = FIELDS["entry"]
        says = {n: v for n, v in edit.set.items() if rules[n].kind != "immutable" and v != rules[n].default}
        merged = merge(state, structs.replace(by_another_name(edit, twin), set=says))
        self._keep(twin, merged)
        return Outcome(Result(op_id, "merged", lost=merged.lost or UNSET), twin, twin)

    def _keep(self, key: str, merged: Merged) -> None:
        state = merged.state
        if merged.changed:
            self._touch(key, state)
        elif state != self.states.get(key):
            self.states[key] = state
        paper_id = state.fields.get("paper_id")
        if state.type == "entry" and paper_id and paper_id not in self._known.entry_of_paper:
            self._known.entry_of_paper[paper_id] = key
            if paper_id not in self.states:
                self._touch(paper_id, State("paper", paper_id))
        if state.type == "entry" and state.fields.get("citekey"):
            self._known.entry_of_citekey[state.fields["citekey"].casefold()] = key

    def _touch(self, key: str, state: State) -> None:
        self.states[key] = state
        self.changed[key] = None

    def _citekey_taken(self, edit: Edit) -> bool:
        wish = edit.set.get("citekey") if edit.op == "put" else None
        return wish is not None and self._known.entry_of_citekey.get(wish.casefold(), edit.key) != edit.key

    def _one_name(self, key: str) -> bool:
        """Fold two live tags of one name: the older key lives on. Says whether this key met another."""
        names = self._known.tag_of_name
        name = self.states[key].fields.get("name")
        for old in [n for n, k in names.items() if k == key and (name is None or n != name_folded(name))]:
            del names[old]
        if name is None:
            return False
        other = names.get(name_folded(name), key)
        survivor, loser = min(key, other), max(key, other)
        names[name_folded(name)] = survivor
        if other == key or self.states[other].deleted:
            names[name_folded(name)] = key
            return False
        self._touch(loser, structs.replace(self.states[loser], deleted=True, merged_into=survivor))
        aliases = self._known.aliases
        aliases[survivor] = (*aliases.get(survivor, ()), loser, *aliases.get(loser, ()))
        return True


def _refused(op_id: str, key: str, code: str) -> Outcome:
    return Outcome(Result(op_id, "rejected", code=code), key)
