"""A list of papers goes in, a .bib file comes out: nothing unaccounted for, the same bytes every time."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from api.actions.desk import Desk
from api.actions.enrich_paper import finish_paper, take_paper
from api.actions.export_library import export_library
from api.actions.import_library import get_import, run_import, start_import
from api.actions.list_entries import list_entries
from api.domain.accounts import Who
from api.domain.entries import EntryFilter
from api.domain.papers import Paper
from api.store import enrichment
from api.store.imports import ImportRun

SHARED = Path(__file__).parents[2].parent / "shared"
TWO = [
    {"title": "A Study of {Braces} & 100% of Ampersands", "abstract": "Code: https://github.com/octo/cat."},
    {"title": "Another Study", "abstract": "Code will be released at https://github.com/octo/dog."},
]


async def import_papers(desk: Desk, who: Who, papers: Any) -> ImportRun:
    """Import a list and run it, as the worker does."""
    body = papers if isinstance(papers, bytes) else json.dumps(papers).encode()
    import_id = await start_import(desk, who.account_id, who.library_id, "papers.json", body)
    return await run_import(desk, who.library_id, import_id)


async def enrich_all(desk: Desk) -> None:
    """Do all the work that is due, with no source switched on."""
    for paper_id in await desk.database.read(lambda tx: enrichment.due(tx, desk.now(), 1000)):
        task = await take_paper(desk, paper_id)
        assert task is not None
        await finish_paper(desk, task, [])


async def exported(desk: Desk, who: Who) -> str:
    """The whole library as BibTeX."""
    return b"".join([piece async for piece in export_library(desk, who.library_id, EntryFilter())]).decode()


async def all_papers(desk: Desk, who: Who) -> list[Paper]:
    """The papers of all entries."""
    return [one.paper for one in (await list_entries(desk, who.library_id, EntryFilter(), limit=200)).items]


async def test_every_listed_paper_becomes_an_entry_with_its_links(desk: Desk, ada: dict[str, Who]) -> None:
    run = await import_papers(desk, ada["laptop"], TWO)
    assert (run.state, run.counts.total, run.counts.imported, run.counts.merged) == ("done", 2, 2, 0)
    await enrich_all(desk)
    papers = {paper.title: paper for paper in await all_papers(desk, ada["laptop"])}
    links = [(link.url, link.status) for title in sorted(papers) for link in papers[title].links]
    assert links == [("https://github.com/octo/cat", "available"), ("https://github.com/octo/dog", "promised")]


async def test_importing_twice_changes_nothing(desk: Desk, ada: dict[str, Who]) -> None:
    await import_papers(desk, ada["laptop"], TWO)
    run = await import_papers(desk, ada["laptop"], TWO)
    assert (run.counts.imported, run.counts.merged) == (0, 2)
    assert len(await all_papers(desk, ada["laptop"])) == 2


async def test_a_bad_record_gets_a_line_and_spares_the_others(desk: Desk, ada: dict[str, Who]) -> None:
    run = await import_papers(desk, ada["laptop"], [TWO[0], {"no": "title"}, TWO[1]])
    assert (run.counts.total, run.counts.imported, run.counts.reported) == (3, 2, 1)
    assert [line.line for line in run.report] == [2]


@pytest.mark.parametrize("body", [b"not json", b"\xff\xfe", b"[" * 200_000, b"{}", b"%PDF-1.4"])
async def test_a_file_that_cannot_be_read_fails_with_its_reason(desk: Desk, ada: dict[str, Who], body: bytes) -> None:
    run = await import_papers(desk, ada["laptop"], body)
    assert (run.state, run.counts.imported, len(run.report)) == ("failed", 0, 1)
    assert await get_import(desk, ada["laptop"].library_id, run.id) == run


async def test_an_import_runs_once_however_many_workers_are_reminded(desk: Desk, ada: dict[str, Who]) -> None:
    run = await import_papers(desk, ada["laptop"], TWO)
    again = await run_import(desk, ada["laptop"].library_id, run.id)
    assert again == run


async def test_an_export_has_the_same_bytes_every_time_and_keys_never_change(desk: Desk, ada: dict[str, Who]) -> None:
    await import_papers(desk, ada["laptop"], TWO)
    first = await exported(desk, ada["laptop"])
    await enrich_all(desk)
    assert await exported(desk, ada["laptop"]) == await exported(desk, ada["laptop"])
    keys = [line for line in first.splitlines() if line.startswith("@")]
    assert [line for line in (await exported(desk, ada["laptop"])).splitlines() if line.startswith("@")] == keys
    assert len(keys) == 2


async def test_the_seed_papers_go_in_and_come_out_clean(desk: Desk, ada: dict[str, Who], tmp_path: Path) -> None:
    seed, judge = SHARED / "fixtures/seed/papers.json", SHARED / "tools/bibcheck.py"
    if not seed.exists():
        pytest.skip("shared fixtures are not here: fixtures/seed/papers.json")
    run = await import_papers(desk, ada["laptop"], seed.read_bytes())
    assert (run.counts.total, run.counts.imported, run.report) == (70, 70, [])
    await enrich_all(desk)
    papers = await all_papers(desk, ada["laptop"])
    assert len(papers) == 70
    urls = {link.url: link.status for paper in papers for link in paper.links}
    assert urls["https://github.com/Zheng0428/MORE_"] == "available"
    assert [url for url in urls if "ANUBIS" in url] == ["https://yliu1082.github.io/ANUBIS/"]
    assert any("egozero-robot.github.io" in url and not url.endswith("io.") for url in urls)
    assert urls["https://github.com/PremierTACO/premier-taco"] == "promised"
    bib = tmp_path / "seed.bib"
    bib.write_text(await exported(desk, ada["laptop"]), "utf-8")
    judged = subprocess.run(
        [sys.executable, str(judge), str(bib), "--latex", "--expect", "70"], capture_output=True, text=True
    )
    assert judged.stdout.splitlines()[-1] == "problems 0", judged.stdout
