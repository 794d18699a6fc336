"""A paper's fields follow from what its sources said, and never from the order in which they answered."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.domain.derive import Derived, derive
from api.domain.papers import Author, Dates, Finding, Identifier, Link, Manifestation, Provenance

MONDAY, TUESDAY = "2026-03-02T10:00:00.000Z", "2026-03-03T10:00:00.000Z"
ARXIV, DOI = Identifier("arxiv", "2401.00001"), Identifier("doi", "10.1000/abc")
REPO = "https://github.com/ada/engine"


def of(*findings: Finding) -> Derived:
    """What follows from findings of one day, checked in both directions."""
    derived = derive([(MONDAY, finding) for finding in findings])
    assert derived == derive([(MONDAY, finding) for finding in reversed(findings)])
    return derived


def linked(url: str, source: str, confidence: float, **other: str) -> Finding:
    """A finding of one link."""
    link = Link(other.get("kind", "code"), url, other.get("status", "available"), confidence, "a field", source)  # type: ignore[arg-type]
    return Finding(source, links=(link,))


@pytest.mark.parametrize(
    ("field", "believed"),
    [
        ("title", ["user", "crossref", "page", "arxiv", "s2", "huggingface"]),
        ("abstract", ["user", "arxiv", "page", "pubmed", "openalex"]),
        ("venue", ["user", "crossref", "page", "s2", "openalex", "arxiv"]),
        ("pages", ["user", "crossref", "page", "s2", "openalex"]),
        ("language", ["user", "crossref", "page"]),
        ("primary_class", ["user", "arxiv", "page"]),
        ("title", ["huggingface", "a source of tomorrow"]),
    ],
)
def test_each_field_comes_from_the_source_believed_first_for_it(field: str, believed: list[str]) -> None:
    for better, worse in pairwise(believed):
        derived = of(Finding(worse, **{field: f"By {worse}"}), Finding(better, **{field: f"By {better}"}))
        assert getattr(derived, field) == f"By {better}"
        assert derived.provenance[field] == Provenance(better, MONDAY)


def test_only_those_who_know_categories_are_asked_for_them() -> None:
    assert of(Finding("crossref", primary_class="cs.LG")).primary_class is None


def test_no_findings_make_an_empty_web_page() -> None:
    assert derive([]) == Derived(kind="webpage", title="")


@pytest.mark.parametrize("gated", ["Just a moment...", "2401.00001v2", "Microsoft Word - a.doc", "Full text PDF"])
def test_a_title_that_names_no_paper_never_wins(gated: str) -> None:
    assert of(Finding("crossref", title=gated), Finding("huggingface", title="Engines")).title == "Engines"
    assert of(Finding("crossref", title=gated)).title == ""


def test_a_shouted_title_yields_to_any_other() -> None:
    assert of(Finding("crossref", title="ON ENGINES"), Finding("s2", title="On Engines")).title == "On Engines"
    assert of(Finding("crossref", title="ON ENGINES")).title == "ON ENGINES"


def test_a_person_passes_every_gate() -> None:
    derived = of(Finding("user", title="ERROR", venue="CoRR", kind="webpage"), Finding("crossref", kind="article"))
    assert (derived.title, derived.venue, derived.kind) == ("ERROR", "CoRR", "webpage")


def test_a_plain_page_speaks_last() -> None:
    page = Finding("page", kind="webpage", title="Engines | Ada's site", identifiers=(ARXIV,))
    derived = of(page, Finding("huggingface", title="Engines"))
    assert (derived.title, derived.kind) == ("Engines", "preprint")


def test_an_abstract_cut_off_by_a_page_yields_to_a_whole_one() -> None:
    assert of(Finding("page", abstract="We show…"), Finding("s2", abstract="We show all.")).abstract == "We show all."


def test_authors_are_of_the_best_source_unless_another_spells_the_same_people_out() -> None:
    short = (Author("Lovelace", "A."), Author("Müller", "B.-C."))
    full = (Author("Lovelace", "Ada"), Author("Muller", "Bob"))
    fewer, strangers = (Author("Lovelace", "Ada"),), (Author("Other", "Olga"), Author("People", "Paul"))
    assert of(Finding("crossref", authors=short), Finding("arxiv", authors=full)).authors == full
    assert of(Finding("crossref", authors=short), Finding("page", authors=fewer)).authors == short
    assert of(Finding("crossref", authors=short), Finding("page", authors=strangers)).authors == short
    assert of(Finding("user", authors=short), Finding("arxiv", authors=full)).authors == short


@pytest.mark.parametrize("server", ["CoRR", "CoRR, abs/2401.00001", "arXiv.org", "arXiv preprint arXiv:2401.00001"])
def test_a_preprint_server_is_no_venue_and_makes_no_article(server: str) -> None:
    copy = Finding("crossref", kind="article", venue=server, volume="abs/2401.00001", publisher="arXiv")
    derived = of(copy, Finding("openalex", venue="Journal of Engines"))
    assert (derived.venue, derived.volume, derived.publisher) == ("Journal of Engines", None, None)
    assert of(copy).kind == "preprint"
    assert of(copy).venue is None


def test_the_published_version_speaks_before_its_preprint() -> None:
    preprint = Finding("crossref", kind="preprint", title="Old", venue="A Series", publisher="Preprint House")
    article = Finding("crossref", kind="article", title="New", venue="Journal of Engines")
    derived = derive([(TUESDAY, preprint), (MONDAY, article)])
    assert (derived.kind, derived.title, derived.venue, derived.publisher) == (
        "article",
        "New",
        "Journal of Engines",
        None,
    )


def test_a_published_venue_speaks_before_that_of_a_better_sources_preprint() -> None:
    preprint = Finding("crossref", kind="preprint", venue="A Series")
    assert of(preprint, Finding("page", kind="article", venue="Journal of Engines")).venue == "Journal of Engines"


@pytest.mark.parametrize(
    ("findings", "kind"),
    [
        ([Finding("arxiv", kind="preprint"), Finding("s2", kind="inproceedings", venue="ICLR")], "inproceedings"),
        ([Finding("arxiv", kind="preprint", venue="J. Engines 3 (2025) 1")], "article"),
        ([Finding("arxiv", kind="preprint", venue="Proc. of Engines 2025")], "inproceedings"),
        ([Finding("page", kind="webpage"), Finding("page", identifiers=(DOI,))], "article"),
        ([Finding("page", identifiers=(ARXIV, DOI))], "preprint"),
        ([Finding("page", identifiers=(DOI,)), Finding("arxiv", kind="preprint")], "preprint"),
        ([Finding("user", kind="thesis"), Finding("crossref", kind="article")], "thesis"),
    ],
)
def test_published_beats_preprint_beats_guess(findings: Sequence[Finding], kind: str) -> None:
    assert of(*findings).kind == kind


def test_three_dates_are_merged_each_by_itself() -> None:
    derived = of(
        Finding("crossref", kind="article", dates=Dates(online="2025-02", issued="2025-06-01")),
        Finding("arxiv", kind="preprint", dates=Dates(preprinted="2024-01-02")),
        Finding("page", dates=Dates(preprinted="2024-01-09", online="2025-02-03", issued="2024")),
    )
    assert derived.dates == Dates("2024-01-02", "2025-02", "2025-06-01")
    assert derived.provenance["dates.preprinted"].source == "arxiv"
    assert (derived.year, derived.provenance["year"].source) == (2025, "crossref")


def test_the_year_is_the_best_known_one_and_nonsense_is_no_date() -> None:
    assert of(Finding("arxiv", dates=Dates(preprinted="2024-01-02", online="2023", issued="soon"))).year == 2023
    assert of(Finding("arxiv", dates=Dates(preprinted="2024", online="2023-13"))).year == 2024


def test_links_are_joined_by_resource_with_the_surest_word() -> None:
    derived = of(
        linked("https://GitHub.com/Ada/Engine.git", "huggingface", 0.6),
        linked(REPO, "huggingface", 0.85, kind="project"),
        linked("javascript:alert(1)", "page", 1.0),
        linked("https://github.com/google-research/scenic", "huggingface", 0.85),
        Finding("arxiv", abstract="Page: https://ada.github.io/engine.", comment="Code will be released at " + REPO),
        Finding("page", abstract="Code: https://github.com/not/chosen"),
    )
    assert [(link.url, link.kind, link.status, link.confidence, link.source) for link in derived.links] == [
        (REPO, "code", "promised", 0.95, "arxiv"),
        ("https://ada.github.io/engine", "project", "unknown", 0.6, "arxiv"),
        ("https://github.com/google-research/scenic", "code", "shared", 0.2, "huggingface"),
    ]


def test_a_repository_is_code_whatever_a_source_calls_it() -> None:
    assert [link.kind for link in of(linked(REPO, "huggingface", 0.85, kind="project")).links] == ["code"]


def test_a_persons_word_on_a_link_beats_all() -> None:
    mine = linked(REPO, "user", 0.5, status="gone")
    assert [link.status for link in of(mine, linked(REPO, "huggingface", 0.9)).links] == ["gone"]


def test_manifestations_are_joined_by_address() -> None:
    abs_page, pdf = (
        Manifestation("abs", "https://arxiv.org/abs/1"),
        Manifestation("pdf", "https://arxiv.org/pdf/1v2", 2),
    )
    wrong = Manifestation("landing", "https://arxiv.org/abs/1")
    derived = of(Finding("arxiv", manifestations=(pdf, abs_page)), Finding("s2", manifestations=(wrong,)))
    assert derived.manifestations == (abs_page, pdf)


def test_the_newer_answer_of_one_source_wins_but_silence_does_not() -> None:
    old, new = Finding("arxiv", title="Old", comment="x", venue="J. Old"), Finding("arxiv", title="New")
    derived = derive([(MONDAY, old), ("2026-03-02T13:00:00+02:00", new)])
    assert (derived.title, derived.venue) == ("New", "J. Old")
    assert derived.provenance["title"].at == "2026-03-02T13:00:00+02:00"


def test_a_time_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="RFC 3339"):
        derive([("yesterday", Finding("arxiv"))])


_TEXTS = st.sampled_from([None, "", "ALL", "All", "Untitled", "CoRR", "J. X", f"Code: {REPO}", "Cut…"])
_DAYS = st.sampled_from([None, "2024", "2025-01", "2025-01-02", "soon"])
_LINKS = st.builds(
    Link,
    kind=st.sampled_from(["code", "project"]),
    url=st.sampled_from([REPO, REPO.upper().replace("HTTPS", "https"), "https://lab.example.org/", "no"]),
    status=st.sampled_from(["available", "promised"]),
    confidence=st.sampled_from([0.2, 0.85]),
    evidence=st.just("e"),
    source=st.sampled_from(["user", "huggingface"]),
)
_FINDINGS = st.builds(
    Finding,
    source=st.sampled_from(["user", "import", "page", "arxiv", "crossref", "s2", "other"]),
    identifiers=st.sampled_from([(), (ARXIV,), (DOI,)]),
    kind=st.sampled_from([None, "article", "preprint", "inproceedings", "webpage"]),
    authors=st.sampled_from([(), (Author("A", "B."),), (Author("A", "Bea"),), (Author("A"), Author("C"))]),
    dates=st.builds(Dates, preprinted=_DAYS, online=_DAYS, issued=_DAYS),
    manifestations=st.lists(
        st.builds(Manifestation, kind=st.sampled_from(["abs", "pdf"]), url=st.sampled_from(["u", "v"])), max_size=2
    ).map(tuple),
    links=st.lists(_LINKS, max_size=2).map(tuple),
    **dict.fromkeys(("title", "abstract", "venue", "volume", "publisher", "comment", "primary_class"), _TEXTS),
)


@settings(deadline=None)
@given(st.data(), st.lists(st.tuples(st.sampled_from([MONDAY, TUESDAY]), _FINDINGS), max_size=6))
def test_the_order_of_answers_makes_no_difference(data: st.DataObject, findings: list[tuple[str, Finding]]) -> None:
    shuffled = data.draw(st.permutations(findings))
    assert derive(shuffled) == derive(findings)
