"""A reader says how they want the daily mail; before the first one they are asked by mail whether they do.

Refuses zones that nobody knows, and to write somebody who is asked over and over.
"""

from __future__ import annotations

import asyncio
import secrets

from msgspec.structs import replace

from api.actions.desk import Desk
from api.domain.accounts import Account, Who
from api.domain.digest import CONFIRM_MS, Digest, DigestWish, next_issue
from api.domain.errors import NotFound, TooMany
from api.domain.mails import Letter
from api.domain.one_way import SECRET_BYTES, hashed
from api.letters.confirm import write_confirm
from api.letters.envelope import Envelope, message, sender_of
from api.store import accounts, digest_wishes, mails
from api.store.database import Tx
from api.store.zones import check_zone

MOST_QUESTIONS = 5  # a day
QUESTION_REST_MS = 600_000  # within which one question is enough
_SLOTS = "confirm "


async def get_digest(desk: Desk, library_id: str) -> Digest:
    """What the reader of a library wants, and where it stands."""
    return await desk.database.read(lambda tx: digest_wishes.get(tx, library_id))


async def keep_digest(desk: Desk, who: Who, wish: DigestWish) -> Digest:
    """Keep what a reader wants, and ask by mail where they never said yes; raises BadInput or TooMany."""
    zone, now = check_zone(wish.zone), desk.now()
    wish = replace(wish, parts=tuple(dict.fromkeys(wish.parts)))

    async def work(tx: Tx) -> tuple[Digest, bool]:
        await tx.lock(f"digest {who.library_id}")
        account = await accounts.by_id(tx, who.account_id)
        if account is None:
            raise NotFound("no such account")
        before = await digest_wishes.get(tx, who.library_id)
        digest = replace(before, wish=wish, paused="", next_at=0, next_date="")
        if digest.runs:
            date, at = next_issue(wish, zone, now)
            digest = replace(digest, next_at=at, next_date=date)
        await digest_wishes.keep(tx, who.library_id, digest, now)
        asks = digest.state == "unconfirmed" and await _ask(tx, desk, account, wish)
        return await digest_wishes.get(tx, who.library_id), asks

    digest, asks = await desk.database.write(work)
    if asks:
        await asyncio.to_thread(desk.reminders.send_mails, who.library_id)
    return digest


async def _ask(tx: Tx, desk: Desk, account: Account, wish: DigestWish) -> bool:
    """Write the mail that asks, unless one was written just now; raises TooMany."""
    now = desk.now()
    if await mails.count_since(tx, account.library_id, _SLOTS, now - QUESTION_REST_MS):
        return False
    if await mails.count_since(tx, account.library_id, _SLOTS, now - 86_400_000) >= MOST_QUESTIONS:
        raise TooMany("you were asked by mail often today; look there, or try tomorrow", retry_after=86_400)
    base_url, token, slot = desk.settings.base_url, secrets.token_urlsafe(SECRET_BYTES), f"{_SLOTS}{now}"
    written = write_confirm(wish.frequency, f"{base_url}/digest/confirm/{token}", CONFIRM_MS // 3_600_000)
    id_ = hashed(f"{account.library_id} {slot}")[:32]
    envelope = Envelope(sender_of(desk.settings.mail_from, base_url), account.email, now, id_, base_url)
    raw = message(envelope, written.subject, written.text, written.html)
    await digest_wishes.ask(tx, account.library_id, hashed(token), now + CONFIRM_MS)
    return await mails.add(tx, Letter(account.library_id, slot, account.email, raw, created_at=now), None)
