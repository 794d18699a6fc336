"""What the server is to remember of one library, as its judge knows it; a backup takes a copy."""

from __future__ import annotations

from msgspec import Struct, field, structs

from tests.simulation.addwins import AddWins
from tests.simulation.guard import Tally
from tests.simulation.verdicts import Death, Taken
from tests.simulation.waiting import Waiting


class Memory(Struct):
    """Ops with their first results, sequences, sets, deaths, what is held and what was purged."""

    first: dict[str, Taken] = {}
    sequences: dict[tuple[str, int], str] = {}
    sets: AddWins = field(default_factory=AddWins)
    deaths: dict[str, Death] = {}
    quiet: dict[str, int] = {}
    held: dict[str, Taken] = {}
    tally: Tally = []
    purged: set[str] = set()
    buried: set[str] = set()  # deleted in a lost history, and unknown when that was given back: no edit wakes them
    floor: int = 0
    ends: dict[str, int] = {}  # of epochs that ended the last version that was kept
    given: set[str] = set()  # the ids of clones
    epoch: str = "e1"

    def copy(self) -> Memory:
        """The same, apart."""
        return structs.replace(
            self,
            first=dict(self.first),
            sequences=dict(self.sequences),
            sets=self.sets.copy(),
            deaths=dict(self.deaths),
            quiet=dict(self.quiet),
            held=dict(self.held),
            tally=list(self.tally),
            purged=set(self.purged),
            buried=set(self.buried),
            ends=dict(self.ends),
            given=set(self.given),
        )

    def may_be_gone(self, op: Waiting) -> bool:
        """Whether an object is gone, or nobody can tell if it was lost or deleted and forgotten."""
        if op.key in self.purged | self.buried:
            return True
        epoch, version = op.seen or ("", self.floor)
        return self.floor > min(version, self.ends.get(epoch, version))
