"""`scholium doctor`: one line for each thing the service needs, and whether it is there.

Changes nothing. Refuses to stop at the first failure: the last check may explain it.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
from collections.abc import Awaitable, Callable
from pathlib import Path

from api.actions.desk import Desk
from api.console import say
from api.instance import last_backup, now, open_desk, reachable
from api.queue import connect
from api.settings import Settings
from api.store import failed_jobs, meanings, rounds, search_reading
from api.store.database import Tx
from api.store.migrate import migrations

_DAY_MS = 86_400_000
SILENT_SECONDS = 120  # beside its interval, after which a ticker counts as gone
MOST_LATE = 1000  # libraries that are counted
LEAST_FREE = 512 * 1024 * 1024  # bytes
Check = Callable[[], Awaitable[str]]


async def examine(settings: Settings) -> bool:
    """Print a line for each check; returns whether all of them passed."""
    checks: list[tuple[str, Check]] = [
        ("folder", lambda: _folder(settings)),
        ("database", lambda: _on_desk(settings, _database)),
        ("queue", lambda: _on_desk(settings, _queue)),
        ("workers", lambda: _on_desk(settings, _workers)),
        ("ticker", lambda: _on_desk(settings, _ticker)),
        ("jobs", lambda: _on_desk(settings, _jobs)),
        ("search", lambda: _on_desk(settings, _search)),
        ("api", lambda: _api(settings)),
        ("backup", lambda: _backup(settings)),
    ]
    passed = True
    for name, check in checks:
        try:
            say(f"ok    {name}: {await check()}")
        except Exception as wrong:  # every check speaks, whatever its driver raises
            say(f"FAIL  {name}: {str(wrong) or type(wrong).__name__}")
            passed = False
    return passed


async def _on_desk(settings: Settings, check: Callable[[Desk], Awaitable[str]]) -> str:
    _check_file(settings)
    async with open_desk(settings) as desk:
        return await check(desk)


def _check_file(settings: Settings) -> None:
    """Opening a SQLite database makes it; a doctor does not."""
    path = settings.database.removeprefix("sqlite:///")
    if path != settings.database and not Path(path).exists():
        raise OSError("there is no database yet; run `scholium migrate` or `scholium up`")


async def _folder(settings: Settings) -> str:
    if not os.access(settings.data_dir, os.R_OK | os.W_OK | os.X_OK):
        raise OSError(f"{settings.data_dir} is not there or not writable")
    free = shutil.disk_usage(settings.data_dir).free
    if free < LEAST_FREE:
        raise OSError(f"only {free // 2**20} MiB are free at {settings.data_dir}")
    return f"{settings.data_dir}, {free // 2**20} MiB free"


async def _database(desk: Desk) -> str:
    known = {number: name for number, name, _ in migrations(desk.database.dialect)}

    async def applied(tx: Tx) -> set[int]:
        return {row["number"] for row in await tx.rows("SELECT number FROM schema_migration")}

    done = await desk.database.read(applied)
    if missing := sorted(known.keys() - done):
        raise OSError(f"migration {known[missing[0]]} is not applied; run `scholium migrate`")
    return f"{desk.database.dialect}, {len(done)} migrations"


async def _queue(desk: Desk) -> str:
    client = connect(desk.settings.redis_url)
    try:
        await asyncio.to_thread(client.ping)
    finally:
        client.close()
    return "answers"


async def _workers(desk: Desk) -> str:
    if not await asyncio.to_thread(desk.reminders.workers_alive):
        raise OSError("no worker runs; papers stay without authors until one does")
    return "at least one listens"


async def _ticker(desk: Desk) -> str:
    last = [turn for turn in await desk.database.read(rounds.last) if turn.name == "sweep"]
    if not last:
        raise OSError("no ticker has run yet; what the queue forgets is not found")
    seconds = (desk.now() - last[0].began_at) / 1000
    if seconds > SILENT_SECONDS + desk.settings.sweep_seconds:
        raise OSError(f"no ticker has run for {seconds:.0f} s; what the queue forgets is not found")
    if last[0].trouble:
        raise OSError(f"its last round ended with {last[0].trouble}; its log says more")
    return f"ran {seconds:.0f} s ago"


async def _jobs(desk: Desk) -> str:
    """No failure: a job that was given up is one paper without details, and waits for a person."""
    dead, resting = await desk.database.read(failed_jobs.count)
    return f"{dead} given up, {resting} to be tried again by themselves; `scholium jobs list` says why"


async def _search(desk: Desk) -> str:
    """No failure where something is still to be read: a search reads on in its library by itself."""
    if desk.settings.semantic and desk.meaning is None:
        raise OSError("SCHOLIUM_SEMANTIC is on, but the packages of scholium[semantic] are not installed")

    async def work(tx: Tx) -> str:
        late = len(await search_reading.behind(tx, MOST_LATE))
        told = f"{late} libraries wait to be read" if late else "every library is read"
        if await search_reading.papers_behind(tx):
            told += ", and papers that are everybody's"
        if desk.meaning is None:
            return told
        texts, vectors = await meanings.counts(tx, desk.meaning.name)
        return f"{told}; {vectors} of {texts} texts have a vector"

    return await desk.database.read(work)


async def _api(settings: Settings) -> str:
    host = reachable(settings.host).strip("[]")
    with socket.create_connection((host, settings.port), timeout=2):
        return f"listens on {host}:{settings.port}"


async def _backup(settings: Settings) -> str:
    """No failure: who copies the disk needs no backup of ours."""
    found = last_backup(settings.data_dir)
    if found is None:
        return "none was made here yet; `scholium backup FILE` makes one"
    made_at, path = found
    return f"the last one {(now() - made_at) // _DAY_MS} days ago, {path}"
