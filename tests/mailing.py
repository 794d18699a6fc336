"""A real mail server on loopback, a reader with papers to be told of, and mails as a mail program reads them."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import msgspec
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from api.actions.desk import Desk
from api.domain.arrivals import paper_from
from api.domain.clock import rfc3339
from api.domain.papers import Dates, Finding, Identifier, Link
from api.domain.trending import Trend
from api.store import papers, trends
from api.store.database import Tx
from tests.make import make_id


class MailServer:
    """What came to a mail server; `answer` is what it says to a recipient from now on, None to take the mail."""

    def __init__(self) -> None:
        self.got: list[Envelope] = []
        self.answer: str | None = None
        self.url = ""

    async def handle_RCPT(  # noqa: N802  aiosmtpd calls it so
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.answer:
            return self.answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.got.append(envelope)
        return "250 taken"

    def mails(self) -> list[EmailMessage]:
        """What came, as a mail program reads it."""
        return [read_mail(bytes(envelope.original_content or b"")) for envelope in self.got]


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """A mail server on a free port while the block lasts."""
    server = MailServer()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(server, hostname="127.0.0.1", port=port, enable_SMTPUTF8=True)
    controller.start()
    server.url = f"smtp://127.0.0.1:{port}"
    try:
        yield server
    finally:
        controller.stop()


def read_mail(raw: bytes) -> EmailMessage:
    """A message with its headers decoded."""
    found = message_from_bytes(raw, policy=policy.default)
    assert isinstance(found, EmailMessage)
    return found


def body(mail: EmailMessage, kind: str) -> str:
    """The text (`plain`) or the HTML (`html`) of a mail."""
    part = mail.get_body((kind,))
    assert part is not None
    return str(part.get_content())


async def make_paper(desk: Desk, name: str, **said: Any) -> str:
    """A paper that everybody sees, as one source told of it; returns its id."""
    paper_id, doi = make_id(f"paper {name}"), Identifier("doi", f"10.5555/{make_id(name)}")
    told = {"title": f"Paper {name}", "kind": "preprint", "abstract": f"What {name} says.", "identifiers": (doi,)}
    finding = Finding(source="arxiv", **(told | {"dates": Dates(preprinted="2026-11-01")} | said))
    paper, fields = paper_from(paper_id, [(rfc3339(desk.now()), finding)], finding.identifiers)

    async def work(tx: Tx) -> None:
        await papers.insert(tx, [(paper, fields)], desk.now())
        await papers.claim_identifiers(tx, dict.fromkeys(finding.identifiers, paper_id), "arxiv", desk.now())

    await desk.database.write(work)
    return paper_id


async def make_trending(desk: Desk, names: list[str], **said: Any) -> list[str]:
    """Papers that trend, the first first; returns their ids."""
    ids = [await make_paper(desk, name, **said) for name in names]
    ranking = [Trend(one, 9.0 / (n + 1), 3, ("3 people saved it this week",), (3,)) for n, one in enumerate(ids)]

    async def keep(tx: Tx) -> None:
        before = await trends.ranking(tx, "week", 1000)
        await trends.keep(tx, "week", [*ranking, *before], desk.now())

    await desk.database.write(keep)
    return ids


def code_link(url: str = "https://github.com/loom/loom") -> Link:
    """A link to code that is there."""
    return Link("code", url, "available", 0.9, "Code: " + url, "arxiv")


async def rows(desk: Desk, sql: str) -> list[dict[str, Any]]:
    """Rows of a statement, as dicts."""

    async def work(tx: Tx) -> list[dict[str, Any]]:
        return [dict(row) for row in await tx.rows(sql)]  # type: ignore[call-overload]  # rows of drivers are mappings

    return msgspec.to_builtins(await desk.database.read(work))  # type: ignore[no-any-return]
