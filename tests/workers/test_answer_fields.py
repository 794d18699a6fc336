"""Dates, languages, fields and addresses of an answer, each read as far as it makes sense."""

from __future__ import annotations

import pytest

from api.domain.papers import Manifestation
from workers import json_fields
from workers.answer_dates import date_of, iso_date, loose_date
from workers.languages import language
from workers.open_forms import open_form


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2025-03-04", "2025-03-04"),
        ("2025-03-04T10:00:00Z", "2025-03-04"),
        ("2025-03-04 10:00", "2025-03-04"),
        ("2025/3/4", "2025-03-04"),
        ("2025-03", "2025-03"),
        ("2025", "2025"),
        ("2025-02-30", "2025-02"),
        ("2025-13-01", "2025"),
        ("0000", None),
        ("", None),
        ("soon", None),
        ("٢٠٢٥", None),
    ],
)
def test_a_date_is_read_as_far_as_it_makes_sense(text: str, date: str | None) -> None:
    assert iso_date(text) == date


def test_a_month_may_be_a_name_and_a_part_may_be_anything() -> None:
    assert date_of("2025", "Mar", "4") == "2025-03-04"
    assert date_of(2025, "September") == "2025-09"
    assert date_of(2025, "Spring", 4) == "2025"
    assert date_of(2025, True) == "2025"
    assert date_of(None, 3) is None
    assert date_of() is None


def test_the_first_of_january_of_a_database_is_a_year() -> None:
    assert (loose_date("2025-01-01"), loose_date("2025-01-02"), loose_date("")) == ("2025", "2025-01-02", None)


@pytest.mark.parametrize(
    ("code", "two"),
    [
        ("eng", "en"),
        ("EN", "en"),
        ("en-GB", "en"),
        ("ger", "de"),
        ("deu", "de"),
        ("qqq", None),
        ("", None),
        ("1", None),
    ],
)
def test_a_language_has_two_letters_or_is_unknown(code: str, two: str | None) -> None:
    assert language(code) == two


def test_fields_of_another_type_are_empty() -> None:
    fields = {"a": "x", "n": "7", "i": 8, "t": True, "o": {"p": 1}, "l": [{"q": 1}, 3], "s": ["x", " ", 3]}
    assert [json_fields.text(fields, key) for key in "aix"] == ["x", "", ""]
    assert [json_fields.number(fields, key) for key in "anit"] == [None, 7, 8, None]
    assert (json_fields.inner(fields, "o"), json_fields.inner(fields, "l")) == ({"p": 1}, {})
    assert (json_fields.rows(fields, "l"), json_fields.rows(fields, "a")) == ([{"q": 1}], [])
    assert json_fields.texts(fields["s"]) == ["x"]
    for read in (json_fields.text, json_fields.number, json_fields.inner, json_fields.rows):
        assert not read(None, "a")


@pytest.mark.parametrize(
    "url", ["", "javascript:a", "ftp://a.example", "https://", "https://[", "https://a b", "https://doi.org/10.1/x"]
)
def test_what_is_no_place_to_read_a_paper_is_no_form(url: str) -> None:
    assert open_form("landing", url) is None


def test_one_place_named_in_two_ways_is_one() -> None:
    assert open_form("pdf", " http://www.arxiv.org/pdf/1 ") == Manifestation("pdf", "https://arxiv.org/pdf/1")
