"""Which of several papers an answer is about, and what remains of it where a person overruled a source."""

from __future__ import annotations

import pytest

from api.domain.claims import Answer, Claim, adopted, by_rule, claims_of, part, subject
from api.domain.papers import Finding, Identifier, Manifestation

AT = "2026-11-20T10:00:00.000Z"
ARXIV, DOI, PMID = Identifier("arxiv", "2401.00123"), Identifier("doi", "10.5555/slow.7"), Identifier("pmid", "123")
LONGER = Identifier("doi", "10.5555/slow.77")
PDF = Manifestation("pdf", "https://arxiv.org/pdf/2401.00123")
LANDING = Manifestation("landing", "https://doi.org/10.5555/slow.7")


def answer(source: str, asked: str, *named: Identifier, **more: object) -> Answer:
    return Answer(asked, AT, Finding(source, identifiers=named, **more))  # type: ignore[arg-type]  # as each test says


@pytest.mark.parametrize(
    ("asked", "named", "about"),
    [
        ("https://api.example.org/query?id_list=2401.00123", (ARXIV, DOI), ARXIV),
        ("https://api.example.org/works/10.5555%2FSLOW.7", (DOI, ARXIV), DOI),
        ("https://api.example.org/works/10.5555/slow.77", (LONGER, DOI), LONGER),
        ("https://api.example.org/works/10.5555/slow.77", (DOI,), LONGER),
        ("https://api.example.org/batch", (DOI, ARXIV), DOI),
        ("https://api.example.org/repos/a/b", (), None),
    ],
)
def test_an_answer_is_about_what_was_asked_for_else_what_it_names_first(
    asked: str, named: tuple[Identifier, ...], about: Identifier | None
) -> None:
    assert subject(answer("crossref", asked, *named), {ARXIV, DOI, LONGER, PMID}) == about


def test_a_page_is_about_what_its_address_names_whatever_else_stands_in_it() -> None:
    page = answer("page", "https://arxiv.org/abs/2401.00123?from=10.5555/slow.77", LONGER)
    assert subject(page, {ARXIV, LONGER}) == ARXIV


def test_a_part_hears_its_own_sources_and_loses_what_they_say_of_the_other() -> None:
    said = [
        answer("arxiv", "https://a.example/2401.00123", ARXIV, DOI, title="A", manifestations=(PDF, LANDING)),
        answer("crossref", "https://c.example/10.5555/slow.7", DOI, title="B"),
    ]
    ((_, mine),) = part(said, {ARXIV}, {DOI})
    assert (mine.title, mine.identifiers, mine.manifestations) == ("A", (ARXIV,), (PDF,))
    ((_, yours),) = part(said, {DOI}, {ARXIV})
    assert (yours.title, yours.identifiers) == ("B", (DOI,))


def test_a_map_that_takes_both_for_one_is_believed_about_neither() -> None:
    mixed = answer("s2", "https://s.example/ARXIV:2401.00123", ARXIV, DOI, title="of whom?")
    assert part([mixed], {ARXIV}, {DOI}) == []
    assert len(part([mixed], {ARXIV, DOI}, set())) == 1


def test_what_is_about_no_identifier_is_heard_by_every_part() -> None:
    check = answer("github", "https://g.example/repos/a/b")
    assert len(part([check], {ARXIV}, {DOI})) == len(part([check], {DOI}, {ARXIV})) == 1


def test_ids_that_follow_by_rule_go_together() -> None:
    acl, doi = Identifier("acl", "2020.acl-main.1"), Identifier("doi", "10.18653/v1/2020.acl-main.1")
    assert by_rule(acl) == by_rule(doi) == {acl, doi}
    assert by_rule(Identifier("url", "example.org/x")) == {Identifier("url", "example.org/x")}


def test_a_fresh_identifier_goes_to_the_part_whose_source_names_it() -> None:
    owners = {ARXIV: "stay", DOI: "go"}
    by_map = answer("s2", "https://s.example/ARXIV:2401.00123", ARXIV, PMID)
    by_registry = answer("crossref", "https://c.example/10.5555/slow.7", DOI, PMID)
    assert adopted([PMID], [by_map], owners, "none") == {PMID: "stay"}
    assert adopted([PMID], [by_map, by_registry], owners, "none") == {PMID: "go"}
    assert adopted([PMID], [], owners, "none") == {PMID: "none"}


def test_each_source_claims_a_thing_once_with_its_newest_word() -> None:
    findings = [
        ("2026-01-01T00:00:00Z", Finding("arxiv", identifiers=(ARXIV, DOI), manifestations=(PDF,))),
        ("2026-02-01T00:00:00Z", Finding("arxiv", identifiers=(ARXIV,))),
    ]
    claims = claims_of(findings, {ARXIV}, [Claim("arxiv", ARXIV.value, "page", AT)])
    assert [(one.source, one.at) for one in claims.identifiers] == [("arxiv", "2026-02-01T00:00:00Z"), ("page", AT)]
    assert [(one.url, one.source) for one in claims.manifestations] == [(PDF.url, "arxiv")]
