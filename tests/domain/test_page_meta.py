"""What a page says about its paper: the precedence of its tags, its identifiers, and what cannot break the reader."""

from __future__ import annotations

import json

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.domain.errors import BadUrl
from api.domain.page_meta import Page, read_page
from api.domain.papers import Author, Dates, Manifestation
from tests.domain.pages import JOURNAL, an_article, named, read


def test_highwire_tags_make_an_article():
    found = an_article(
        citation_author=["Ada Lovelace", "Babbage, Charles"],
        citation_doi="doi:10.1000/ABC",
        citation_publication_date="2020/05/12",
        citation_online_date="2020/04/01",
        citation_volume="3",
        citation_issue="2",
        citation_firstpage="10",
        citation_lastpage="20",
        citation_publisher="Test House",
        citation_language="en-GB",
        citation_pdf_url="/articles/7.pdf",
    )
    assert found.kind == "article"
    assert (found.title, found.venue, found.volume, found.issue, found.pages) == (
        "On Tests",
        "Journal of Tests",
        "3",
        "2",
        "10-20",
    )
    assert found.authors == (Author("Lovelace", "Ada"), Author("Babbage", "Charles"))
    assert found.dates == Dates(online="2020-04-01", issued="2020-05-12")
    assert (found.publisher, found.language, named(found)) == ("Test House", "en", ["doi:10.1000/abc"])
    assert found.manifestations == (
        Manifestation("html", JOURNAL),
        Manifestation("pdf", "https://journal.example.org/articles/7.pdf"),
    )


def test_an_arxiv_page_is_dated_by_its_first_version_and_identified_by_its_address():
    found = read(
        "https://arxiv.org/abs/2305.16311v2",
        title="[2305.16311] A Title",
        canonical="/abs/2305.16311",
        citation_title="A Title",
        citation_author="Doe, Jane",
        citation_date="2023/05/25",
        citation_online_date="2023/07/01",
        citation_arxiv_id="2305.16311",
        citation_abstract="Abstract: We test.",
        text="Cite as 10.48550/arXiv.2305.16311, see also doi 10.1000/other",
    )
    assert (found.kind, named(found), found.venue) == ("preprint", ["arxiv:2305.16311"], None)
    assert found.dates == Dates(preprinted="2023-05-25")
    assert found.abstract == "We test."
    assert Manifestation("pdf", "https://arxiv.org/pdf/2305.16311v2", 2) in found.manifestations


def test_a_volume_of_proceedings_does_not_lend_its_isbn_to_a_paper():
    paper = read(citation_title="A", citation_conference_title="Proc.", citation_isbn="978-3-16-148410-0")
    book = read(citation_title="A", citation_isbn="978-3-16-148410-0")
    assert (named(paper), named(book)) == ([f"url:{JOURNAL}"], [f"url:{JOURNAL}", "isbn:9783161484100"])


def test_dublin_core_and_prism_make_an_article():
    found = read(
        **{
            "DC.Title": "Old Tags",
            "DC.Creator": ["  Ada   Lovelace ", "Charles Babbage"],
            "dc.Type": "research-article",
            "dc.Date": "24 Apr 2013",
            "dc:identifier": ["788745", "10.1000/old"],
            "prism.publicationName": "Journal of Tests",
            "prism.startingPage": "1–9",
        }
    )
    assert (found.kind, found.title, found.venue, found.pages) == ("article", "Old Tags", "Journal of Tests", "1-9")
    assert (found.authors[0], found.dates.issued, named(found)) == (
        Author("Lovelace", "Ada"),
        "2013-04-24",
        ["doi:10.1000/old"],
    )


def test_the_best_source_of_each_field_wins():
    found = read(
        title="The Page | A Site",
        **{
            "og:title": "OG",
            "dc.title": "DC",
            "citation_title": "Highwire",
            "citation_journal_title": "J",
            "dc.date": "2007-10-23",
        },
        citation_publication_date="1977/01",
        jsonld={"@type": "ScholarlyArticle", "headline": "LD", "datePublished": "2008"},
    )
    assert (found.title, found.dates.issued) == ("Highwire", "1977-01")


def test_tags_of_a_repository_come_after_those_of_dublin_core():
    found = read(**{"bepress_citation_title": "Repository", "dc.title": "Core", "bepress_citation_journal_title": "J"})
    assert (found.title, found.venue, found.kind) == ("Core", "J", "article")


def test_the_version_shown_on_arxiv_is_not_its_date():
    assert (
        read("https://arxiv.org/abs/2305.16311", citation_title="A", citation_online_date="2023/07/01").dates == Dates()
    )


@pytest.mark.parametrize("prefix", ["citation_", "CITATION.", "wkhealth_", "publisher_citation_"])
def test_a_site_may_spell_its_tags_its_own_way(prefix: str):
    found = read(**{f"{prefix}title": "Spelt", f"{prefix}journal_title": "J", f"{prefix}doi": "10.1000/x"})
    assert (found.title, found.kind, named(found)) == ("Spelt", "article", ["doi:10.1000/x"])


def test_a_page_does_not_contradict_its_address():
    found = an_article(
        url="https://doi.org/10.1000/right",
        citation_doi="10.1000/wrong",
        canonical="https://doi.org/10.1000/wrong",
        citation_pmid="7",
    )
    assert named(found) == ["doi:10.1000/right", "pmid:7"]


def test_two_dois_in_free_tags_are_none():
    assert named(an_article(**{"dc.identifier": ["10.1000/one", "10.1000/two"]})) == [f"url:{JOURNAL}"]


@pytest.mark.parametrize(
    ("text", "dois"),
    [
        ("Vol. 3, doi:10.1000/only.", ["doi:10.1000/only"]),
        ("doi:10.1000/one and https://doi.org/10.1000/one", ["doi:10.1000/one"]),
        ("doi:10.1000/one cites 10.1000/two", [f"url:{JOURNAL}"]),
        ("10.1145/nnnnnnn.nnnnnnn", [f"url:{JOURNAL}"]),
    ],
)
def test_a_doi_comes_from_running_text_only_where_it_is_the_only_one(text: str, dois: list[str]):
    found = an_article(text=text)
    assert [name for name in named(found) if name.startswith("doi:")] == [
        name for name in dois if name.startswith("doi:")
    ]


def test_a_template_doi_is_no_identifier():
    assert named(an_article(citation_doi="10.1145/nnnnnnn.nnnnnnn")) == [f"url:{JOURNAL}"]


def test_a_link_of_the_resolver_is_an_identifier_and_no_pdf():
    found = an_article(citation_pdf_url="https://doi.org/10.1177/0123456789")
    assert named(found) == ["doi:10.1177/0123456789"]
    assert [manifestation.kind for manifestation in found.manifestations] == ["html"]


@pytest.mark.parametrize(
    "pdf",
    [
        "http://localhost/x.pdf",
        "http://127.0.0.1/x.pdf",
        "http://[::1/x.pdf",
        "javascript:alert(1)",
        " ",
        "http://10.0.0.8/x",
    ],
)
def test_a_pdf_that_nobody_else_can_reach_is_not_taken(pdf: str):
    assert all(manifestation.kind != "pdf" for manifestation in an_article(citation_pdf_url=pdf).manifestations)


@pytest.mark.parametrize("bad", ["", "javascript:alert(1)", "not a url"])
def test_a_bad_address_is_refused_before_the_page_is_read(bad: str):
    with pytest.raises(BadUrl):
        read(bad, citation_title="A Title")


def test_two_megabytes_of_tags_are_read():
    found = an_article(
        citation_reference=["x" * 1000] * 2000, citation_author=[f"Ada Lovelace{'x' * i}" for i in range(300)]
    )
    assert (found.title, len(found.authors)) == ("On Tests", 189)  # a name has at most 200 characters


_HIGHWIRE = ("title", "author", "doi", "date", "pdf_url", "firstpage", "isbn", "arxiv_id", "journal_title")
_OTHER = ("dc.type", "dc.identifier", "og:title", "author", "description")
_NAMES = st.sampled_from([*(f"citation_{name}" for name in _HIGHWIRE), *_OTHER])
_VALUES = st.one_of(
    st.text(max_size=40),
    st.sampled_from(["10.1000/x", "2305.16311", "https://[", "//", "&#0;", "&#xd800;", "2020/99/99"]),
)
_JSON = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.text(max_size=9), st.sampled_from(["ScholarlyArticle", "10.1000/x"])
    ),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["@type", "@graph", "name", "author", "isPartOf", "identifier", "datePublished"]), inner
        )
    ),
    max_leaves=12,
)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(_NAMES, _VALUES), max_size=8), _JSON, st.text(max_size=30), _VALUES)
def test_no_page_breaks_the_reader_and_all_it_says_can_be_stored(
    metas: list[tuple[str, str]], block: object, title: str, link: str
):
    page = Page(
        title=title,
        canonical=link,
        lang=title,
        metas=tuple(metas),
        jsonld=(msgspec.Raw(json.dumps(block).encode()),),
        text=title,
    )
    found = read_page(JOURNAL, page)
    assert "\x00" not in msgspec.json.encode(found).decode()
