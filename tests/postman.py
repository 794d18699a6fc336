"""Who carries the mails of a test, and the round from one issue of the daily mail to the next."""

from __future__ import annotations

import re

from api.actions.desk import Desk
from api.actions.keep_digest import get_digest
from api.actions.send_mails import send_mails
from api.actions.write_digest import write_digest
from api.domain.accounts import Who
from api.domain.digest import DigestWish
from api.domain.mails import Delivery, Letter
from tests.conftest import Clock
from tests.mailing import body, read_mail

DAILY = DigestWish("daily", hour=7, zone="Europe/Berlin")
HOUR = 3600


class Postman:
    """Takes letters, and answers as it is told."""

    def __init__(self) -> None:
        self.got: list[Letter] = []
        self.says = Delivery("sent")

    async def __call__(self, letter: Letter) -> Delivery:
        self.got.append(letter)
        return self.says

    def link(self, word: str) -> str:
        """The token of the last letter's link."""
        found = re.search(rf"/digest/{word}/([\w-]+)", body(read_mail(self.got[-1].message), "plain"))
        assert found
        return found[1]


async def morning(desk: Desk, clock: Clock, who: Who) -> None:
    """Let the clock be that of the next issue."""
    digest = await get_digest(desk, who.library_id)
    assert digest.next_at > 0
    clock.now_ms = digest.next_at


async def issue(desk: Desk, clock: Clock, who: Who, postman: Postman) -> list[str]:
    """The titles of the next issue, in order; none where nothing came."""
    await morning(desk, clock, who)
    postman.got.clear()
    await write_digest(desk, who.library_id)
    await send_mails(desk, who.library_id, postman)
    if not postman.got:
        return []
    return re.findall(r'<h3[^>]*><a href="[^"]*"[^>]*>(.*?)</a>', body(read_mail(postman.got[-1].message), "html"))
