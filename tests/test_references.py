"""Formatted references: what style guides print, and no markup but what CSL allows in a title."""

from __future__ import annotations

import re
from html import unescape
from typing import get_args

import pytest
from msgspec.structs import replace

from api.domain.formats.records import BibEntry
from api.domain.papers import Author, Dates, Extra, Paper
from api.references import STYLE_NAMES, Style, in_order, listed, reference
from tests.conftest import ROOT

STYLES: tuple[Style, ...] = get_args(Style)
FISH = Paper(
    id="p1",
    kind="article",
    title="What does a fish know of <i>Danio rerio</i>?",
    authors=(Author(family="Lovelace", given="Ada"), Author(family="Beek", given="Jan", particle="van der")),
    year=2019,
    dates=Dates(issued="2019-05"),
    venue="Journal of Waters",
    volume="12",
    issue="3",
    pages="101-109",
    identifiers={"doi": ("10.1234/fish.1",)},
)
PREPRINT = Paper(
    id="p2",
    kind="preprint",
    title="Nets that forget",
    authors=(Author(family="Noether", given="Emmy"),),
    year=2021,
    dates=Dates(preprinted="2021-02-03"),
    identifiers={"arxiv": ("2102.01234",)},
)
HOSTILE = Paper(
    id="p3",
    kind="inproceedings",
    title='<script>alert("x")</script> & <b onclick=x>bold</b> <i>well</i>',
    authors=(Author(family="<img src=x>", given="A & B"), Author(literal="Bobby </i></blockquote> Inc")),
    venue="Proc. <iframe> & Co",
    extra=Extra(series="<style>", place="&lt;"),
    identifiers={"doi": ("10.1234/a<b>&c",)},
)
BARE = Paper(id="p4", kind="webpage", title="1. A page that begins with a number")


def _cited(paper: Paper, style: Style) -> tuple[str, str]:
    found = reference(BibEntry("key", paper, url="https://example.org/?a=1&b=2"), style)
    assert found.style == style
    return found.text, found.html


@pytest.mark.parametrize(
    ("style", "paper", "text"),
    [
        (
            "apa",
            FISH,
            "Lovelace, A., & van der Beek, J. (2019). What does a fish know of Danio rerio? Journal of Waters, "
            "12(3), 101–109. https://doi.org/10.1234/fish.1",
        ),
        (
            "ieee",
            FISH,
            "A. Lovelace and J. van der Beek, “What does a fish know of Danio rerio?,” Journal of Waters, vol. 12, "
            "no. 3, pp. 101–109, May 2019, doi: 10.1234/fish.1.",
        ),
        (
            "modern-language-association",
            FISH,
            "Lovelace, Ada, and Jan van der Beek. “What Does a Fish Know of Danio Rerio?” Journal of Waters, vol. 12, "
            "no. 3, May 2019, pp. 101–09, https://doi.org/10.1234/fish.1.",
        ),
        (
            "nature",
            FISH,
            "Lovelace, A. & van der Beek, J. What does a fish know of Danio rerio? Journal of Waters 12, 101–109 "
            "(2019).",
        ),
        (
            "nature",
            PREPRINT,
            "Noether, E. Nets that forget. Preprint at https://doi.org/10.48550/arXiv.2102.01234 (2021).",
        ),
        (
            "american-medical-association",
            FISH,
            "Lovelace A, van der Beek J. What does a fish know of Danio rerio? Journal of Waters. 2019;12(3):101-109. "
            "doi:10.1234/fish.1",
        ),
        (
            "chicago-author-date",
            FISH,
            "Lovelace, Ada, and Jan van der Beek. 2019. “What Does a Fish Know of Danio Rerio?” Journal of Waters "
            "12 (3): 101–9. https://doi.org/10.1234/fish.1.",
        ),
    ],
)
def test_a_reference_reads_as_its_style_guide_prints_it(style: Style, paper: Paper, text: str) -> None:
    assert _cited(paper, style)[0] == text


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("paper", [FISH, PREPRINT, HOSTILE, BARE], ids=["fish", "preprint", "hostile", "bare"])
def test_html_and_text_say_the_same_and_only_the_tags_of_csl_are_markup(style: Style, paper: Paper) -> None:
    text, html = _cited(paper, style)
    tags = re.findall(r"<[^>]*>", html)
    assert [tag for tag in tags if not re.fullmatch(r'</?(i|b|sup|sub)>|<span style="[a-z: -]+;?">|</span>', tag)] == []
    assert unescape(re.sub(r"<[^>]*>", "", html)) == text
    assert text
    assert not re.search("[\ue000-\uf8ff]", text + html)


@pytest.mark.parametrize("style", STYLES)
def test_a_title_that_begins_with_a_number_keeps_it_where_no_number_is_set(style: Style) -> None:
    assert "1. A page" in _cited(BARE, style)[0].replace("“", "").replace("1. A Page", "1. A page")


def test_each_style_has_a_name() -> None:
    assert tuple(STYLE_NAMES) == STYLES
    assert len(STYLES) >= 10


def test_a_list_stands_as_its_style_sorts_and_numbers_it() -> None:
    zuse, ash = (BibEntry(name, replace(FISH, authors=(Author(family=name, given="Jo"),))) for name in ("Zuse", "Ash"))
    assert in_order([zuse, ash], "apa") == [ash, zuse]
    assert in_order([zuse, ash], "ieee") == [zuse, ash]
    assert listed(ash, "apa", 2, as_html=False).startswith("Ash, J. (2019)")
    assert listed(ash, "ieee", 12, as_html=True).startswith("[12] J. Ash, “What does a fish know of <i>Danio rerio</i>")
    assert listed(ash, "nature", 3, as_html=False).startswith("3. Ash, J. What")


def test_the_extension_offers_the_same_styles_by_the_same_names() -> None:
    offered = (ROOT / "extension/src/popup/styles.js").read_text("utf-8")
    assert re.findall(r"\['([a-z-]+)', '([^']+)'\]", offered) == list(STYLE_NAMES.items())
