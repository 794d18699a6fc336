"""A mail on its way: written once, sent at least once, and what may come of sending it.

Refuses to try for ever: news of yesterday is no news.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

MOST_TRIES = 6
WAITS_MS = (60_000, 300_000, 900_000, 1_800_000, 3_600_000)  # after the first, second … try that failed
LEASE_MS = 120_000  # a worker that died in the middle of a conversation is followed after this time
STALE_MS = 12 * 3_600_000  # a mail that could not be sent for so long is given up
KEPT_MS = 400 * 86_400_000  # how long the way out of an old mail leads somewhere

MailState = Literal["waiting", "sent", "failed"]


class Letter(Struct, frozen=True):
    """A mail as it goes out: one library's, its slot there, to whom, the whole message, the tries before this one."""

    library_id: str
    slot: str
    recipient: str
    message: bytes
    tries: int = 0
    created_at: int = 0


class Delivery(Struct, frozen=True):
    """What came of a try: `sent`; `refused` for good, as by no such mailbox; `later`. `trouble` says why."""

    outcome: Literal["sent", "refused", "later"]
    trouble: str = ""


class LastMail(Struct, frozen=True):
    """The newest mail of a library, as its reader sees it; times in Unix milliseconds."""

    slot: str
    state: MailState
    trouble: str
    created_at: int
    sent_at: int
