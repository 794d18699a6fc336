"""Titles fold to comparable words, and what names no paper is known as such."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from api.domain.titles import is_gated_title, title_fold


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Über  die Straße", "uber die strasse"),
        (r"Na\"ive {B}ayes \textbf{wins}", "naive bayes wins"),
        (r"\'{E}tude of \v{C}ech", "etude of cech"),
        ("What's Next—Pre–Training", "whats next pre training"),
        ("GAPS-2D:Missing Blanks", "gaps 2d missing blanks"),
        ("H<sub>2</sub>O at <i>low</i> cost", "h2o at low cost"),
        (r"Bounds of $\mathcal{O}(n)$", "bounds of o n"),
        ("Ελληνικά", "ελληνικα"),
        ("ガラス", "ガラス"),
    ],
)
def test_a_title_folds_to_plain_words(written: str, folded: str) -> None:
    assert title_fold(written) == folded


def test_a_lone_greek_letter_agrees_with_its_latex_name() -> None:
    assert title_fold("π₀: a policy") == title_fold(r"$\pi_0$: A Policy") == "pi0 a policy"


@given(st.text())
@example("\u0149")  # becomes an apostrophe only when decomposed
@example("\u0345")  # becomes a Greek letter only when folded
def test_folding_again_changes_nothing(text: str) -> None:
    assert title_fold(title_fold(text)) == title_fold(text)


@pytest.mark.parametrize(
    "title",
    [
        "Just a moment...",
        "Just a moment…",
        "Attention Required! | Cloudflare",
        "Access denied",
        "Access Denied - example.org",
        "Error",
        "404 Not Found",
        "Error 403",
        "HTTP Error 503: Service Unavailable",
        "Page not found | Press",
        "Microsoft Word - draft-final.doc",
        "Full text PDF",
        "Untitled",
        "untitled document",
        "Sign in",
        "2401.00001",
        "arXiv:2401.00001v2",
        "2401.00001v1.pdf",
        "hep-th/0101001",
        "10.1000/abc.def",
        "https://example.org/a.pdf",
        "camera_ready.pdf",
        "  ",
        "--",
    ],
)
def test_what_names_no_paper_is_gated(title: str) -> None:
    assert is_gated_title(title)


@pytest.mark.parametrize(
    "title",
    [
        "Error Correction in Small Codes",
        "Access Denied: A Study of Filters",
        "401(k) Plans and Saving",
        "1984",
        "Loading Docks as Queues",
        "Just a Moment of Inertia",
        "Logging In Without Passwords",
        "Untitled Works and Their Readers",
        "On PDF",
    ],
)
def test_real_titles_that_look_similar_pass(title: str) -> None:
    assert not is_gated_title(title)
