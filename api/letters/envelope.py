"""A mail put together: headers, text and HTML as one message that any mail server takes.

Refuses to let what is told write a header: every value is one line without control characters, however it came.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8, Policy
from ipaddress import ip_address
from urllib.parse import urlsplit

from msgspec import Struct

LONGEST_SUBJECT = 78  # RFC 5322 2.1.1
_NOT_IN_A_HEADER = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\s]+")


class _Whole(UnstructuredHeader, BaseHeader):
    """A header that stays on one line: folded, a long address would come out encoded, and end nothing."""

    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: {self}{policy.linesep}"


_HEADERS = HeaderRegistry()
_HEADERS.map_to_type("list-unsubscribe", _Whole)
_PLAIN, _UNICODE = SMTP.clone(header_factory=_HEADERS), SMTPUTF8.clone(header_factory=_HEADERS)


class Envelope(Struct, frozen=True):
    """Who writes to whom, when (Unix milliseconds), by which id of ours, and how the reader gets out of it.

    `way_out` is an address that ends these mails by one POST (RFC 8058); empty for a mail that comes once.
    """

    sender: str
    recipient: str
    at: int
    id: str
    base_url: str
    way_out: str = ""


def message(envelope: Envelope, subject: str, text: str, html: str) -> bytes:
    """The whole message with CRLF line ends; the same for the same arguments."""
    ascii_only = envelope.recipient.isascii() and envelope.sender.isascii()
    mail = EmailMessage(policy=_PLAIN if ascii_only else _UNICODE)
    host = _host(envelope.base_url)
    mail["From"] = _address("Scholium", envelope.sender)
    mail["To"] = _address("", envelope.recipient)
    # An encoded word (RFC 2047) in a title would be decoded on the way into the header, line ends and all.
    mail["Subject"] = one_line(subject.replace("=?", "= ?"), LONGEST_SUBJECT)
    mail["Date"] = datetime.fromtimestamp(envelope.at // 1000, UTC)
    mail["Message-ID"] = f"<{envelope.id}@{host}>"
    mail["Auto-Submitted"] = "auto-generated"
    if envelope.way_out:
        mail["List-Id"] = f"Scholium <digest.{host}>"
        mail["List-Unsubscribe"] = f"<{envelope.way_out}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.set_content(text, cte="quoted-printable")
    mail.add_alternative(html, subtype="html", cte="quoted-printable")
    mail.set_boundary(f"=_{envelope.id}")  # not chance: the same mail is the same bytes
    return mail.as_bytes()


def one_line(text: str, most: int) -> str:
    """The text on one line, cut at so many characters."""
    line = _NOT_IN_A_HEADER.sub(" ", text).strip()
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def sender_of(mail_from: str, base_url: str) -> str:
    """Who writes: the address of the settings, or one at the host of this instance."""
    return mail_from or f"scholium@{_host(base_url)}"


def _address(name: str, address: str) -> Address:
    local, _, domain = address.rpartition("@")
    return Address(name, local, domain)  # in parts, as whole ones are refused outside of ASCII


def _host(base_url: str) -> str:
    host = urlsplit(base_url).hostname or "localhost"
    try:
        ip_address(host)
    except ValueError:
        return host if "." in host or host == "localhost" else f"{host}.localhost"
    return "localhost"  # an address of a network is no domain of mails
