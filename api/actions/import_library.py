"""Import: a file becomes entries, in the worker, with progress; running it twice changes nothing.

Refuses a file that it cannot read as a whole (state `failed`, with the reason as the report's only line); a bad
record spares the others and gets a line.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from msgspec import structs

from api.actions.desk import Desk
from api.domain.clock import rfc3339
from api.domain.edits import edit_now
from api.domain.errors import BadInput, NotFound, ScholiumError
from api.domain.formats.papers_list import ListedPaper, read_papers_list
from api.domain.papers import Finding, Identifier
from api.domain.titles import title_fold
from api.store import imports, objects
from api.store.arrivals import shelve_finding
from api.store.batches import open_batch
from api.store.database import Tx
from api.store.imports import Counts, ImportFile, ImportRun, ReportLine

FORMATS = ("papers",)
BATCH = 50  # records a transaction
LEASE_MS = 60_000
DEVICE = "import"  # the device that imported entries name


async def start_import(desk: Desk, account_id: str, library_id: str, filename: str, format_: str, body: bytes) -> str:
    """Queue a file and remind a worker of it; returns the import's id."""
    if format_ not in FORMATS:
        raise BadInput(f"no reader for {format_!r}; there is {', '.join(FORMATS)}")
    import_id = desk.new_id()
    file = ImportFile(filename, format_, body)
    await desk.database.write(lambda tx: imports.add(tx, library_id, import_id, account_id, file, desk.now()))
    desk.reminders.run_import(library_id, import_id)
    return import_id


async def get_import(desk: Desk, library_id: str, import_id: str) -> ImportRun:
    """An import as it stands; raises NotFound."""
    run = await desk.database.read(lambda tx: imports.get(tx, library_id, import_id))
    if run is None:
        raise NotFound("no such import")
    return run


async def run_import(
    desk: Desk, library_id: str, import_id: str, on_progress: Callable[[ImportRun], None] = lambda run: None
) -> ImportRun:
    """Read a queued file to its end, batch by batch; returns at once if another worker has it."""
    file = await desk.database.write(lambda tx: imports.claim(tx, library_id, import_id, desk.now(), LEASE_MS))
    run = await get_import(desk, library_id, import_id)
    if file is None:
        return run
    try:
        listed, refused = read_papers_list(file.body)
    except ScholiumError as wrong:
        return await _write(desk, library_id, _failed(run, wrong))
    report = [ReportLine(r.line, r.code, r.detail) for r in refused]
    counts = Counts(total=len(listed) + len(refused), reported=len(refused))
    run = structs.replace(run, counts=counts, report=report)
    for start in range(0, len(listed), BATCH):
        batch = listed[start : start + BATCH]
        run = await _take_batch(desk, library_id, run, batch)
        on_progress(run)
    return await _write(desk, library_id, structs.replace(run, state="done"))


async def _write(desk: Desk, library_id: str, run: ImportRun) -> ImportRun:
    await desk.database.write(lambda tx: imports.progress(tx, library_id, run, 0))
    return run


def _failed(run: ImportRun, wrong: ScholiumError) -> ImportRun:
    line = ReportLine(1, wrong.code, wrong.detail)
    return structs.replace(run, state="failed", counts=Counts(total=1, reported=1), report=[line])


async def _take_batch(desk: Desk, library_id: str, run: ImportRun, batch: tuple[ListedPaper, ...]) -> ImportRun:
    run = await desk.database.write(lambda tx: _take(tx, desk, library_id, run, batch))
    desk.poke(library_id)
    return run


async def _take(tx: Tx, desk: Desk, library_id: str, run: ImportRun, batch: tuple[ListedPaper, ...]) -> ImportRun:
    """Take some records: papers found or made, entries for those that the library lacks."""
    await tx.lock(f"library:{library_id}")
    now = desk.now()
    papers: dict[str, None] = {}
    for one in batch:
        finding = Finding("import", kind="article", title=one.title, abstract=one.abstract)
        paper_id, _ = await shelve_finding(tx, _identifier(one), finding, now, desk.new_id)
        papers[paper_id] = None
    held = (await objects.load(tx, library_id, (), papers)).entry_of_paper
    edits = [
        edit_now("entry", desk.new_id(), DEVICE, now, set_=_fields(paper_id, now), base=0, index=index)
        for index, paper_id in enumerate(papers)
        if paper_id not in held
    ]
    opened = await open_batch(tx, library_id, edits)
    for edit in edits:
        opened.take(desk.new_id(), edit)
    await objects.save(tx, library_id, opened, now)
    was = run.counts
    counts = structs.replace(was, imported=was.imported + len(edits), merged=was.merged + len(batch) - len(edits))
    run = structs.replace(run, counts=counts)
    await imports.progress(tx, library_id, run, now + LEASE_MS)
    return run


def _fields(paper_id: str, now: int) -> dict[str, str]:
    return {"paper_id": paper_id, "saved_at": rfc3339(now)}


def _identifier(one: ListedPaper) -> Identifier:
    """The identity of a paper that came as title and abstract only: their text."""
    text = f"{title_fold(one.title)}\n{title_fold(one.abstract or '')}"
    return Identifier("text", hashlib.sha256(text.encode()).hexdigest())
