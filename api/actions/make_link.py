"""Make a one-time link where somebody chooses the password of their own account.

The address is shown once and kept as a hash; a new link for the owner, or for a new password, ends the older ones.
"""

from __future__ import annotations

import secrets

from api.actions.desk import Desk
from api.domain.errors import EmailTaken, NotFound
from api.domain.one_way import SECRET_BYTES, hashed
from api.domain.passwords import check_email
from api.store import accounts, links
from api.store.database import Tx
from api.store.links import Link, Purpose

HOUR_MS = 3_600_000


async def make_link(desk: Desk, purpose: Purpose, email: str | None = None, hours: int = 48) -> str:
    """The address of a link that works once, for so many hours; raises BadEmail, EmailTaken or NotFound."""
    link = Link(purpose, check_email(email) if email is not None else None)
    token, now = secrets.token_urlsafe(SECRET_BYTES), desk.now()

    async def work(tx: Tx) -> None:
        kept = await _checked(tx, link)
        if purpose != "account":
            await links.end_all(tx, purpose, now, kept.email)
        await links.add(tx, hashed(token), kept, now, now + hours * HOUR_MS)

    await desk.database.write(work)
    return f"{desk.settings.base_url}/claim/{token}"


async def _checked(tx: Tx, link: Link) -> Link:
    """The link, with its address as the account has it where there is one."""
    account = await accounts.by_email(tx, link.email) if link.email is not None else None
    if link.purpose == "password":
        if account is None:
            raise NotFound(f"no account {link.email}")
        return Link("password", account.email)
    if account is not None:
        raise EmailTaken("an account with this address exists")
    return link
