"""Hugging Face names a paper's code, and GitHub says what became of it."""

from __future__ import annotations

import pytest

from api.domain.papers import Author, Dates, Finding, Link
from tests.workers.sources.answers import answer, ids, said
from workers.sources.base import BadAnswer
from workers.sources.github import GitHub, Repository
from workers.sources.huggingface import HuggingFace
from workers.sources.huggingface_links import HuggingFaceLinks

HUB = HuggingFace("https://hub.example", "hub-secret")
GITHUB = GitHub("https://github.example", "git-secret")
REPO = "https://github.com/ada/Slow"


def hub(**fields: object) -> Finding:
    """What we read from a paper's page with these fields."""
    found = HUB.read(said(HUB, ids("arxiv:2401.00123"), {"id": "2401.00123"} | fields))
    assert found is not None
    return found


def test_a_page_at_hugging_face_is_read_whole_but_for_the_models_summary_and_who_hides() -> None:
    assert hub(
        title="Slow\n  Light",
        authors=[{"name": "Ada Lovelace", "hidden": False}, {"name": "Grace Hopper", "hidden": True}],
        summary="We slow.",
        ai_summary="A paper.",
        publishedAt="2024-01-02T00:00:00.000Z",
        githubRepo=f"{REPO}.git",
        githubRepoAddedBy="user",
        projectPage="https://slow.example/",
    ) == Finding(
        source="huggingface",
        identifiers=tuple(ids("arxiv:2401.00123")),
        kind="preprint",
        title="Slow Light",
        authors=(Author(family="Lovelace", given="Ada"),),
        abstract="We slow.",
        dates=Dates(preprinted="2024-01-02"),
        links=(
            Link("code", REPO, "available", 0.85, "Hugging Face: githubRepo, added by a person", "huggingface"),
            Link("project", "https://slow.example/", "available", 0.6, "Hugging Face: projectPage", "huggingface"),
        ),
    )


def test_a_machines_guess_counts_less_and_one_address_named_twice_is_one_link() -> None:
    links = hub(githubRepo=REPO, githubRepoAddedBy="auto", projectPage=f"{REPO}/tree/main").links
    assert [(link.kind, link.confidence) for link in links] == [("code", 0.6)]
    assert hub(githubRepo="javascript:alert(1)", projectPage=7).links == ()


def test_tokens_go_in_a_header_and_are_not_shown() -> None:
    for request in (HUB.ask(ids("arxiv:2401.00123")), GITHUB.ask_link(REPO)):
        assert request is not None
        assert any(name == "Authorization" and "secret" in value for name, value in request.headers)
        assert "secret" not in f"{request!r} {request.url}"
    assert HUB.ask(ids("doi:10.5555/a")) is None
    assert all(name != "Authorization" for name, _ in GitHub("https://github.example")._headers)


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("https://github.com/ada/Slow", "/repos/ada/Slow"),
        ("http://www.github.com/ada/Slow.git", "/repos/ada/Slow"),
        ("https://github.com/ada/Slow/tree/main/src?x=1", "/repos/ada/Slow"),
        ("https://github.com/ada", None),
        ("https://gitlab.com/ada/slow", None),
        ("https://github.com/topics/slow", None),
        ("not an address", None),
    ],
)
def test_a_repository_is_asked_for_from_any_address_inside_it(url: str, path: str | None) -> None:
    request = GITHUB.ask_link(url)
    assert (request and request.url) == (path and f"https://github.example{path}")


@pytest.mark.parametrize(
    ("fields", "became"),
    [
        ({}, Repository(REPO, "available", 7, 42, "2025-03-04")),
        ({"full_name": "ADA/slow"}, Repository("https://github.com/ADA/slow", "available", 7, 42, "2025-03-04")),
        ({"full_name": "lab/slow"}, Repository("https://github.com/lab/slow", "moved", 7, 42, "2025-03-04")),
        ({"archived": True}, Repository(REPO, "archived", 7, 42, "2025-03-04")),
        ({"size": 0}, Repository(REPO, "promised", 7, 42, "2025-03-04")),
        ({"stargazers_count": None, "pushed_at": None}, Repository(REPO, "available", 7)),
    ],
)
def test_what_became_of_a_repository(fields: dict[str, object], became: Repository) -> None:
    found = {"id": 7, "full_name": "ada/Slow", "size": 9, "stargazers_count": 42, "pushed_at": "2025-03-04T05:06:07Z"}
    assert GITHUB.read_link(answer("github", "https://github.example/repos/ada/Slow", found | fields)) == became


def test_what_nobody_may_see_is_gone() -> None:
    absent = answer("github", "https://github.example/repos/ada/Slow", {"message": "Not Found"}, 404)
    assert GITHUB.read_link(absent) == Repository(REPO, "gone")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({}, 200, "malformed"),
        ({"id": 7, "full_name": "slow"}, 200, "malformed"),
        ({"full_name": "ada/slow"}, 200, "malformed"),
        (b'{"id": 7', 200, "malformed"),
        (b"<!DOCTYPE html>", 404, "web_page"),
        ({"message": "Validation Failed"}, 422, "unexpected_status"),
    ],
)
def test_what_says_nothing_of_a_repository_is_a_bad_answer(body: object, status: int, code: str) -> None:
    with pytest.raises(BadAnswer, match=code):
        GITHUB.read_link(answer("github", "https://github.example/repos/ada/Slow", body, status))


def test_without_a_token_a_401_is_no_wall_at_hugging_face_and_with_one_it_is() -> None:
    asked = [
        HuggingFaceLinks("https://hub.example", token).ask_link("https://huggingface.co/ada/engine")
        for token in ("", "t")
    ]
    assert [each.absent_statuses for each in asked if each] == [(401,), ()]
    assert {each.url for each in asked if each} == {"https://hub.example/api/models/ada/engine/tree/main"}
