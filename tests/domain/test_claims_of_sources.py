"""Which identifiers a source may give to a paper by itself."""

from __future__ import annotations

import pytest
from msgspec import structs

from api.domain.joining import alike, bridges, claimable
from api.domain.papers import Author, Finding, Identifier

ARXIV, OTHER_ARXIV = Identifier("arxiv", "2401.00123"), Identifier("arxiv", "2401.00999")
DOI = Identifier("doi", "10.5555/slow.7")
ADA = (Author(family="Lovelace", given="Ada"),)
RECORD = Finding("arxiv", identifiers=(ARXIV,), title="On Slow Light in Media", authors=ADA)
MAP = Finding("s2", identifiers=(ARXIV, DOI), title="On slow light in media", authors=(Author(literal="A. Lovelace"),))


def test_who_keeps_a_record_is_believed_about_it() -> None:
    for source in ("arxiv", "biorxiv", "crossref", "datacite", "page"):
        finding = structs.replace(MAP, source=source, title="Something else")
        assert claimable(finding, [RECORD, finding]) == (ARXIV, DOI)


@pytest.mark.parametrize("source", ["openalex", "s2", "pubmed", "europepmc"])
@pytest.mark.parametrize(
    ("other", "believed"),
    [
        ({}, True),
        ({"authors": ()}, True),
        ({"title": "On the slow light in media"}, True),
        ({"title": "On fast sound in solids"}, False),
        ({"title": None}, False),
        ({"title": "On slow light in media II"}, False),
        ({"title": "Erratum: On slow light in media"}, False),
        ({"authors": (Author(family="Hopper", given="Grace"),)}, False),
    ],
)
def test_a_map_of_ids_is_believed_where_title_and_an_author_agree(
    source: str, other: dict[str, object], believed: bool
) -> None:
    finding = structs.replace(MAP, source=source, **other)
    assert claimable(finding, [RECORD, finding]) == ((ARXIV, DOI) if believed else ())
    assert bridges([finding], [RECORD]) == ({ARXIV, DOI} if believed else set())


def test_a_map_of_ids_is_believed_where_nobody_else_said_what_the_paper_is() -> None:
    bare, gated = Finding("page", identifiers=(ARXIV,)), Finding("page", title="Just a moment...")
    assert claimable(MAP, [bare, gated, MAP, structs.replace(MAP, source="openalex", title="Else")]) == (ARXIV, DOI)


def test_a_map_of_ids_gives_no_second_arxiv_id() -> None:
    twice = structs.replace(MAP, identifiers=(OTHER_ARXIV, DOI))
    assert claimable(twice, [RECORD, twice]) == (DOI,)


def test_what_only_passes_ids_on_builds_no_bridge() -> None:
    assert bridges([structs.replace(MAP, source="huggingface")], [RECORD]) == set()


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("On Slow Light", "On slow light", True),
        ("On Slow Light: Part I", "On Slow Light: Part II", False),
        ("Slow Light 2", "Slow Light 3", False),
        (
            "Retraction: On Slow Light in Very Cold Media of All Kinds",
            "On Slow Light in Very Cold Media of All Kinds",
            False,
        ),
        ("Comment on slow light", "Comment on slow light", True),
    ],
)
def test_nearly_the_same_title_is_not_always_the_same_work(one: str, other: str, same: bool) -> None:
    assert alike(one, other) is same
    assert alike(other, one) is same
