"""Files as other programs write them: nothing unaccounted for, read as they were meant, and out again at no problem."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from types import ModuleType

import pytest

from api.actions.desk import Desk
from api.domain.accounts import Who
from api.domain.arrivals import paper_from
from api.domain.formats import biblatex, bibtex
from api.domain.formats.catalog import FormatName
from api.domain.formats.imported import Imported, claims_of
from api.domain.formats.read_any import read_any
from api.domain.formats.records import BibEntry
from tests.actions.test_round_trips import REAL, exported, judged, taken
from tests.domain.awkward_bib import FILES, READ

SEEN = "2020-01-01T00:00:00.000Z"


def _texts(record: Imported) -> set[str]:
    """What a record says, each part by itself."""
    said = record.finding
    people = (*said.authors, *said.extra.editors)
    parts = [record.citekey, record.url, said.title, said.venue, said.publisher, said.pages, said.primary_class]
    parts += [said.dates.issued, said.extra.isbn]
    parts += [part for one in people for part in (one.family, one.particle, one.literal)]
    parts += [f"{one.scheme}:{one.value}" for one in said.identifiers]
    return {part for part in parts if part}


@pytest.mark.parametrize("name", FILES)
def test_each_is_read_as_it_was_meant(name: str) -> None:
    records, lines, _ = read_any(FILES[name].text.encode())
    assert (len(records) + len(lines), len(lines)) == (FILES[name].entries, FILES[name].broken)
    assert READ[name] - {text for record in records for text in _texts(record)} == set()


def _entries(texts: Iterable[bytes]) -> list[BibEntry]:
    """The records of these files as an instance has them that knows none of their papers."""
    read = [record for text in texts for record in read_any(text)[0]]
    papers = [paper_from("p", [(SEEN, record.finding)], claims_of(record))[0] for record in read]
    return [
        BibEntry(record.citekey or "key", paper, record.tags, record.url, record.note)
        for record, paper in zip(read, papers, strict=True)
    ]


@pytest.mark.parametrize("dialect", [bibtex, biblatex])
def test_an_instance_that_knows_none_of_the_papers_writes_the_same_bytes(dialect: ModuleType) -> None:
    files = [file.text.encode() for file in FILES.values()]
    text = "".join(dialect.render(_entries([*files, *(file.read_bytes() for file in REAL)])))
    assert "".join(dialect.render(_entries([text.encode()]))) == text


@pytest.mark.parametrize("dialect", ["bibtex", "biblatex"])
async def test_all_of_them_compile_and_go_round(
    desk: Desk, ada: dict[str, Who], bob: Who, dialect: FormatName, tmp_path: Path
) -> None:
    for name, file in FILES.items():
        counts = (await taken(desk, ada["laptop"], file.text.encode())).counts
        assert (counts.total, counts.reported) == (file.entries, file.broken), name
        assert counts.imported == file.entries - file.broken, name
    text = await exported(desk, ada["laptop"], dialect)
    assert text == await exported(desk, ada["laptop"], dialect)
    await taken(desk, bob, text.encode())
    assert await exported(desk, bob, dialect) == text
    expected = sum(file.entries - file.broken for file in FILES.values())
    assert judged(text, dialect, expected, tmp_path) == "problems 0"
