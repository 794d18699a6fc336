"""Notes in Markdown: a file a paper, names that never change, front matter, quotes in order, one archive."""

from __future__ import annotations

import re
from io import BytesIO
from zipfile import ZipFile

import pytest
import yaml  # type: ignore[import-untyped]
from hypothesis import given, settings
from hypothesis import strategies as st

from api.domain.formats.latex import clean
from api.domain.formats.markdown_notes import NotedRecord, NoteFile, file_name, render
from api.domain.formats.records import BibEntry, plain
from api.domain.formats.zipped import zipped
from api.domain.papers import Author, Dates
from tests.domain.test_biblatex import make_paper
from tests.domain.test_bibtex_engines import HOSTILE
from tests.domain.test_webannotation import QUOTE, mark

PAPER = make_paper(
    title="Notes: on *Looms*",
    dates=Dates(issued="1843-09"),
    abstract="1. It <b>weaves</b>.",
    identifiers={"doi": ("10.1000/x",)},
)
ENTRY = BibEntry("lovelace1843notes", PAPER, ("to read", 'a"b'), "https://x.org/a", "- **mine**\n  - <script>", None)
PAGE = [{**QUOTE, "exact": "- It weaves\n\nlike *looms*"}, {"type": "FragmentSelector", "value": "page=3"}]


def text_of(entry: BibEntry, *marks: object) -> str:
    [file] = render([NotedRecord(entry, marks)])  # type: ignore[arg-type]
    return file.text


def test_a_note_is_front_matter_abstract_quotes_and_the_readers_own_words() -> None:
    first = mark("h1", PAGE, color="green", comment="So **true**", tag_names=("to read",))
    assert text_of(ENTRY, first, mark("h2", [{"type": "TextPositionSelector", "start": 1, "end": 2}])) == (
        "---\n"
        'citekey: "lovelace1843notes"\n'
        'title: "Notes: on *Looms*"\n'
        'authors:\n  - "Ada Lovelace"\n'
        "year: 1843\n"
        'date: "1843-09"\n'
        'doi: "10.1000/x"\n'
        'url: "https://x.org/a"\n'
        'status: "to_read"\n'
        "starred: false\n"
        'tags:\n  - "to read"\n  - "a\\"b"\n'
        "---\n\n"
        "# Notes: on \\*Looms\\*\n\n"
        "## Abstract\n\n"
        "1\\. It \\<b\\>weaves\\</b\\>.\n\n"
        "## Highlights\n\n"
        "> \\- It weaves\n> like \\*looms\\*\n> \n"
        "> [page 3](<https://x.org/a#page=3>) · green · #to-read\n\n"
        "So **true**\n\n"
        "> (no text)\n> \n> [source](<https://x.org/a>) · yellow\n\n"
        "## Note\n\n"
        "- **mine**\n  - \\<script>\n"
    )


def test_a_page_is_called_by_its_label_and_opened_by_its_number() -> None:
    label = {"type": "PageSelector", "index": 2, "label": "*iii*"}
    assert "[page \\*iii\\*](<https://x.org/a#page=3>)" in text_of(ENTRY, mark("h1", [*PAGE, label]))
    assert "[page \\*iii\\*](<https://x.org/a#page=3>)" in text_of(ENTRY, mark("h1", [QUOTE, label]))


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("vaswani2017attention", r"vaswani2017attention\.md"),
        ("Smith.2020_a-b+c", r"Smith\.2020_a-b\+c\.md"),
        ("DBLP:conf/x/Y", r"DBLP_conf_x_Y-[0-9a-f]{10}\.md"),
        ("../../etc/passwd", r"_.._etc_passwd-[0-9a-f]{10}\.md"),
        ("AUX", r"_AUX-[0-9a-f]{10}\.md"),
        ("com1.x", r"_com1\.x-[0-9a-f]{10}\.md"),
        (".hidden", r"hidden-[0-9a-f]{10}\.md"),
        ("a" * 200, r"a{100}-[0-9a-f]{10}\.md"),
        ("a_b-0123456789", r"a_b-0123456789-[0-9a-f]{10}\.md"),
    ],
)
def test_a_file_is_called_by_its_key_where_systems_allow_it(key: str, name: str) -> None:
    assert re.fullmatch(name, file_name(key))


def test_keys_that_would_share_a_name_do_not_and_a_subset_keeps_its_names() -> None:
    keys = ["a/b", "a:b", "a_b", "a*b", file_name("a/b").removesuffix(".md"), "aux", "AUX.b", "_aux"]
    records = [NotedRecord(BibEntry(key, PAPER)) for key in keys]
    paths = [file.path for file in render(records)]
    assert len({path.casefold() for path in paths}) == len(keys)
    assert [file.path for file in render(records[::-2])] == paths[::-2]
    assert all(re.fullmatch(r"scholium/[\w+-][\w.+-]*\.md", path) for path in paths)


@settings(max_examples=150, deadline=None)
@given(HOSTILE, HOSTILE, HOSTILE, st.text(max_size=20))
def test_no_text_ends_the_front_matter_or_becomes_markup(title: str, name: str, tag: str, quote: str) -> None:
    paper = make_paper(title=title, abstract=name, authors=(Author(literal=name), Author(name, tag)), venue=tag)
    entry = BibEntry("key", paper, (tag, name), "https://x.org/" + title)
    text = text_of(entry, mark("h1", [{**QUOTE, "exact": quote + title + "\n---\n# x"}], tag_names=(tag,)))
    _, front, body = text.split("---\n", 2)
    read = yaml.safe_load(front)
    assert set(read) <= {"citekey", "title", "authors", "year", "date", "venue", "url", "status", "starred", "tags"}
    assert (read["citekey"], read.get("title", "")) == ("key", plain(title))
    assert read.get("tags", []) == [clean(one) for one in (tag, name) if clean(one)]
    headings = [line for line in body.splitlines() if line.startswith("#")]
    assert headings[1:] in (["## Highlights"], ["## Abstract", "## Highlights"])
    assert not re.search(r"(?<!\\)(?<!\]\()<", body.replace("\\\\", ""))


def test_an_archive_opens_and_is_the_same_bytes_every_time() -> None:
    files = [NoteFile(f"scholium/{number}.md", f"Ünïcode {number}\n" * number) for number in range(50)]
    pieces = list(zipped(files))
    with ZipFile(BytesIO(b"".join(pieces))) as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name).decode() for name in archive.namelist()} == {f.path: f.text for f in files}
        assert {one.date_time for one in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert list(zipped(files)) == pieces
    assert len(pieces) == 51


def test_an_archive_is_written_while_the_files_come() -> None:
    taken: list[int] = []

    def files() -> object:
        for number in range(3):
            taken.append(number)
            yield NoteFile(f"{number}.md", "x" * 100)

    pieces = zipped(files())  # type: ignore[arg-type]
    assert next(pieces).startswith(b"PK\x03\x04")
    assert taken == [0]
