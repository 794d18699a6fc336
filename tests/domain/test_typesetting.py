"""The files compile: bibtex with pdflatex and lualatex set nasty records without an error, biber reads them all.

pdflatex gets the records of Latin letters, as a person would who uses it. They are set from the list of references
that bibtex makes, without citations, so that one run is enough.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from api.domain.formats import biblatex, bibtex
from api.domain.formats.records import BibEntry
from tests.domain.nasty_records import nasty_records

LAST_LATIN = 0x250  # where the letters end that the fonts of pdflatex have
AUX = r"""\relax
\citation{*}
\bibstyle{plain}
\bibdata{list}
"""
DOCUMENT = r"""\documentclass{article}
\usepackage[T1]{fontenc}\usepackage{textcomp,url}
\begin{document}
\input{paper.bbl}
\end{document}
"""


def is_latin(entry: BibEntry) -> bool:
    return all(ord(char) < LAST_LATIN for char in "".join(bibtex.render([entry])))


ENTRIES = nasty_records()
LATIN = [entry for entry in ENTRIES if is_latin(entry)]


@pytest.mark.parametrize(("engine", "entries"), [("pdflatex", LATIN), ("lualatex", ENTRIES)])
def test_nasty_records_are_set_without_an_error(engine: str, entries: list[BibEntry], tmp_path: Path) -> None:
    _have(engine, "bibtex")
    (tmp_path / "list.bib").write_text("".join(bibtex.render(entries)), "utf-8")
    (tmp_path / "paper.aux").write_text(AUX)
    said = run(tmp_path, "bibtex", "paper")
    assert [line for line in said.splitlines() if "error message" in line or line.startswith("I couldn't")] == []
    assert len(re.findall(r"^\\bibitem", (tmp_path / "paper.bbl").read_text("utf-8"), re.MULTILINE)) == len(entries)
    (tmp_path / "set.tex").write_text(DOCUMENT)
    said = run(tmp_path, engine, "-interaction=nonstopmode", "-no-shell-escape", "set.tex")
    assert re.findall(r"^! .*", said, re.MULTILINE) == []
    assert "Output written on set.pdf" in said


def test_biber_reads_nasty_records_by_its_data_model(tmp_path: Path) -> None:
    _have("biber")
    (tmp_path / "list.bib").write_text("".join(biblatex.render(ENTRIES)), "utf-8")
    said = run(tmp_path, "biber", "--tool", "--validate-datamodel", "--nolog", "list.bib")
    assert [line for line in said.splitlines() if line.startswith(("ERROR", "WARN"))] == []
    assert len(re.findall(r"^@", (tmp_path / "list_bibertool.bib").read_text("utf-8"), re.MULTILINE)) == len(ENTRIES)


def _have(*programs: str) -> None:
    for program in programs:
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed")


def run(folder: Path, *words: str) -> str:
    """What a program says; its exit code is not asked for, for TeX has one for warnings too."""
    ended = subprocess.run(words, cwd=folder, capture_output=True, timeout=300, check=False)
    return ended.stdout.decode("utf-8", "replace") + ended.stderr.decode("utf-8", "replace")
