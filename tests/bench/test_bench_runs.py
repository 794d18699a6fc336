"""The bench runs to its end on both databases, and every figure of it is a number. Nothing is said about time."""

from __future__ import annotations

import subprocess
import sys

from rich.console import Console

from tests.bench.figures import Figure, table
from tests.conftest import ROOT


def test_a_small_bench_fills_the_whole_table_and_ends_what_it_started() -> None:
    run = [sys.executable, "-m", "tests.bench", "--small"]
    said = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert said.returncode == 0, said.stderr
    lines = [line.split() for line in said.stdout.splitlines() if "±" in line]
    assert [line[0] for line in lines] == ["sqlite"] * 8 + ["postgres"] * 8 + ["none"] * 4
    assert all(float(line[-1]) > 0 for line in lines)


def test_a_figure_is_the_median_with_half_the_spread_and_the_ratio_of_turns() -> None:
    shown = table([Figure("sqlite", "save", "saves/s", ours=[80, 100, 120], floor=[400, 200, 240])])
    console = Console(width=110)
    with console.capture() as said:
        console.print(shown)
    assert " ".join(said.get().splitlines()[-2].split()) == "sqlite save 100 ± 20 % 240 ± 42 % saves/s 0.5"
