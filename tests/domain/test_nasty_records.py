"""Over sixty nasty records: the engines find no fault in either dialect, and two readers read every value back equal.

Equal but for what both writers change on purpose, which is all in `shown`: hidden characters and line ends go, `‐ ‑`
are hyphens; and quotes and dashes that were typed as TeX types them are the characters that it makes of them.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from urllib.parse import unquote

import bibtexparser
import pytest
from pybtex.database import Person
from pybtex.database.input.bibtex import Parser

from api.domain.formats import biblatex, bibtex
from api.domain.formats.latex import clean
from api.domain.formats.read_tex import tex_to_text
from api.domain.formats.records import BibEntry
from api.domain.papers import Author
from tests.domain.nasty_records import nasty_records
from tests.domain.test_bibtex_engines import JUDGE

Writer = Callable[[Iterable[BibEntry]], Iterator[str]]
DIALECTS: dict[str, Writer] = {"bibtex": bibtex.render, "biblatex": biblatex.render}
ENTRIES = nasty_records()
_BY_TEX = {"‐": "-", "‑": "-", "---": "—", "--": "–", "``": "“", "''": "”", "`": "‘", "’": "'", '"': '"'}


def shown(text: str | None) -> str:
    """The text as TeX shows it."""
    text = clean(text or "")
    for typed, made in _BY_TEX.items():
        text = text.replace(typed, made)
    return re.sub(r"\$\\?([αβ]|\\alpha|\\beta)\$", lambda greek: {"\\alpha": "α"}.get(greek[1], "β"), text)


def written(dialect: str) -> str:
    return "".join(DIALECTS[dialect](ENTRIES))


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_engines_and_a_typesetting_run_find_no_problem(dialect: str, tmp_path: Path) -> None:
    if not JUDGE.exists():
        pytest.skip("shared fixtures are not here: no tools/bibcheck.py beside the project")
    file = tmp_path / "nasty.bib"
    file.write_text(written(dialect), encoding="utf-8")
    asked = [sys.executable, str(JUDGE), str(file), "--dialect", dialect, "--latex", "--expect", str(len(ENTRIES))]
    said = subprocess.run(asked, capture_output=True, text=True, check=False).stdout
    assert said.endswith("problems 0\n"), said


def test_there_are_sixty_and_more() -> None:
    assert len({repr(entry) for entry in ENTRIES}) == len(ENTRIES) > 60


@pytest.mark.parametrize("dialect", DIALECTS)
def test_two_readers_read_every_text_back(dialect: str) -> None:
    text = written(dialect)
    parsed = bibtexparser.parse_string(text, parse_stack=[])
    assert (len(parsed.blocks), len(parsed.failed_blocks)) == (len(ENTRIES), 0)
    other = Parser().parse_string(text).entries
    for entry, read in zip(ENTRIES, parsed.entries, strict=True):
        values = {field.key: field.value.strip()[1:-1] for field in read.fields if field.key != "month"}
        again = other[entry.key].fields
        assert read.key == entry.key
        paper = entry.paper
        wanted = {"title": paper.title, "abstract": paper.abstract, "annote": entry.note, "annotation": entry.note}
        wanted |= {"journal": paper.venue, "journaltitle": paper.venue}
        for name in wanted.keys() & values.keys():
            assert shown(tex_to_text(values[name])) == shown(wanted[name]), values[name]
            assert tex_to_text(again[name]) == tex_to_text(values[name])
        assert {"title", "author"} <= values.keys()
        assert ("abstract" in values, {"annote", "annotation"}.isdisjoint(values)) == (
            bool(paper.abstract),
            not entry.note,
        )


@pytest.mark.parametrize("dialect", DIALECTS)
def test_names_come_back_in_their_parts(dialect: str) -> None:
    other = Parser().parse_string(written(dialect)).entries
    for entry in ENTRIES:
        people = other[entry.key].persons["author"]
        assert [_parts(one) for one in people] == [_wanted(author) for author in entry.paper.authors]


def _parts(person: Person) -> tuple[str, str, str]:
    # A capital particle is in the family name, and a lower-case one is a particle, whoever says so: both are one here.
    texts = [person.prelast_names + person.last_names, person.first_names + person.middle_names, person.lineage_names]
    family, given, suffix = (shown(tex_to_text(" ".join(names))) for names in texts)
    return family, given, suffix


def _wanted(author: Author) -> tuple[str, str, str]:
    if not (author.family and author.given):
        return shown(author.literal or author.given or author.family), "", ""
    return shown(" ".join(filter(None, (author.particle, author.family)))), shown(author.given), shown(author.suffix)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_addresses_and_tags_come_back_too(dialect: str) -> None:
    other = Parser().parse_string(written(dialect)).entries
    for entry in ENTRIES:
        fields = other[entry.key].fields
        assert unquote(fields.get("url", "")) == unquote(entry.url or "")
        assert unquote(fields.get("doi", "")) == "".join(entry.paper.identifiers.get("doi", ()))
        tags = re.findall(r"\{[^{}]*,[^{}]*\}|(?:\{\\\w+\}|[^,{}])+", fields.get("keywords", ""))
        assert [shown(tex_to_text(tag)) for tag in tags] == list(entry.tags)
