"""Write the issue that is due: chosen, put down as told, and left in the outbox, all in one transaction or not at all.

One for a reader and local date, however many ask for it at once. Refuses an issue without news, and one that is more
than six hours late: what it would have told comes with the next.
"""

from __future__ import annotations

import secrets

from msgspec.structs import replace

from api.actions.desk import Desk
from api.domain.accounts import Account
from api.domain.digest import LATE_MS, Digest, next_issue
from api.domain.issues import Issue, choose
from api.domain.mails import Letter
from api.domain.one_way import SECRET_BYTES, hashed
from api.letters.digest import write_digest as write_letter
from api.letters.envelope import Envelope, message, sender_of
from api.store import accounts, digest_issues, digest_wishes, mails
from api.store.database import Tx
from api.store.digest_material import material
from api.store.zones import zone_of


async def write_digest(desk: Desk, library_id: str) -> bool:
    """Write a library's issue if it is due; says whether there is a new one."""
    return await desk.database.write(lambda tx: _write(tx, desk, library_id))


async def _write(tx: Tx, desk: Desk, library_id: str) -> bool:
    await tx.lock(f"digest {library_id}")
    now, digest = desk.now(), await digest_wishes.get(tx, library_id)
    account = await accounts.by_library(tx, library_id)
    if account is None or not digest.runs or not 0 < digest.next_at <= now:
        return False
    issue = await _issue(tx, library_id, digest, now)
    is_new = bool(issue.items) and await digest_issues.add(tx, library_id, issue, now)
    if is_new and digest.wish.way == "mail":
        await _post(tx, desk, account, digest, issue)
    date, at = next_issue(digest.wish, zone_of(digest.wish.zone), now)
    await digest_wishes.keep(tx, library_id, replace(digest, next_at=at, next_date=date), now)
    return is_new


async def _issue(tx: Tx, library_id: str, digest: Digest, now: int) -> Issue:
    """What is to be told now; nothing where it is too late, or the date has its issue."""
    date = digest.next_date
    if now - digest.next_at > LATE_MS or await digest_issues.is_made(tx, library_id, date):
        return Issue(date, ())
    return choose(await material(tx, library_id, now), digest.wish, date)


async def _post(tx: Tx, desk: Desk, account: Account, digest: Digest, issue: Issue) -> None:
    base_url, token, slot = desk.settings.base_url, secrets.token_urlsafe(SECRET_BYTES), f"digest {issue.date}"
    way_out = f"{base_url}/digest/unsubscribe/{token}"
    written = write_letter(issue, digest.wish, base_url, way_out)
    id_ = hashed(f"{account.library_id} {slot}")[:32]  # the same however often it is sent: mailboxes show it once
    envelope = Envelope(sender_of(desk.settings.mail_from, base_url), account.email, desk.now(), id_, base_url, way_out)
    raw = message(envelope, written.subject, written.text, written.html)
    letter = Letter(account.library_id, slot, account.email, raw, created_at=desk.now())
    await mails.add(tx, letter, hashed(token))
