"""Who says otherwise: each other value once, and no quarrel about case or exactness."""

from __future__ import annotations

from itertools import permutations

from api.domain.disagreements import OtherWord, disagreements
from api.domain.papers import Dates, Finding, Paper

AT = "2026-03-02T10:00:00.000Z"
PAPER = Paper("p", "article", "On Slow Light", venue="J. Slow", dates=Dates(issued="2025-02"))


def test_each_other_value_is_named_once_in_all_orders() -> None:
    said = [
        ("2026-03-01T10:00:00.000Z", Finding("s2", title="Slow light", venue="J. Slow")),
        (AT, Finding("openalex", title="SLOW LIGHT")),
        (AT, Finding("crossref", title="On slow light.")),
    ]
    for order in permutations(said):
        assert disagreements(PAPER, order) == {"title": (OtherWord("SLOW LIGHT", "openalex", AT),)}


def test_a_date_that_says_more_or_less_is_no_disagreement_and_another_year_is() -> None:
    said = [(AT, Finding(source, dates=Dates(issued=date))) for source, date in (("a", "2025"), ("b", "2025-02-03"))]
    assert disagreements(PAPER, said) == {}
    other = [(AT, Finding("c", dates=Dates(issued="2024")))]
    assert disagreements(PAPER, other) == {"dates.issued": (OtherWord("2024", "c", AT),)}
