"""BibTeX entries: types, fields, identifiers, dates, keys, and that a value can never leave its entry."""

from __future__ import annotations

import re
from typing import Any

import bibtexparser
import pytest

from api.domain.formats.bibtex import render
from api.domain.formats.records import BibEntry
from api.domain.papers import Author, Dates, Kind, Paper

ADA = Author("Lovelace", "Ada")


def _paper(**fields: Any) -> Paper:
    return Paper(**({"id": "p", "kind": "article", "title": "Notes", "authors": (ADA,), "year": 1843} | fields))


def _bib(paper: Paper, **of_reader: Any) -> str:
    return "".join(render([BibEntry("key", paper, **of_reader)]))


def _fields(paper: Paper, **of_reader: Any) -> dict[str, str]:
    [entry] = bibtexparser.parse_string(_bib(paper, **of_reader)).entries
    return {"": entry.entry_type} | {field.key: field.value for field in entry.fields}


def test_an_article_is_written_field_by_field_in_a_fixed_order() -> None:
    paper = _paper(
        title="Sketch of the ENGINE",
        venue="Scientific Memoirs & More",
        volume="3",
        issue="2",
        pages="666–731",
        publisher="Taylor",
        dates=Dates(issued="1843-09-01"),
        identifiers={"doi": ("10.1000/x_1",), "arxiv": ("1706.03762v5",)},
        primary_class="cs.CL",
        abstract="An\nabstract.",
    )
    assert _bib(paper, tags=("to read", "a,b"), url="https://x.org/a_b", note="mine") == (
        "@article{key,\n"
        "  author        = {Lovelace, Ada},\n"
        "  title         = {Sketch of the {ENGINE}},\n"
        "  journal       = {Scientific Memoirs \\& More},\n"
        "  publisher     = {Taylor},\n"
        "  volume        = {3},\n"
        "  number        = {2},\n"
        "  pages         = {666--731},\n"
        "  year          = {1843},\n"
        "  month         = sep,\n"
        "  doi           = {10.1000/x_1},\n"
        "  eprint        = {1706.03762},\n"
        "  archivePrefix = {arXiv},\n"
        "  primaryClass  = {cs.CL},\n"
        "  url           = {https://x.org/a_b},\n"
        "  keywords      = {to read, {a,b}},\n"
        "  abstract      = {An abstract.},\n"
        "  annote        = {mine},\n"
        "}\n\n"
    )


@pytest.mark.parametrize(
    ("kind", "entry_type", "venue_field", "publisher_field"),
    [
        ("article", "article", "journal", "publisher"),
        ("inproceedings", "inproceedings", "booktitle", "publisher"),
        ("chapter", "incollection", "booktitle", "publisher"),
        ("book", "book", "series", "publisher"),
        ("report", "techreport", "series", "institution"),
        ("thesis", "phdthesis", "series", "school"),
        ("software", "misc", "howpublished", "publisher"),
    ],
)
def test_each_kind_has_its_type_and_its_fields(
    kind: Kind, entry_type: str, venue_field: str, publisher_field: str
) -> None:
    fields = _fields(_paper(kind=kind, venue="Vee", publisher="Pub"))
    assert fields[""] == entry_type
    assert fields[venue_field].endswith("Vee")
    assert fields[publisher_field] == "Pub"


@pytest.mark.parametrize("lacking", [{"authors": ()}, {"year": None}, {"venue": None}, {"title": ""}])
def test_an_article_that_would_make_the_engine_warn_is_a_misc(lacking: dict[str, Any]) -> None:
    fields = _fields(_paper(**({"venue": "Journal"} | lacking)))
    assert fields[""] == "misc"
    assert fields.get("howpublished") == (None if "venue" in lacking else "Journal")


def test_without_an_author_there_is_something_to_sort_by() -> None:
    assert _fields(_paper(authors=(), title="One two three four five"))["key"] == "{One two three four}"
    assert _fields(_paper(authors=(Author(),), title="小"))["key"] == "{\\relax 小}"
    assert _fields(_paper(authors=(), title="", year=None))["key"] == "key"


def test_software_data_and_pages_say_what_they_are() -> None:
    assert _fields(_paper(kind="dataset", publisher="Zenodo"))["howpublished"] == "Dataset, Zenodo"
    page = _fields(_paper(kind="webpage"), url="https://x.org/50%25_#a", accessed="2024-05-01")
    assert page["howpublished"] == r"\url{https://x.org/50%25_#a}"
    assert (page["urldate"], page["note"]) == ("2024-05-01", "Accessed 2024-05-01")


def test_the_arxiv_doi_belongs_to_preprints_only() -> None:
    both = {"arxiv": ("2101.00001",), "doi": ("10.48550/arxiv.2101.00001", "10.1000/journal")}
    assert _fields(_paper(identifiers=both))["doi"] == "10.1000/journal"
    own = {"doi": ("10.48550/arxiv.2101.00001v2",)}
    assert _fields(_paper(kind="preprint", identifiers=own))["doi"] == "10.48550/arXiv.2101.00001"
    published = _fields(_paper(identifiers=own))
    assert "doi" not in published
    assert (published["eprint"], published["archivePrefix"]) == ("2101.00001", "arXiv")


@pytest.mark.parametrize(
    ("stored", "eprint"),
    [
        ("hep-th/9802150v2", "hep-th/9802150"),
        ("arXiv:0704.0001", "0704.0001"),
        ("2101.1}, x={", None),
        ("../etc", None),
    ],
)
def test_an_eprint_is_an_arxiv_id_or_nothing(stored: str, eprint: str | None) -> None:
    fields = _fields(_paper(identifiers={"arxiv": (stored,)}, primary_class="{cs}.CL"))
    assert fields.get("eprint") == eprint
    assert "primaryClass" not in fields


@pytest.mark.parametrize(
    ("year", "dates", "written"),
    [
        (2017, Dates(issued="2017-06-12"), ("2017", "jun")),
        (2017, Dates(issued="2017", online="2016-03"), ("2017", None)),
        (2017, Dates(issued="2017", online="2017-03"), ("2017", "mar")),
        (None, Dates(preprinted="1999-12"), ("1999", "dec")),
        (None, Dates(issued="0000-00-00"), (None, None)),
        (1993, Dates(issued="1993-00-00"), ("1993", None)),
        (1993, Dates(issued="1993-13"), ("1993", None)),
        (-4, Dates(), (None, None)),
        (None, Dates(), (None, None)),
    ],
)
def test_unknown_dates_stay_unknown(year: int | None, dates: Dates, written: tuple[str | None, str | None]) -> None:
    fields = _fields(_paper(year=year, dates=dates))
    assert (fields.get("year"), fields.get("month")) == written


@pytest.mark.parametrize(
    ("pages", "written"),
    [
        ("12-34", "12--34"),
        ("S1 – S9", "S1--S9"),
        ("061102", "061102"),
        ("1-1--1-9", "1-1--1-9"),
        ("1–2,5-7", "1--2, 5--7"),
    ],
)
def test_page_ranges_have_an_en_dash(pages: str, written: str) -> None:
    assert _fields(_paper(pages=pages))["pages"] == written


def test_an_issue_is_a_number_only_where_styles_can_print_it() -> None:
    assert _fields(_paper(venue="J", volume="1", issue="2"))["number"] == "2"
    assert _fields(_paper(venue="J", issue="2"))["issue"] == "2"
    assert _fields(_paper(kind="inproceedings", venue="P", volume="1", issue="2"))["issue"] == "2"


def test_et_al_at_the_end_becomes_others() -> None:
    assert _fields(_paper(authors=(ADA, Author(literal="et al."))))["author"] == "Lovelace, Ada and others"
    assert _fields(_paper(authors=(Author(literal="Others"),)))["author"] == "{Others}"


@pytest.mark.parametrize("url", ["file:///home/ada/x.pdf", "/home/ada/x.pdf", "javascript:x", "C:\\x.pdf", "https://"])
def test_only_addresses_that_others_can_open_are_written(url: str) -> None:
    assert "url" not in _fields(_paper(), url=url)
    assert _fields(_paper(identifiers={"url": ("http://a.org",)}), url=url)["url"] == "http://a.org"


def test_keys_are_kept_when_safe_and_never_written_twice() -> None:
    keys = ["Smith:2020", "smith:2020", "a} @misc{b", "", "Smith:2020"]
    text = "".join(render(BibEntry(key, _paper()) for key in keys))
    written = ["Smith:2020", "smith:2020a", "a@miscb", "lovelace1843notes", "Smith:2020b"]
    assert re.findall(r"^@\w+\{(.*),$", text, re.MULTILINE) == written


def test_the_same_library_gives_the_same_bytes_and_any_part_of_it_the_same_entries() -> None:
    entries = [BibEntry(f"k{number}", _paper(title=f"Title {number}")) for number in range(20)]
    whole = list(render(entries))
    assert whole == list(render(entries))
    assert list(render(entries[5:8])) == whole[5:8]


def test_entries_stream_one_by_one() -> None:
    def endless() -> Any:
        while True:
            yield BibEntry("k", _paper())

    stream = render(endless())
    assert next(stream).startswith("@misc{k,")
    assert next(stream).startswith("@misc{ka,")
