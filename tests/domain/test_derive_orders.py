"""Six sources that disagree, in every order in which they can answer: the paper is the same."""

from __future__ import annotations

from itertools import permutations

import pytest

from api.domain.derive import derive
from api.domain.papers import Author, Dates, Finding, Identifier, Link, Manifestation, Provenance

ARXIV, DOI = Identifier("arxiv", "2401.00123"), Identifier("doi", "10.5555/slow.7")
REPO = "https://github.com/ada/slow"
SIX = (
    Finding(
        "arxiv",
        identifiers=(ARXIV,),
        kind="preprint",
        title="On Slow Light",
        authors=(Author(family="Lovelace", given="A."),),
        abstract=f"We slow. Our code is at {REPO}.",
        dates=Dates(preprinted="2024-01-02"),
        venue="J. Slow 7 (2025)",
        primary_class="physics.optics",
        manifestations=(Manifestation("pdf", "https://arxiv.org/pdf/2401.00123v1", 1),),
    ),
    Finding(
        "crossref",
        identifiers=(DOI, ARXIV),
        kind="article",
        title="ON SLOW LIGHT",
        authors=(Author(family="Lovelace", given="Ada"),),
        abstract="We slow…",
        dates=Dates(online="2024-12-31", issued="2025-02"),
        venue="Journal of Slowness",
        pages="11-19",
    ),
    Finding(
        "datacite",
        identifiers=(ARXIV,),
        kind="preprint",
        title="On slow light",
        dates=Dates(preprinted="2024-01-03"),
        publisher="arXiv",
    ),
    Finding(
        "openalex",
        identifiers=(DOI, ARXIV),
        kind="article",
        title="On slow light.",
        dates=Dates(issued="2025"),
        venue="J Slow",
        volume="7",
        manifestations=(
            Manifestation("landing", "https://slow.example/7"),
            Manifestation("landing", "https://arxiv.org/pdf/2401.00123v1"),
        ),
    ),
    Finding(
        "s2",
        identifiers=(ARXIV, DOI),
        kind="inproceedings",
        title="Slow light",
        dates=Dates(issued="2024"),
        venue="Conference on Slowness",
        volume="8",
    ),
    Finding(
        "huggingface",
        identifiers=(ARXIV,),
        kind="preprint",
        title="Slow Light!",
        dates=Dates(preprinted="2024-01-05"),
        links=(Link("code", REPO, "available", 0.6, "Hugging Face", "huggingface"),),
    ),
)


@pytest.mark.parametrize("one_moment", [True, False])
def test_six_sources_make_the_same_paper_in_all_orders_in_which_they_answer(one_moment: bool) -> None:
    def at(place: int) -> str:
        return f"2026-03-02T10:0{0 if one_moment else place}:00.000Z"

    found = []
    for order in permutations(SIX):
        derived = derive([(at(place), finding) for place, finding in enumerate(order)])
        for provenance in derived.provenance.values():
            assert provenance.source in {finding.source for finding in SIX}
        found.append((derived, order))
    first = found[0][0]
    same = [name for name in type(first).__struct_fields__ if name != "provenance"]
    for derived, _ in found:
        assert [getattr(derived, name) for name in same] == [getattr(first, name) for name in same]
        assert {k: p.source for k, p in derived.provenance.items()} == {
            k: p.source for k, p in first.provenance.items()
        }


def test_sources_that_are_believed_alike_make_the_same_paper_in_all_orders_of_one_moment() -> None:
    strangers = (
        Finding("tomorrow", kind="book", title="Slow", venue="A", manifestations=(Manifestation("html", "https://b"),)),
        Finding("the day after", kind="book", title="Quick", venue="B", authors=(Author(literal="Ada"),)),
        Finding("tomorrow", kind="chapter", title="Quick", manifestations=(Manifestation("html", "https://a"),)),
        Finding("yet later", kind="chapter", title="Snail", manifestations=(Manifestation("landing", "https://b"),)),
    )
    at = "2026-03-02T10:00:00.000Z"
    made = [derive([(at, finding) for finding in order]) for order in permutations(strangers)]
    assert all(derived == made[0] for derived in made)


def test_each_field_is_that_of_the_source_believed_first_for_it() -> None:
    at = "2026-03-02T10:00:00.000Z"
    derived = derive([(at, finding) for finding in SIX])
    assert (derived.kind, derived.title, derived.year) == ("article", "On Slow Light", 2025)
    assert derived.authors == (Author(family="Lovelace", given="Ada"),)
    assert (derived.venue, derived.volume, derived.pages) == ("Journal of Slowness", "8", "11-19")
    assert derived.dates == Dates(preprinted="2024-01-02", online="2024-12-31", issued="2025-02")
    assert (derived.publisher, derived.primary_class) == (None, "physics.optics")
    assert [(link.url, link.confidence) for link in derived.links] == [(REPO, 0.95)]
    assert derived.provenance["venue"] == Provenance("crossref", at)
