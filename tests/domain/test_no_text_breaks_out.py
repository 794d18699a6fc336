"""No text of any field, of any kind of record, breaks out of its place in RIS, CSV, Markdown or Atom."""

from __future__ import annotations

import csv
import re
from io import StringIO
from xml.etree import ElementTree

from hypothesis import HealthCheck, given, settings

from api.domain.formats import atom, markdown, ris, table
from api.domain.formats.records import BibEntry
from tests.domain.any_records import ENTRIES

MANY = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@MANY
@given(entry=ENTRIES)
def test_ris_has_one_record_with_a_tag_on_each_line(entry: BibEntry) -> None:
    lines = "".join(ris.render([entry])).split("\r\n")
    held = [line for line in lines if line]
    assert (held[0][:6], held[-1]) == ("TY  - ", "ER  - ")
    assert all(re.match(r"[A-Z][A-Z0-9]  - ", line) for line in held)
    assert [line[:2] for line in held].count("TY") == [line[:2] for line in held].count("ER") == 1
    assert not any(len(line.splitlines()) != 1 for line in held)


@MANY
@given(entry=ENTRIES)
def test_a_table_has_one_row_and_no_formula(entry: BibEntry) -> None:
    names, *rows = csv.reader(StringIO("".join(table.render([entry])), newline=""))
    assert [len(row) for row in rows] == [len(names)]
    assert not any(cell[0] in "=+-@\t\r" for cell in rows[0] if cell)


@MANY
@given(entry=ENTRIES)
def test_markdown_has_one_item_and_no_html_of_others(entry: BibEntry) -> None:
    first, *beneath = "".join(markdown.render([entry])).rstrip("\n").split("\n")
    assert first.startswith("- **")
    assert all(line.startswith("  - ") for line in beneath)
    assert not any(len(line.splitlines()) != 1 for line in (first, *beneath))
    bare = re.sub(r"\\.", "", re.sub(r"\]\(<[^<>\s]*>\)", "]()", first))
    assert not re.search(r"[<>`]|\]\([^)]", bare)


@MANY
@given(entry=ENTRIES)
def test_a_feed_has_one_entry_and_its_own_elements_alone(entry: BibEntry) -> None:
    root = ElementTree.fromstring("".join(atom.render([entry], "urn:uuid:1")))  # noqa: S314 - our own text
    names = [element.tag.rpartition("}")[2] for element in root.iter()]
    assert names.count("entry") == 1
    own = {"feed", "id", "title", "author", "name", "updated", "published", "entry", "link", "category", "summary"}
    assert set(names) <= own
