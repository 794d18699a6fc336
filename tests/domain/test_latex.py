"""Text as TeX: what is escaped, what stays, and that nothing becomes a command."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.domain.formats.latex import clean, name_to_tex, title_to_tex, to_tex, verbatim_doi, verbatim_url
from api.domain.formats.texmath import plain_math
from api.domain.papers import Author

ALLOWED_AFTER_BACKSLASH = re.compile(
    r"""\\(?:[&%#_$'`^"~=.]|[urHvdckb]\{"""
    r"""|(?:text(?:backslash|ascii(?:tilde|circum)|brace(?:left|right)|less|greater|bar)"""
    r"""|ss|i|o|O|l|L|ae|AE|oe|OE|dj|DJ|dh|DH|th|TH|ng|NG)\}|text(?:it|subscript|superscript)\{|relax )"""
)
MATH = re.compile(r"\{(?<!\\)\$.*?\$\}")


@pytest.mark.parametrize(
    ("text", "tex"),
    [
        ("R&D 100% #1 a_b $", r"R\&D 100\% \#1 a\_b \$"),
        ("\\ ~ ^", r"{\textbackslash} {\textasciitilde} {\textasciicircum}"),
        ("} {", r"{\textbraceright} {\textbraceleft}"),
        ("a<b>c|d", r"a{\textless}b{\textgreater}c{\textbar}d"),
        ("é ñ ü č ş", r"{\'e} {\~n} {\"u} {\v{c}} {\c{s}}"),
        ("í ï å İ", r"{\'i} {\"i} {\r{a}} {\.I}"),
        ("ß ø ł æ œ ı þ", r"{\ss} {\o} {\l} {\ae} {\oe} {\i} {\th}"),
        ("Việt ế x\u0304", r"Vi{\^{\d{e}}}t {\'{\^e}} {\=x}"),
        ("e\u0301", r"{\'e}"),
        ("1–2 — “q” ‘a’ it’s", "1--2 --- ``q'' `a' it's"),
        ('… « » × ° € "', '… « » × ° € "'),
        ("α-helix, NF-κB, λόγος", r"{$\alpha$}-helix, NF-{$\kappa$}B, λόγος"),
        ("小明 שלום 😀", "小明 שלום 😀"),
        ("ț ả", "ț ả"),
    ],
)
def test_each_character_has_the_form_that_readers_agree_on(text: str, tex: str) -> None:
    assert to_tex(text) == tex


def test_text_is_one_line_of_visible_characters() -> None:
    assert clean(" a\u200b\u00adb\x00\n\t@article{c\u00a0d\u2028e\ufeff\x7f\ud800\ufffe ") == "ab @article{c d e"


@pytest.mark.parametrize(
    "formula",
    [
        "x^2",
        "O(n \\log n)",
        "\\{0,1\\}^n",
        "^{13}",
        "\\frac{1}{2}",
        "L_2",
        "\\mathcal{O}(\\sqrt{T})",
        "x'_i",
        "\\hat\\theta",
        "p<0.05",
    ],
)
def test_math_that_latex_knows_is_kept_as_it_is(formula: str) -> None:
    assert to_tex(f"a ${formula}$ b") == f"a {{${formula}$}} b"


def test_greek_in_math_becomes_its_command() -> None:
    assert to_tex("Just $π$, $Σ_iα^β x$") == r"Just {$\pi$}, {$\Sigma _i\alpha ^\beta x$}"


@pytest.mark.parametrize(
    "formula",
    [
        "\\input{x}",
        "x^^5cinput",
        "x^",
        "a^b^c",
        "\\frac{1}",
        "\\fracab",
        "\\mathbb{R}",
        "}{",
        "\\}\\{",
        "a%b",
        "a&b",
        "a#b",
        "\\\\",
        "é",
        "{" * 40 + "}" * 40,
    ],
)
def test_math_with_an_unknown_token_is_text(formula: str) -> None:
    assert plain_math(formula) is None
    assert to_tex(f"${formula}$").startswith("\\$")


@pytest.mark.parametrize("text", ["$5 and then $10", "US$5-$10", "$ x $", "a$", "$$x$$", r"\$x$"])
def test_money_is_not_math(text: str) -> None:
    assert "{$" not in to_tex(text)


@pytest.mark.parametrize(
    ("text", "tex"),
    [
        ("<i>E. coli</i> H<sub>2</sub>O 10<sup>3</sup>", r"\textit{E. coli} H\textsubscript{2}O 10\textsuperscript{3}"),
        ("<i>a<sub>b</sub></i>", r"\textit{a\textsubscript{b}}"),
        ("<i>a", r"{\textless}i{\textgreater}a"),
        ("<i><sub></i></sub>", r"{\textless}i{\textgreater}\textsubscript{{\textless}/i{\textgreater}}"),
        ("<b>x</b>", r"{\textless}b{\textgreater}x{\textless}/b{\textgreater}"),
    ],
)
def test_light_markup_is_kept_where_it_nests(text: str, tex: str) -> None:
    assert to_tex(text) == tex


@pytest.mark.parametrize(
    ("title", "tex"),
    [
        ("Attention Is All You Need", "Attention Is All You Need"),
        ("BERT: Pre-training of Deep Models in NLP", "{BERT}: Pre-training of Deep Models in {NLP}"),
        (
            "Pre-Training With CIFAR-10 and U-Net and NAACL-HLT",
            "Pre-Training With {CIFAR-10} and {U-Net} and {NAACL-HLT}",
        ),
        ("A theory of mRNA near Paris: The end", "A theory of {mRNA} near {Paris}: {The} end"),
        ("Quick Methods: A Survey of Vitamin C", "Quick Methods: A Survey of Vitamin {C}"),
        ("Reports of R&D Costs", r"Reports of {R\&D} Costs"),
        ("Étude de l’ÉNS", r"{\'E}tude de {l'{\'E}NS}"),
        (
            "Measuring CO<sub>2</sub> With $\\alpha$ Particles",
            r"Measuring {CO}\textsubscript{2} With {$\alpha$} Particles",
        ),
    ],
)
def test_capitals_that_mean_something_are_braced(title: str, tex: str) -> None:
    assert title_to_tex(title) == tex


@pytest.mark.parametrize(
    ("author", "tex"),
    [
        (Author("Kaiser", "Łukasz"), r"Kaiser, {\L}ukasz"),
        (Author("Beethoven", "Ludwig", particle="van"), "van Beethoven, Ludwig"),
        (Author("King", "Martin Luther", suffix="Jr."), "King, Jr., Martin Luther"),
        (Author("King", suffix="Jr."), "{King, Jr.}"),
        (Author("Plato"), "{Plato}"),
        (Author(literal="Barnes and Noble, Inc."), "{Barnes and Noble, Inc.}"),
        (Author("Barnes AND Noble", "and"), "{Barnes AND Noble}, {and}"),
        (Author("Smith de Souza", "J."), "{Smith de Souza}, J."),
        (Author("李", "小明"), r"{\relax 李}, {\relax 小明}"),
        (Author("A{", "B}, C"), r"A{\textbraceleft}, {B{\textbraceright}, C}"),
        (Author(literal="#1"), r"{{\#1}}"),
        (Author(family=" \u200b"), ""),
        (Author(), ""),
    ],
)
def test_names_are_written_so_that_bibtex_splits_them_as_stored(author: Author, tex: str) -> None:
    assert name_to_tex(author) == tex


def test_an_address_stays_verbatim_but_for_what_breaks_the_file() -> None:
    assert verbatim_url(' https://x.org/a_b/%20?q=1%&r#~ü {}\\"<^>\n') == (
        "https://x.org/a_b/%20?q=1%&r#~%C3%BC%20%7B%7D%5C%22%3C%5E%3E"
    )
    assert (
        verbatim_doi("10.1002/(SICI)1<1::AID-X>3.0_%;2-#{é}\\") == "10.1002/(SICI)1<1::AID-X>3.0_%;2-#%7B%C3%A9%7D%5C"
    )


@given(st.text(st.sampled_from("ab1 \\{}$^_%&#~<>/isubp@,\"'`=éαÉ小\u0301\u200b\n")) | st.text())
def test_no_text_becomes_a_command_or_opens_a_brace(text: str) -> None:
    for tex in (to_tex(text), title_to_tex(text), name_to_tex(Author(text, text)), name_to_tex(Author(literal=text))):
        prose = MATH.sub("", tex)
        assert len(re.findall(r"\\", prose)) == len(ALLOWED_AFTER_BACKSLASH.findall(prose))
        assert "^^" not in tex
        assert not re.search(r"(?<!\\)[%&#]", tex)
        depth = 0
        for char in tex:
            depth += (char == "{") - (char == "}")
            assert depth >= 0
        assert depth == 0
