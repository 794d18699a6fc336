"""PDFs as TeX sets them, in the reader: kerns, ligatures, broken words and formulas, in two columns and then in one."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.journeys.browsers import Browser
from tests.journeys.conftest import World, until
from tests.journeys.reading import HIGHLIGHTS, LINE, SHOWN, beside, read, sweep
from tests.journeys.test_highlights_browser import texts
from tests.journeys.test_save_reaches_second_device import PAINTED

ADDRESS = "http://arxiv.org/pdf/2405.00002"
BOTTOM = 600  # pixels of a browser's window that are surely seen
MARKED = (
    "Quotations in typeset documents are surprisingly difficult to recover: affine kerning, efficient ligatures and "
    "automatic hyphenation of extraordinarily long words separate what belongs together, and interline spacing says "
    "nothing about paragraphs. Nevertheless the configuration of neighbouring characters identifies the passage."
)
OTHER = (
    "We find that reflowing a manuscript changes almost every line end, while its sequence of letters stays what it "
    "was; offices and waffles alike are found by it. "
)
PAPER = r"""\documentclass[10pt%s]{article}
\usepackage[T1]{fontenc}\usepackage{lmodern}
\setlength\parindent{0pt}\setlength\parskip{6pt}
\title{Typeset quotations}\author{A. Lindqvist}\date{}
\begin{document}\maketitle
%s

%s

Let $\mathcal{L}(\theta) = \sum_{i=1}^{n} \log p_\theta(x_i \mid y_i)$ be the likelihood; its gradient vanishes at
$\hat\theta$. %s
\end{document}
"""


def typeset(folder: Path, options: str) -> bytes:
    """The paper as pdflatex sets it."""
    folder.mkdir()
    (folder / "paper.tex").write_text(PAPER % (options, MARKED, OTHER * 3, OTHER * 4), "utf-8")
    words = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "paper.tex"]
    said = subprocess.run(words, cwd=folder, capture_output=True, text=True)
    assert said.returncode == 0, said.stdout[-2000:]
    return (folder / "paper.pdf").read_bytes()


def test_a_highlight_on_a_typeset_pdf_holds_after_a_reload_and_in_another_layout(
    world: World, profiles: Callable[[str], Browser], tmp_path: Path
) -> None:
    if shutil.which("pdflatex") is None:
        pytest.skip("needs the program pdflatex")
    world.pages |= {
        f"{ADDRESS}v1": typeset(tmp_path / "two", ",twocolumn"),
        f"{ADDRESS}v2": typeset(tmp_path / "one", ""),
    }
    browser = profiles("one")
    reader = read(browser, f"{ADDRESS}v1")
    while reader.run(LINE % '"passage."')[1] > BOTTOM:  # smaller, until the whole passage is on the screen
        reader.press("#container", "-")
        until(lambda: reader.run(SHOWN) and reader.run(LINE % '"passage."'), what="the text at its new size")
    x, y = sweep(reader, "Quotations in", "passage.")
    reader.mouse((x + 5 + 16, y + 5 + 16))
    until(lambda: reader.run(PAINTED) == 1, what="the highlight")
    [made] = reader.run(HIGHLIGHTS)
    assert letters(made["selectors"][0]["exact"]) == letters(MARKED)

    reader = read(browser, f"{ADDRESS}v1")
    until(lambda: reader.run(PAINTED) == 1, what="the highlight after a reload")
    reader = read(browser, f"{ADDRESS}v2")
    panel = beside(browser, reader, "panel/panel.html")
    until(lambda: reader.run(PAINTED) == 1, what="the highlight in the other layout")
    until(lambda: len(texts(panel, "#list .mark")) == 1, what="the highlight in the panel")
    assert letters(reader.run(SHOWN_MARK)) == letters(MARKED)


SHOWN_MARK = "return [...CSS.highlights].flatMap(([name, ranges]) => [...ranges]).map(String).join(' ');"


def letters(text: str) -> str:
    """What is left where spaces, hyphens of broken words and the shapes of ligatures do not count."""
    ligatures = {"\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl"}
    return "".join(ligatures.get(one, one) for one in text if not one.isspace() and one not in "-\u00ad")
