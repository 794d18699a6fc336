"""Send what waits in a library's outbox, one mail after the other; the sending itself is the workers' part.

A mail is taken, sent, and then noted as sent. Whoever dies between the last two steps is followed after two minutes by
one who sends it again, under the same Message-ID, which mailboxes show once: rather twice on the way than not at all.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from api.actions.desk import Desk
from api.domain.mails import MOST_TRIES, STALE_MS, Delivery, Letter
from api.store import digest_wishes, mails
from api.store.database import Tx

Deliver = Callable[[Letter], Awaitable[Delivery]]


async def send_mails(desk: Desk, library_id: str, deliver: Deliver) -> int:
    """Send all that is to be tried now; returns how many mails went out."""
    count = 0
    while letter := await desk.database.write(lambda tx: mails.claim(tx, library_id, desk.now())):
        if letter.tries >= MOST_TRIES or desk.now() - letter.created_at > STALE_MS:
            await _note(desk, letter, Delivery("later", "it could not be sent in time"), last=True)
            continue
        delivery = await deliver(letter)
        await _note(desk, letter, delivery, last=letter.tries + 1 >= MOST_TRIES)
        count += delivery.outcome == "sent"
    return count


async def _note(desk: Desk, letter: Letter, delivery: Delivery, *, last: bool) -> None:
    """Put down what came of a try; a mailbox that refuses for good is written no more."""

    async def work(tx: Tx) -> None:
        if delivery.outcome == "sent":
            await mails.sent(tx, letter, desk.now())
        elif delivery.outcome == "refused":
            await mails.give_up(tx, letter, delivery.trouble)
            await digest_wishes.pause(tx, letter.library_id, delivery.trouble)
        elif last:
            await mails.give_up(tx, letter, delivery.trouble)
        else:
            await mails.put_off(tx, letter, delivery.trouble, desk.now())

    await desk.database.write(work)
