"""What the server is to remember of one library, as its judge knows it; a backup takes a copy."""

from __future__ import annotations

from msgspec import Struct, field, structs

from tests.simulation.addwins import AddWins
from tests.simulation.guard import Tally
from tests.simulation.verdicts import Death, Taken


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
            given=set(self.given),
        )
