"""Which request all this goes back to: an id that follows the work from the browser through the queue into the worker.

It is the context of a task and no argument, for nothing depends on it but what a person reads in the logs. Refuses
ids that are not plain: they come from outside and end in logs and headers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_PLAIN = re.compile(r"[A-Za-z0-9_-]{8,64}", re.ASCII)
_current: ContextVar[str | None] = ContextVar("scholium_request", default=None)


def is_plain(text: str) -> bool:
    """Whether a request id from outside is taken: 8 to 64 ASCII letters, digits, `_` and `-`."""
    return _PLAIN.fullmatch(text) is not None


def current_request() -> str | None:
    """The id of the request that this work goes back to; None where it goes back to none."""
    return _current.get()


def follow(request_id: str | None) -> None:
    """Work for this request from now on, in this task and those that it starts."""
    _current.set(request_id)


@contextmanager
def following(request_id: str) -> Iterator[None]:
    """Work for this request within the block."""
    before = _current.set(request_id)
    try:
        yield
    finally:
        _current.reset(before)
