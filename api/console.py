"""What the command says: plain lines for programs, a progress bar where a person looks on.

Results go to standard output; progress, hints and failures to standard error.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Show = Callable[[int, int], None]


def say(text: str) -> None:
    """A line of result, at once visible through a pipe."""
    print(text, flush=True)


def hint(text: str) -> None:
    """A line for the person at the terminal."""
    print(text, file=sys.stderr, flush=True)


@contextmanager
def progress(label: str) -> Iterator[Show]:
    """Yields `show(done, total)`: a bar on a terminal, nothing elsewhere; total 0 is not known yet."""
    if not sys.stderr.isatty():
        yield lambda done, total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(label, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total or None)
