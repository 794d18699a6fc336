"""Mails by a real SMTP conversation, from the job to the server; and in the data folder where there is none."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from msgspec.structs import replace

from api.actions.confirm_digest import confirm_digest
from api.actions.desk import Desk
from api.actions.keep_digest import get_digest, keep_digest
from api.actions.send_mails import send_mails
from api.actions.write_digest import write_digest
from api.domain.accounts import Who
from api.domain.digest import DigestWish
from api.domain.mails import Delivery, Letter
from api.settings import read_settings
from api.store import mail_files
from tests.conftest import Clock
from tests.mailing import MailServer, body, mail_server, make_trending, read_mail
from workers import jobs, ticker
from workers.mail import deliver

LETTER = Letter(
    "0199aaaa-0000-7000-8000-000000000001", "digest 2026-11-30", "ada@example.org", b"Subject: x\r\n\r\n.\r\n"
)


@pytest.fixture
def server() -> Iterator[MailServer]:
    """A mail server of this test."""
    with mail_server() as running:
        yield running


@pytest.fixture
def posting(desk: Desk, server: MailServer) -> Desk:
    """The desk of an instance with that mail server."""
    settings = replace(desk.settings, smtp_url=server.url, base_url="https://scholium.example.org")
    return replace(desk, settings=settings)


async def agree(desk: Desk, who: Who, server: MailServer) -> None:
    """Ask for the mail, and say yes by the link that came."""
    await keep_digest(desk, who, DigestWish("daily", zone="Europe/Berlin"))
    await send_mails(desk, who.library_id, partial(deliver, desk))
    text = body(server.mails()[0], "plain")
    await confirm_digest(desk, text.partition("/digest/confirm/")[2].split()[0])


async def test_question_and_issue_come_by_smtp_with_all_that_mail_programs_want(
    posting: Desk, clock: Clock, who: Who, server: MailServer
) -> None:
    await agree(posting, who, server)
    await make_trending(posting, ["a", "b"])
    clock.now_ms = (await get_digest(posting, who.library_id)).next_at
    await write_digest(posting, who.library_id)
    assert await send_mails(posting, who.library_id, partial(deliver, posting)) == 1
    envelope, mail = server.got[1], server.mails()[1]
    assert (envelope.mail_from, envelope.rcpt_tos) == ("scholium@scholium.example.org", ["ada@example.org"])
    assert mail["Subject"] == "Paper a, and 1 more"
    assert mail["List-Unsubscribe"].startswith("<https://scholium.example.org/digest/unsubscribe/")
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["Message-ID"].endswith("@scholium.example.org>")
    assert [part.get_content_type() for part in mail.walk()] == ["multipart/alternative", "text/plain", "text/html"]
    assert "Paper b" in body(mail, "plain")
    assert "Paper b" in body(mail, "html")
    assert await send_mails(posting, who.library_id, partial(deliver, posting)) == 0


async def test_the_ticker_reminds_and_the_job_sends(
    posting: Desk, clock: Clock, who: Who, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The job as the worker runs it: by the environment, on the machine's own clock."""
    await agree(posting, who, server)
    await make_trending(posting, ["a"])
    clock.now_ms = (await get_digest(posting, who.library_id)).next_at
    assert await ticker.remind_of_mails(posting) == 1
    settings = posting.settings
    for name, value in (
        ("DATABASE_URL", settings.database),
        ("REDIS_URL", settings.redis_url),
        ("DATA_DIR", str(settings.data_dir)),
        ("SMTP_URL", settings.smtp_url),
    ):
        monkeypatch.setitem(os.environ, f"SCHOLIUM_{name}", value)
    monkeypatch.setattr("api.instance.now", clock)
    await jobs.send_mails(who.library_id)
    await jobs.send_mails(who.library_id)
    assert [str(mail["Subject"]) for mail in server.mails()[1:]] == ["Paper a"]
    assert await ticker.remind_of_mails(posting) == 0


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (None, Delivery("sent")),
        ("550 5.1.1 no such mailbox ada@example.org", Delivery("refused", "the mailbox was refused: 550")),
        ("553 5.1.3 what is this", Delivery("refused", "the mailbox was refused: 553")),
        ("451 4.2.0 greylisted", Delivery("later", "the mailbox was refused: 451")),
        ("452 4.2.2 mailbox full", Delivery("later", "the mailbox was refused: 452")),
    ],
)
async def test_what_a_server_says_is_understood(
    posting: Desk, server: MailServer, answer: str | None, expected: Delivery
) -> None:
    server.answer = answer
    assert await deliver(posting, LETTER) == expected
    assert len(server.got) == (answer is None)


async def test_a_line_with_a_lone_dot_ends_no_mail(posting: Desk, server: MailServer) -> None:
    raw = b"Subject: x\r\n\r\na\r\n.\r\nMAIL FROM:<eve@evil.example>\r\n"
    await deliver(posting, replace(LETTER, message=raw))
    assert server.got[0].original_content == raw


async def test_a_server_that_is_away_or_closes_no_line_for_a_password_is_tried_later(posting: Desk) -> None:
    for url in ("smtp://127.0.0.1:1", "smtps://127.0.0.1:1", "smtp://:::"):
        settings = replace(posting.settings, smtp_url=url)
        delivery = await deliver(replace(posting, settings=settings), LETTER)
        assert delivery.outcome == "later"
        assert "ada@" not in delivery.trouble


async def test_an_open_line_gets_no_password(
    posting: Desk, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workers.mail._is_here", lambda host: False)
    url = server.url.replace("smtp://", "smtp://ada:secret@")
    settings = replace(posting.settings, smtp_url=url)
    assert (await deliver(replace(posting, settings=settings), LETTER)).trouble == "the mail server: SSLError"
    assert server.got == []


async def test_an_address_outside_of_ascii_is_written_to(posting: Desk, server: MailServer) -> None:
    assert await deliver(posting, replace(LETTER, recipient="jürgen@exämple.org")) == Delivery("sent")
    assert server.got[0].rcpt_tos == ["jürgen@exämple.org"]


async def test_without_a_server_mails_lie_in_the_data_folder_for_us_alone(desk: Desk) -> None:
    for day in range(1, 60):
        letter = replace(LETTER, slot=f"digest 2026-{day:03}", message=b"Subject: %d\r\n\r\n" % day)
        assert await deliver(desk, letter) == Delivery("sent")
        assert await deliver(desk, letter) == Delivery("sent")
    folder = desk.settings.data_dir
    kept = mail_files.listed(folder, LETTER.library_id)
    assert len(kept) == 50
    raw = mail_files.read(folder, LETTER.library_id, kept[0][0])
    assert raw is not None
    assert read_mail(raw)["Subject"] == "59"
    path = folder / "outbox" / LETTER.library_id / kept[0][0]
    assert path.stat().st_mode & 0o777 == 0o600
    for name in ("../../secret_key", "..", "a.eml/../b.eml", "/etc/passwd", "A.eml"):
        assert mail_files.read(folder, LETTER.library_id, name) is None
    with pytest.raises(ValueError, match="folder"):
        mail_files.listed(folder, "..")


async def test_a_data_folder_that_cannot_be_written_is_tried_later(desk: Desk, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    settings = replace(desk.settings, data_dir=blocked)
    assert (await deliver(replace(desk, settings=settings), LETTER)).outcome == "later"


@pytest.mark.parametrize(
    ("name", "value"),
    [("SMTP_URL", "http://mail.example.org"), ("MAIL_FROM", "a@b\r\nBcc: c@d"), ("MAIL_FROM", "nobody")],
)
def test_settings_that_are_none_are_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(ValueError, match=f"SCHOLIUM_{name}"):
        read_settings({f"SCHOLIUM_{name}": value})
