"""What arXiv and Crossref say, as findings; and what is not an answer at all."""

from __future__ import annotations

import json

import pytest

from api.domain.papers import Author, Dates, Finding, Identifier, Manifestation
from workers.sources.arxiv import Arxiv, read_feed
from workers.sources.base import Answer, BadAnswer, Request
from workers.sources.crossref import Crossref

ARXIV = Arxiv("https://arxiv.example")
CROSSREF = Crossref("https://crossref.example/v1", "admin+x@example.org")
ARXIV_URL = "https://arxiv.example/api/query?id_list=2401.00123&max_results=1"
DOI = "10.5555/abc.7"
CROSSREF_URL = "https://crossref.example/v1/works/10.5555%2Fabc.7?mailto=x"

ENTRY = """<entry>
<id>http://arxiv.org/abs/2401.00123v3</id>
<title>Slow  Light
  in $x &lt; y$ Media</title>
<updated>2025-02-03T10:00:00Z</updated><published>2024-01-02T18:00:00Z</published>
<link href="http://arxiv.org/pdf/2401.00123v3" rel="related" type="application/pdf" title="pdf"/>
<summary>  We slow it &amp; measure.
</summary>
<author><name>Ada van Lovelace</name></author><author><name>:</name></author>
<author><name>The SLOW Collaboration</name></author>
<arxiv:comment>12 pages, code at example.org/slow</arxiv:comment>
<arxiv:journal_ref>J. Slow 7 (2025) 11-19</arxiv:journal_ref>
<arxiv:doi>10.5555/Slow.7 10.48550/arXiv.2401.00123</arxiv:doi>
<arxiv:primary_category term="physics.optics"/><category term="physics.optics"/><category term="quant-ph"/>
</entry>"""


def feed(*entries: str, before: str = "") -> bytes:
    """An Atom feed as arXiv writes it."""
    spaces = 'xmlns="http://www.w3.org/2005/Atom" xmlns:arxiv="http://arxiv.org/schemas/atom"'
    return f'<?xml version="1.0" encoding="UTF-8"?>{before}<feed {spaces}>{"".join(entries)}</feed>'.encode()


def from_arxiv(body: bytes, status: int = 200, url: str = ARXIV_URL) -> Answer:
    """An answer of arXiv."""
    return Answer("arxiv", url, status, "application/atom+xml", body, "2026-11-18T12:00:00.000Z")


def from_crossref(status: int = 200, url: str = CROSSREF_URL, **work: object) -> Answer:
    """An answer of Crossref with these fields of a work."""
    fields = {"DOI": DOI, **{name.replace("_", "-"): value for name, value in work.items()}}
    body = json.dumps({"status": "ok", "message-type": "work", "message": fields}).encode()
    return Answer("crossref", url, status, "application/json", body, "2026-11-18T12:00:00.000Z")


def crossref(**work: object) -> Finding:
    """What we read from these fields of a work."""
    found = CROSSREF.read(from_crossref(**work))
    assert found is not None
    return found


def test_each_source_asks_one_thing_about_a_paper_that_it_can_know() -> None:
    both = {Identifier("arxiv", "hep-th/9711200"), Identifier("doi", "10.5555/a#b?c/../d")}
    assert ARXIV.ask(both) == Request(
        "arxiv", "https://arxiv.example/api/query?id_list=hep-th/9711200&max_results=1", "application/atom+xml"
    )
    assert CROSSREF.ask(both) == Request(
        "crossref",
        "https://crossref.example/v1/works/10.5555%2Fa%23b%3Fc%2F..%2Fd?mailto=admin%2Bx%40example.org",
        "application/json",
    )
    assert ARXIV.ask({Identifier("doi", DOI)}) is None
    assert CROSSREF.ask({Identifier("arxiv", "2401.00123")}) is None


def test_crossref_is_asked_for_the_published_record_and_never_for_a_dataset() -> None:
    preprint, paper = Identifier("doi", "10.1101/2020.01.01.123456"), Identifier("doi", "10.5555/paper")
    assert "10.5555" in str(CROSSREF.ask([preprint, paper]))
    assert "10.1101" in str(CROSSREF.ask([preprint]))
    assert CROSSREF.ask([Identifier("doi", "10.5281/zenodo.1")]) is None
    no_mail = Crossref("https://crossref.example", "").ask([paper])
    assert no_mail is not None
    assert no_mail.url == "https://crossref.example/works/10.5555%2Fpaper"


def test_an_arxiv_entry_is_read_whole() -> None:
    assert ARXIV.read(from_arxiv(feed(ENTRY))) == Finding(
        source="arxiv",
        identifiers=(Identifier("arxiv", "2401.00123"), Identifier("doi", "10.5555/slow.7")),
        kind="preprint",
        title="Slow Light in $x < y$ Media",
        authors=(
            Author(family="Lovelace", given="Ada", particle="van"),
            Author(literal="The SLOW Collaboration"),
        ),
        abstract="We slow it & measure.",
        dates=Dates(preprinted="2024-01-02"),
        venue="J. Slow 7 (2025) 11-19",
        primary_class="physics.optics",
        comment="12 pages, code at example.org/slow",
        manifestations=(
            Manifestation("abs", "https://arxiv.org/abs/2401.00123v3", 3),
            Manifestation("pdf", "https://arxiv.org/pdf/2401.00123v3", 3),
        ),
    )


def test_of_several_entries_only_the_one_asked_for_is_taken() -> None:
    other = ENTRY.replace("2401.00123v3", "2402.00001v1")
    found = ARXIV.read(from_arxiv(feed(other, ENTRY)))
    assert found is not None
    assert found.identifiers[0].value == "2401.00123"
    with pytest.raises(BadAnswer, match="other_paper"):
        ARXIV.read(from_arxiv(feed(other)))
    assert [each.identifiers[0].value for each in read_feed(from_arxiv(feed(other, ENTRY)))] == [
        "2402.00001",
        "2401.00123",
    ]


def test_an_id_that_arxiv_does_not_know_is_no_finding() -> None:
    error = "<entry><id>https://arxiv.org/api/errors#{}</id><title>Error</title><summary>no</summary></entry>"
    assert ARXIV.read(from_arxiv(feed())) is None
    assert ARXIV.read(from_arxiv(feed(error.format("incorrect_id_format_for_abc")), status=400)) is None
    with pytest.raises(BadAnswer, match="source_error"):
        ARXIV.read(from_arxiv(feed(error.format("start_must_be_non-negative")), status=400))


def test_a_withdrawn_paper_has_no_pdf() -> None:
    found = ARXIV.read(from_arxiv(feed(ENTRY.replace("application/pdf", "text/plain"))))
    assert found is not None
    assert [each.kind for each in found.manifestations] == ["abs"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        feed(ENTRY)[:-40],
        b"{}",
        b"<rss/>",
        feed(ENTRY, before='<!DOCTYPE feed [<!ENTITY a "b">]>'),
        feed(ENTRY, before='<!DOCTYPE feed SYSTEM "http://127.0.0.1/x.dtd">'),
        feed("<a>" * 100 + "</a>" * 100),
        feed(ENTRY).replace(b"UTF-8", b"no-such-code"),
        feed("<entry><id>http://arxiv.org/abs/</id></entry>"),
        b"<a>" * 1_000_000,
        b" " * 6_000_000,
    ],
    ids=range(11),
)
def test_what_is_no_feed_is_a_bad_answer(body: bytes) -> None:
    with pytest.raises(BadAnswer, match="malformed"):
        ARXIV.read(from_arxiv(body))


def test_a_crossref_article_is_read_whole() -> None:
    assert crossref(
        type="journal-article",
        title=["Slow &amp; <jats:italic>Steady</jats:italic>"],
        subtitle=["A Review"],
        author=[
            {"given": "Ada", "family": "Lovelace", "suffix": "Jr."},
            {"name": "The SLOW Group"},
            {"family": "Aristotle"},
            {"sequence": "additional"},
            "odd",
        ],
        container_title=["Journal of Slow &amp; Steady", "J. Slow"],
        volume="7",
        issue="1/2",
        article_number="011",
        publisher="Slow Press",
        language="en",
        issued={"date-parts": [[2025, 2]]},
        published_online={"date-parts": [[2024, 12, 31]]},
        abstract="<jats:title>Abstract</jats:title><jats:p>We slow.</jats:p>",
        relation={"has-preprint": [{"id-type": "doi", "id": "10.48550/arXiv.2401.00123"}]},
    ) == Finding(
        source="crossref",
        identifiers=(Identifier("doi", DOI), Identifier("arxiv", "2401.00123")),
        kind="article",
        title="Slow & <i>Steady</i>: A Review",
        authors=(
            Author(family="Lovelace", given="Ada", suffix="Jr."),
            Author(literal="The SLOW Group"),
            Author(literal="Aristotle"),
        ),
        abstract="We slow.",
        dates=Dates(online="2024-12-31", issued="2025-02"),
        venue="Journal of Slow & Steady",
        volume="7",
        issue="1/2",
        pages="011",
        publisher="Slow Press",
        language="en",
    )


def test_a_preprint_has_only_the_date_of_a_preprint_and_names_its_publication() -> None:
    found = crossref(
        type="posted-content",
        posted={"date-parts": [[2020, 1, 5]]},
        issued={"date-parts": [[2020, 1, 5]]},
        relation={"is-preprint-of": [{"id-type": "doi", "id": "https://doi.org/10.5555/Later"}], "references": []},
    )
    assert (found.kind, found.dates) == ("preprint", Dates(preprinted="2020-01-05"))
    assert found.identifiers == (Identifier("doi", DOI), Identifier("doi", "10.5555/later"))


def test_no_relation_but_that_of_preprint_and_publication_claims_identity() -> None:
    other = [{"id-type": "doi", "id": "10.5555/other"}]
    names = ("references", "is-review-of", "is-supplemented-by", "is-version-of", "is-part-of")
    assert crossref(relation=dict.fromkeys(names, other)).identifiers == (Identifier("doi", DOI),)


def test_a_chapter_is_in_its_book_not_in_the_series() -> None:
    titles = ["Lecture Notes in Slowness", "Proceedings of Slow 2025"]
    assert crossref(type="book-chapter", container_title=titles).venue == "Proceedings of Slow 2025"
    assert crossref(type="journal-article", container_title=titles).venue == "Lecture Notes in Slowness"


@pytest.mark.parametrize(
    ("parts", "date"),
    [
        ([[2020, 4, 9]], "2020-04-09"),
        ([[2020, None, 9]], "2020"),
        ([[2020, 13]], "2020"),
        ([["2020", "4"]], "2020-04"),
        ([[None]], None),
        ([[]], None),
        ([], None),
        (None, None),
        ([[0]], None),
        ([[20200]], None),
    ],
)
def test_a_date_is_read_as_far_as_it_makes_sense(parts: object, date: str | None) -> None:
    assert crossref(issued={"date-parts": parts}).dates.issued == date


ODD_VALUES = [None, "", 0, [], {}, [None], [[]], "text", ["\ud800\x00"], {"name": None}, [{"date-parts": [["x"]]}]]


@pytest.mark.parametrize("odd", ODD_VALUES, ids=repr)
def test_one_odd_field_does_not_lose_the_others(odd: object) -> None:
    fields = ["author", "abstract", "relation", "issued", "container_title", "title", "institution", "type", "aliases"]
    found = crossref(**dict.fromkeys(fields, odd), volume="7")
    assert (found.volume, found.identifiers) == ("7", (Identifier("doi", DOI),))
    str(found).encode()
