"""How often a job is begun that never comes to an end, and how long it rests between two starts.

Refuses chance: what spreads waits is computed from the job's id, so that the same history rests for the same times.
"""

from __future__ import annotations

import zlib

MOST_STARTS = 5  # without one that came to an end; then the job is a dead letter
REST_MS = (0, 10_000, 60_000, 300_000, 0)  # after the first, second … start that came to no end, beside the lease
SPREAD = 0.2  # how much longer a wait may be, as a part of it; never shorter


def rest_ms(job_id: str, starts: int) -> int:
    """How long a job rests after its lease if the start now made, after `starts` others, comes to no end."""
    return spread(REST_MS[min(starts, len(REST_MS) - 1)], job_id, starts)


def spread(wait_ms: int, job_id: str, turn: int) -> int:
    """A wait made up to a fifth longer, each job and turn by its own part, so that many do not come back together."""
    part = zlib.crc32(f"{job_id}/{turn}".encode()) / 2**32
    return int(wait_ms * (1 + SPREAD * part))
