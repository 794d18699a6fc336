"""The desk: what an action may touch. Made once at a composition root and passed to every action."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Callable, Iterable
from contextvars import copy_context

from msgspec import Struct, field

from api.domain.ids import uuid7
from api.meaning import Meaning
from api.pokes import Pokes
from api.queue import Reminders
from api.settings import Settings
from api.store.database import Database

log = logging.getLogger(__name__)

A_FEW = 5  # papers of one request that are a person's clicks, not a device's backlog


class Desk(Struct, frozen=True):
    """Database, reminders, settings, the clock as a function (Unix milliseconds), the pokes of this process.

    `meaning` is there where searching by meaning is installed and switched on.
    """

    database: Database
    reminders: Reminders
    settings: Settings
    now: Callable[[], int]
    pokes: Pokes = field(default_factory=Pokes)
    meaning: Meaning | None = None

    def new_id(self) -> str:
        """A fresh UUIDv7."""
        return uuid7(self.now(), secrets.token_bytes(10))

    def remind(self, paper_ids: Iterable[str]) -> None:
        """Remind the workers of papers to enrich, after the commit and without waiting for the queue.

        A few are what a person saved just now: they go before all that waits.
        """
        ids = list(paper_ids)
        if not ids:
            return
        log.info("%d papers are to be looked up", len(ids))
        send = self.reminders.enrich_due  # a worker writes a hundred: they take ten milliseconds of a processor
        if len(ids) <= A_FEW:
            send = self.reminders.send_clicked
            if not self.reminders.clicked(ids):
                return
        context = copy_context()  # a thread knows nothing of the request
        asyncio.get_running_loop().run_in_executor(None, context.run, send)

    def poke(self, *library_ids: str) -> None:
        """Tell who waits for news of these libraries to look, after the commit and without waiting for anything."""
        for library_id in library_ids:
            self.pokes.poke(library_id)
