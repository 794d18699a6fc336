"""Sets as the protocol states them: a removal cancels the adds that it saw, and no other.

A second, naive writing of that one sentence, to hold the server's against. What is given back to a restored server is
the word of the lost history, which speaks as one device: it removes what the object had not, and adds what is lacking.
"""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from tests.simulation.truth import Truth
from tests.simulation.waiting import Waiting


class _Add(Struct, frozen=True):
    key: str
    field: str
    member: str
    device: str
    named: str
    seq: int
    version: int


class AddWins:
    """Every add that stands, whatever names its entry and its member had at the time."""

    def __init__(self) -> None:
        self._adds: list[_Add] = []
        self._told: dict[tuple[str, str], int] = {}  # of each object and epoch the version whose sets were given back
        self.unclear: set[str] = set()  # members that merged in the very batch that removed them

    def copy(self) -> AddWins:
        """These sets, as a backup holds them."""
        twin = AddWins()
        twin._adds, twin.unclear, twin._told = list(self._adds), set(self.unclear), dict(self._told)
        return twin

    def forget(self, keys: set[str]) -> None:
        """Objects that were purged have no sets; as members nobody follows what they were merged into any more."""
        self._adds = [one for one in self._adds if one.key not in keys]
        self._told = {(key, epoch): version for (key, epoch), version in self._told.items() if key not in keys}
        self.unclear |= keys

    def taken(self, op: Waiting, device: str, seq: int, after: Truth) -> None:
        """Note what an op that was taken did to sets."""
        key = after.survivor(op.key)
        if op.whole and op.seen:
            if key == op.key:
                self._given_back(op, op.seen, after)
                return
            device, seq = op.seen
        for field, members in op.remove.items():
            gone = {after.survivor(member) for member in members}
            self._remove(op, (device, seq), field, lambda one, gone=gone: one in gone, after)
        for field, members in op.add.items():
            self._adds += [_Add(key, field, m, device, op.key, seq, after.facts[key].version) for m in members]

    def _given_back(self, op: Waiting, seen: tuple[str, int], after: Truth) -> None:
        epoch, version = seen
        if op.op != "put" or self._told.get((op.key, epoch), -1) >= version:
            return
        self._told[op.key, epoch] = version
        for field in ("tags", "lists"):
            wanted = {after.survivor(member) for member in op.add.get(field, ())}
            has = {after.survivor(a.member) for a in self._adds if a.field == field and after.survivor(a.key) == op.key}
            self._remove(op, (epoch, version), field, lambda one, wanted=wanted: one not in wanted, after)
            now = after.facts[op.key].version
            self._adds += [_Add(op.key, field, m, epoch, op.key, version, now) for m in sorted(wanted - has)]

    def _remove(self, op: Waiting, who: tuple[str, int], field: str, goes: Callable[[str], bool], after: Truth) -> None:
        key = after.survivor(op.key)
        self._adds = [
            a
            for a in self._adds
            if a.field != field
            or after.survivor(a.key) != key
            or not goes(after.survivor(a.member))
            or not _saw(op, who, a)
        ]

    def expected(self, truth: Truth) -> dict[tuple[str, str], set[str]]:
        """The members that each set of each object should have."""
        sets: dict[tuple[str, str], set[str]] = {}
        for a in self._adds:
            sets.setdefault((truth.survivor(a.key), a.field), set()).add(truth.survivor(a.member))
        return sets

    def differing(self, truth: Truth) -> str:
        """Where the library's sets are others than these; empty where they agree."""
        found = {
            (key, field): {truth.survivor(m) for m in members}
            for key, fact in truth.facts.items()
            if not fact.merged_into
            for field, members in fact.members.items()
        }
        wanted = self.expected(truth)
        for place in sorted({*found, *wanted}):
            has, should = found.get(place, set()) - self.unclear, wanted.get(place, set()) - self.unclear
            if has != should:
                return f"{place[1]} of {place[0]} are {sorted(has)}, not {sorted(should)}"
        return ""


def _saw(op: Waiting, who: tuple[str, int], add: _Add) -> bool:
    """Whether the op was made knowing of this add."""
    device, seq = who
    if add.version <= op.base or ((add.device, add.named) == (device, op.key) and add.seq < seq):
        return True
    return op.seen is not None and (add.device, add.named) == (op.seen[0], op.key) and add.seq <= op.seen[1]
