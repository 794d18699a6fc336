"""Import: a file becomes entries, in the worker, with progress; running it twice changes nothing.

Refuses a file that it cannot read as a whole (state `failed`, with the reason as the report's only line); a bad
record spares the others and gets a line.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from msgspec import Struct, structs

from api.actions.desk import Desk
from api.domain.errors import NotFound, ScholiumError, TooLarge
from api.domain.formats.belongings import Belongings
from api.domain.formats.imported import Imported, Unread, claims_of
from api.domain.formats.read_any import read_any
from api.domain.import_plan import ImportPlan
from api.domain.key_pattern import USUAL
from api.domain.label_plan import LabelPlan
from api.store import citekeys, corrections, imports, libraries, library_settings, objects, own_papers
from api.store.batches import open_batch
from api.store.database import Tx
from api.store.imported import keep_versions, labels_of, shelf_of, shelve_records
from api.store.imports import Counts, ImportFile, ImportRun, ReportLine
from api.tracing import follow

BATCH = 50  # records a transaction: a click waits for no more than one
LEASE_MS = 60_000
MOST_LISTED = 100


class _Into(Struct, frozen=True):
    """The library that takes a file, and its tags and lists by the ids that they have in that file."""

    library_id: str
    refs: dict[str, str]


async def start_import(
    desk: Desk, account_id: str, library_id: str, filename: str, body: bytes, most: int | None = None
) -> str:
    """Queue a file and remind a worker of it; returns the import's id. Raises TooLarge.

    `most` bytes are taken, by default as many as the instance takes from everybody.
    """
    most = desk.settings.import_bytes if most is None else most
    if len(body) > most:
        raise TooLarge(f"a file may have {most:,} bytes", limit=most)
    import_id = desk.new_id()
    file = ImportFile(filename[:255], "auto", body)
    await desk.database.write(lambda tx: imports.add(tx, library_id, import_id, account_id, file, desk.now()))
    desk.reminders.run_import(library_id, import_id)
    return import_id


async def get_import(desk: Desk, library_id: str, import_id: str) -> ImportRun:
    """An import as it stands; raises NotFound."""
    run = await desk.database.read(lambda tx: imports.get(tx, library_id, import_id))
    if run is None:
        raise NotFound("no such import")
    return run


async def list_imports(desk: Desk, library_id: str) -> list[ImportRun]:
    """The last imports of a library, the newest first, at most 100, without their reports."""
    return await desk.database.read(lambda tx: imports.listed(tx, library_id, MOST_LISTED))


async def run_import(
    desk: Desk, library_id: str, import_id: str, on_progress: Callable[[ImportRun], None] = lambda run: None
) -> ImportRun:
    """Read a queued file to its end, batch by batch; returns at once if another worker has it.

    One that was left in the middle goes on behind the last batch that was taken.
    """
    file = await desk.database.write(lambda tx: imports.claim(tx, library_id, import_id, desk.now(), LEASE_MS))
    run = await get_import(desk, library_id, import_id)
    if file is None:
        return run
    follow(file.request_id)
    try:
        records, lines, belongings = await asyncio.to_thread(read_any, file.body)
    except ScholiumError as wrong:
        return await _write(desk, library_id, _failed(run, wrong))
    run, done = _begun(run, len(records), lines)
    into = _Into(library_id, await desk.database.write(lambda tx: _furnish(tx, desk, library_id, belongings)))
    for start in range(done, len(records), BATCH):
        run = await _take_batch(desk, into, run, records[start : start + BATCH])
        on_progress(run)
    return await _write(desk, library_id, structs.replace(run, state="done"))


def _begun(run: ImportRun, records: int, lines: Sequence[Unread]) -> tuple[ImportRun, int]:
    """The run with what reading the file told, and how many of its records were taken before."""
    was = run.counts
    if was.total:
        return run, was.imported + was.merged + was.reported - len(lines)
    report = [ReportLine(one.line, one.code, one.detail) for one in lines]
    return structs.replace(run, counts=Counts(records + len(lines), reported=len(lines)), report=report), 0


async def _write(desk: Desk, library_id: str, run: ImportRun) -> ImportRun:
    await desk.database.write(lambda tx: imports.progress(tx, library_id, run, 0))
    return run


def _failed(run: ImportRun, wrong: ScholiumError) -> ImportRun:
    line = ReportLine(1, wrong.code, wrong.detail)
    return structs.replace(run, state="failed", counts=Counts(total=1, reported=1), report=[line])


async def _furnish(tx: Tx, desk: Desk, library_id: str, belongings: Belongings) -> dict[str, str]:
    """Find or make the tags and lists of a library's own file, and take its choices over; ids here by ids there."""
    await tx.lock(f"library:{library_id}")
    if belongings.key_pattern and await library_settings.key_pattern(tx, library_id) == USUAL:
        await library_settings.set_key_pattern(tx, library_id, belongings.key_pattern)
    await citekeys.reserve(tx, library_id, belongings.former_keys)
    shelf = await labels_of(tx, library_id, belongings.labels)
    plan = LabelPlan(shelf, desk.now(), desk.new_id)
    plan.take(belongings.labels)
    opened = await open_batch(tx, library_id, plan.edits)
    for edit in plan.edits:
        opened.take(desk.new_id(), edit)
    for state in plan.dead:
        opened.put(state)
    keep_versions(opened, shelf.known, plan.versions)
    await objects.save(tx, library_id, opened, desk.now())
    return plan.refs


async def _take_batch(desk: Desk, into: _Into, run: ImportRun, batch: Sequence[Imported]) -> ImportRun:
    """Take some records at once or, where one of them cannot be taken, one by one."""
    try:
        run = await desk.database.write(lambda tx: _take(tx, desk, into, run, batch))
    except ScholiumError as wrong:
        if len(batch) == 1:
            return await _report(desk, into.library_id, run, batch[0], wrong)
        for one in batch:
            run = await _take_batch(desk, into, run, [one])
    desk.poke(into.library_id)
    return run


async def _report(desk: Desk, library_id: str, run: ImportRun, record: Imported, wrong: ScholiumError) -> ImportRun:
    report = [*run.report, ReportLine(record.line, wrong.code, wrong.detail)]
    run = structs.replace(run, report=report, counts=_plus(run.counts, reported=1))
    await desk.database.write(lambda tx: imports.progress(tx, library_id, run, desk.now() + LEASE_MS))
    return run


async def _take(tx: Tx, desk: Desk, into: _Into, run: ImportRun, batch: Sequence[Imported]) -> ImportRun:
    """Take some records: papers found or made, entries for those that the library lacks, the others filled up."""
    library_id = into.library_id
    await tx.lock(f"library:{library_id}")
    now = desk.now()
    found, _ = await shelve_records(tx, batch, now, desk.new_id)
    paper_ids = await own_papers.standing(tx, library_id, [claims_of(record) for record in batch], found, now)
    shelf = await shelf_of(tx, library_id, batch, paper_ids, now)
    plan = ImportPlan(shelf, now, desk.new_id, into.refs)
    new = sum([plan.take(record, paper_id) for record, paper_id in zip(batch, paper_ids, strict=True)])
    opened = await open_batch(tx, library_id, plan.edits)
    for edit in plan.edits:
        opened.take(desk.new_id(), edit)
    keep_versions(opened, shelf.known, plan.versions)
    await objects.save(tx, library_id, opened, now)
    for record, paper_id in zip(batch, paper_ids, strict=True):
        entry = opened.survivor(shelf.known.entry_of_paper[paper_id])
        await citekeys.reserve(tx, library_id, [(key, entry) for key in record.former_keys])
        if record.corrections and await corrections.fill(tx, library_id, paper_id, record.corrections):
            await libraries.touch_paper(tx, library_id, paper_id, now)
    run = structs.replace(run, counts=_plus(run.counts, imported=new, merged=len(batch) - new))
    await imports.progress(tx, library_id, run, now + LEASE_MS)
    return run


def _plus(counts: Counts, imported: int = 0, merged: int = 0, reported: int = 0) -> Counts:
    return Counts(counts.total, counts.imported + imported, counts.merged + merged, counts.reported + reported)
