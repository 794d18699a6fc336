"""BibLaTeX entries: what differs from BibTeX, and that biber's data model finds nothing to say."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import bibtexparser
import pytest
from hypothesis import HealthCheck, given, settings

from api.domain.formats import bibtex
from api.domain.formats.biblatex import render
from api.domain.formats.records import BibEntry
from api.domain.papers import Author, Dates, Kind, Paper
from tests.domain.test_bibtex_engines import ADA, ARTICLE, ENTRIES, JUDGE, PEOPLE, REST, SEED, SHARED, TITLES, _entries


def make_paper(**fields: Any) -> Paper:
    return Paper(**({"id": "p", "kind": "article", "title": "Notes", "authors": (ADA,), "year": 1843} | fields))


def fields_of(paper: Paper, **of_reader: Any) -> dict[str, str]:
    [entry] = bibtexparser.parse_string("".join(render([BibEntry("key", paper, **of_reader)]))).entries
    return {"": entry.entry_type} | {field.key: field.value for field in entry.fields}


def verdict(entries: list[BibEntry], folder: Path) -> str:
    if not JUDGE.exists():
        pytest.skip("shared fixtures are not here: no tools/bibcheck.py beside the project")
    file = folder / "library.bib"
    file.write_text("".join(render(entries)), encoding="utf-8")
    asked = [sys.executable, str(JUDGE), str(file), "--dialect", "biblatex", "--latex", "--expect", str(len(entries))]
    return subprocess.run(asked, capture_output=True, text=True, check=False).stdout


def test_nasty_records_satisfy_the_data_model_and_compile(tmp_path: Path) -> None:
    papers: list[dict[str, Any]] = [{**ARTICLE, "title": title} for title in TITLES]
    papers += [{**ARTICLE, "title": "People", "authors": people} for people in PEOPLE]
    # Each of Ada's papers has an Ada of its own: natbib has letters for 26 works of one author, and sees no dates.
    alone = [paper | {"authors": (Author(f"Love{number}", "Ada"),)} for number, paper in enumerate(papers + REST)]
    entries = _entries(
        new if old.get("authors") == (ADA,) else old for old, new in zip(papers + REST, alone, strict=True)
    )
    assert len(entries) > 50
    said = verdict(entries, tmp_path)
    assert said.endswith("problems 0\n"), said


def test_titles_and_abstracts_alone_satisfy_it_too(tmp_path: Path) -> None:
    if not SEED.exists():
        pytest.skip("shared fixtures are not here: no fixtures/seed/papers.json beside the project")
    seeds = json.loads(SEED.read_text(encoding="utf-8"))
    entries = _entries({"title": seed["title"], "abstract": seed["abstract"]} for seed in seeds)
    assert len(entries) == 70
    said = verdict(entries, tmp_path)
    assert said.endswith("problems 0\n"), said


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(ENTRIES)
def test_whatever_the_fields_hold_it_is_one_entry_with_balanced_braces(entry: BibEntry) -> None:
    [text] = render([entry])
    library = bibtexparser.parse_string(text)
    assert not library.failed_blocks
    assert [read.key for read in library.entries] == ["key"]
    lines = text.split("\n")
    assert all(line.count("{") == line.count("}") for line in lines[1:-3])
    assert all(re.fullmatch(r"  \w+ *= \{.*\},", line) for line in lines[1:-3])


def test_letters_stay_as_they_are_and_signs_are_escaped_as_in_bibtex() -> None:
    paper = make_paper(title="Émigré & α-synuclein – 50%", authors=(Author("Ångström", "Ö."), Author("王", "小明")))
    fields = fields_of(paper)
    assert fields["title"] == r"Émigré \& α-synuclein -- 50\%"
    assert fields["author"] == "Ångström, Ö. and 王, 小明"


@pytest.mark.parametrize(
    ("kind", "entry_type", "venue_field", "publisher_field"),
    [
        ("article", "article", "journaltitle", None),
        ("inproceedings", "inproceedings", "booktitle", "publisher"),
        ("chapter", "inbook", "booktitle", "publisher"),
        ("book", "book", "series", "publisher"),
        ("report", "report", "note", "institution"),
        ("thesis", "thesis", "note", "institution"),
        ("software", "software", "note", "organization"),
        ("dataset", "dataset", "series", "publisher"),
    ],
)
def test_each_kind_has_its_type_and_its_fields(
    kind: Kind, entry_type: str, venue_field: str, publisher_field: str | None
) -> None:
    fields = fields_of(make_paper(kind=kind, venue="Vee", publisher="Pub"))
    assert (fields[""], fields[venue_field]) == (entry_type, "Vee")
    assert [name for name, value in fields.items() if value == "Pub"] == ([publisher_field] if publisher_field else [])


def test_a_preprint_is_online_and_a_published_paper_keeps_its_eprint() -> None:
    both = {"arxiv": ("1706.03762v5",)}
    preprint = fields_of(make_paper(kind="preprint", venue="arXiv", identifiers=both, primary_class="cs.CL"))
    assert (preprint[""], preprint["pubstate"], preprint["doi"]) == (
        "online",
        "prepublished",
        "10.48550/arXiv.1706.03762",
    )
    assert (preprint["eprint"], preprint["eprinttype"], preprint["eprintclass"]) == ("1706.03762", "arXiv", "cs.CL")
    published = fields_of(make_paper(venue="J", identifiers=both))
    assert (published[""], published["eprint"], "doi" in published) == ("article", "1706.03762", False)


def test_what_the_model_lacks_a_place_for_is_a_misc_or_a_note() -> None:
    assert fields_of(make_paper(venue=None))[""] == "misc"
    assert fields_of(make_paper(kind="webpage"))[""] == "misc"
    assert fields_of(make_paper(kind="webpage"), url="https://x.org")[""] == "online"
    odd = fields_of(make_paper(venue="J", volume="S1"))
    assert ("volume" in odd, odd["note"]) == (False, "Vol. S1")


@pytest.mark.parametrize(
    ("dates", "written"),
    [
        (Dates(issued="1843-09-01"), "1843-09-01"),
        (Dates(issued="1843-09"), "1843-09"),
        (Dates(issued="1843-02-30"), "1843-02"),
        (Dates(issued="1843-00-00"), "1843"),
    ],
)
def test_dates_are_as_exact_as_they_are_known(dates: Dates, written: str) -> None:
    assert fields_of(make_paper(dates=dates))["date"] == written


def test_without_a_year_the_date_says_that_nobody_knows_it() -> None:
    assert fields_of(make_paper(year=None))["date"] == "XXXX"


def test_both_dialects_give_an_entry_the_same_key() -> None:
    entries = [BibEntry(key, make_paper()) for key in ("Smith:2020", "smith:2020", "a} @misc{b", "")]
    keys = [re.findall(r"^@\w+\{(.*),$", "".join(write(entries)), re.M) for write in (render, bibtex.render)]
    assert keys[0] == keys[1]
    assert len(set(keys[0])) == 4


def test_the_model_record_is_the_model_s() -> None:
    model = SHARED / "fixtures" / "bib" / "model-biblatex.bib"
    if not model.exists():
        pytest.skip("shared fixtures are not here: no fixtures/bib/model-biblatex.bib beside the project")
    wanted = {one.key: one for one in bibtexparser.parse_string(model.read_text(encoding="utf-8")).entries}
    for key, entry in model_entries().items():
        got = fields_of(entry.paper, url=entry.url, accessed=entry.accessed)
        want = {"": wanted[key].entry_type} | {field.key: field.value for field in wanted[key].fields}
        absent = {"eventtitle", "venue", "shortjournal", "location", "version"}  # a paper of ours does not know these
        want = {name.replace("eid", "pages"): value for name, value in want.items() if name not in absent}
        assert got == want, key


def model_entries() -> dict[str, BibEntry]:
    """The model's records that our papers can hold whole."""
    vaswani = make_paper(
        kind="preprint",
        title="Attention Is All You Need",
        authors=(Author("Vaswani", "Ashish"), Author("Shazeer", "Noam"), Author("Kaiser", "Łukasz")),
        year=2017,
        dates=Dates(preprinted="2017-06-12"),
        identifiers={"arxiv": ("1706.03762",)},
        primary_class="cs.CL",
    )
    devlin = make_paper(
        kind="inproceedings",
        title="BERT: Pre-training of Deep Bidirectional Transformers for Language Understanding",
        authors=(
            Author("Devlin", "Jacob"),
            Author("Chang", "Ming-Wei"),
            Author("Lee", "Kenton"),
            Author("Toutanova", "Kristina"),
        ),
        year=2019,
        dates=Dates(issued="2019-06"),
        venue="Proceedings of NAACL-HLT 2019",
        pages="4171-4186",
        publisher="Association for Computational Linguistics",
        identifiers={"doi": ("10.18653/v1/N19-1423",)},
    )
    abbott = make_paper(
        title="Observation of Gravitational Waves from a Binary Black Hole Merger",
        authors=(
            Author("Abbott", "B. P."),
            Author(literal="LIGO Scientific Collaboration"),
            Author(literal="Virgo Collaboration"),
        ),
        year=2016,
        dates=Dates(issued="2016-02-11"),
        venue="Physical Review Letters",
        volume="116",
        issue="6",
        pages="061102",
        identifiers={"doi": ("10.1103/PhysRevLett.116.061102",), "arxiv": ("1602.03837",)},
        primary_class="gr-qc",
    )
    karpathy = make_paper(
        kind="webpage",
        title="A Recipe for Training Neural Networks",
        authors=(Author("Karpathy", "Andrej"),),
        year=2019,
        dates=Dates(issued="2019-04-25"),
        venue="Andrej Karpathy blog",
    )
    return {
        "vaswani2017attention": BibEntry("vaswani2017attention", vaswani, url="https://arxiv.org/abs/1706.03762"),
        "devlin2019bert": BibEntry("devlin2019bert", devlin),
        "abbott2016observation": BibEntry("abbott2016observation", abbott),
        "karpathy2019recipe": BibEntry(
            "karpathy2019recipe",
            karpathy,
            url="https://karpathy.github.io/2019/04/25/recipe/",
            accessed="2024-05-01",
        ),
    }
