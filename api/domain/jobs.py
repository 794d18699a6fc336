"""Jobs as their operator sees them: what waits, what failed, and what the clock work did last.

Refuses to say whose a job is: an operator runs the machine and need not know who reads what.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

LaneName = Literal["new", "retry", "again", "import"]


class Lane(Struct, frozen=True):
    """Work of one kind that is due and that nobody holds; `oldest_at` in Unix milliseconds, 0 where nothing waits.

    `new` papers were never asked about, `retry` ones not by all sources; `again` are looks at papers that are known.
    """

    name: LaneName
    waiting: int
    oldest_at: int


class FailedJob(Struct, frozen=True):
    """A job that came to nothing. `next_try_at` is 0 for a dead letter, which waits for a person; times in Unix ms.

    `what` is the paper's identifier or the kind of file; `request_id` finds it in the logs.
    """

    id: str
    kind: Literal["paper", "import"]
    what: str
    trouble: str
    tries: int
    dead_at: int
    next_try_at: int
    request_id: str | None


class Round(Struct, frozen=True):
    """The last time that the clock work of a name was done; `ended_at` is None while it is at it."""

    name: str
    began_at: int
    ended_at: int | None
    found: int
    trouble: str | None


def age_seconds(lane: Lane, now_ms: int) -> float:
    """How long the oldest of a lane waits."""
    return max(0, now_ms - lane.oldest_at) / 1000 if lane.waiting else 0.0
