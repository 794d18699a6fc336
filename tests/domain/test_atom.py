"""A library becomes an Atom feed that XML readers take, whatever its texts hold."""

from __future__ import annotations

from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from api.domain.formats.atom import render
from api.domain.formats.records import BibEntry
from api.domain.papers import Author, Paper

ATOM = "{http://www.w3.org/2005/Atom}"
PAPER = Paper(
    "0199aaaa-0000-7000-8000-000000000001", "preprint", "Weaving & <looms>", identifiers={"arxiv": ("1706.03762",)}
)


def feed(*entries: BibEntry) -> ElementTree.Element:
    return ElementTree.fromstring("".join(render(entries, "urn:uuid:1")))  # noqa: S314 - our own text


def texts(element: ElementTree.Element, name: str) -> list[str]:
    return [found.text or "" for found in element.iter(ATOM + name)]


def test_an_entry_has_what_the_format_asks_for() -> None:
    entry = feed(BibEntry("k", PAPER, tags=('a "b"',), accessed="2026-03-02")).find(f"{ATOM}entry")
    assert entry is not None
    assert texts(entry, "id") == [f"urn:uuid:{PAPER.id}"]
    assert texts(entry, "title") == ["Weaving & <looms>"]
    assert texts(entry, "updated") == ["2026-03-02T00:00:00Z"]
    assert [link.get("href") for link in entry.iter(ATOM + "link")] == ["https://arxiv.org/abs/1706.03762"]
    assert [one.get("term") for one in entry.iter(ATOM + "category")] == ['a "b"']


def test_a_feed_is_as_new_as_its_newest_entry_and_dated_without_any() -> None:
    newest = feed(BibEntry("a", PAPER, accessed="2026-01-01"), BibEntry("b", PAPER, accessed="2026-02-01"))
    assert newest.findtext(f"{ATOM}updated") == "2026-02-01T00:00:00Z"
    assert feed().findtext(f"{ATOM}updated") == "1970-01-01T00:00:00Z"


@given(st.text(), st.text(), st.text(), st.text())
def test_no_text_adds_an_entry_or_breaks_the_file(title: str, name: str, tag: str, abstract: str) -> None:
    paper = Paper(PAPER.id, "article", title, authors=(Author(literal=name),), abstract=abstract)
    root = feed(BibEntry("k", paper, tags=(tag,), url="https://x.example/?a=1&b=<2>"))
    allowed = {"feed", "id", "title", "author", "name", "updated", "entry", "link", "category", "summary"}
    assert {element.tag.removeprefix(ATOM) for element in root.iter()} <= allowed
    assert len(root.findall(f"{ATOM}entry")) == 1
