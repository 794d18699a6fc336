"""Keep what an outside list said on a day: its papers, found or made without any library, and their shares of it.

Kept twice it is kept once, and the last word about a day stands. Refuses to make anybody wait: each paper is made in
a transaction of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from api.actions.desk import Desk
from api.domain.listings import Listed, Listing, shares
from api.domain.trending import Pick, first_day
from api.store import answers, arrivals, trends
from api.store.answers import KeptAnswer
from api.store.database import Tx


async def keep_listing(desk: Desk, listing: Listing, heard: Sequence[KeptAnswer]) -> int:
    """Keep a day's list, and the answers it was read from; returns how many papers it holds.

    Papers that nobody knew wait for their enrichment afterwards, as if they were saved.
    """
    at = first_day(listing.day)
    if at is None:
        raise ValueError("a list without a day")
    picks: dict[str, Pick] = {}
    new: list[str] = []
    for listed, share in zip(listing.papers, shares([one.votes for one in listing.papers]), strict=True):
        paper_id, is_new = await desk.database.write(partial(_shelve, desk, listed))
        new += [paper_id] * is_new
        best = max(share, picks[paper_id].share) if paper_id in picks else share
        picks[paper_id] = Pick(paper_id, listing.source, best, at, listed.words)

    async def keep(tx: Tx) -> None:
        await trends.keep_picks(tx, listing.source, listing.day, list(picks.values()))
        await answers.keep(tx, heard)

    await desk.database.write(keep)
    desk.reminders.enrich_papers(new)
    return len(picks)


async def _shelve(desk: Desk, listed: Listed, tx: Tx) -> tuple[str, bool]:
    finding = listed.finding
    return await arrivals.shelve_finding(tx, finding.identifiers[0], finding, desk.now(), desk.new_id)
