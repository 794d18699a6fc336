"""Foreign text becomes text that every database and every export can keep."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.answer_text import clean, marked, paragraphs, plain

MATHML = (
    '<mml:math xmlns:mml="http://www.w3.org/1998/Math/MathML"><mml:mrow><mml:msubsup><mml:mi>K</mml:mi> '
    "<mml:mi>S</mml:mi><mml:mn>0</mml:mn></mml:msubsup><mml:mo>→</mml:mo><mml:msup><mml:mi>π</mml:mi><mml:mo>+</mml:mo></mml:msup>"
    "</mml:mrow></mml:math>"
)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        (
            "Effects of H<sub>2</sub>O on <jats:italic>E. coli</jats:italic>",
            "Effects of H<sub>2</sub>O on <i>E. coli</i>",
        ),
        ("<em>In vivo</em> CO<inf>2</inf>", "<i>In vivo</i> CO<sub>2</sub>"),
        ("&lt;i&gt;Drosophila&lt;/i&gt; &amp;amp; friends", "<i>Drosophila</i> & friends"),
        ("AT&amp;T, R&D and caf&eacute;", "AT&T, R&D and café"),
        ("when a <b and c> d, p &lt; 0.05", "when a <b and c> d, p < 0.05"),
        ("The <scp>DNA</scp> of <b>life</b>", "The DNA of life"),
        ("open <i>and never closed", "open and never closed"),
        ("crossed <i>a<sub>b</i>c</sub>", "crossed abc"),
        (f"Decays {MATHML}", "Decays K<sub>S</sub><sup>0</sup>→π<sup>+</sup>"),
        (f"At <tex-math>$x^2$</tex-math>{MATHML.replace('<mml:mo>→</mml:mo>', '')}", None),
        ("two\n\n   lines\tand a\x00NUL\x1b[0m \ud800 end​", "two lines and aNUL[0m end"),
        ("Mu\u0308n\u00adchen", "M\u00fcnchen"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
    ],
)
def test_a_title_keeps_its_light_markup_and_nothing_else(sent: str, kept: str | None) -> None:
    assert marked(sent) == (kept or "At K<sub>S</sub><sup>0</sup>π<sup>+</sup>")


def test_an_abstract_has_paragraphs_and_loses_the_heading_that_says_abstract() -> None:
    formula = (
        "<jats:inline-formula><jats:alternatives><jats:tex-math>\\documentclass{minimal}\\begin{document}$$x=1$$"
        "\\end{document}</jats:tex-math></jats:alternatives></jats:inline-formula>"
    )
    sent = (
        "<jats:title>Abstract</jats:title>\n<jats:sec><jats:title>Aim</jats:title>\n<jats:p>To   see\nwhat "
        f"<jats:italic>x</jats:italic> is.</jats:p></jats:sec><jats:p>It is {formula}.</jats:p>"
    )
    assert paragraphs(sent) == "Aim\n\nTo see what x is.\n\nIt is $x=1$."
    assert paragraphs("Abstract art in 1920") == "Abstract art in 1920"


def test_plain_text_has_no_markup() -> None:
    assert plain("Journal of <i>X</i> &amp; Y") == "Journal of X & Y"


@given(st.text(st.one_of(st.characters(), st.sampled_from("<>/&;isubp \x00\ud800"))))
def test_no_text_is_too_odd_to_be_kept(text: str) -> None:
    for kept in (clean(text), plain(text), marked(text), paragraphs(text)):
        kept.encode()
        assert "\x00" not in kept
        assert kept == kept.strip()


@pytest.mark.parametrize("piece", ["<", "<i ", "<tex-math>", "<tex-math", "<mrow>", "&lt;", " ", "=", " /", "<i>"])
@pytest.mark.parametrize("start", ["", "<i ", "<i a=", "<tex-math>\\begin{document}"])
def test_no_text_takes_longer_than_its_length(start: str, piece: str) -> None:
    started = time.process_time()
    marked(start + piece * (300_000 // len(piece)))
    assert time.process_time() - started < 5  # quadratic takes minutes
