"""Every format that comes in, read from a small file of its own."""

from __future__ import annotations

import json

import pytest

from api.domain.errors import BadInput
from api.domain.fields import FragmentSelector, PageSelector, TextQuoteSelector
from api.domain.formats.imported import Imported
from api.domain.formats.read_any import read_any
from api.domain.formats.read_tex import tex_to_text
from api.domain.papers import Author


def read(text: str | bytes) -> list[Imported]:
    return read_any(text if isinstance(text, bytes) else text.encode())[0]


@pytest.mark.parametrize(
    ("tex", "text"),
    [
        (r"{\'e}{\~n}\"u \v{c}{\c{s}}{\'{\i}}{\r{a}}\ss{} {\^{\d{e}}}", "éñü čşíåß ệ"),
        (r"50\% \& \$5 {\textbackslash} {\textbraceleft}", r"50% & $5 \ {"),
        (r"{$\alpha$} and {$x_i^2$}", "α and $x_i^2$"),
        (r"{{IBM}} \emph{so} \textsubscript{2} -- ``q''", "IBM <i>so</i> <sub>2</sub> – “q”"),
        (r"<b>A</b> &amp; <em>B</em>", "A & <i>B</i>"),
    ],
)
def test_tex_is_read_as_it_is_meant(tex: str, text: str) -> None:
    assert tex_to_text(tex) == text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_bytes_are_read_by_their_mark_or_by_what_they_hold(encoding: str) -> None:
    assert read("@misc{k, title={Über}}".encode(encoding))[0].finding.title == "Über"


def test_a_broken_entry_spares_the_others_and_names_its_line() -> None:
    records, lines, _ = read_any(b"@misc{a, title={One}}\n@misc{b, title={Tw\n@misc{c, title={Three}}\n")
    assert [one.citekey for one in records] == ["a", "c"]
    assert [(one.line, one.code) for one in lines] == [(2, "unreadable")]


def test_names_divide_as_bibtex_divides_them() -> None:
    [record] = read(
        "@misc{k, title={T}, author={van der Berg, Jr., Jan and {Barnes and Noble} and Ada Byron and others}}"
    )
    assert record.finding.authors == (
        Author("Berg", "Jan", "van der", "Jr."),
        Author(literal="Barnes and Noble"),
        Author("Byron", "Ada"),
        Author(literal="et al."),
    )


def test_ris_takes_what_the_world_writes() -> None:
    [first, second] = read("1.\r\nty - JOUR\r\nT1 - One\r\n long\r\nDO - doi:10.1000/x\r\nTY  - BOOK\r\nTI  - Two\r\n")
    assert (first.finding.title, first.finding.identifiers[0].value) == ("One long", "10.1000/x")
    assert second.finding.kind == "book"


def test_zotero_brings_notes_annotations_and_collections() -> None:
    item = {"itemType": "book", "itemID": 7, "title": "Looms", "citationKey": "k", "tags": [{"tag": "t"}]}
    mark = {"annotationText": "so", "annotationPosition": '{"pageIndex": 2}', "annotationColor": "#ffd400"}
    mark |= {"annotationPageLabel": "iii"}
    item |= {"notes": ["<p>Mine</p>"], "attachments": [{"annotations": [mark]}]}
    [record] = read(json.dumps({"items": [item], "collections": {"C": {"name": "Shelf", "items": [7]}}}))
    assert (record.citekey, record.tags, record.lists, record.note) == ("k", ("t",), ("Shelf",), "Mine")
    assert record.marks[0].color == "#ffd400"
    quote, place, page = record.marks[0].selectors
    assert page == PageSelector(2, "iii")
    assert isinstance(quote, TextQuoteSelector)
    assert isinstance(place, FragmentSelector)
    assert (quote.exact, place.value) == ("so", "page=3")


def test_lists_of_pages_become_papers_by_their_address() -> None:
    bookmarks = (
        '<!DOCTYPE NETSCAPE-Bookmark-file-1><DL><DT><H3>ML</H3><DL><DT><A HREF="https://arxiv.org/abs/1706.03762" '
    )
    [record] = read(bookmarks + 'ADD_DATE="1700000000" TAGS="a,b">Attention</A></DL></DL>')
    assert (record.lists, record.tags, record.finding.identifiers[0].scheme) == (("ML",), ("a", "b"), "arxiv")
    assert record.saved_at == "2023-11-14T22:13:20.000Z"
    pocket = "title,url,time_added,tags,status\nOne,https://example.org/1,1700000000,x|y,archive\n"
    assert (read(pocket)[0].tags, read(pocket)[0].status) == (("x", "y"), "read")
    readwise = 'Highlight,Book Title,Book Author,Note\n"so, it is",Looms,Ada Byron,mine\n'
    assert read(readwise)[0].marks[0].comment == "mine"
    [one] = read(json.dumps([{"url": "https://example.org/", "slug": "s", "title": "T", "labels": ["l"]}]))
    assert one.tags == ("l",)


def test_what_no_reader_knows_is_refused_with_a_reason() -> None:
    for text in ("", "hello", "{}", '[{"a": 1}]', "<p>no", "a,b\n1,2\n"):
        with pytest.raises(BadInput):
            read(text)
