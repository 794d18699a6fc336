"""Citation keys: what is proposed, how clashes end, what is safe."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from api.domain.citekeys import folded, is_safe, next_free, propose
from api.domain.errors import BadInput
from api.domain.key_pattern import MOST_PARTS, PARTS, Part, read_pattern
from api.domain.papers import Author, Kind, Paper


def _paper(
    title: str, *authors: Author, year: int | None = 2020, kind: Kind = "article", venue: str | None = None
) -> Paper:
    return Paper(id="p", kind=kind, title=title, authors=authors, year=year, venue=venue)


@pytest.mark.parametrize(
    ("paper", "key"),
    [
        (_paper("Attention Is All You Need", Author("Vaswani", "Ashish"), year=2017), "vaswani2017attention"),
        (_paper("On the Pre-training of Cats", Author("Meer", "Jan", particle="van der")), "vandermeer2020pretraining"),
        (_paper("$L_1$ <i>Norms</i>", Author("Müller", "Ute")), "muller2020norms"),
        (_paper("Der Weg", Author("Weiß", "Ø"), year=None), "weissndweg"),
        (_paper("L’été à Paris", Author("Œuvré", "A")), "oeuvre2020ete"),
        (_paper("Alzheimer's", Author("O’Brien", "A")), "obrien2020alzheimers"),
        (_paper("深度学习", Author("王", "小明")), "wang2020shenduxuexi"),
        (_paper("Идиот", Author("Достоевский", "Ф")), "dostoevskiy2020idiot"),
        (_paper("がく", Author("김", "민수")), "gim2020gaku"),
        (
            _paper("Waves", Author(literal="LIGO Scientific Collaboration and Friends")),
            "ligoscientificcollaboration2020waves",
        ),
        (_paper("Waves", Author(given="Plato")), "plato2020waves"),
        (_paper("A recipe", kind="webpage", venue="A Fine Blog"), "afineblog2020recipe"),
        (_paper("Of the"), "anon2020of"),
        (_paper("!?", year=0), "anonnd"),
    ],
)
def test_a_key_is_author_year_and_first_telling_word(paper: Paper, key: str) -> None:
    assert propose(paper) == key


@pytest.mark.parametrize(
    ("scheme", "value", "key"),
    [
        ("arxiv", "1706.03762", "arxiv170603762"),
        ("doi", "10.1038/nature14539", "doi101038nature14539"),
        ("url", "https://www.example.org/blog/post", "exampleorgblogpost"),
        ("url", "http://example.org/" + "a" * 100, "exampleorg" + "a" * 20),
    ],
)
def test_a_paper_of_which_only_an_identifier_is_known_goes_by_it(scheme: str, value: str, key: str) -> None:
    title = value if scheme == "url" else f"{scheme}:{value}"
    paper = Paper(id="p", kind="article", title=title, identifiers={scheme: (value,)})
    assert propose(paper) == key
    assert propose(structs.replace(paper, authors=(Author("Ash", "Ann"),))).startswith("ashnd")


def test_a_title_without_spaces_does_not_make_an_endless_key() -> None:
    assert len(propose(_paper("深" * 200, Author("王" * 200, "x")))) == 64


@given(st.text(), st.text(), st.text(), st.integers() | st.none())
def test_whatever_the_paper_holds_the_key_is_plain_and_safe(
    title: str, family: str, literal: str, year: int | None
) -> None:
    key = propose(_paper(title, Author(family=family, literal=literal), year=year))
    assert re.fullmatch(r"[a-z0-9]+", key)
    assert is_safe(key)


def test_the_first_keeps_the_bare_key_and_letters_follow() -> None:
    assert next_free("smith2020a", []) == "smith2020a"
    assert next_free("smith2020", ["smith2020", "smith2020a"]) == "smith2020b"
    through_z = ["x", *("x" + chr(code) for code in range(ord("a"), ord("z") + 1))]
    assert next_free("x", through_z) == "xaa"
    assert next_free("x", [*through_z, "xaa"]) == "xab"


def test_keys_that_differ_in_case_only_are_the_same_key() -> None:
    assert next_free("Smith", ["sMITH", "SMITHA"]) == "Smithb"
    assert next_free("Smith", {"smith"}.__contains__) == "Smitha"


@pytest.mark.parametrize("key", ["a", "DBLP:conf/x/Y_2020", "müller2020".replace("ü", "ue"), "a.b+c@d;e*f!"])
def test_a_key_of_plain_printable_characters_is_safe(key: str) -> None:
    assert is_safe(key)


@pytest.mark.parametrize("char", [*list(" \t\n\"#%'(),={}~\\^\x00\x7f"), "ü", "小"])
def test_a_character_that_breaks_a_reader_or_tex_is_not_safe(char: str) -> None:
    assert not is_safe(f"a{char}b")
    assert not is_safe(f"a{char}")


def test_the_empty_key_is_not_safe() -> None:
    assert not is_safe("")


def test_folding_keeps_case_and_all_that_is_safe() -> None:
    assert folded("Müller 2020{x}:Y") == "Muller2020x:Y"
    assert folded("{}") == ""


FOUR = tuple(Author(family=name) for name in ("Vaswani", "van Dijk", "Ågren", "Jones"))


@pytest.mark.parametrize(
    ("pattern", "key"),
    [
        ("author year title", "vaswani2017attention"),
        ("Author - Title - shortyear", "Vaswani-Attention-17"),
        ("authors : year", "vaswanivandijkagrenetal:2017"),
        ("Authors year", "VaswaniVandijkAgrenEtAl2017"),
        ("words _ year", "attentionallyou_2017"),
        ("Words . author", "AttentionAllYou.vaswani"),
        ("year", "2017"),
    ],
)
def test_a_key_is_made_of_the_parts_that_its_library_chose(pattern: str, key: str) -> None:
    paper = _paper("Attention Is All You Need", *FOUR, year=2017)
    assert propose(paper, read_pattern(pattern)) == key


@given(st.lists(st.sampled_from(PARTS), min_size=1, max_size=MOST_PARTS), st.text(max_size=80), st.text(max_size=40))
def test_every_pattern_makes_safe_keys_of_every_paper(pattern: list[Part], title: str, family: str) -> None:
    key = propose(_paper(title, Author(family=family), year=None), pattern)
    assert re.fullmatch(r"[A-Za-z0-9_:.-]*", key)


@pytest.mark.parametrize("pattern", ["", "- year", "author {year}", "year " * (MOST_PARTS + 1)])
def test_a_pattern_that_makes_no_keys_is_refused(pattern: str) -> None:
    with pytest.raises(BadInput):
        read_pattern(pattern)
