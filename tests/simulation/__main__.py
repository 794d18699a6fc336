"""`make soak`: histories for longer than the tests take, on a database of their own.

`python -m tests.simulation [--seed N] [--histories N] [--about everything|homecoming] [--database URL]`; the database
must be empty, and is migrated.
Ends with 1 at the first broken promise, having shown the fewest steps that break it.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from api.store.database import Database, open_database
from api.store.migrate import migrate
from tests.simulation.guard import lowered
from tests.simulation.histories import Broken, search
from tests.simulation.inline_sqlite import open_inline
from tests.simulation.steps import homecoming_of, plan_of

ABOUT = {"everything": plan_of, "homecoming": homecoming_of}
ROUND = 2000  # histories on one database: it stays small, and so do its statements' times


async def _fresh(folder: str, url: str) -> Database:
    if url:
        database = await open_database(url)
        await migrate(database)
        return database
    path = Path(folder) / "soak.db"
    path.unlink(missing_ok=True)
    plain = await open_database(f"sqlite:///{path}")
    await migrate(plain)
    await plain.close()
    return open_inline(str(path))


async def _soak(about: str, seed: int, histories: int, url: str, progress: Progress) -> Broken | None:
    task = progress.add_task(f"histories from seed {seed}", total=histories)
    for start in range(seed, seed + histories, ROUND):
        plans = map(ABOUT[about], range(start, min(start + ROUND, seed + histories)))
        with tempfile.TemporaryDirectory() as folder:
            database = await _fresh(folder, url)
            found = await search(database, plans, lambda: progress.advance(task))
            await database.close()
        if found:
            return found
    return None


@click.command()
@click.option("--seed", default=0, show_default=True, help="The first history.")
@click.option("--histories", default=50_000, show_default=True, help="How many, each from the next integer.")
@click.option(
    "--about", default="everything", type=click.Choice(list(ABOUT)), help="A restored server, or all there is."
)
@click.option(
    "--database", default="", help="sqlite:///path or postgresql://…; without one, SQLite files that are thrown away."
)
def main(seed: int, histories: int, about: str, database: str) -> None:
    """Play random histories of many devices until one breaks a promise."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console) as progress, lowered():
        found = asyncio.run(_soak(about, seed, histories, database, progress))
    if found:
        click.echo(str(found))
        sys.exit(1)
    click.echo(f"{histories} histories kept every promise.")


main()
