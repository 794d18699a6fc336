"""CSL-JSON: keys, types and values as CSL 1.0.2 has them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from api.domain.formats.csl import render
from api.domain.formats.records import BibEntry
from api.domain.papers import Author, Dates, Kind, Paper
from tests.domain.any_records import ENTRIES as ANY
from tests.domain.csl_schema import csl_validator
from tests.domain.test_biblatex import make_paper, model_entries
from tests.domain.test_bibtex_engines import ARTICLE, ENTRIES, PEOPLE, REST, SHARED, TITLES, _entries

VALIDATOR = csl_validator()


def items(entries: list[BibEntry]) -> list[dict[str, Any]]:
    read: list[dict[str, Any]] = json.loads("".join(render(entries)))
    VALIDATOR.validate(read)
    return read


def item(paper: Paper, **of_reader: Any) -> dict[str, Any]:
    [one] = items([BibEntry("key", paper, **of_reader)])
    return one


def test_nasty_records_fit_the_schema() -> None:
    papers = [{**ARTICLE, "title": title} for title in TITLES] + [
        {**ARTICLE, "authors": who, "title": "P"} for who in PEOPLE
    ]
    entries = _entries(papers + REST)
    assert [one["id"] for one in items(entries)] == [entry.key for entry in entries]


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(ENTRIES)
def test_whatever_the_fields_hold_it_is_one_item(entry: BibEntry) -> None:
    assert len(items([entry])) == 1


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(ANY)
def test_it_is_one_whatever_users_and_sources_say_in_any_field(entry: BibEntry) -> None:
    assert len(items([entry])) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"id": "k"},
        {"type": "book"},
        {"id": "k", "type": "novel"},
        {"id": "k", "type": "book", "doi": "10.1/x"},
        {"id": "k", "type": "book", "title": ["x"]},
        {"id": "k", "type": "book", "author": [{"particle": "van", "family": "x"}]},
        {"id": "k", "type": "book", "issued": {"date-parts": [["2020"]]}},
        {"id": "k", "type": "book", "issued": {"date-parts": [[2020, 13]]}},
    ],
)
def test_the_schema_refuses_what_is_none(wrong: dict[str, Any]) -> None:
    assert not VALIDATOR.is_valid([wrong])
    assert VALIDATOR.is_valid([{"id": "k", "type": "software", "event-title": "x", "container-title-short": "x"}])


def test_nothing_is_an_empty_list_and_several_stand_one_a_line() -> None:
    assert items([]) == []
    text = "".join(render([BibEntry("a", make_paper()), BibEntry("b", make_paper())]))
    assert [json.loads(line.rstrip(","))["id"] for line in text.splitlines() if line.startswith("{")] == ["a", "b"]


@pytest.mark.parametrize(
    ("kind", "type_"),
    [("article", "article-journal"), ("inproceedings", "paper-conference"), ("preprint", "article")]
    + [(same, same) for same in ("thesis", "book", "chapter", "report", "dataset", "software", "webpage")],
)
def test_each_kind_has_its_type(kind: Kind, type_: str) -> None:
    assert item(make_paper(kind=kind))["type"] == type_


def test_names_are_parts_or_literal() -> None:
    people = (Author("Beethoven", "Ludwig", particle="van"), Author(literal="LIGO"), Author())
    assert item(make_paper(authors=people))["author"] == [
        {"family": "Beethoven", "given": "Ludwig", "non-dropping-particle": "van"},
        {"literal": "LIGO"},
    ]


def test_dates_are_as_exact_as_they_are_known_and_pages_have_a_hyphen() -> None:
    paper = make_paper(dates=Dates(issued="1843-09"), pages="1–2,5-7", volume="3")
    one = item(paper)
    assert (one["issued"], one["page"], one["volume"]) == ({"date-parts": [[1843, 9]]}, "1-2, 5-7", "3")
    assert "issued" not in item(make_paper(year=None))


def test_the_model_items_are_the_model_s() -> None:
    model = SHARED / "fixtures" / "bib" / "model.csl.json"
    if not model.exists():
        pytest.skip("shared fixtures are not here: no fixtures/bib/model.csl.json beside the project")
    wanted = {one["id"]: one for one in json.loads(model.read_text(encoding="utf-8"))}
    unknown = {"event-title", "event-place", "container-title-short"}  # a paper of ours does not know these
    for one in items(list(model_entries().values())):
        want = {name: value for name, value in wanted[one["id"]].items() if name not in unknown}
        if one["id"] == "abbott2016observation":
            want["page"] = want.pop("number")  # nor whether a number is a page or an article's
        assert one == want
