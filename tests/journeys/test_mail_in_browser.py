"""The mail that came by SMTP, as Chromium shows it: on a phone and a desk, light and dark, loading nothing.

`SCHOLIUM_TEST_PICTURES` names a folder where the pictures are kept, to be looked at.
"""

from __future__ import annotations

import asyncio
import os
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import sync_playwright

from api.actions.desk import Desk
from api.domain.digest import DigestWish
from api.domain.issues import Issue, Item
from api.domain.mails import Delivery, Letter
from api.domain.papers import Author, Link, Paper
from api.letters.digest import write_digest
from api.letters.envelope import Envelope, message, sender_of
from api.settings import Settings
from tests.conftest import SECRET, Clock
from tests.journeys.chromium import CHROMIUM
from tests.mailing import body, mail_server
from tests.make import NOW
from workers.mail import deliver

BASE = "https://scholium.example.org"
ABSTRACT = (
    "The dominant sequence transduction models are based on complex recurrent or convolutional neural networks in an "
    "encoder-decoder configuration. The best performing models also connect the encoder and decoder through an "
    "attention mechanism. We propose a new simple network architecture based solely on attention mechanisms."
)
LIGHT, DARK = "rgb(251, 250, 246)", "rgb(23, 24, 26)"


def paper(title: str, names: list[tuple[str, str]], **more: Any) -> Paper:
    authors = tuple(Author(given=given, family=family) for given, family in names)
    return Paper(**({"id": title, "kind": "preprint", "title": title, "authors": authors, "year": 2026} | more))


def an_issue() -> Issue:
    """An issue with every part, long and hostile titles, and one that is written from right to left."""
    code = Link("code", "https://github.com/loom/loom", "available", 0.9, "Code:", "arxiv")
    project = Link("project", "https://loom.example.org/", "available", 0.9, "Project page", "arxiv")
    attention = paper(
        "Attention Is All You Need",
        [("Ashish", "Vaswani"), ("Noam", "Shazeer"), ("Niki", "Parmar"), ("Jakob", "Uszkoreit")],
        abstract=ABSTRACT,
        identifiers={"arxiv": ("1706.03762",)},
        links=(code, project),
    )
    hostile = paper(
        "<script>document.title = 'broken'</script> and <b>bold</b> ways with $x < y$", [("Ada", "Lovelace")]
    )
    long = paper("Supercalifragilistic" * 8, [("Émilie", "du Châtelet")], venue="Journal of Unbroken Words")
    arabic = paper("تعلم الآلة: مدخل إلى الشبكات العصبية", [("Muḥammad", "al-Khwārizmī")], venue="Nature")
    tagged = "Matches your tag transformers · 3 people saved it this week · its code is available"
    return Issue(
        "2026-11-30",
        (
            Item("trending", attention, tagged),
            Item("trending", hostile, "2 people highlighted it this week"),
            Item("code", long, "Its code is available now", "0199"),
            Item("published", arabic, "It is published now: Nature", "0199"),
        ),
    )


def received() -> EmailMessage:
    """The issue as a mail server got it."""
    written = write_digest(an_issue(), DigestWish("daily"), BASE, f"{BASE}/digest/unsubscribe/token")
    envelope = Envelope(sender_of("", BASE), "ada@example.org", NOW, "0123", BASE, f"{BASE}/digest/unsubscribe/token")
    letter = Letter(
        "library", "slot", "ada@example.org", message(envelope, written.subject, written.text, written.html)
    )
    with mail_server() as server:
        settings = Settings(smtp_url=server.url, base_url=BASE, secret_key=SECRET)
        desk = Desk(None, None, settings, Clock())  # type: ignore[arg-type]  # a delivery asks neither
        assert asyncio.run(deliver(desk, letter)) == Delivery("sent")
        [mail] = server.mails()
    return mail


def test_the_mail_is_readable_on_phone_and_desk_light_and_dark(tmp_path: Path) -> None:
    if not Path(CHROMIUM).exists():
        pytest.skip("no Chromium on this machine")
    html = body(received(), "html")
    pictures = Path(os.environ.get("SCHOLIUM_TEST_PICTURES") or tmp_path)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        for width, name in ((390, "phone"), (1280, "desk")):
            for scheme, ground in (("light", LIGHT), ("dark", DARK)):
                context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]  # one of Playwright's
                asked: list[str] = []
                page = context.new_page()
                page.on("request", lambda request, asked=asked: asked.append(request.url))
                page.set_content(html)
                page.screenshot(path=str(pictures / f"mail-{name}-{scheme}.png"), full_page=True)
                assert page.evaluate("document.documentElement.scrollWidth") <= width
                assert page.evaluate("getComputedStyle(document.body).backgroundColor") == ground
                assert page.title().startswith("Attention Is All You Need")
                assert page.locator("h3").count() == 4
                assert page.locator("b, script, img").count() == 0
                assert asked == []
                context.close()
        browser.close()
