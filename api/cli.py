"""The command `scholium`: the service as a whole or process by process, and the owner's errands.

Each command says what it did, and fails with one line and exit status 1. Refuses to import the workers: their
processes are started by name.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any, BinaryIO, NoReturn, get_args

import click

from api.console import say
from api.domain.formats.catalog import PARTS, FormatName, Order, export_wish
from api.instance import open_desk, read_instance, with_secret_key
from api.logs import set_up_logs
from api.settings import Settings


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--trace", is_flag=True, expose_value=False, help="Show where a failure came from.")
def scholium() -> None:
    """Save papers, highlight them on every device, and take the reading list with you as BibTeX."""


@scholium.command()
def up() -> None:
    """Run the whole service on this machine; Ctrl-C ends it."""
    from api.up import up as run_all

    settings = _settings()
    set_up_logs(settings.log_format)
    _run(run_all(settings))


@scholium.command()
@click.option("--follow", is_flag=True, hidden=True)
def api(follow: bool) -> None:
    """Run the HTTP API alone."""
    from api.app import create_app
    from api.children import follow_keeper
    from api.serving import serve
    from api.up import check_port

    settings = with_secret_key(_settings())
    set_up_logs(settings.log_format)
    if follow:
        follow_keeper()
    check_port(settings)
    serve(create_app(settings), settings)


@scholium.command()
def worker() -> None:
    """Run a worker; as many as wanted, on as many hosts."""
    _become("workers.main")


@scholium.command()
def ticker() -> None:
    """Run the clock work: the sweep for work that the queue forgot."""
    _become("workers.ticker")


@scholium.command()
def migrate() -> None:
    """Bring the database's schema up to date."""
    from api.store.migrate import migrate as bring_up_to_date

    async def work() -> None:
        settings = _settings()
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        async with open_desk(settings) as desk:
            ran = await bring_up_to_date(desk.database)
        say("\n".join(f"applied {name}" for name in ran) or "the schema was up to date")

    _run(work())


@scholium.group()
def user() -> None:
    """Accounts."""


@user.command("add")
@click.argument("email")
@click.option("--link", is_flag=True, help="Print a one-time link instead of reading a password.")
def user_add(email: str, link: bool) -> None:
    """Make an account; the password is the first line of standard input."""
    from api.errands import add_user, link_user

    if link:
        _run(link_user(_settings(), email))
    elif sys.stdin.isatty():
        _run(add_user(_settings(), email, click.prompt("Password", hide_input=True, confirmation_prompt=True)))
    else:
        _run(add_user(_settings(), email, sys.stdin.readline().rstrip("\r\n")))


@user.command("link")
@click.argument("email")
def user_link(email: str) -> None:
    """Print a one-time link where somebody who forgot their password chooses another."""
    from api.errands import reset_user

    _run(reset_user(_settings(), email))


@scholium.group()
def token() -> None:
    """Personal access tokens for scripts."""


@token.command("create")
@click.option("--user", "email", help="Whose; may be left out where there is one account.")
@click.option("--name", default="command line", show_default=True)
@click.option("--scope", "scopes", multiple=True, type=click.Choice(["save", "read", "sync", "export"]))
@click.option("--days", default=90, show_default=True, type=click.IntRange(1, 366))
def token_create(email: str | None, name: str, scopes: tuple[str, ...], days: int) -> None:
    """Make a token and print it, this once; without --scope it may do everything."""
    from api.errands import create_token

    _run(create_token(_settings(), email, name, scopes, days))


@scholium.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--papers", is_flag=True, expose_value=False, help="Of no effect: the file says what it is.")
@click.option("--user", "email", help="Whose; may be left out where there is one account.")
def import_(file: Path, email: str | None) -> None:
    """Read a file into a library, whatever its format; twice is the same as once."""
    from api.errands import import_file

    _run(import_file(_settings(), email, file))


@scholium.command()
@click.option("--user", "email", help="Whose; may be left out where there is one account.")
@click.option("--format", "format_", default="bibtex", show_default=True, type=click.Choice(get_args(FormatName)))
@click.option("--order", default="key", show_default=True, type=click.Choice(get_args(Order)))
@click.option("--field", "fields", multiple=True, type=click.Choice(PARTS), help="These parts alone.")
@click.option("--exclude", multiple=True, type=click.Choice(PARTS), help="All the usual parts but these.")
@click.option("--ascii", "ascii_only", is_flag=True, help="In ASCII alone: BibTeX, BibLaTeX and RIS.")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="A file; else standard output.")
def export(email: str | None, output: Path | None, format_: FormatName, **options: Any) -> None:
    """Write a library to a file, replaced whole or not at all, or to standard output."""
    from api.errands import export_library_to

    wish = export_wish(format_, **options)
    with _replacing(output) if output else nullcontext(sys.stdout.buffer) as file:
        _run(export_library_to(_settings(), email, file, wish))


@scholium.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup(file: Path) -> None:
    """Write everything to one file, also while the service runs."""
    from api.errands import back_up_to

    _run(back_up_to(_settings(), file))


@scholium.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Overwrite what is there.")
def restore(file: Path, replace: bool) -> None:
    """Make the instance what a backup holds; stop the service first."""
    from api.errands import restore_from

    _run(restore_from(_settings(), file, replace))


@scholium.group()
def jobs() -> None:
    """Work that waits, and work that failed."""


@jobs.command("list")
def jobs_list() -> None:
    """Show what waits, what failed and why, and what the ticker did last."""
    from api.errands import list_jobs

    _run(list_jobs(_settings()))


@jobs.command("retry")
@click.argument("job_id", metavar="ID", required=False)
@click.option("--all", "every", is_flag=True, help="Every job that failed.")
def jobs_retry(job_id: str | None, every: bool) -> None:
    """Try a failed job again."""
    from api.errands import retry_jobs

    _run(retry_jobs(_settings(), job_id, every))


@scholium.command()
def doctor() -> None:
    """Look whether everything that the service needs is there."""
    from api.doctor import examine

    if not asyncio.run(examine(_settings())):
        sys.exit(1)


def main() -> None:
    """The console script; a failure is one line on standard error and exit status 1."""
    try:
        scholium(prog_name="scholium")
    except Exception as wrong:  # the outermost edge: whatever it is, a person reads it
        if "--trace" in sys.argv[1:2]:
            raise
        sys.exit(f"scholium: {str(wrong) or type(wrong).__name__}")


def _settings() -> Settings:
    return read_instance(os.environ)


@contextmanager
def _replacing(output: Path) -> Iterator[BinaryIO]:
    """A draft beside the file, put in its place if all went well and removed if not."""
    draft = output.with_name(f".{output.name}.{os.getpid()}")
    try:
        with draft.open("wb") as file:
            yield file
        draft.replace(output)
    finally:
        draft.unlink(missing_ok=True)


def _run(work: Coroutine[Any, Any, None]) -> None:
    asyncio.run(work)


def _become(module: str) -> NoReturn:
    os.execv(sys.executable, [sys.executable, "-m", module])  # noqa: S606  our own interpreter and module


if __name__ == "__main__":
    main()
