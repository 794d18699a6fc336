"""Which pages show a paper, of what kind, by what title; and which must not speak at all."""

from __future__ import annotations

import pytest

from api.domain.page_meta import Page, read_page
from api.domain.papers import Author, Finding, Identifier, Manifestation
from tests.domain.pages import JOURNAL, an_article, named, read

CITED = "Acta Testica 68 (4), 2023: 709-718 doi:10.1000/at.7"


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"citation_conference_title": "Proc. of Testing"}, "inproceedings"),
        ({"citation_inbook_title": "A Book"}, "chapter"),
        ({"citation_dissertation_institution": "A University"}, "thesis"),
        ({"citation_technical_report_institution": "A Lab"}, "report"),
        ({"citation_arxiv_id": "2305.16311"}, "preprint"),
        ({"citation_journal_title": "bioRxiv"}, "preprint"),
        ({"citation_doi": "10.31234/osf.io/abc12"}, "preprint"),
        ({"citation_isbn": "978-3-16-148410-0"}, "book"),
        ({"citation_doi": "10.1000/x", "dc.type": "Dataset"}, "dataset"),
        ({"citation_doi": "10.1000/x"}, None),
    ],
)
def test_the_kind_follows_the_tags(fields: dict[str, str], kind: str | None):
    assert read(citation_title="A Title", **fields).kind == kind


WALLS = [
    "Just a moment...",
    "Attention Required! | Cloudflare",
    "Access denied",
    "403 Forbidden",
    "404 Not Found",
    "Page not found",
    "Error",
    "Einen Moment, bitte…",
    "Are you a robot?",
    "Pardon Our Interruption",
    "Service Unavailable",
]


@pytest.mark.parametrize("title", WALLS)
def test_a_page_in_the_way_has_no_title_and_no_kind(title: str):
    found = read("https://doi.org/10.1000/x", title=title, **{"og:title": title, "description": "Enable cookies"})
    assert (found.title, found.kind, found.abstract, named(found)) == (None, None, None, ["doi:10.1000/x"])
    assert read(title=title).kind is None


@pytest.mark.parametrize("title", ["1706.03762v7.pdf", "Microsoft Word - final2.docx", "untitled", "paper.pdf"])
def test_the_name_of_a_file_is_no_title(title: str):
    found = read("https://arxiv.org/pdf/1706.03762v7", title=title, content_type="application/pdf")
    assert (found.title, found.kind, named(found)) == (None, "preprint", ["arxiv:1706.03762"])


def test_a_blog_is_a_web_page_whatever_tags_it_has():
    found = read(
        "https://www.someblog.example/posts/1",
        title="A Post - SomeBlog",
        **{"og:type": "article", "og:description": "About it."},
        citation_title="A Post",
        citation_author="quill",
        jsonld={"@type": "BlogPosting", "headline": "A Post", "datePublished": "2022-09-02"},
    )
    assert (found.kind, found.title, found.abstract, found.venue) == ("webpage", "A Post", "About it.", None)
    assert named(found) == ["url:https://someblog.example/posts/1"]
    assert found.dates.issued == "2022-09-02"


def test_a_title_and_an_author_in_citation_tags_are_not_enough_for_a_paper():
    assert read(citation_title="A Post", citation_author="quill").kind == "webpage"


def test_news_with_a_doi_is_still_news():
    found = read(
        **{
            "dc.title": "Bridge opens",
            "dc.type": "News",
            "prism.doi": "doi:10.1000/d1",
            "prism.publicationName": "Nature",
        }
    )
    assert (found.kind, named(found)) == ("webpage", ["doi:10.1000/d1"])


def test_an_article_on_a_blog_with_its_own_doi_is_a_web_page():
    found = read(
        title="Own Soup", canonical="https://doi.org/10.1000/blog", jsonld={"@type": "Article", "headline": "Own Soup"}
    )
    assert (found.kind, named(found)) == ("webpage", ["doi:10.1000/blog"])


def test_a_list_of_papers_is_a_web_page():
    many = an_article(citation_journal_title=[], citation_doi=["10.1000/one", "10.1000/two"])
    listed = read("https://arxiv.org/list/cs.LG/recent", title="Machine Learning")
    works = read(
        title="Mine", jsonld=[{"@type": "ScholarlyArticle", "name": "A"}, {"@type": "ScholarlyArticle", "name": "B"}]
    )
    assert [found.kind for found in (many, listed, works)] == ["webpage"] * 3
    assert (listed.title, works.title) == ("Machine Learning", "Mine")


def test_a_page_without_anything_is_a_web_page_without_title():
    assert read_page(JOURNAL, Page()) == Finding(
        "page", (Identifier("url", JOURNAL),), "webpage", manifestations=(Manifestation("html", JOURNAL),)
    )


@pytest.mark.parametrize(
    ("raw", "plain"),
    [
        ("  two \n\t blanks ", "two blanks"),
        ("R&amp;D &#8211; &lt;i&gt;in vivo&lt;/i&gt;", "R&D – in vivo"),
        ("l&amp;#039;eau", "l'eau"),
        ("nul\x00 and \ud800 surrogate\x1f", "nul and surrogate"),
        ("p<0.05 and q>1", "p<0.05 and q>1"),
        ("H<sub>2</sub>O", "H2O"),
        ("cafe\u0301", "café"),
    ],
)
def test_text_is_made_plain(raw: str, plain: str):
    assert an_article(citation_title=raw).title == plain


@pytest.mark.parametrize(
    ("title", "host", "plain"),
    [
        ("A Paper | NBER", "https://www.nber.org/x", "A Paper"),
        ("A Paper - ScienceDirect", JOURNAL, "A Paper"),
        ("A Paper - archive/006747", "https://example.org/archive/006747", "A Paper"),
        ("Daydreams — TestWrong", "https://www.testwrong.com/posts/1", "Daydreams"),
        ("Insider: A Release", "https://insider.example.org/1", "A Release"),
        ("Tests - a history", JOURNAL, "Tests - a history"),
        ("[1706.03762] Attention", "https://example.org/", "Attention"),
    ],
)
def test_the_site_is_no_part_of_the_title(title: str, host: str, plain: str):
    assert read(host, title=title).title == plain


@pytest.mark.parametrize(
    "fields",
    [
        {
            "title": "Ribs of Tests - Acta Testica",
            "text": f"Issues > Ribs of Tests Ann Bee and Cy Dee {CITED} We test.",
        },
        {
            "title": "Ribs of Tests",
            "text": "Published in: 2023. Acta Testica 68(4): 709–718 (online May 1) https://doi.org/10.1000/at.7",
        },
        {
            "title": "Ribs of Tests.",
            "description": "Acta Testica. 2023 May 12;68(4):709-718. doi: 10.1000/at.7. [Epub]",
        },
    ],
    ids=["title and line", "published in", "description"],
)
def test_a_page_without_tags_may_print_its_own_citation(fields: dict[str, str]):
    found = read(**fields)
    assert (found.kind, found.title.rstrip("."), named(found)) == ("article", "Ribs of Tests", ["doi:10.1000/at.7"])
    assert (found.venue, found.volume, found.issue, found.pages) == ("Acta Testica", "68", "4", "709-718")
    assert found.dates.issued.startswith("2023")


def test_a_citation_without_a_year_is_not_taken():
    assert (
        read(title="Ribs of Tests - Acta Testica", text="Acta Testica 68 (4): 709-718 doi:10.1000/at.7").kind
        == "webpage"
    )


def test_the_byline_between_title_and_citation_names_the_authors():
    found = read(title="Ribs of Tests - Acta Testica", text=f"Ribs of Tests Ann Bee and Cy Dee {CITED}")
    assert found.authors == (Author("Bee", "Ann"), Author("Dee", "Cy"))


def test_a_citation_of_another_paper_in_the_text_makes_no_paper():
    told = f"Scientists found ribs. More information: Ann Bee, Ribs of Tests, {CITED}"
    assert read(title="Ribs found - Daily News", text=told).kind == "webpage"
    assert (
        read(title="Ribs of Tests - Acta Testica", text=told, jsonld={"@type": "NewsArticle", "headline": "Ribs"}).kind
        == "webpage"
    )
