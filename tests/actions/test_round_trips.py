"""Files go in with nothing unaccounted for, come out at no problem, and go round to the same bytes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from api.actions.desk import Desk
from api.actions.export_library import export_library
from api.actions.import_library import run_import, start_import
from api.domain.accounts import Who
from api.domain.entries import EntryFilter
from api.domain.formats.catalog import FormatName, export_wish
from api.domain.formats.imported import Imported, claims_of
from api.domain.formats.read_any import read_any
from api.store.imports import ImportRun

SHARED = Path(__file__).parents[2].parent / "shared"
REAL = sorted((SHARED / "fixtures/bib").glob("*.bib"))
OWN = """
@string{weave = "Weaving " # "Quarterly"}
@comment{ignored @article{no, title={no}} }
@book{sheds, editor={van der Loom, Jan and {Guild of Weavers}}, title={All the {Sheds}}, publisher={Press},
  year=1843, series={Craft}, edition={Second}, address={Leeds}, isbn={9780007280599}}
@article{Byron:1843, author={Byron, Ada and others}, title={On $x_i^2$ and {\\'e}t{\\'e} at 50\\%}, journal=weave,
  year=1843, month="10~" # oct, volume=3, number=2, pages={12--34}, doi={10.1000/a_b<1>}, keywords={looms, {big, red}},
  note={Second printing}, annote={Mine alone}}
@mastersthesis{mill, author={Mill, Mary}, title={Mills}, school={Leeds}, year=1850}
@misc{pre, author={Mill, Mary}, title={Later Mills}, eprint={2401.00001}, archivePrefix={arXiv}, primaryClass={cs.CL}}
@online{page, title={A page}, url={https://example.org/a}, urldate={2024-05-01}, note={Look here}}
@inproceedings{child, author={Mill, Mary}, title={Child}, crossref={parent}}
@proceedings{parent, title={Proceedings of Looms}, editor={Jan Loom}, publisher={Press}, year=1851}
@unpublished{loose, author={Mill, Mary}, title={Loose Ends}, year=1852, note={Draft}}
"""


async def taken(desk: Desk, who: Who, body: bytes) -> ImportRun:
    id_ = await start_import(desk, who.account_id, who.library_id, "file", body)
    return await run_import(desk, who.library_id, id_)


async def exported(desk: Desk, who: Who, format_: FormatName) -> str:
    wish = (
        export_wish(format_, fields=("abstract", "note", "tags", "url")) if format_ != "json" else export_wish("json")
    )
    pieces = [piece async for piece in export_library(desk, who.library_id, EntryFilter(), wish)]
    return "".join(piece if isinstance(piece, str) else piece.decode() for piece in pieces)


def judged(text: str, dialect: str, expect: int, tmp_path: Path) -> str:
    judge = SHARED / "tools/bibcheck.py"
    if not judge.exists():
        pytest.skip("shared fixtures are not here: tools/bibcheck.py")
    file = tmp_path / f"{dialect}.bib"
    file.write_text(text, "utf-8")
    words = ["--dialect", dialect, "--latex", "--expect", str(expect), "--max-warnings", "99"]
    said = subprocess.run([sys.executable, str(judge), str(file), *words], capture_output=True, text=True)
    return said.stdout if not said.stdout.endswith("problems 0\n") else "problems 0"


@pytest.mark.parametrize("format_", ["bibtex", "biblatex", "ris", "csl-json"])
async def test_an_export_imported_elsewhere_is_exported_to_the_same_bytes(
    desk: Desk, ada: dict[str, Who], bob: Who, format_: FormatName
) -> None:
    own = OWN.replace("{big, red}", "red") if format_ == "csl-json" else OWN  # whose keywords are one text
    run = await taken(desk, ada["laptop"], own.encode())
    assert (run.counts.total, run.counts.imported, run.report) == (8, 8, [])
    first = await exported(desk, ada["laptop"], format_)
    assert (await taken(desk, bob, first.encode())).counts.imported == 8
    assert await exported(desk, bob, format_) == first


async def test_our_own_json_brings_everything_back(desk: Desk, ada: dict[str, Who], bob: Who) -> None:
    await taken(desk, ada["laptop"], OWN.encode())
    mark = {"uri": "https://example.org/a", "tags": ["seen"], "text": "So", "created": "2024-01-02T03:04:05.000Z"}
    quote = {"type": "TextQuoteSelector", "exact": "weaves"}
    await taken(desk, ada["laptop"], json.dumps([mark | {"target": [{"selector": [quote]}]}]).encode())
    first = json.loads(await exported(desk, ada["laptop"], "json"))
    assert (await taken(desk, bob, json.dumps(first).encode())).counts.imported == 8
    second = json.loads(await exported(desk, bob, "json"))
    tags = [{one["id"]: one["name"] for one in whole["tags"]} for whole in (first, second)]
    for before, after in zip(first["entries"], second["entries"], strict=True):
        assert {n: v for n, v in after.items() if n not in ("tags", "highlights")} == {
            n: v for n, v in before.items() if n not in ("tags", "highlights")
        }
        assert {tags[1][one] for one in after["tags"]} == {tags[0][one] for one in before["tags"]}
        marks = [
            [(m["id"], m["selectors"], m["comment"], m["created_at"]) for m in e["highlights"]] for e in (before, after)
        ]
        assert marks[0] == marks[1]
    assert sum(len(one["highlights"]) for one in second["entries"]) == 1


async def test_the_same_file_twice_changes_nothing_and_keeps_keys(desk: Desk, ada: dict[str, Who]) -> None:
    await taken(desk, ada["laptop"], OWN.encode())
    before = await exported(desk, ada["laptop"], "json")
    run = await taken(desk, ada["laptop"], OWN.encode())
    assert (run.counts.imported, run.counts.merged, run.counts.total) == (0, 8, 8)
    assert await exported(desk, ada["laptop"], "json") == before
    assert {"Byron:1843", "sheds"} <= {one["citekey"] for one in json.loads(before)["entries"]}


async def test_an_import_that_was_left_goes_on_without_doubles(
    desk: Desk, ada: dict[str, Who], clock: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    from api.actions import import_library

    monkeypatch.setattr(import_library, "BATCH", 3)
    who = ada["laptop"]
    id_ = await start_import(desk, who.account_id, who.library_id, "file", OWN.encode())

    def die(run: ImportRun) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await run_import(desk, who.library_id, id_, die)
    clock.forward(61)  # type: ignore[attr-defined]
    run = await run_import(desk, who.library_id, id_)
    assert (run.state, run.counts.imported, run.counts.merged, run.counts.total) == ("done", 8, 0, 8)


@pytest.mark.skipif(not REAL, reason="shared fixtures are not here: fixtures/bib")
@pytest.mark.parametrize("dialect", ["bibtex", "biblatex"])
async def test_real_files_are_taken_whole_and_go_round(
    desk: Desk, ada: dict[str, Who], bob: Who, dialect: FormatName, tmp_path: Path
) -> None:
    imported = 0
    for file in REAL:
        counts = (await taken(desk, ada["laptop"], file.read_bytes())).counts
        assert counts.imported + counts.merged + counts.reported == counts.total > 0
        imported += counts.imported
    text = await exported(desk, ada["laptop"], dialect)
    assert text == await exported(desk, ada["laptop"], dialect)
    assert judged(text, dialect, imported, tmp_path) == "problems 0"
    await taken(desk, bob, text.encode())
    assert await exported(desk, bob, dialect) == text


def test_records_of_one_file_are_not_taken_for_each_other() -> None:
    bib = "".join(
        f"@{kind}{{{kind}, title={{Same}}, author={{A B}}, year=2000}}" for kind in ("article", "book", "thesis")
    )
    records, *_ = read_any(bib.encode())
    assert len({claims_of(one) for one in records if isinstance(one, Imported)}) == 3
