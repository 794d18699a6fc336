"""When a paper that is known is looked at again: preprints get published, promised code comes, papers are retracted.

Each kind of hope has its own gaps, which grow. Refuses to ask about a page that is no paper, and to bring papers that
came together back together: each gap is longer by a part that the paper's id and the look decide.
"""

from __future__ import annotations

import zlib

from api.domain.papers import Paper

DAY_MS = 86_400_000
PREPRINT_DAYS = (1, 7, 30, 90)  # until it is published; the last gap for ever
PROMISED_DAYS = (7, 30, 90, 180)  # until the promised code is there
PUBLISHED_DAYS = (365,)  # retractions and corrections
SPREAD = 0.2  # how much longer a gap may be, as a part of it; never shorter


def look_again(paper: Paper, looks: int, now_ms: int) -> int:
    """When to ask about a paper again (Unix milliseconds) that was looked at `looks` times, or 0: never."""
    gaps = [days[min(max(looks, 1), len(days)) - 1] for days in _hopes(paper)]
    if not gaps:
        return 0
    part = zlib.crc32(f"{paper.id}/{looks}".encode()) / 2**32
    return now_ms + int(min(gaps) * DAY_MS * (1 + SPREAD * part))


def _hopes(paper: Paper) -> list[tuple[int, ...]]:
    if paper.kind == "webpage":
        return []
    promised = any(link.status == "promised" for link in paper.links)
    return [PREPRINT_DAYS if paper.kind == "preprint" else PUBLISHED_DAYS, *([PROMISED_DAYS] if promised else [])]
