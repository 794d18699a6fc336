"""Sets as the protocol states them: a removal cancels the adds that it saw, and no other.

A second, naive writing of that one sentence, to hold the server's against.
"""

from __future__ import annotations

from msgspec import Struct

from tests.simulation.device import Waiting
from tests.simulation.truth import Truth


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
        self.unclear: set[str] = set()  # members that merged in the very batch that removed them

    def copy(self) -> AddWins:
        """These sets, as a backup holds them."""
        twin = AddWins()
        twin._adds, twin.unclear = list(self._adds), set(self.unclear)
        return twin

    def forget(self, keys: set[str]) -> None:
        """Objects that were purged have no sets; as members nobody follows what they were merged into any more."""
        self._adds = [one for one in self._adds if one.key not in keys]
        self.unclear |= keys

    def taken(self, op: Waiting, device: str, seq: int, after: Truth) -> None:
        """Note what an op that was taken did to sets."""
        key = after.survivor(op.key)
        for field, members in op.remove.items():
            gone = {after.survivor(member) for member in members}
            self._adds = [
                a
                for a in self._adds
                if a.field != field
                or after.survivor(a.key) != key
                or after.survivor(a.member) not in gone
                or not (a.version <= op.base or ((a.device, a.named) == (device, op.key) and a.seq < seq))
            ]
        for field, members in op.add.items():
            self._adds += [_Add(key, field, m, device, op.key, seq, after.facts[key].version) for m in members]

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
