"""What the library page makes of papers and addresses, before any template sees it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.domain.addresses import paper_url, safe_url
from api.domain.papers import Author, Link, Manifestation, Paper
from api.store.tags import TagCount
from api.web.facets import MOST_SHOWN, facets_of
from api.web.queries import LibraryQuery, read_query
from api.web.rows import authors_line, resources_of
from api.web.sign_in import local_path

UNSAFE = (
    "javascript:alert(1)",
    "JavaScript:alert(1)",
    " javascript:x",
    "data:text/html,x",
    "file:///x",
    "//x.org",
    "http://",
    "http://[",
)


@pytest.mark.parametrize("url", UNSAFE)
def test_only_web_addresses_become_links(url: str) -> None:
    paper = Paper(
        id="p",
        kind="preprint",
        title="t",
        identifiers={"url": (url,)},
        manifestations=(Manifestation("pdf", url), Manifestation("landing", url)),
        links=(Link("code", url, "available", 1.0, "", "page"),),
    )
    assert safe_url(url) is None
    assert paper_url(paper) is None
    assert resources_of(paper) == ()


@pytest.mark.parametrize(
    ("identifiers", "url"),
    [
        ({"doi": ("10.5555/x",), "arxiv": ("1706.03762",)}, "https://arxiv.org/abs/1706.03762"),
        (
            {"doi": ('10.1002/(sici)1<2::aid>3.0.co;2-#?"',)},
            "https://doi.org/10.1002/(sici)1%3C2::aid%3E3.0.co;2-%23%3F%22",
        ),
        ({"arxiv": ("math/0309136",)}, "https://arxiv.org/abs/math/0309136"),
        ({"pmid": ("1",)}, "https://pubmed.ncbi.nlm.nih.gov/1/"),
        ({"url": ("https://example.org/a",)}, "https://example.org/a"),
        ({}, None),
    ],
)
def test_a_title_leads_to_the_page_that_people_cite(identifiers: dict[str, tuple[str, ...]], url: str | None) -> None:
    assert paper_url(Paper(id="p", kind="article", title="t", identifiers=identifiers)) == url


def test_the_status_of_a_link_is_said_and_code_comes_before_mentions() -> None:
    statuses = ("mention", "promised", "available")
    links = tuple(Link("code", f"https://x.org/{s}", s, 0.5, "e", "page") for s in statuses)  # type: ignore[arg-type]
    links += (Link("project", "https://x.org/project", "available", 1.0, "e", "page"),)
    labels = [one.label for one in resources_of(Paper(id="p", kind="article", title="t", links=links))]
    assert labels == ["code promised", "code", "project page", "code mentioned"]


def test_four_authors_are_three_and_et_al() -> None:
    people = (Author("Maaten", "Laurens", "van der"), Author(literal="A Team"), Author("Ash"), Author("Birch", "B."))
    assert authors_line(people) == "Laurens van der Maaten, A Team, Ash et al."
    assert authors_line(people[:3]) == "Laurens van der Maaten, A Team, Ash"
    assert authors_line(()) == ""


@given(
    q=st.text(max_size=30),
    tags=st.lists(st.text(min_size=1, max_size=20), max_size=4, unique=True),
    status=st.sampled_from([None, "to_read", "archived"]),
    cursor=st.text(max_size=20),
)
def test_a_query_reads_back_from_the_address_that_it_writes(
    q: str, tags: list[str], status: str | None, cursor: str
) -> None:
    query = LibraryQuery(
        q=" ".join(q.split()), status=status, tags=tuple(tags), has=("code",), sort="year", cursor=cursor
    )  # type: ignore[arg-type]
    assert read_query(query.text) == query
    assert local_path(query.path) == query.path


@given(st.text(max_size=200))
def test_any_text_is_read_as_some_query(text: str) -> None:
    query = read_query(text)
    assert read_query(query.text) == query


def test_a_tag_that_is_asked_for_is_in_sight_and_can_be_taken_off() -> None:
    tags = [TagCount(str(n), f"tag {n}", None, 100 - n, 1) for n in range(MOST_SHOWN + 5)]
    last = tags[-1].name
    facet = facets_of(LibraryQuery(tags=(last, "gone")), tags, [], [])[-1]
    shown = {choice.words: choice for choice in facet.choices}
    assert shown[last].on
    assert shown[last].path == "/?tag=gone"
    assert shown["gone"].on
    assert len(facet.rest) == 6
