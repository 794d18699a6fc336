"""A line of text is read as a query whatever it holds; words are compared without their endings; slips are near."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.domain.entries import Condition
from api.domain.search_query import read_search
from api.domain.search_words import stem, stems_of, words_of
from api.domain.snippets import ROOM, snippet_of
from api.domain.spelling import nearest, slips


@given(st.text(max_size=600))
def test_every_line_is_a_query_within_the_limits(line: str) -> None:
    query = read_search(line)
    assert max(map(len, (query.words, query.within, query.without, query.conditions, query.unread))) <= 20
    assert read_search(line) == query


@given(st.text(alphabet='ab :"-*.<>=0129tagyerhsi', max_size=60))
def test_every_line_of_the_grammars_own_signs_is_a_query(line: str) -> None:
    read_search(line)


@pytest.mark.parametrize(
    ("line", "first", "last"),
    [
        ("year:2023", 2023, 2023),
        ("year:>2023", 2024, 9999),
        ("year:>=2023", 2023, 9999),
        ("year:<2023", 0, 2022),
        ("year:<=2023", 0, 2023),
        ("year:2020..2024", 2020, 2024),
        ("year:2024..2020", 2020, 2024),
        ("year:2020-2024", 2020, 2024),
        ("year:2020..", 2020, 9999),
        ("year:..2020", 0, 2020),
    ],
)
def test_years_are_a_span(line: str, first: int, last: int) -> None:
    assert read_search(line).conditions == (Condition("year", "", first=first, last=last),)


def test_a_quoted_value_may_hold_blanks_and_a_minus_turns_a_field_word_round() -> None:
    query = read_search('author:"van den Oord" -tag:"to read" -title:survey -"odd one"')
    assert [one.term.shown for one in query.within] == ["van den oord"]
    assert query.conditions == (Condition("tag", "to read", not_=True),)
    assert [one.term.stems for one in query.not_within] == [("survei",)]
    assert [one.shown for one in query.without] == ["odd one"]


def test_idle_words_count_only_where_nothing_else_is_asked() -> None:
    assert [one.shown for one in read_search("attention is all you need ").words] == ["attention", "all", "you", "need"]
    assert [one.shown for one in read_search("to be ").words] == ["to", "be"]


@pytest.mark.parametrize(
    "alike",
    [
        "policy policies",
        "represent represents represented representing",
        "use uses used using",
        "class classes",
        "analysis analyses",
        "control controls controlled controlling",
        "database databases",
        "make making makes",
        "study studies studied",
    ],
)
def test_forms_of_a_word_are_one_word(alike: str) -> None:
    assert len(set(stems_of(alike))) == 1, stems_of(alike)


def test_words_that_only_look_alike_stay_apart() -> None:
    words = ["need", "seed", "string", "sing", "bus", "this", "2d", "gas", "ring", "news"]
    assert len({stem(word) for word in words}) == len(words)


def test_slips_are_counted_with_neighbours_that_are_swapped() -> None:
    assert slips("attention", "atention", 2) == slips("attention", "attnetion", 2) == 1
    assert slips("cat", "dog", 2) == 3
    assert nearest("atention", [("attention", 3), ("retention", 50)]) == "attention"
    assert nearest("cats", [("dogs", 1)]) is None


@given(st.text(max_size=2000), st.sampled_from(["attention", "ατενσιον", "习"]))
def test_a_hit_stands_where_the_piece_says(around: str, word: str) -> None:
    found = snippet_of("abstract", f"{around} {word} {around}", stems_of(word))
    assert found is not None
    assert len(found.text) <= ROOM
    assert word in [found.text[a:b] for a, b in found.hits] or len(around) > ROOM


@given(
    st.text(st.sampled_from("ab é_'’ .-論文1\u0301²"), max_size=24), st.sampled_from(["a", "ab", "a'b", "論", "1", "e"])
)
def test_every_whole_word_of_a_short_text_is_hit_and_no_part_of_one(text: str, word: str) -> None:
    wanted = set(stems_of(word))
    words = re.finditer(r"[^\W_]+(?:['’][^\W_]+)*", text)
    expected = [one.span() for one in words if wanted & {stem(form) for form in words_of(one.group())}]
    found = snippet_of("title", text, wanted)
    assert list(found.hits if found else ()) == expected[:20]
