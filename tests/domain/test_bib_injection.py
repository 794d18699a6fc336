"""No text of a record, whatever it holds, writes a second entry or a TeX command that we did not choose.

Every text field is filled: names, titles, keys, tags, notes, identifiers, and what sources and imports say beside them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

import bibtexparser
import pytest
from hypothesis import HealthCheck, example, given, settings
from pybtex.database import parse_string

from api.domain.formats import biblatex, bibtex, texmath
from api.domain.formats.ascii_only import ascii_writer
from api.domain.formats.latex import _ACCENTS, _LETTERS
from api.domain.formats.records import BibEntry
from api.domain.papers import Author, Extra, Paper
from tests.domain.any_records import ENTRIES, EXTRA_TEXTS, PAPER_TEXTS

Writer = Callable[[Iterable[BibEntry]], Iterator[str]]
WRITERS = {
    "bibtex": bibtex.render,
    "biblatex": biblatex.render,
    "bibtex in ASCII": ascii_writer(bibtex.render, tex=True),
    "biblatex in ASCII": ascii_writer(biblatex.render, tex=True),
}
CHOSEN = {"textbackslash", "textasciitilde", "textasciicircum", "textbraceleft", "textbraceright", "textless"}
CHOSEN |= {"textgreater", "textbar", "textit", "textsubscript", "textsuperscript", "relax"}
CHOSEN |= {*"&%#_$", *_LETTERS, *_ACCENTS.values(), *texmath.GREEK.values()}
# What mathematics may say: letters, signs and accents of the kernel, none of which reads, writes or defines.
MATH = set(f"{texmath._SIGNS} {texmath._OPERATORS} {texmath._ALPHABETS} {texmath._OVER} frac".split()) | set(",;:! {}|")
VERBATIM = {"doi", "url", "eprint", "isbn", "archiveprefix", "eprinttype", "year", "month", "date", "urldate"}
NAMES = {"author", "editor"}
HOSTILE = "@article{x, title = {y}}\n@article{z,\n}\\input{/etc/passwd}%^^5cinput{x}$\\input{x}$"


def check(render: Writer, entry: BibEntry) -> None:
    """One entry to two readers; in its fields nothing that TeX acts on but what the writers chose."""
    text = "".join(render([entry]))
    read = bibtexparser.parse_string(text.partition("\n% In ASCII: ")[0], parse_stack=[])
    assert (len(read.entries), len(read.failed_blocks), len(read.blocks)) == (1, 0, 1)
    assert len(parse_string(text, "bibtex").entries) == 1
    assert re.fullmatch(r"""[^\s"#%'(),={}~\\^]+""", read.entries[0].key)
    for field in read.entries[0].fields:
        check_value(field.key.casefold(), str(field.value))


def check_value(name: str, value: str) -> None:
    """The value of one field, its delimiters and all."""
    assert "^^" not in value
    assert "\n" not in value
    depth = 0
    for place, sign in enumerate(value):
        depth += (sign == "{") - (sign == "}")
        assert depth > 0 or place == len(value) - 1 or name == "month"
    assert depth == 0
    inside = re.sub(r"\\url\{[^{}\\^]*\}", "", value[1:-1])
    if name in VERBATIM:
        assert not re.search(r"[{}\\\s^]", inside)
        return
    prose = re.sub(r"\{\$[^$]*\$\}", "", inside.replace(r"\$", ""))
    assert commands(prose) <= CHOSEN
    assert commands(inside) <= CHOSEN | MATH
    unescaped = re.sub(r"\\[%#&_^~]", "", prose)  # accents are spelled with the last two
    assert not re.search(r"[%#&_^~$]", unescaped), unescaped
    assert name not in NAMES or "" not in (one.strip() for one in re.split(r"\band\b", outside_braces(inside)))


def commands(tex: str) -> set[str]:
    return {found[1] for found in re.finditer(r"\\([A-Za-z]+|.)", tex, re.DOTALL)}


def outside_braces(tex: str) -> str:
    while tex != (tex := re.sub(r"\{[^{}]*\}", "x", tex)):
        pass
    return tex


@pytest.mark.parametrize("render", WRITERS.values(), ids=WRITERS)
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(ENTRIES)
@example(
    BibEntry(HOSTILE, Paper("1", "article", HOSTILE, authors=(Author(HOSTILE, HOSTILE),)), (HOSTILE,), note=HOSTILE)
)
def test_no_text_becomes_an_entry_or_a_command(render: Writer, entry: BibEntry) -> None:
    check(render, entry)


@pytest.mark.parametrize("render", WRITERS.values(), ids=WRITERS)
@pytest.mark.parametrize("kind", bibtex._FORMS | biblatex._FORMS)
def test_the_same_of_one_hostile_text_in_all_fields_of_each_kind(render: Writer, kind: str) -> None:
    everyone = (Author(HOSTILE, HOSTILE, HOSTILE, HOSTILE), Author(literal=HOSTILE))
    extra = Extra(editors=everyone, **dict.fromkeys(EXTRA_TEXTS, HOSTILE))
    given = dict.fromkeys(PAPER_TEXTS, HOSTILE) | {"authors": everyone, "extra": extra, "year": 2020}
    claims = dict.fromkeys(("doi", "arxiv", "isbn", "url"), (HOSTILE, f"10.1/{HOSTILE}"))
    paper = Paper("1", kind, HOSTILE, identifiers=claims, **given)  # type: ignore[arg-type]
    check(render, BibEntry(HOSTILE, paper, (HOSTILE, "plain"), f"https://x.example/{HOSTILE}", HOSTILE, "2026-01-01"))
