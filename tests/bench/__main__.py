"""`python -m tests.bench`: what the service does in a second beside the floor, in one run, on both databases.

Absolute figures are those of this machine at this moment; the ratios travel. Both do the same work in turns, the
order reversed each time; a figure is the median of the repetitions with half of their spread.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from msgspec import Struct
from rich.console import Console

from api.console import progress
from tests.bench import (
    bibliography,
    growth,
    importing,
    large_library,
    mirror,
    popup,
    rules,
    servers,
    streams,
    working,
    wrk,
)
from tests.bench.figures import Figure, table
from tests.bench.large_library import Measure
from tests.bench.processor import busy
from tests.bench.report import write_report
from tests.bench.rules import rate
from tests.bench.targets import BATCH, DELTA, Floor, Service, Target
from tests.bench.wrk import Load

POPUPS = 20
MIRRORED = 50_000  # objects
DATABASES = ("sqlite", "postgres")
Run = Callable[[], float]


class Bench:
    """Figures in the order in which they are taken, both sides in turns."""

    def __init__(self, repetitions: int, seconds: float) -> None:
        self.repetitions = repetitions
        self.seconds = seconds
        self.figures: list[Figure] = []

    def take(self, figures: list[tuple[Figure, Run, Run]]) -> Iterator[None]:
        """Measure each pair, repetition by repetition; yields after each measurement."""
        self.figures += [figure for figure, _, _ in figures]
        for turn in range(self.repetitions):
            for figure, ours, floor in figures:
                sides = [(figure.ours, figure.ours_cpu, ours), (figure.floor, figure.floor_cpu, floor)]
                for rates, costs, run in sides if turn % 2 == 0 else reversed(sides):
                    began, spent = time.perf_counter(), busy()
                    rates.append(run())
                    costs.append(1000 * (busy() - spent) / (rates[-1] * (time.perf_counter() - began)))
                    yield


def pairs(database: str, ours: Target, floor: Target, entries: int, seconds: float) -> list[tuple[Figure, Run, Run]]:
    """The work that goes through the servers, with how each side does it."""
    loads: list[tuple[str, str, Callable[[Target], Load], int]] = [
        ("save, 1 at a time", "saves/s", lambda t: t.saves(), 1),
        ("save, 16 at a time", "saves/s", lambda t: t.saves(), 16),
        ("save, 64 at a time", "saves/s", lambda t: t.saves(), 64),
        (f"push of {BATCH} edits", "ops/s", lambda t: t.edits(), 1),
        (f"push of {BATCH} saves", "ops/s", lambda t: t.pushes(), 1),
        (f"pull of {DELTA} changes, 1 at a time", "changes/s", lambda t: t.delta(), 1),
        (f"pull of {DELTA} changes, 16 at a time", "changes/s", lambda t: t.delta(), 16),
        ("page of a tag, 4 at a time", "pages/s", lambda t: t.tag_page(), 4),
        (f"search in {entries} entries, 4 at a time", "searches/s", lambda t: t.search(), 4),
    ]
    timed: list[tuple[str, str, Callable[[Target], Callable[[], int]]]] = [
        (f"rename of a tag on {entries} entries", "renames/s", lambda t: t.rename),
        (f"first sync of {entries} entries", "entries/s", lambda t: t.first_sync),
        (f"export of {entries} entries", "entries/s", lambda t: t.export),
    ]
    return [
        (Figure(database, work, unit), _under(ours, load, many, seconds), _under(floor, load, many, seconds))
        for work, unit, load, many in loads
    ] + [
        (Figure(database, work, unit), partial(rate, way(ours), seconds), partial(rate, way(floor), seconds))
        for work, unit, way in timed
    ]


def _under(target: Target, load: Callable[[Target], Load], connections: int, seconds: float) -> Run:
    return lambda: wrk.rate(target.url, load(target), connections, seconds)


class Sizes(Struct, frozen=True):
    """How much of everything: entries of a large library, records of an import, open streams, papers to look up."""

    entries: int
    imported: int = 10_000
    streams: int = 200
    papers: int = 200
    seconds: float = 3


def run_large(sizes: Sizes) -> list[Measure]:
    """The figures of what is large or many, one database after the other."""
    found: list[Measure] = []
    folder = Path(tempfile.mkdtemp(prefix="sch"))
    folder.chmod(0o755)
    try:
        with progress("measuring what is large") as show:
            for place, name in enumerate(DATABASES):
                grown = [max(1, sizes.entries // 10), sizes.entries]
                for step, measures in enumerate(
                    (
                        large_library.measure(folder, name, sizes.entries),
                        growth.measure(folder, name, grown, sizes.seconds),
                        importing.measure(folder, name, sizes.imported),
                        streams.measure(folder, name, sizes.streams, sizes.seconds),
                        working.measure(folder, name, sizes.papers),
                    ),
                    1,
                ):
                    found += measures
                    show(5 * place + step, 5 * len(DATABASES))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return found


def run_extension(papers: int, objects: int) -> list[Measure]:
    """The figures of the extension's popup, and of a large mirror, where there is a Chromium."""
    folder = Path(tempfile.mkdtemp(prefix="sch"))
    try:
        return [*popup.measure(folder, papers), *mirror.measure(folder, objects, papers)]
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def run(repetitions: int, seconds: float, entries: int) -> list[Figure]:
    """Start everything, take all figures, end everything."""
    bench = Bench(repetitions, seconds)
    works = 4 + 12 * len(DATABASES)
    folder = Path(tempfile.mkdtemp(prefix="sch"))
    folder.chmod(0o755)  # the embedded PostgreSQL may run as another user
    try:
        with ExitStack() as stack:
            show, done = stack.enter_context(progress("measuring")), 0
            sides = {name: _sides(stack, folder, name, entries) for name in DATABASES}
            figures = [
                pair for name, (ours, floor) in sides.items() for pair in pairs(name, ours, floor, entries, seconds)
            ]
            for done, _ in enumerate(bench.take(figures + _rules(seconds)), 1):
                show(done, 2 * works * repetitions)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return bench.figures


def _sides(stack: ExitStack, folder: Path, database: str, entries: int) -> tuple[Target, Target]:
    home = folder / database
    home.mkdir(mode=0o755)
    if database == "sqlite":
        addresses = [f"sqlite:///{home}/{name}.db" for name in ("scholium", "floor")]
    else:
        server = stack.enter_context(servers.postgres(folder))
        addresses = [stack.enter_context(servers.postgres_database(server, name)) for name in ("ours", "floor")]
    redis_url = stack.enter_context(servers.queue(home))
    ours = Service(stack.enter_context(servers.service(home, addresses[0], redis_url)))
    floor = Floor(stack.enter_context(servers.floor(home, addresses[1])))
    for target in (ours, floor):
        target.seed(entries)
    return ours, floor


def _rules(seconds: float) -> list[tuple[Figure, Run, Run]]:
    return [
        (
            Figure("none", "merge", "ops/s"),
            partial(rate, rules.merges, seconds),
            partial(rate, rules.overlays, seconds),
        ),
        (
            Figure("none", "identify", "addresses/s"),
            partial(rate, rules.identities, seconds),
            partial(rate, rules.splits, seconds),
        ),
        (
            Figure("none", "write BibTeX, beside pybtex", "entries/s"),
            partial(rate, bibliography.writes, seconds),
            partial(rate, bibliography.peer_writes, seconds),
        ),
        (
            Figure("none", "read BibTeX, beside pybtex", "entries/s"),
            partial(rate, bibliography.reads, seconds),
            partial(rate, bibliography.peer_reads, seconds),
        ),
    ]


def main() -> None:
    """Read the options, run, print the table."""
    options = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__.split("\n\n")[0])
    options.add_argument("--repetitions", type=int, default=3)
    options.add_argument("--seconds", type=float, default=2, help="how long a figure is measured each time")
    options.add_argument("--entries", type=int, default=2000, help="size of the library that is read")
    options.add_argument("--small", action="store_true", help="only see that it runs; the figures mean nothing")
    options.add_argument("--large", type=int, default=100_000, help="size of the library that is exported at last")
    options.add_argument("--report", type=Path, help="write the figures to this page too, and a picture of them")
    options.add_argument("--picture", type=Path, help="where the picture goes")
    given = options.parse_args()
    figures = run(1, 0.01, 20) if given.small else run(given.repetitions, given.seconds, given.entries)
    terminal = Console()
    console = Console(width=None if terminal.is_terminal else 110)
    console.print(table(figures))
    measures = run_large(Sizes(60, 20, 5, 5, 1) if given.small else Sizes(given.large))
    measures += run_extension(*((2, 40) if given.small else (POPUPS, MIRRORED)))
    console.print(large_library.table(measures))
    if given.report:
        write_report(given.report, given.picture or given.report.with_suffix(".svg"), figures, measures)


if __name__ == "__main__":
    main()
