"""Forget answers of outside sources that are too old to be asked by again, and the oldest of too many.

Refuses to touch what papers are made of: that stands with each paper.
"""

from __future__ import annotations

from api.actions.desk import Desk
from api.store import answers

KEEP_MS = 120 * 86_400_000  # longer than the longest gap between two looks at a preprint


async def purge_answers(desk: Desk) -> None:
    """Keep answers of the last 120 days, and of these the newest that fit the setting."""
    before = desk.now() - KEEP_MS
    await desk.database.write(lambda tx: answers.purge(tx, before, desk.settings.answer_bytes))
