"""No text of a record, whatever it holds, writes a second entry or a TeX command that we did not choose."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

import bibtexparser
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from api.domain.formats import biblatex, bibtex
from api.domain.formats.latex import _ACCENTS, _LETTERS
from api.domain.formats.records import BibEntry
from api.domain.formats.texmath import GREEK
from api.domain.papers import Author, Paper

Writer = Callable[[Iterable[BibEntry]], Iterator[str]]
CHOSEN = {"textbackslash", "textasciitilde", "textasciicircum", "textbraceleft", "textbraceright", "textless"}
CHOSEN |= {"textgreater", "textbar", "relax", "url", *"&%#_$", *_LETTERS, *_ACCENTS.values(), *GREEK.values()}
# No dollar among these: which formulas pass is a rule of its own (`test_latex`).
HOSTILE = st.sampled_from(
    ["@article{x,", "}", "{", "\\input{x}", "\\", "^^5c", "%", '"', ",", " and ", "\n", "=", "#", "é"]
)
TEXT = st.lists(HOSTILE | st.text(st.characters(exclude_characters="$<"), max_size=8), max_size=5).map("".join)


@pytest.mark.parametrize("render", [bibtex.render, biblatex.render])
@settings(max_examples=150, deadline=None)
@given(TEXT, TEXT, TEXT, TEXT, TEXT, st.sampled_from(["article", "inproceedings", "webpage", "preprint"]))
@example("@article{x, title = {y}}\n@article{z,", "}\\input{x}", "a}", "k},", "%", "article")
def test_no_text_becomes_an_entry_or_a_command(
    render: Writer, title: str, name: str, venue: str, key: str, tag: str, kind: str
) -> None:
    authors = (Author(family=name, given=venue), Author(literal=title), Author(family=name, suffix=tag))
    paper = Paper(
        "1",
        kind,  # type: ignore[arg-type]
        title,
        authors=authors,
        abstract=venue,
        year=2020,
        venue=venue,
        volume=tag,
        issue=tag,
        pages=title,
        publisher=name,
        primary_class=tag,
        identifiers={"doi": ("10.1/" + venue,), "arxiv": (tag,), "isbn": (tag,), "url": ("https://x.example/" + name,)},
    )
    text = "".join(render([BibEntry(key, paper, tags=(tag, name), url="https://x.example/" + title, note=venue)]))
    read = bibtexparser.parse_string(text, parse_stack=[])
    assert (len(read.entries), len(read.failed_blocks), len(read.blocks)) == (1, 0, 1)
    commands = {found[1] for found in re.finditer(r"\\([A-Za-z]+|.)", text, re.DOTALL)}
    assert commands <= CHOSEN
    assert "^^" not in text
    assert text.count("{") == text.count("}")
