"""The daily mail from wish to outbox: asked twice, written once a date, nothing told twice, ended by a click."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace

from api.actions.confirm_digest import confirm_digest, find_question
from api.actions.desk import Desk
from api.actions.edit_object import EditWish, edit_object
from api.actions.keep_digest import get_digest, keep_digest
from api.actions.preview_digest import preview_digest
from api.actions.save_paper import SaveWish, save_paper
from api.actions.send_mails import send_mails
from api.actions.write_digest import write_digest
from api.domain.accounts import Who
from api.domain.errors import BadInput, NotFound, TooMany
from api.domain.mails import Letter
from api.store import papers
from api.store.database import Tx
from tests.conftest import Clock
from tests.mailing import body, code_link, make_trending, read_mail, rows
from tests.make import make_id
from tests.postman import DAILY, HOUR, Postman, issue, morning


async def test_nobody_gets_a_mail_who_did_not_say_yes_twice(
    desk: Desk, clock: Clock, ada: dict[str, Who], postman: Postman
) -> None:
    who = ada["laptop"]
    await make_trending(desk, ["a"])
    digest = await keep_digest(desk, who, DAILY)
    assert (digest.state, digest.next_at) == ("unconfirmed", 0)
    clock.forward(24 * HOUR)
    assert not await write_digest(desk, who.library_id)
    clock.forward(-24 * HOUR)
    assert await send_mails(desk, who.library_id, postman) == 1
    assert postman.got[0].recipient == "ada@example.org"
    assert (await find_question(desk, postman.link("confirm"))).wish == DAILY
    digest = await confirm_digest(desk, postman.link("confirm"))
    assert digest.state == "on"
    due = datetime.fromtimestamp(digest.next_at / 1000, ZoneInfo("Europe/Berlin"))
    assert (due.hour, due.minute, due.date().isoformat()) == (7, 0, digest.next_date)
    with pytest.raises(NotFound):
        await confirm_digest(desk, postman.link("confirm"))
    [kept] = await rows(desk, "SELECT consent, confirmed_at FROM digest")
    assert kept["confirmed_at"] == clock.now_ms
    assert kept["consent"].startswith("digest 1, by the link of a mail, 2026-")


async def test_the_question_is_good_for_48_hours_and_the_newest_alone(
    desk: Desk, clock: Clock, ada: dict[str, Who], postman: Postman
) -> None:
    who = ada["laptop"]
    for _ in range(2):
        await keep_digest(desk, who, DAILY)
        await keep_digest(desk, who, DAILY)  # at once again: the mail that was sent just now is enough
        await send_mails(desk, who.library_id, postman)
        clock.forward(HOUR)
    assert len(postman.got) == 2
    first = postman.got.pop(0)
    with pytest.raises(NotFound):
        await confirm_digest(desk, _link(first))
    clock.forward(48 * HOUR)
    with pytest.raises(NotFound):
        await confirm_digest(desk, postman.link("confirm"))


def _link(letter: Letter) -> str:
    postman = Postman()
    postman.got = [letter]
    return postman.link("confirm")


async def test_who_is_asked_over_and_over_is_left_alone(desk: Desk, clock: Clock, ada: dict[str, Who]) -> None:
    for _ in range(5):
        await keep_digest(desk, ada["laptop"], DAILY)
        clock.forward(HOUR)
    with pytest.raises(TooMany):
        await keep_digest(desk, ada["laptop"], DAILY)


async def test_a_zone_that_nobody_knows_is_refused(desk: Desk, ada: dict[str, Who]) -> None:
    for zone in ("Mars/Olympus", "../../etc/passwd", "right/Europe/Berlin", "Europe", "europe/berlin\r\n"):
        with pytest.raises(BadInput):
            await keep_digest(desk, ada["laptop"], replace(DAILY, zone=zone))
    assert (await get_digest(desk, ada["laptop"].library_id)).state == "off"


async def test_an_issue_comes_once_although_many_ask_for_it_at_once(
    desk: Desk, clock: Clock, reader: Who, postman: Postman
) -> None:
    await make_trending(desk, ["a", "b"])
    await morning(desk, clock, reader)
    written = await asyncio.gather(*(write_digest(desk, reader.library_id) for _ in range(5)))
    assert sum(written) == 1
    await asyncio.gather(*(send_mails(desk, reader.library_id, postman) for _ in range(5)))
    assert len(postman.got) == 1
    assert not await write_digest(desk, reader.library_id)


async def test_nothing_is_told_twice_and_an_issue_without_news_does_not_come(
    desk: Desk, clock: Clock, reader: Who, postman: Postman
) -> None:
    await make_trending(desk, ["a", "b"])
    assert await issue(desk, clock, reader, postman) == ["Paper a", "Paper b"]
    assert await issue(desk, clock, reader, postman) == []
    await make_trending(desk, ["c"])
    assert await issue(desk, clock, reader, postman) == ["Paper c"]


async def test_a_paper_that_became_another_was_told_all_the_same(
    desk: Desk, clock: Clock, reader: Who, postman: Postman
) -> None:
    [told] = await make_trending(desk, ["a"])
    assert await issue(desk, clock, reader, postman) == ["Paper a"]
    [other] = await make_trending(desk, ["b"])

    async def join(tx: Tx) -> None:
        await tx.run("UPDATE paper SET redirect_to = :other WHERE id = :told", other=other, told=told)

    await desk.database.write(join)
    assert await issue(desk, clock, reader, postman) == []


async def test_what_is_on_the_list_is_no_news_but_its_code_and_its_publication_are(
    desk: Desk, clock: Clock, reader: Who, postman: Postman
) -> None:
    [paper_id] = await make_trending(desk, ["a"])
    await _shelve(desk, reader, paper_id)
    assert await issue(desk, clock, reader, postman) == []
    clock.forward(3 * 24 * HOUR)
    await _becomes(desk, paper_id, links=(code_link(),))
    assert await issue(desk, clock, reader, postman) == ["Paper a"]
    html = body(read_mail(postman.got[-1].message), "html")
    assert "Now has code" in html
    assert "https://github.com/loom/loom" in html
    assert "/library/entries/" in html
    await _becomes(desk, paper_id, links=(code_link(),), kind="article", venue="Nature")
    assert await issue(desk, clock, reader, postman) == ["Paper a"]
    assert "It is published now: Nature" in body(read_mail(postman.got[-1].message), "plain")
    assert await issue(desk, clock, reader, postman) == []


async def _shelve(desk: Desk, who: Who, paper_id: str) -> None:
    """Save a paper that there is, by its DOI."""
    paper = (await desk.database.read(lambda tx: papers.get_many(tx, [paper_id])))[paper_id]
    saved = await save_paper(desk, who, SaveWish(make_id(f"{paper_id} entry"), paper.identifiers["doi"][0]))
    assert saved.paper.id == paper_id


async def _becomes(desk: Desk, paper_id: str, **changed: Any) -> None:
    async def work(tx: Tx) -> None:
        paper = await papers.record(tx, paper_id)
        await papers.update(tx, replace(paper, **changed), {}, desk.now())

    await desk.database.write(work)


async def test_what_was_known_when_it_was_saved_is_no_news(
    desk: Desk, clock: Clock, reader: Who, postman: Postman
) -> None:
    [paper_id] = await make_trending(desk, ["a"])
    await _shelve(desk, reader, paper_id)
    clock.forward(60)
    await _becomes(desk, paper_id, links=(code_link(),))
    assert await issue(desk, clock, reader, postman) == []


async def test_a_paper_that_waits_for_a_month_is_called_to_mind_once(
    desk: Desk, clock: Clock, reader: Who, postman: Postman
) -> None:
    [paper_id, read] = await make_trending(desk, ["a", "b"])
    for one in (paper_id, read):
        await _shelve(desk, reader, one)
    done = EditWish("entry", make_id(f"{read} entry"), set={"status": "read"})
    await edit_object(desk, reader, done)
    clock.forward(32 * 24 * HOUR)
    await write_digest(desk, reader.library_id)  # a month late: left out
    assert await issue(desk, clock, reader, postman) == ["Paper a"]
    assert await issue(desk, clock, reader, postman) == []


async def test_a_server_that_was_off_over_night_sends_one_and_after_a_week_none_but_the_next(
    desk: Desk, clock: Clock, reader: Who, postman: Postman
) -> None:
    await make_trending(desk, ["a"])
    await morning(desk, clock, reader)
    clock.forward(5.9 * HOUR)
    assert await write_digest(desk, reader.library_id)
    await make_trending(desk, ["b"])
    await morning(desk, clock, reader)
    clock.forward(7 * 24 * HOUR + 6.1 * HOUR)
    assert not await write_digest(desk, reader.library_id)
    assert await issue(desk, clock, reader, postman) == ["Paper b"]


async def test_another_hour_on_the_same_date_brings_no_second_issue(
    desk: Desk, clock: Clock, reader: Who, postman: Postman
) -> None:
    await make_trending(desk, ["a"])
    assert await issue(desk, clock, reader, postman) == ["Paper a"]
    await make_trending(desk, ["b"])
    await keep_digest(desk, reader, replace(DAILY, hour=20))
    assert await issue(desk, clock, reader, postman) == []
    assert await issue(desk, clock, reader, postman) == ["Paper b"]


async def test_a_preview_tells_the_issue_and_counts_as_nothing(
    desk: Desk, clock: Clock, reader: Who, postman: Postman
) -> None:
    await make_trending(desk, ["a"])
    for _ in range(2):
        assert "Paper a" in (await preview_digest(desk, reader.library_id)).html
    assert await issue(desk, clock, reader, postman) == ["Paper a"]
    assert "Nothing new" in (await preview_digest(desk, reader.library_id)).html


async def test_a_weekly_issue_comes_once_a_week(desk: Desk, clock: Clock, reader: Who, postman: Postman) -> None:
    await keep_digest(desk, reader, replace(DAILY, frequency="weekly", weekday=4))
    days = []
    for number in range(3):
        await make_trending(desk, [f"w{number}"])
        assert await issue(desk, clock, reader, postman) == [f"Paper w{number}"]
        days.append(datetime.fromtimestamp(clock.now_ms / 1000, UTC).date())
    assert {day.weekday() for day in days} == {4}
    assert days[2] - days[0] == timedelta(days=14)
