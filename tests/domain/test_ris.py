"""RIS records: read back by a strict reader, field by field, and no text ends its record."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from api.domain.formats.records import BibEntry
from api.domain.formats.ris import render
from api.domain.papers import Author, Dates, Kind, Paper
from tests.domain.test_biblatex import make_paper, model_entries
from tests.domain.test_bibtex_engines import ARTICLE, ENTRIES, PEOPLE, REST, SHARED, TITLES, _entries

Record = dict[str, list[str]]


def read_strictly(text: str) -> list[Record]:
    """RIS as its description has it: CRLF, a tag and two spaces before the dash, TY first, ER last, nothing between."""
    records: list[Record] = []
    assert text == "" or text.endswith("ER  - \r\n\r\n")
    for block in text.split("\r\n\r\n")[:-1]:
        record: Record = defaultdict(list)
        lines = block.split("\r\n")
        assert lines[0].startswith("TY  - ")
        assert lines[-1] == "ER  - "
        for line in lines[:-1]:
            found = re.fullmatch(r"([A-Z][A-Z0-9])  - (\S.*)", line)
            assert found, line
            assert found[1] != "ER"
            record[found[1]].append(found[2])
        assert len(record["TY"]) == 1
        records.append(dict(record))
    return records


def written(paper: Paper, **of_reader: Any) -> Record:
    [record] = read_strictly("".join(render([BibEntry("key", paper, **of_reader)])))
    return record


def test_nasty_records_are_each_one_record_with_one_line_a_value() -> None:
    papers = [{**ARTICLE, "title": title} for title in TITLES] + [
        {**ARTICLE, "authors": who, "title": "P"} for who in PEOPLE
    ]
    entries = _entries(papers + REST)
    records = read_strictly("".join(render(entries)))
    assert [record["ID"] for record in records] == [[entry.key] for entry in entries]
    assert "@article{evil, title = {gone}}" in [record.get("TI", [""])[0] for record in records]


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(ENTRIES)
def test_whatever_the_fields_hold_it_is_one_record(entry: BibEntry) -> None:
    assert len(read_strictly("".join(render([entry])))) == 1


def test_an_abstract_cannot_end_its_record() -> None:
    record = written(make_paper(abstract="First.\r\nER  - \r\n\r\nTY  - JOUR\u2028TI  - Evil"), tags=("a\nKW  - b",))
    assert record["AB"] == ["First. ER - TY - JOUR TI - Evil"]
    assert record["KW"] == ["a KW - b"]


TYPES: dict[Kind, str] = {
    "article": "JOUR",
    "inproceedings": "CONF",
    "preprint": "GEN",
    "thesis": "THES",
    "book": "BOOK",
    "chapter": "CHAP",
    "report": "RPRT",
    "dataset": "DATA",
    "software": "COMP",
    "webpage": "ELEC",
}


@pytest.mark.parametrize(("kind", "type_"), TYPES.items())
def test_each_kind_has_its_type(kind: Kind, type_: str) -> None:
    assert written(make_paper(kind=kind))["TY"] == [type_]


def test_names_have_commas_only_between_their_parts() -> None:
    people = (
        Author("Beethoven", "Ludwig", particle="van"),
        Author("King", "Martin Luther", suffix="Jr."),
        Author(literal="Barnes and Noble, Inc."),
        Author("O’Brien, Esq", "Pat"),
        Author(given="Cher"),
        Author(),
    )
    assert written(make_paper(authors=people))["AU"] == [
        "van Beethoven, Ludwig",
        "King, Martin Luther, Jr.",
        "Barnes and Noble Inc.",
        "O’Brien Esq, Pat",
        "Cher",
    ]


def test_dates_keep_their_slashes_and_pages_are_two() -> None:
    record = written(make_paper(dates=Dates(issued="1843-09"), pages="666–731", venue="J", volume="3", issue="2"))
    assert (record["PY"], record["DA"]) == (["1843"], ["1843/09//"])
    assert (record["SP"], record["EP"]) == (["666"], ["731"])
    assert "DA" not in written(make_paper())
    assert (written(make_paper(pages="e12"))["SP"], "EP" in written(make_paper(pages="e12"))) == (["e12"], False)


def test_the_model_records_are_the_model_s() -> None:
    model = SHARED / "fixtures" / "bib" / "model.ris"
    if not model.exists():
        pytest.skip("shared fixtures are not here: no fixtures/bib/model.ris beside the project")
    blocks = re.split(r"\n(?=TY  - )", model.read_text(encoding="utf-8"))
    wanted = {found[1]: block for block in blocks if (found := re.search(r"^ID  - (\S+)", block, re.M))}
    unknown = {"C1", "J2"}  # a paper of ours knows no place and no abbreviation
    for key, entry in model_entries().items():
        got = written(entry.paper, url=entry.url, accessed=entry.accessed)
        lines = re.findall(r"^([A-Z]\w)  - (.+)$", wanted[key], re.M)
        want = sorted((tag, value) for tag, value in lines if tag not in {*unknown, "ID", "ER"})
        have = sorted((tag, value) for tag, values in got.items() for value in values if tag != "ID")
        if key == "devlin2019bert":  # nor the event beside its proceedings
            want = [("T2", dict(lines)["C3"]) if tag == "T2" else (tag, value) for tag, value in want]
        assert have == sorted(want), key
