"""The judge of BibTeX is BibTeX: the real engines, a typesetting run and two readers over records made to hurt."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import bibtexparser
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pybtex.database.input.bibtex import Parser

from api.domain.citekeys import next_free, propose
from api.domain.formats.bibtex import render
from api.domain.formats.records import BibEntry
from api.domain.papers import Author, Dates, Paper

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
JUDGE = SHARED / "tools" / "bibcheck.py"
SEED = SHARED / "fixtures" / "seed" / "papers.json"

ADA = Author("Lovelace", "Ada")
ARTICLE: dict[str, Any] = {"authors": (ADA,), "year": 2020, "venue": "Journal of Tests"}
CHUNK = "Words of an abstract, 100% of them & more_or_less $5 each. "

TITLES = [
    "Profit & Loss at 100% of #1 under_score $5 {~} ^ \\ | < > \" ` '",
    "Unbalanced } brace",
    "Unbalanced { brace {{",
    "@article{evil, title = {gone}}",
    "x}, } @article{second, title = {y}",
    "\\input{/etc/passwd} \\write18{ls} $\\input{/etc/passwd}$ $x^^5cinput$",
    "It costs $5 and then $10, or $x^2$, or $x^$, $a^b^c$, $\\frac{1}$ and $\\mathbb{R}$",
    "On $\\{0,1\\}^n$, $\\mathcal{O}(\\sqrt{T})$, $^{13}$C and $L_2$",
    "α-synuclein, NF-κB and ἀρχή λόγου",
    "Élan vital: ÉNS, Đorđe, Þór, ǿ, ẛ, ế, Łódź, İstanbul, smørrebrød",
    "<i>E. coli</i> H<sub>2</sub>O <i>unclosed 10<sup>-3</sup>",
    "深度学习的研究",
    "שלום עולם",
    "تعلم الآلة",
    "Emoji 😀👩‍🔬 in a title",
    "Dashes – — ‐ ‑ − and “quotes” ‘single’ … «guillemets»",
    "Soft\u00adhyphen zero\u200bwidth nul\x00 bell\x07 line\u2028break \ufeffbom",
    "%",
    "\\",
    "mRNA, NASA and CO2: A U-Net for GPT-4-based X-ray AT&T's D'Alembert",
    "?` !` -- --- ,, << >> ~~ ^^M ^^5c",
    "Ünïcödé " * 40,
]

PEOPLE = [
    (Author("Beethoven", "Ludwig", particle="van"), Author("King", "Martin Luther", suffix="Jr.")),
    (Author(literal="LIGO Scientific Collaboration"), Author(literal="Barnes and Noble, Inc."), Author("Plato")),
    (Author("王", "小明"), Author("Достоевский", "Фёдор"), Author("Nguyễn", "Hảo"), Author("Ångström", "Ång")),
    (Author("Smith de Souza", "J."), Author("O’Brien, Esq", "{Pat}"), Author("and", "and"), Author(given="Cher")),
    (Author("A}", "B{"), Author("\\input{x}", "%#&"), Author(literal="\\relax"), Author("a,b,c,d", "e,f", suffix=",")),
    (Author(), Author(literal="")),
    (ADA, Author(literal="et al.")),
    tuple(Author(f"Name{number}", "X. Y.") for number in range(1200)),
]

REST: list[dict[str, Any]] = [
    {"title": "Title only"},
    {"title": "小"},
    {"title": ""},
    {"title": "", "year": 2020, "authors": (ADA,)},
    {"title": "Page only", "kind": "webpage"},
    {"title": "Month but no year", "dates": Dates(issued="0000-05")},
    {"title": "Issue but no volume", **ARTICLE, "issue": "5", "pages": "1-9"},
    {"title": "No pages", **ARTICLE, "volume": "5", "issue": "5"},
    {
        "title": "Chapter",
        **ARTICLE,
        "kind": "chapter",
        "publisher": "P & Q",
        "volume": "1",
        "issue": "2",
        "pages": "1–2",
    },
    {"title": "Chapter without publisher", **ARTICLE, "kind": "chapter"},
    {"title": "Book", **ARTICLE, "kind": "book", "publisher": "P", "volume": "1", "issue": "2"},
    {"title": "Thesis", "authors": (ADA,), "year": 2020, "kind": "thesis", "publisher": "Universität Zürich"},
    {"title": "Thesis without school", "authors": (ADA,), "year": 2020, "kind": "thesis"},
    {"title": "Report", **ARTICLE, "kind": "report", "publisher": "NBER", "issue": "7"},
    {"title": "Proceedings", **ARTICLE, "kind": "inproceedings", "volume": "1", "issue": "2", "pages": "e12"},
    {"title": "Proceedings without a year", **ARTICLE, "kind": "inproceedings", "year": None},
    {"title": "Software", **ARTICLE, "kind": "software", "publisher": "Zenodo"},
    {"title": "Anonymous data", "kind": "dataset", "publisher": "Zenodo"},
    {
        "title": "Preprint",
        "authors": (ADA,),
        "year": 2017,
        "kind": "preprint",
        "identifiers": {"arxiv": ("hep-th/9802150v3",)},
    },
    {
        "title": "Angles",
        **ARTICLE,
        "identifiers": {"doi": ("10.1002/(SICI)1097-4636(199823)43:4<338::AID-JBM16>3.0.CO;2-#_%",)},
    },
    {"title": "Braces", **ARTICLE, "identifiers": {"doi": ("10.1000/{a}\\é",), "isbn": ("978-3-16-148410-0",)}},
    {
        "title": "Hostile",
        **ARTICLE,
        "abstract": "x\n@article{evil,\n title={y}}\n\n@comment{ \\end{document}",
        "venue": "@string{a={",
    },
    {"title": "Long", **ARTICLE, "abstract": CHUNK * 1000},
]


def _entries(papers: Iterable[dict[str, Any]]) -> list[BibEntry]:
    entries: list[BibEntry] = []
    for number, fields in enumerate(papers):
        paper = Paper(**({"id": "p", "kind": "article"} | fields))
        key = next_free(propose(paper), [entry.key for entry in entries])
        url = f"https://example.org/{number}/a_b%20c%7E~#top?x=50%&y=^{{ü}}" if number % 2 else None
        entries.append(BibEntry(key, paper, ("a & b", "c,d", "#1}"), url, "note } of mine", "2024-05-01"))
    return entries


def _verdict(entries: list[BibEntry], folder: Path) -> str:
    if not JUDGE.exists():
        pytest.skip("shared fixtures are not here: no tools/bibcheck.py beside the project")
    file = folder / "library.bib"
    file.write_text("".join(render(entries)), encoding="utf-8")
    asked = [sys.executable, str(JUDGE), str(file), "--latex", "--expect", str(len(entries))]
    return subprocess.run(asked, capture_output=True, text=True, check=False).stdout


def _latin_only(title: str) -> bool:
    return all(ord(char) < 0x250 or char in "–—‐‑“”‘’" for char in title)


def test_nasty_records_compile_without_a_problem(tmp_path: Path) -> None:
    # Years differ because natbib has letters for 26 works of one author and year only.
    papers = [{**ARTICLE, "title": title, "year": 1980 + number} for number, title in enumerate(TITLES)]
    papers += [{**ARTICLE, "title": "People", "authors": people} for people in PEOPLE]
    entries = _entries(papers + REST)
    assert len(entries) > 50
    verdict = _verdict(entries, tmp_path)
    assert verdict.endswith("problems 0\n"), verdict


def test_latin_records_compile_with_the_old_engine_too(tmp_path: Path) -> None:
    papers = [{**ARTICLE, "title": title} for title in TITLES if _latin_only(title)]
    entries = _entries(papers + [{**ARTICLE, "title": "People", "authors": people} for people in PEOPLE[:2]])
    assert len(entries) > 10
    verdict = _verdict(entries, tmp_path)
    assert "lualatex" not in verdict
    assert verdict.endswith("problems 0\n"), verdict


def test_titles_and_abstracts_alone_compile(tmp_path: Path) -> None:
    if not SEED.exists():
        pytest.skip("shared fixtures are not here: no fixtures/seed/papers.json beside the project")
    seeds = json.loads(SEED.read_text(encoding="utf-8"))
    entries = _entries({"title": seed["title"], "abstract": seed["abstract"]} for seed in seeds)
    assert len(entries) == 70
    verdict = _verdict(entries, tmp_path)
    assert verdict.endswith("problems 0\n"), verdict


HOSTILE = st.lists(
    st.sampled_from(
        [
            "@article{",
            "\n@misc{x,",
            "}",
            "{",
            "\\",
            "\\}",
            "\\input{x}",
            '"',
            ",",
            "=",
            "#",
            "%",
            "$",
            "^^5c",
            " and ",
            "<i>",
        ]
    )
    | st.text(max_size=6),
    max_size=8,
).map("".join)
MAYBE = st.none() | HOSTILE
AUTHORS = st.lists(st.builds(Author, MAYBE, MAYBE, MAYBE, MAYBE, MAYBE), max_size=3).map(tuple)
PAPERS = st.builds(
    Paper,
    id=st.just("p"),
    kind=st.sampled_from(
        ["article", "inproceedings", "preprint", "thesis", "book", "chapter", "report", "software", "webpage"]
    ),
    title=HOSTILE,
    authors=AUTHORS,
    abstract=MAYBE,
    year=st.none() | st.integers(),
    dates=st.builds(Dates, MAYBE, MAYBE, MAYBE),
    venue=MAYBE,
    volume=MAYBE,
    issue=MAYBE,
    pages=MAYBE,
    publisher=MAYBE,
    primary_class=MAYBE,
    identifiers=st.dictionaries(
        st.sampled_from(["doi", "arxiv", "isbn", "url"]),
        st.tuples(st.just("2101.00001") | HOSTILE.map("10.1/".__add__) | HOSTILE | HOSTILE.map("http://".__add__)),
    ),
)
ENTRIES = st.builds(
    BibEntry,
    st.just("key"),
    PAPERS,
    st.lists(HOSTILE, max_size=2).map(tuple),
    HOSTILE.map("https://x".__add__),
    MAYBE,
    MAYBE,
)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(ENTRIES)
def test_whatever_the_fields_hold_readers_see_one_entry_and_balanced_braces(entry: BibEntry) -> None:
    [text] = render([entry])
    library = bibtexparser.parse_string(text)
    assert not library.failed_blocks
    assert [read.key for read in library.entries] == ["key"]
    assert list(Parser().parse_string(text).entries) == ["key"]
    body, lines = text.rstrip("\n"), text.split("\n")
    assert all(line.count("{") == line.count("}") for line in lines[1:-3])
    assert body.count("{") == body.count("}")
    assert all(re.fullmatch(r"  \w+ *= (\{.*\}|[a-z]{3}),", line) for line in lines[1:-3])
