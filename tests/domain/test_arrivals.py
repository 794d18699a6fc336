"""What a save by address alone is filed under: the very page that was open, whichever page the paper is known by."""

from __future__ import annotations

import pytest

from api.domain.arrivals import arrive, paper_from
from api.domain.page_meta import Page
from api.domain.papers import Manifestation


@pytest.mark.parametrize("page", [None, Page(title="A Title")], ids=["address alone", "with page"])
@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://arxiv.org/pdf/1706.03762v5", Manifestation("pdf", "https://arxiv.org/pdf/1706.03762v5", 5)),
        ("arxiv.org/pdf/1706.03762", Manifestation("pdf", "https://arxiv.org/pdf/1706.03762")),
        (" https://arxiv.org/html/1706.03762v7#S3 ", Manifestation("html", "https://arxiv.org/html/1706.03762v7", 7)),
        (
            "https://hal.science/hal-01234567/document",
            Manifestation("pdf", "https://hal.science/hal-01234567/document"),
        ),
        (
            "https://openreview.net/pdf?id=rJl-b3RcF7&utm_source=mail",
            Manifestation("pdf", "https://openreview.net/pdf?id=rJl-b3RcF7"),
        ),
        (
            "https://arxiv-org.ezproxy.example.edu/pdf/1706.03762",
            Manifestation("pdf", "https://arxiv.org/pdf/1706.03762"),
        ),
        ("10.1000/abc", Manifestation("landing", "https://doi.org/10.1000/abc")),
        ("arXiv:1706.03762v2", Manifestation("abs", "https://arxiv.org/abs/1706.03762", 2)),
        ("https://example.org/notes.pdf", Manifestation("pdf", "https://example.org/notes.pdf")),
    ],
)
def test_a_save_is_filed_under_the_page_that_was_open(text: str, shown: Manifestation, page: Page | None):
    assert arrive(text, page).finding.manifestations[0] == shown


def test_links_of_a_page_saved_without_scheme_are_resolved_against_it():
    tags = (("citation_title", "A Title"), ("citation_doi", "10.1000/abc"), ("citation_pdf_url", "/pdf/7.pdf"))
    found = arrive("journal.example.org/doi/10.1000/abc", Page(metas=tags)).finding
    assert Manifestation("pdf", "https://journal.example.org/pdf/7.pdf") in found.manifestations


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("arXiv:1706.03762", "preprint"),
        ("10.1000/abc", "article"),
        ("https://doi.org/10.2139/ssrn.3204450", "preprint"),
        ("https://aclanthology.org/2020.acl-main.1/", "inproceedings"),
        ("https://pubmed.ncbi.nlm.nih.gov/31452104/", "article"),
        ("https://openreview.net/forum?id=rJl-b3RcF7", "article"),
        ("https://example.org/notes", "webpage"),
    ],
)
def test_a_paper_saved_by_address_alone_is_of_the_likeliest_kind(text: str, kind: str):
    arrival = arrive(text)
    paper, _ = paper_from("p", [("2024-01-01T00:00:00Z", arrival.finding)], arrival.claims)
    assert paper.kind == kind
