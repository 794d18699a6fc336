"""Addresses in abstracts and comments are found whole, cleaned, and judged by the words around them."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.domain.link_hosts import place_of
from api.domain.links import code_claim, find_links
from api.domain.papers import Link, LinkKind, LinkStatus

REPO = "https://github.com/ada/engine"


def only(text: str) -> Link:
    """The one link of the text."""
    links = find_links(text, "arxiv")
    assert len(links) == 1, links
    return links[0]


@pytest.mark.parametrize(
    ("text", "url"),
    [
        (f"Our code is available at {REPO}.", REPO),
        (f"Our code is available at {REPO}", REPO),
        (f"(code: {REPO}).", REPO),
        (f"Code is at <{REPO}>, data follow.", REPO),
        (f'Code: "{REPO}".', REPO),
        (f"Code: **{REPO}**", REPO),
        (f"[code]({REPO})", REPO),
        (f"We win.We release code at {REPO}.Our data stay.", REPO),
        ("Code: https://github.com/ada/engine_.", "https://github.com/ada/engine_"),
        ("Code: https://github.com/ada/engine-", "https://github.com/ada/engine-"),
        ("Code: https://github.com/ada/engine.jl.", "https://github.com/ada/engine.jl"),
        ("Code: https://github.com/ada/engine.git", REPO),
        ("Code: http://www.github.com/ada/engine/tree/main/src#top", REPO),
        ("Code: github.com/ada/engine, 9 pages", REPO),
        (r"Code: \url{https://github.com/ada/my\_engine}", "https://github.com/ada/my_engine"),
        (r"Page: \href{https://lab.example.org/\~{}ada/x\_y}{here}", "https://lab.example.org/~ada/x_y"),
        ("Project page: https://ada-engine.github.io.", "https://ada-engine.github.io"),
        ("Project page: ada-engine.github.io.", "https://ada-engine.github.io"),
        ("Project page: https://ada.github.io/engine/.", "https://ada.github.io/engine/"),
        ("Website https://ada.github.io/X/{https://ada.github.io/X/", "https://ada.github.io/X/"),
        ("Website https://ada.github.io/X/https://ada.github.io/X/", "https://ada.github.io/X/"),
        ("Website https://lab.example.org/a_(b).", "https://lab.example.org/a_(b)"),
        ("Website (https://lab.example.org/a).", "https://lab.example.org/a"),
        ("代码见https://github.com/ada/engine。谢谢", REPO),
    ],
)
def test_an_address_is_found_whole_and_without_the_sentence_around_it(text: str, url: str) -> None:
    assert only(text).url == url


@pytest.mark.parametrize(
    ("address", "kind", "url"),
    [
        ("https://gitlab.com/lab/sub/engine/-/tree/main", "code", "https://gitlab.com/lab/sub/engine"),
        ("https://gitlab.example.org/lab/engine", "code", "https://gitlab.example.org/lab/engine"),
        ("https://codeberg.org/ada/engine", "code", "https://codeberg.org/ada/engine"),
        ("https://colab.research.google.com/github/ada/engine/blob/main/a.ipynb", "code", REPO),
        ("https://anonymous.4open.science/r/engine-1/README.md", "code", "https://anonymous.4open.science/r/engine-1"),
        ("https://huggingface.co/ada/engine/tree/main", "model", "https://huggingface.co/ada/engine"),
        ("https://hf.co/ada/engine", "model", "https://huggingface.co/ada/engine"),
        ("https://huggingface.co/datasets/ada/logs", "dataset", "https://huggingface.co/datasets/ada/logs"),
        ("https://huggingface.co/spaces/ada/show", "demo", "https://huggingface.co/spaces/ada/show"),
        ("https://zenodo.org/records/123/files/x.zip", "dataset", "https://doi.org/10.5281/zenodo.123"),
        ("https://youtu.be/abcdefghijk?t=3", "video", "https://www.youtube.com/watch?v=abcdefghijk"),
        ("https://ada-engine.netlify.app/", "project", "https://ada-engine.netlify.app/"),
    ],
)
def test_the_host_says_the_kind_and_the_canonical_form(address: str, kind: LinkKind, url: str) -> None:
    link = only(f"More: {address}.")
    assert (link.kind, link.url) == (kind, url)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Our project page is https://engine.example.org/", "project"),
        ("The dataset is available at https://engine.example.org/", "dataset"),
        ("Code can be found at https://engine.example.org/", "code"),
        ("Our source code is at https://zenodo.org/record/7", "code"),
        ("Videos are at https://engine.example.org/", "video"),
    ],
)
def test_words_say_the_kind_where_the_host_holds_anything(text: str, kind: LinkKind) -> None:
    assert only(text).kind == kind


@pytest.mark.parametrize(
    "address",
    [
        "https://github.com",
        "https://github.com/features/x",
        "https://github.com/ada/.git",
        "https://huggingface.co/papers/2401.00001",
        "https://arxiv.org/abs/2401.00001",
        "https://doi.org/10.1000/abc",
        "https://creativecommons.org/licenses/by/4.0/",
        "http://10.0.0.1/x",
        "http://localhost/x",
        "https://ada:secret@lab.example.org/x",
        "mail ada@github.com/x/y",
    ],
)
def test_what_is_no_resource_of_a_paper_gives_no_link(address: str) -> None:
    assert find_links(f"See {address}.", "arxiv") == ()


@pytest.mark.parametrize(
    ("text", "status", "confidence"),
    [
        (f"Our code is available at {REPO}.", "available", 0.95),
        (f"Code: {REPO}", "available", 0.95),
        (f"Using a new loss we win, and our code is at {REPO}.", "available", 0.95),
        (f"We open-source the implementation ({REPO}).", "available", 0.95),
        (f"Our code will be released at {REPO}.", "promised", 0.95),
        (f"Code will soon be made publicly available at: {REPO}", "promised", 0.95),
        (f"We will release the models at {REPO}.", "promised", 0.95),
        (f"Code is open-sourced upon acceptance at {REPO}.", "promised", 0.95),
        (f"Code: {REPO} (coming soon)", "promised", 0.95),
        (f"9 pages; {REPO}", "unknown", 0.6),
        (f"We compare with the engine of Ada ({REPO}).", "mention", 0.2),
        (f"All runs are based on {REPO}.", "mention", 0.2),
        ("Our code is at https://github.com/ada.", "mention", 0.2),
        ("Our code is available at https://github.com/google-research/google-research.", "shared", 0.2),
        ("Code will be available at https://github.com/Facebookresearch/fairseq/tree/main/x", "shared", 0.2),
    ],
)
def test_the_words_say_the_status(text: str, status: LinkStatus, confidence: float) -> None:
    link = only(text)
    assert (link.status, link.confidence) == (status, confidence)


def test_each_address_of_a_sentence_is_judged_by_its_own_words() -> None:
    text = f"Our code, built on https://github.com/bob/base, is available at {REPO}, and models at https://hf.co/ada/m."
    assert [(link.url, link.status) for link in find_links(text, "arxiv")] == [
        ("https://github.com/bob/base", "mention"),
        (REPO, "available"),
        ("https://huggingface.co/ada/m", "available"),
    ]


def test_the_addresses_of_a_list_share_its_words() -> None:
    text = f"Code and models will be released at {REPO} and https://huggingface.co/ada/engine."
    assert [link.status for link in find_links(text, "arxiv")] == ["promised", "promised"]


def test_one_resource_is_one_link_with_the_surest_reading() -> None:
    text = f"We use {REPO}. Our code is available at https://GitHub.com/Ada/Engine.git. See {REPO}/issues."
    assert only(text).status == "available"


def test_a_promise_in_another_sentence_does_not_count() -> None:
    link = only(f"Data will be released.Code is available at {REPO}.")
    assert (link.status, link.evidence) == ("available", f"Code is available at {REPO}")


def test_abbreviations_do_not_end_the_sentence() -> None:
    assert only(f"Our code, e.g. Fig. 2 of Ada et al. Inc, is available at {REPO}.").evidence.startswith("Our code")


def test_evidence_and_source_tell_where_a_link_comes_from() -> None:
    link = only(f"We win.\nOur  code is\navailable at {REPO}.")
    assert (link.evidence, link.source) == (f"Our code is available at {REPO}", "arxiv")
    assert len(only(f"{'very ' * 300} long code at {REPO}").evidence) <= 500


@given(
    st.sampled_from([REPO, f"{REPO}_", "https://ada.github.io", "https://ada.github.io/x/", "https://hf.co/a/b-1"]),
    st.text('.,);"'),
)
def test_punctuation_after_an_address_changes_nothing(address: str, tail: str) -> None:
    text = f"Our code is available at {address}"
    assert find_links(text + tail, "arxiv") == find_links(text, "arxiv")


@given(
    st.lists(
        st.sampled_from(["https://", "github.com/", "a/", "b", ".", "(", ")", "~", "_", "\\", "{}", " ", "%", "é"])
    )
)
def test_any_text_is_read_and_a_canonical_address_is_its_own(pieces: list[str]) -> None:
    for link in find_links("".join(pieces), "arxiv"):
        place = place_of(link.url)
        assert place is not None
        assert place.url == link.url


@pytest.mark.parametrize("piece", ["https://a.io/", "https://github.com/a/b ", "a.b.", "(", "will be ", "x. Y", " "])
def test_hostile_text_is_read_in_linear_time(piece: str) -> None:
    start = time.process_time()
    find_links(piece * 100_000, "arxiv")
    assert time.process_time() - start < 2


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("The code and logs will be released after acceptance.", "promised_no_link"),
        ("Code will be made available.", "promised_no_link"),
        ("We win. We release our code and weights.", "claimed_no_link"),
        ("All code, models and logs are available online.", "claimed_no_link"),
        ("The code and model have been released.", "claimed_no_link"),
        ("Tasks are of three kinds (math, code, prose). Details are available in the text.", None),
        ("We compare error-correcting codes.", None),
        (f"Code will be released at {REPO}.", None),
    ],
)
def test_a_claim_of_code_without_an_address_is_flagged(text: str, claim: str | None) -> None:
    assert code_claim(text) == claim
