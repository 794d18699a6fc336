"""A mail on its way: tried again, given up, followed after a death, paused by a mailbox, ended by a click."""

from __future__ import annotations

from api.actions.desk import Desk
from api.actions.end_digest import end_digest
from api.actions.keep_digest import get_digest, keep_digest
from api.actions.send_mails import send_mails
from api.actions.write_digest import write_digest
from api.domain.accounts import Who
from api.domain.mails import LEASE_MS, MOST_TRIES, Delivery
from api.store import mails
from api.store.database import Tx
from tests.conftest import Clock
from tests.mailing import make_trending, read_mail, rows
from tests.postman import DAILY, HOUR, Postman, issue, morning


async def test_the_way_out_ends_all_of_it_and_what_waits_and_does_no_harm_twice(
    desk: Desk, clock: Clock, reader: Who, postman: Postman
) -> None:
    await make_trending(desk, ["a"])
    await issue(desk, clock, reader, postman)
    token = postman.link("unsubscribe")
    await make_trending(desk, ["b"])
    await morning(desk, clock, reader)
    await write_digest(desk, reader.library_id)
    for known in ("nobody's", token, token):
        await end_digest(desk, known)
    assert (await get_digest(desk, reader.library_id)).state == "off"
    postman.got.clear()
    assert await send_mails(desk, reader.library_id, postman) == 0
    assert (await keep_digest(desk, reader, DAILY)).state == "unconfirmed"


async def test_a_mailbox_that_is_not_there_pauses_it_and_a_busy_one_is_tried_again(
    desk: Desk, clock: Clock, reader: Who, postman: Postman
) -> None:
    await make_trending(desk, ["a"])
    await morning(desk, clock, reader)
    await write_digest(desk, reader.library_id)
    postman.says = Delivery("later", "the mail server said 451")
    for _ in range(3):
        assert await send_mails(desk, reader.library_id, postman) == 0
        clock.forward(HOUR)
    assert len(postman.got) == 3
    assert len({read_mail(one.message)["Message-ID"] for one in postman.got}) == 1
    postman.says = Delivery("refused", "the mailbox was refused: 550")
    await send_mails(desk, reader.library_id, postman)
    digest = await get_digest(desk, reader.library_id)
    assert (digest.state, digest.paused) == ("paused", "the mailbox was refused: 550")
    assert (await keep_digest(desk, reader, DAILY)).state == "unconfirmed"


async def test_a_mail_is_given_up_after_six_tries_or_half_a_day(
    desk: Desk, clock: Clock, reader: Who, postman: Postman
) -> None:
    await make_trending(desk, ["a"])
    await morning(desk, clock, reader)
    await write_digest(desk, reader.library_id)
    postman.says = Delivery("later", "the mail server: TimeoutError")
    for _ in range(20):
        await send_mails(desk, reader.library_id, postman)
        clock.forward(HOUR)
    assert len(postman.got) == MOST_TRIES
    [mail] = await rows(desk, "SELECT state, trouble, recipient, message FROM mail WHERE slot LIKE 'digest%'")
    assert (mail["state"], mail["recipient"]) == ("failed", "")
    assert mail["trouble"] == "the mail server: TimeoutError"


async def test_a_worker_that_dies_before_it_notes_the_sending_is_followed_under_the_same_message_id(
    desk: Desk, clock: Clock, reader: Who, postman: Postman
) -> None:
    await make_trending(desk, ["a"])
    await morning(desk, clock, reader)
    await write_digest(desk, reader.library_id)
    dead = await desk.database.write(lambda tx: mails.claim(tx, reader.library_id, desk.now()))
    assert dead is not None
    assert await send_mails(desk, reader.library_id, postman) == 0
    clock.forward(LEASE_MS / 1000)
    assert await send_mails(desk, reader.library_id, postman) == 1
    assert postman.got[0].message == dead.message
    [mail] = await rows(desk, "SELECT message, recipient, state FROM mail WHERE slot LIKE 'digest%'")
    assert (mail["state"], mail["recipient"]) == ("sent", "")


async def test_a_disabled_account_gets_nothing(desk: Desk, clock: Clock, reader: Who, postman: Postman) -> None:
    await make_trending(desk, ["a"])

    async def disable(tx: Tx) -> None:
        await tx.run("UPDATE account SET disabled = 1")

    await desk.database.write(disable)
    assert await issue(desk, clock, reader, postman) == []
