"""Rates of both sides, and the table that sets them side by side."""

from __future__ import annotations

from statistics import median

from msgspec import Struct, field
from rich import box
from rich.table import Table


class Figure(Struct):
    """One piece of work on one database: units a second of ours and of the floor, one for each repetition.

    `ours_cpu` and `floor_cpu`: processor milliseconds of servers and database a unit.
    """

    database: str
    work: str
    unit: str
    ours: list[float] = field(default_factory=list)
    floor: list[float] = field(default_factory=list)
    ours_cpu: list[float] = field(default_factory=list)
    floor_cpu: list[float] = field(default_factory=list)

    @property
    def ratio(self) -> float:
        """Ours over the floor, the median over the repetitions, each of which met the machine in one mood."""
        return median(one / other for one, other in zip(self.ours, self.floor, strict=True))

    @property
    def cpu(self) -> str:
        """The processor's part, of ours and of the floor; empty where no server had a part."""
        if self.database == "none" or not self.ours_cpu:
            return ""
        return " / ".join(f"{median(one):.2g}" for one in (self.ours_cpu, self.floor_cpu))


def table(figures: list[Figure]) -> Table:
    """The figures as lines: median ± half the spread."""
    shown = Table("database", "work", "ours", "floor", "unit", "cpu ms", "ours / floor", box=box.SIMPLE_HEAD)
    for name in (2, 3, 5, 6):
        shown.columns[name].justify = "right"
    for one in figures:
        shown.add_row(one.database, one.work, told(one.ours), told(one.floor), one.unit, one.cpu, f"{one.ratio:.2g}")
    return shown


def told(rates: list[float]) -> str:
    """Rates as their median ± half their spread."""
    middle = median(rates)
    return f"{middle:,.0f} ± {50 * (max(rates) - min(rates)) / middle:.0f} %"
