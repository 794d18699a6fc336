"""What JSON-LD says about a paper, and the blocks that are passed over."""

from __future__ import annotations

import msgspec
import pytest

from api.domain.page_meta import Page, read_page
from api.domain.papers import Author
from tests.domain.pages import JOURNAL, named, read


def test_scholarly_json_ld_makes_an_article():
    found = read(
        jsonld={
            "@graph": [
                {"@type": "BreadcrumbList", "itemListElement": [{"@type": "ScholarlyArticle", "name": "Another"}]},
                {
                    "@type": ["ScholarlyArticle", "Thing"],
                    "headline": "On &amp; On",
                    "author": [
                        {"@type": "Person", "givenName": "Ada", "familyName": "Lovelace"},
                        {"name": "Test Consortium"},
                    ],
                    "datePublished": "2021-02-03T00:00:00Z",
                    "identifier": {"@type": "PropertyValue", "propertyID": "doi", "value": "10.1000/xyz"},
                    "sameAs": "https://doi.org/10.1000/xyz",
                    "pageStart": "5",
                    "pageEnd": "9",
                    "isPartOf": {
                        "@type": "PublicationIssue",
                        "issueNumber": 4,
                        "isPartOf": {
                            "@type": "PublicationVolume",
                            "volumeNumber": "12",
                            "isPartOf": {"@type": "Periodical", "name": "J. Tests"},
                        },
                    },
                },
            ]
        }
    )
    assert (found.kind, found.title, found.venue, found.volume, found.issue) == (
        "article",
        "On & On",
        "J. Tests",
        "12",
        "4",
    )
    assert found.authors == (Author("Lovelace", "Ada"), Author(literal="Test Consortium"))
    assert (found.dates.issued, found.pages, named(found)) == ("2021-02-03", "5-9", ["doi:10.1000/xyz"])


@pytest.mark.parametrize(
    "block",
    [
        b"{",
        b"",
        b'{"@type": "ScholarlyArticle", "headline": "Cut',
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"@graph":' * 100 + b"1" + b"}" * 100,
    ],
)
def test_json_ld_that_is_broken_or_endless_is_passed_over(block: bytes):
    good = msgspec.Raw(b'{"@type": "ScholarlyArticle", "headline": "Good"}')
    assert read_page(JOURNAL, Page(jsonld=(msgspec.Raw(block), good))).title == "Good"


def test_json_ld_nested_64_deep_is_read_and_deeper_is_not():
    def nested(depth: int) -> msgspec.Raw:
        return msgspec.Raw(b"[" * (depth - 1) + b'{"@type":"ScholarlyArticle","name":"Deep"}' + b"]" * (depth - 1))

    assert read_page(JOURNAL, Page(jsonld=(nested(64),))).title == "Deep"
    assert read_page(JOURNAL, Page(jsonld=(nested(65),))).title is None
