"""What we write is read back equal by readers that others wrote: rispy for RIS, citeproc-py for CSL-JSON.

And web annotations keep every MUST of the W3C's model. Equal but for what the writers leave out on purpose (markup of
titles in RIS, commas inside a name's parts).
"""

from __future__ import annotations

import json
from typing import Any

import pytest
import rispy
from citeproc.source.json import CiteProcJSON
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.domain.formats import csl, ris, webannotation
from api.domain.formats.records import BibEntry, doi_of, plain
from api.domain.formats.shelf import ShelfRecord
from tests.domain.annotation_model import check_collection
from tests.domain.nasty_records import nasty_records
from tests.domain.test_webannotation import PAPER, QUOTE, WHOLE, mark

ENTRIES = nasty_records()


def by_key(written: list[dict[str, Any]], key: str) -> dict[str, dict[str, Any]]:
    return {str(one[key]): one for one in written}


@pytest.fixture(scope="module")
def read_by_rispy() -> dict[str, dict[str, Any]]:
    return by_key(rispy.loads("".join(ris.render(ENTRIES))), "id")


@pytest.fixture(scope="module")
def read_by_citeproc() -> Any:
    return CiteProcJSON(json.loads("".join(csl.render(ENTRIES))))


def test_readers_find_every_record(read_by_rispy: dict[str, dict[str, Any]], read_by_citeproc: Any) -> None:
    assert len(ENTRIES) >= 60
    assert list(read_by_rispy) == [entry.key for entry in ENTRIES]
    assert list(read_by_citeproc) == [entry.key.lower() for entry in ENTRIES]


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.key)
def test_rispy_reads_the_values_of_a_record(entry: BibEntry, read_by_rispy: dict[str, dict[str, Any]]) -> None:
    read, paper = read_by_rispy[entry.key], entry.paper
    wanted = {
        "title": plain(paper.title),
        "doi": doi_of(paper),
        "abstract": plain(paper.abstract),
        "publisher": plain(paper.publisher),
        "volume": plain(paper.volume),
    }
    assert {name: read.get(name, "") for name in wanted if name != "publisher" or paper.kind != "preprint"} == {
        name: value for name, value in wanted.items() if name != "publisher" or paper.kind != "preprint"
    }
    assert read.get("keywords", []) == [plain(tag) for tag in entry.tags if plain(tag)]
    families = [" ".join(plain(one.family or one.literal).replace(",", "").split()) for one in paper.authors]
    assert len(read.get("authors", [])) == len(families)
    assert all(family in name for family, name in zip(families, read.get("authors", []), strict=True))


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.key)
def test_citeproc_reads_the_values_of_an_item(entry: BibEntry, read_by_citeproc: Any) -> None:
    read, item = read_by_citeproc[entry.key.lower()], csl.item(entry.key, entry)
    assert read.type == item.type
    assert str(read.get("title", "")) == item.title
    for name in ("volume", "issue", "publisher", "abstract", "note", "language"):
        assert str(read.get(name, "")) == getattr(item, name), name
    assert str(read.get("DOI", "")) == item.doi
    names = [
        (str(one.get("family") or one.get("literal") or ""), str(one.get("given") or ""))
        for one in read.get("author", [])
    ]
    assert names == [(one.family or one.literal, one.given) for one in item.author]
    if item.issued:
        parts = item.issued.date_parts[0]
        assert (read.issued.year, read.issued.get("month"), read.issued.get("day")) == (*parts, None, None)[:3]


TEXT = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=20)
MARKS = st.builds(
    lambda number, exact, comment, tags, where: mark(
        f"h{number}",
        [QUOTE | {"exact": exact}, *WHOLE[1:]],
        comment=comment,
        tag_names=tuple(tags),
        manifestation=where,
    ),
    st.integers(0, 10**9),
    TEXT,
    st.none() | TEXT,
    st.lists(TEXT, max_size=2),
    st.sampled_from(["m1", None, "gone", "https://y.org/p", 'https://y.org/a b"<c>|d?é={x}']),
)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(MARKS, max_size=3, unique_by=lambda one: one.highlight.id))
def test_web_annotations_are_what_the_model_says_they_must_be(marks: list[Any]) -> None:
    records = [ShelfRecord("e", PAPER, "https://x.org/saved", {}, tuple(marks)), ShelfRecord("f", PAPER)]
    whole = json.loads("".join(webannotation.render(records, "urn:uuid:library")))
    assert len(check_collection(whole)) == len(marks)
