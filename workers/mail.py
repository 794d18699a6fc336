"""A mail handed to the mail server of the settings by SMTP, or put into the data folder where there is none.

Refuses a password over an open line to another machine, and a server whose certificate is not its own.
"""

from __future__ import annotations

import asyncio
import smtplib
import ssl
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import unquote, urlsplit

from api.actions.desk import Desk
from api.domain.mails import Delivery, Letter
from api.letters.envelope import sender_of
from api.settings import Settings
from api.store import mail_files

TIMEOUT_SECONDS = 20.0  # for each answer of the server
_FOR_GOOD = range(550, 555)  # RFC 5321 4.2.3: about this mailbox or what it takes


async def deliver(desk: Desk, letter: Letter) -> Delivery:
    """Send a letter, or keep it where there is no mail server; what came of it, never an error."""
    settings = desk.settings
    if not settings.smtp_url:
        return await asyncio.to_thread(_keep, settings.data_dir, letter)
    sender = sender_of(settings.mail_from, settings.base_url)
    return await asyncio.to_thread(_converse, settings, sender, letter)


def _keep(data_dir: Path, letter: Letter) -> Delivery:
    try:
        mail_files.put(data_dir, letter.library_id, letter.slot, letter.message)
    except OSError as wrong:
        return Delivery("later", f"the data folder: {type(wrong).__name__}")
    return Delivery("sent")


def _converse(settings: Settings, sender: str, letter: Letter) -> Delivery:
    """One conversation with the server. Its words are kept short, and without the address that was written to."""
    try:
        with _connected(settings.smtp_url) as server:
            ascii_only = sender.isascii() and letter.recipient.isascii()
            options = () if ascii_only else ("SMTPUTF8", "BODY=8BITMIME")
            server.sendmail(sender, [letter.recipient], letter.message, options)
    except smtplib.SMTPRecipientsRefused as refused:
        code = next(iter(refused.recipients.values()), (0, b""))[0]
        return Delivery("refused" if code in _FOR_GOOD else "later", f"the mailbox was refused: {code}")
    except smtplib.SMTPResponseException as refused:
        return Delivery("later", f"the mail server said {refused.smtp_code}")
    except (smtplib.SMTPException, OSError, ValueError) as wrong:
        return Delivery("later", f"the mail server: {type(wrong).__name__}")
    return Delivery("sent")


def _connected(url: str) -> smtplib.SMTP:
    """A conversation that was begun, on a closed line wherever the server has one; raises what smtplib does."""
    parts = urlsplit(url)
    host, safe = parts.hostname or "localhost", ssl.create_default_context()
    server: smtplib.SMTP
    if parts.scheme == "smtps":
        server = smtplib.SMTP_SSL(host, parts.port or 465, timeout=TIMEOUT_SECONDS, context=safe)
    else:
        server = smtplib.SMTP(host, parts.port or 25, timeout=TIMEOUT_SECONDS)
    try:
        server.ehlo()
        if parts.scheme == "smtp" and server.has_extn("starttls"):
            server.starttls(context=safe)
        elif parts.scheme == "smtp" and parts.password and not _is_here(host):
            raise ssl.SSLError("the server closes no line, and a password is not sent over an open one")
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
    except BaseException:
        server.close()
        raise
    return server


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
