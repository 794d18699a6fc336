"""A reader's own mails, where no mail server sends them: listed, and read; and what became of the last one."""

from __future__ import annotations

import asyncio
from email import message_from_bytes, policy

from msgspec import Struct

from api.actions.desk import Desk
from api.domain.errors import NotFound
from api.domain.mails import LastMail
from api.store import mail_files, mails


class KeptMail(Struct, frozen=True):
    """A mail in the data folder; `at` in Unix milliseconds."""

    name: str
    subject: str
    at: int


async def list_outbox(desk: Desk, library_id: str) -> list[KeptMail]:
    """The mails of a library, the newest first."""
    return await asyncio.to_thread(_listed, desk, library_id)


async def read_outbox(desk: Desk, library_id: str, name: str) -> str:
    """The HTML of a mail; raises NotFound."""
    raw = await asyncio.to_thread(mail_files.read, desk.settings.data_dir, library_id, name)
    body = message_from_bytes(raw, policy=policy.default).get_body(("html",)) if raw else None
    if body is None:
        raise NotFound("no such mail")
    return str(body.get_content())


async def last_mail(desk: Desk, library_id: str) -> LastMail | None:
    """The newest mail of a library and what became of it."""
    return await desk.database.read(lambda tx: mails.last(tx, library_id))


def _listed(desk: Desk, library_id: str) -> list[KeptMail]:
    folder = desk.settings.data_dir
    found = []
    for name, at in mail_files.listed(folder, library_id):
        raw = mail_files.read(folder, library_id, name)
        if raw:
            found.append(KeptMail(name, str(message_from_bytes(raw, policy=policy.default)["Subject"]), at))
    return found
