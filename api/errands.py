"""What the owner does from the command line: accounts, tokens, a library in and out.

The actions of the API behind plain sentences. Refuses to guess whose library is meant where there are several.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import BinaryIO

from api.actions.back_up import back_up
from api.actions.desk import Desk
from api.actions.export_library import export_library
from api.actions.import_library import get_import, run_import, start_import
from api.actions.make_link import make_link
from api.actions.make_token import make_token
from api.actions.register import register
from api.actions.restore_backup import restore_backup
from api.actions.retry_jobs import look_at_work, retry_all, retry_job
from api.console import Show, hint, progress, say
from api.domain.accounts import PERSONAL_SCOPES, Account
from api.domain.clock import rfc3339
from api.domain.entries import EntryFilter
from api.domain.errors import NotFound
from api.domain.formats.catalog import ExportWish
from api.domain.formats.read_any import MOST_OWN_BYTES
from api.domain.jobs import age_seconds
from api.instance import keep_key, note_backup, open_desk, own_key
from api.settings import Settings
from api.store import accounts
from api.store.database import Tx
from api.store.imports import ImportRun
from api.store.migrate import migrate

POLL_SECONDS = 0.2


async def add_user(settings: Settings, email: str, password: str) -> None:
    """Make an account."""
    async with _desk(settings) as desk:
        account = await register(desk, email, password, by_admin=True)
    say(f"made the account {account.email}")


async def link_user(settings: Settings, email: str) -> None:
    """Print a one-time link where somebody makes their own account."""
    async with _desk(settings) as desk:
        say(await make_link(desk, "account", email=email))


async def reset_user(settings: Settings, email: str) -> None:
    """Print a one-time link where somebody chooses another password."""
    async with _desk(settings) as desk:
        say(await make_link(desk, "password", email=email))
    hint("it works once, within 48 hours, and signs out every device of the account")


async def create_token(settings: Settings, email: str | None, name: str, scopes: tuple[str, ...], days: int) -> None:
    """Print a new personal access token."""
    async with _desk(settings) as desk:
        account = await _account(desk, email)
        secret = await make_token(desk, account.id, name, frozenset(scopes) or PERSONAL_SCOPES, days)
    hint(f"a token of {account.email} for {days} days; it is shown this once")
    say(secret)


async def import_file(settings: Settings, email: str | None, path: Path) -> None:
    """Read a file into a library and say what became of its records; raises ValueError if it is not taken at all."""
    async with _desk(settings) as desk:
        account = await _account(desk, email)
        with path.open("rb") as file:
            body = file.read(MOST_OWN_BYTES + 1)  # so much says that it is too much
        filename = path.name
        import_id = await start_import(desk, account.id, account.library_id, filename, body, MOST_OWN_BYTES)
        with progress(filename) as show:
            run = await _follow(desk, account.library_id, import_id, show)
    for line in run.report:
        hint(f"line {line.line}: {line.code}: {line.detail}")
    if run.state == "failed":
        raise ValueError(f"{filename} was not taken: {run.report[0].detail if run.report else 'unreadable'}")
    counts = run.counts
    say(
        f"{filename}: {counts.total} records, {counts.imported} imported, {counts.merged} there already, "
        f"{counts.reported} not taken"
    )


async def export_library_to(settings: Settings, email: str | None, file: BinaryIO, wish: ExportWish) -> None:
    """Write a library to an open file of bytes."""
    pieces = 0
    async with _desk(settings) as desk:
        account = await _account(desk, email)
        with progress("export") as show:
            async for piece in export_library(desk, account.library_id, EntryFilter(), wish):
                file.write(piece)
                pieces += 1
                show(pieces, 0)
    hint(f"the library of {account.email} is written as {wish.format}")


async def back_up_to(settings: Settings, path: Path) -> None:
    """Write the whole instance to one file, also while it runs."""
    async with open_desk(settings) as desk:
        with progress("backup") as show:
            made = await back_up(desk, path, own_key(settings), show)
    note_backup(settings.data_dir, path, made.made_at)
    say(f"{path}: {made.rows} rows of {len(made.tables)} tables")
    hint("whoever has this file can read everything in it; keep it as you keep the database")


async def restore_from(settings: Settings, path: Path, replace: bool) -> None:
    """Make the instance what a backup holds."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    async with open_desk(settings) as desk:
        with progress("restore") as show:
            made = await restore_backup(desk, path, replace=replace, show=show)
    keep_key(settings, made.secret_key)
    say(f"restored {made.rows} rows from {path}, as of {rfc3339(made.made_at)}")
    hint("each device finds this out when it comes back, and sends again what the backup lacks")


async def list_jobs(settings: Settings) -> None:
    """Print what waits, what failed and why, and the last rounds of the clock work."""
    async with _desk(settings) as desk:
        work, now = await look_at_work(desk), desk.now()
    for lane in work.lanes:
        since = f", the oldest for {age_seconds(lane, now):.0f} s" if lane.waiting else ""
        say(f"{lane.name:<7} {lane.waiting} waiting{since}")
    for turn in work.rounds:
        ended = f"found {turn.found}" if turn.ended_at else "not ended"
        say(f"{turn.name:<7} last at {rfc3339(turn.began_at)}, {turn.trouble or ended}")
    say(f"failed  {work.dead} given up, {work.resting} to be tried again by themselves")
    for job in work.failed:
        again = f"again at {rfc3339(job.next_try_at)}" if job.next_try_at else f"given up {rfc3339(job.dead_at)}"
        asked = f", request {job.request_id}" if job.request_id else ""
        say(f"{job.id}  {job.what}: {job.trouble}, {job.tries} tries, {again}{asked}")


async def retry_jobs(settings: Settings, job_id: str | None, every: bool) -> None:
    """Try one failed job again, or every one; raises ValueError unless either is asked for."""
    if (job_id is None) != every:
        raise ValueError("name one job, or say --all")
    async with _desk(settings) as desk:
        if job_id is not None:
            await retry_job(desk, job_id)
            count = 1
        else:
            with progress("jobs") as show:
                count = await retry_all(desk, show)
    say(f"{count} to be tried again")


async def _follow(desk: Desk, library_id: str, import_id: str, show: Show) -> ImportRun:
    """Wait for a worker to read the file; without one alive, read it here."""

    def on_progress(run: ImportRun) -> None:
        show(run.counts.imported + run.counts.merged + run.counts.reported, run.counts.total)

    hinted = False
    while True:
        run = await get_import(desk, library_id, import_id)
        on_progress(run)
        if run.state in ("done", "failed"):
            return run
        if not await asyncio.to_thread(desk.reminders.workers_alive):
            if not hinted:
                hint("no worker runs; this command reads the file itself")
            hinted = True
            await run_import(desk, library_id, import_id, on_progress)  # returns at once while somebody has it
        await asyncio.sleep(POLL_SECONDS)


async def _account(desk: Desk, email: str | None) -> Account:
    async def find(tx: Tx) -> Account | None:
        return await accounts.by_email(tx, email) if email else await accounts.only(tx)

    account = await desk.database.read(find)
    if account is not None:
        return account
    if await desk.database.read(accounts.count) == 0:
        raise NotFound(f"nobody has an account here yet; the data folder is {desk.settings.data_dir}")
    raise NotFound(f"no account {email}" if email else "there is more than one account; name it with --user")


@asynccontextmanager
async def _desk(settings: Settings) -> AsyncIterator[Desk]:
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    async with open_desk(settings) as desk:
        await migrate(desk.database)
        yield desk
