"""The bench runs to its end on both databases, and every figure of it is a number. Nothing is said about time."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from rich.console import Console

from tests.bench.figures import Figure, table
from tests.bench.large_library import Measure
from tests.bench.report import write_report
from tests.conftest import ROOT


def test_a_small_bench_fills_the_whole_table_and_ends_what_it_started() -> None:
    if shutil.which("wrk") is None:
        pytest.skip("needs the program wrk")
    run = [sys.executable, "-m", "tests.bench", "--small"]
    said = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, timeout=600)
    assert said.returncode == 0, said.stderr
    lines = [line.split() for line in said.stdout.splitlines() if "±" in line]
    assert [line[0] for line in lines] == ["sqlite"] * 12 + ["postgres"] * 12 + ["none"] * 4
    assert all(float(line[-1]) > 0 for line in lines)
    counts = [said.stdout.count(word) for word in ("first byte", "peak of memory", "exponent", "streams have heard")]
    assert counts == [4, 8, 4, 2]


@pytest.mark.parametrize(
    "words", [["searching", "--papers", "30", "--queries", "1"], ["library_page", "--papers", "120", "--times", "1"]]
)
def test_what_is_measured_by_itself_runs_small_on_both_databases(words: list[str]) -> None:
    run = [sys.executable, "-m", f"tests.bench.{words[0]}", *words[1:]]
    steps = ["--steps", "3"] if words[0] == "library_page" else []
    said = subprocess.run([*run, *steps], cwd=ROOT, capture_output=True, text=True, timeout=240)
    assert said.returncode == 0, said.stderr
    assert [line.split()[1] for line in said.stdout.splitlines() if " ms" in line] == ["sqlite", "postgres"]


def test_growth_in_size_and_in_number_of_libraries_runs_small() -> None:
    if shutil.which("wrk") is None:
        pytest.skip("needs the program wrk")
    options = ["--sizes", "40,80", "--libraries", "2,4", "--databases", "sqlite", "--seconds", "0.1"]
    run = [sys.executable, "-m", "tests.bench.growth", *options]
    said = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, timeout=240)
    assert said.returncode == 0, said.stderr
    spans = ("40 to 80 entries", "2 to 4 libraries", "a second")
    assert [said.stdout.count(span) for span in spans] == [2, 2, 8]


def test_a_figure_is_the_median_with_half_the_spread_and_the_ratio_of_turns() -> None:
    shown = table([Figure("sqlite", "save", "saves/s", ours=[80, 100, 120], floor=[400, 200, 240])])
    console = Console(width=110)
    with console.capture() as said:
        console.print(shown)
    assert " ".join(said.get().splitlines()[-2].split()) == "sqlite save 100 ± 20 % 240 ± 42 % saves/s 0.5"


def test_the_report_is_a_page_with_a_picture_of_each_figure(tmp_path: Path) -> None:
    figures = [
        Figure("sqlite", "save", "saves/s", [80, 100], [400, 200], [2], [1]),
        Figure("none", "merge", "ops/s", [9], [3]),
    ]
    measures = [Measure("postgres", "export, first byte", 41.6, "ms", "at most 100")]
    write_report(tmp_path / "report.md", tmp_path / "images.svg", figures, measures)
    page = (tmp_path / "report.md").read_text()
    assert "| SQLite | save | 90 ± 11 % | 300 ± 33 % | saves/s | 2 / 1 | 0.35 |" in page
    assert "| PostgreSQL | export, first byte | 42 ms | at most 100 |" in page
    assert "](images.svg)" in page
    picture = ElementTree.fromstring((tmp_path / "images.svg").read_text())  # noqa: S314  # our own
    bars = [one for one in picture.iter() if one.tag.endswith("rect")]
    assert [(bar.get("class"), bar.get("width")) for bar in bars] == [("sqlite", "74"), ("none", "420")]
