"""Names and dates as pages print them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.domain.names import author, authors
from api.domain.page_dates import page_date
from api.domain.papers import Author
from tests.domain.pages import shown


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ada Lovelace", Author("Lovelace", "Ada")),
        ("Lovelace, Ada", Author("Lovelace", "Ada")),
        ("Ludwig van Beethoven", Author("Beethoven", "Ludwig", "van")),
        ("van der Waals, Johannes Diderik", Author("Waals", "Johannes Diderik", "van der")),
        ("King, Martin Luther, Jr.", Author("King", "Martin Luther", suffix="Jr.")),
        ("Martin Luther King Jr.", Author("King", "Martin Luther", suffix="Jr.")),
        ("Harper QK", Author("Harper", "QK")),
        ("K L Orlova", Author("Orlova", "K L")),
        ("T. W.  Mason", Author("Mason", "T. W.")),
        ("DUBOIS, ANNE-LISE", Author("Dubois", "Anne-Lise")),
        ("Jane O'NEIL", Author("O'Neil", "Jane")),
        ("ATLAS Collaboration", Author(literal="ATLAS Collaboration")),
        ("Zhou,Lin", Author("Zhou", "Lin")),
        ("Li X", Author("Li", "X")),
        ("PETIT Jean-Luc", Author("Petit", "Jean-Luc")),
        ("Jean de La Fontaine", Author("La Fontaine", "Jean", "de")),
        ("Robert De Niro", Author("De Niro", "Robert")),
        ("Jane Doe (Example University)", Author("Doe", "Jane")),
        ("Doe, Jane (0000-0002-1825-0097)", Author("Doe", "Jane")),
        ("Jane Doe <jane@example.org>", Author("Doe", "Jane")),
        ("and Jane Doe 1, 2", Author("Doe", "Jane")),
        ("Written by Jane Doe", Author("Doe", "Jane")),
        ("Jane Doe, ed.", Author("Doe", "Jane")),
        ("Google Research", Author(literal="Google Research")),
        ("A. B. Smith-Jones", Author("Smith-Jones", "A. B.")),
        ("Gerard 't Hooft", Author("Hooft", "Gerard", "'t")),
        ("Jos Van den Berg", Author("Van den Berg", "Jos")),
        ("Carla De Rossi", Author("De Rossi", "Carla")),
        ("Minh Van Nguyen", Author("Nguyen", "Minh Van")),
        ("José Ortega y Gasset", Author("Ortega y Gasset", "José")),
        ("LIGO Scientific Collaboration", Author(literal="LIGO Scientific Collaboration")),
        ("李 明", Author("明", "李")),
        ("Plato", Author(literal="Plato")),
        ("李明", Author(literal="李明")),
        ("Dr. Jane Doe, PhD", Author("Doe", "Jane")),
        ("By Jane Doe", Author("Doe", "Jane")),
        ("Jane Doe1,2*", Author("Doe", "Jane")),
        ("jane@example.org", None),
        ("https://example.org/jane", None),
        ("…", None),
        ("admin", None),
    ],
)
def test_a_name_is_taken_apart(text: str, expected: Author | None):
    assert author(text) == expected


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["Doe, Jane; Roe, Richard"], ["Jane Doe", "Richard Roe"]),
        (["Jane Doe and Richard Roe"], ["Jane Doe", "Richard Roe"]),
        (["Jane Doe, Richard Roe, and Max Moe"], ["Jane Doe", "Richard Roe", "Max Moe"]),
        (["Jane Doe, Richard Roe, Max Moe"], ["Jane Doe", "Richard Roe", "Max Moe"]),
        (["Jane Doe", "Jane Doe", "Richard Roe"], ["Jane Doe", "Richard Roe"]),
        (["Doe, Jane and Roe, Richard"], ["Jane Doe", "Richard Roe"]),
        (["Doe, J., Roe, R., & Poe, P."], ["J. Doe", "R. Roe", "P. Poe"]),
        (["Doe, Jane, Roe, Richard"], ["Jane Doe", "Richard Roe"]),
        (["Doe J, Roe RR"], ["J Doe", "RR Roe"]),
        (["Jane Doe | Richard Roe"], ["Jane Doe", "Richard Roe"]),
        (["李明、王芳"], ["李明", "王芳"]),
        (["Doe, Jane", "Roe, Richard", "Jane Doe", "Richard Roe"], ["Jane Doe", "Richard Roe"]),
        (["Jane Doe, Richard Roe, Google Research"], ["Jane Doe", "Richard Roe", "Google Research"]),
        (["Society of Tests and Proofs"], ["Society of Tests and Proofs"]),
        (["Harper QK , et al."], []),
    ],
)
def test_one_tag_may_hold_several_people(texts: list[str], expected: list[str]):
    assert [shown(person) for person in authors(texts)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2020/05/12", "2020-05-12"),
        ("2020-5-2T10:00:00+02:00", "2020-05-02"),
        ("2020-02-31", "2020-02"),
        ("2020/13/01", "2020"),
        ("2015/10", "2015-10"),
        ("1926", "1926"),
        ("20200131", "2020-01-31"),
        ("24 Apr 2013", "2013-04-24"),
        ("May 24, 2019", "2019-05-24"),
        ("2012 Nov 26", "2012-11-26"),
        ("2015 Mar", "2015-03"),
        ("March 2015", "2015-03"),
        ("Jul-Aug 2015", "2015-07"),
        ("25/12/2015", "2015-12-25"),
        ("12/25/2015", "2015-12-25"),
        ("05/06/2015", "2015"),
        ("Spring 2010", "2010"),
        ("soon", None),
        ("0000-00-00", None),
        ("", None),
    ],
)
def test_a_date_has_one_spelling(text: str, expected: str | None):
    assert page_date(text) == expected


@given(st.text())
def test_no_name_is_too_odd_for_an_author(name: str):
    found = author(name)
    assert found is None or found.literal or (found.family and found.given)
