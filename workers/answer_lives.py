"""How long a source's answer is taken for its word, before it is asked again.

A source that had no such paper is believed for longer each time: a new arXiv id is often missing for a day, and what is
missing for a month will hardly come. Refuses to believe an answer that could not be read: such a one is never kept.
"""

from __future__ import annotations

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
LIFE_MS = {
    "arxiv": DAY_MS,  # its data change once a day
    "biorxiv": DAY_MS,
    "github": DAY_MS,
    "huggingface": 6 * HOUR_MS,
    "s2": 3 * DAY_MS,
}
OTHERS_MS = 7 * DAY_MS  # registries and archives
ABSENT_MS = (DAY_MS, 3 * DAY_MS, 7 * DAY_MS, 30 * DAY_MS)


def life_of(source: str, misses: int) -> int:
    """Milliseconds for which an answer is fresh; `misses`: how often in a row there was no such paper, with this."""
    if misses:
        return ABSENT_MS[min(misses, len(ABSENT_MS)) - 1]
    return LIFE_MS.get(source, OTHERS_MS)
