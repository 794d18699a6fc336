"""The reading list in Markdown and the table: what a line says, and that no text acts as markup or formula."""

from __future__ import annotations

import csv
from io import StringIO

import pytest

from api.domain.errors import BadInput
from api.domain.formats import markdown, table
from api.domain.formats.catalog import FORMATS, PARTS, FormatName, export_wish, trimmed
from api.domain.formats.records import BibEntry
from api.domain.papers import Author
from tests.domain.test_biblatex import make_paper
from tests.domain.test_bibtex_engines import ARTICLE, PEOPLE, REST, TITLES, _entries

NOTES = make_paper(venue="Memoirs", identifiers={"doi": ("10.1000/x_1",)})


def line(entry: BibEntry) -> str:
    return "".join(markdown.render([entry]))


def rows(entries: list[BibEntry]) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO("".join(table.render(entries)), newline="")))


def test_a_line_says_title_year_authors_venue_link_key_and_tags() -> None:
    assert line(BibEntry("lovelace1843notes", NOTES, ("to read", "b"))) == (
        "- **Notes** (1843). Ada Lovelace. *Memoirs*. [doi](<https://doi.org/10.1000/x_1>) "
        "@lovelace1843notes #to-read #b\n"
    )


def test_a_text_neither_opens_a_link_nor_a_tag_nor_html() -> None:
    evil = make_paper(title="[x](javascript:a) <b> *y* `z` #h\n# Heading", authors=(Author(literal="_A_"),))
    said = line(BibEntry("k", evil, ("a b#c](x)",)))
    assert said == (
        "- **\\[x\\](javascript:a) \\<b\\> \\*y\\* \\`z\\` \\#h \\# Heading** (1843). \\_A\\_. @k #a-b-c-x\n"
    )


def test_an_address_cannot_leave_its_brackets() -> None:
    evil = make_paper(identifiers={"doi": ("10.1002/(SICI)4:43<338::AID>3.0.CO;2-#",)})
    assert "(<https://doi.org/10.1002/(SICI)4:43%3C338::AID%3E3.0.CO;2-#>)" in line(BibEntry("k", evil))
    assert "[link](<https://x.org/a%3E)b>)" in line(BibEntry("k", make_paper(), url="https://x.org/a>)b"))


def test_a_preprint_links_to_its_page_and_many_authors_are_cut() -> None:
    many = make_paper(
        kind="preprint", authors=tuple(Author(f"N{n}", "A") for n in range(9)), identifiers={"arxiv": ("1706.03762",)}
    )
    said = line(BibEntry("k", many))
    assert "A N0, A N1, A N2, A N3, A N4, et al. [arXiv](<https://arxiv.org/abs/1706.03762>)" in said


def test_nasty_records_are_a_line_each() -> None:
    papers = [{**ARTICLE, "title": title} for title in TITLES] + [
        {**ARTICLE, "authors": who, "title": "P"} for who in PEOPLE
    ]
    entries = [trimmed(entry, frozenset({"tags", "url"})) for entry in _entries(papers + REST)]
    said = "".join(markdown.render(entries))
    assert len(said.splitlines()) == len(entries)
    assert all(one.startswith("- **") for one in said.splitlines())


def test_the_table_has_a_line_of_names_and_reads_back() -> None:
    entry = BibEntry("k", make_paper(title='A "quoted", title'), ("x", "y"), status="read", starred=True, rating=4)
    text = "".join(table.render([entry]))
    assert text.startswith("key,kind,title,authors,year,")
    assert text.count("\r\n") == 2
    [row] = rows([entry])
    assert (row["title"], row["authors"], row["tags"]) == ('A "quoted", title', "Lovelace, Ada", "x; y")
    assert (row["status"], row["starred"], row["rating"], row["year"]) == ("read", "yes", "4", "1843")


@pytest.mark.parametrize("title", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1+1", "\x00=1"])
def test_no_cell_is_a_formula(title: str) -> None:
    [row] = rows([BibEntry("k", make_paper(title=title))])
    assert row["title"].startswith("'")


def test_nasty_records_are_a_row_each() -> None:
    entries = _entries([{**ARTICLE, "title": title} for title in TITLES] + REST)
    assert [row["key"] for row in rows(entries)] == [entry.key for entry in entries]


def test_parts_are_a_format_s_own_choice_unless_they_are_named() -> None:
    assert export_wish("bibtex").parts == {"abstract", "tags", "url"}
    assert export_wish("bibtex", fields=("note", "url"), exclude=("url",)).parts == {"note"}
    assert export_wish("markdown", exclude=("tags",)).parts == {"url"}


@pytest.mark.parametrize("format_", ["json", "webannotation", "markdown-notes"])
def test_a_format_that_is_always_whole_leaves_no_choice(format_: FormatName) -> None:
    assert export_wish(format_).parts == frozenset()
    with pytest.raises(BadInput):
        export_wish(format_, exclude=("note",))


def test_what_is_left_out_is_nowhere() -> None:
    paper = make_paper(abstract="secret", identifiers={"url": ("https://secret.org",), "doi": ("10.1000/x",)})
    entry = BibEntry("k", paper, ("secret",), "https://secret.org", "secret", "2024-05-01")
    for parts in (frozenset(), frozenset(PARTS)):
        shown = trimmed(entry, parts)
        assert ("secret" in repr(shown)) == bool(parts)
        assert shown.paper.identifiers["doi"] == ("10.1000/x",)


def test_every_format_has_a_name_and_a_type_of_its_own() -> None:
    assert len({one.media_type for one in FORMATS.values()}) == len(FORMATS)
    assert len({one.filename for one in FORMATS.values()}) == len(FORMATS)
