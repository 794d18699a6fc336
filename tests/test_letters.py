"""Mails as they are written: no markup and no header of papers, headers that mail programs act on, lines that fit."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

from api.domain.digest import DigestWish
from api.domain.issues import Issue, Item
from api.domain.papers import Author, Link, Paper
from api.letters.confirm import write_confirm
from api.letters.digest import Written, write_digest
from api.letters.envelope import Envelope, message, one_line, sender_of
from tests.hostile_text import MARKUP
from tests.mailing import body, read_mail
from tests.make import NOW

BASE = "https://scholium.example.org"
WAY_OUT = f"{BASE}/digest/unsubscribe/{'t' * 43}"
HEADERS = [
    *("From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted"),
    *("List-Id", "List-Unsubscribe", "List-Unsubscribe-Post", "MIME-Version", "Content-Type"),
]


def letter(text: str, recipient: str = "ada@example.org") -> bytes:
    """An issue in which every text that somebody else wrote is this one."""
    paper = Paper(
        id="p",
        kind="preprint",
        title=text,
        authors=(Author(literal=text),),
        abstract=text,
        venue=text,
        year=2026,
        identifiers={"url": (f"https://journal.example.org/{'a'}",)},
        links=(
            Link("code", "https://github.com/loom/loom", "available", 0.9, text, "arxiv"),
            Link("project", "https://loom.example.org/", "available", 0.9, text, "arxiv"),
        ),
    )
    items = (Item("trending", paper, f"Matches your tag {text}"), Item("code", paper, text, "0199"))
    written = write_digest(Issue("2026-11-30", items), DigestWish("daily"), BASE, WAY_OUT)
    envelope = Envelope(sender_of("", BASE), recipient, NOW, "0123abcd", BASE, WAY_OUT)
    return message(envelope, written.subject, written.text, written.html)


class Skeleton(HTMLParser):
    """The tags of a page with their attributes, and nothing of its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, tuple[tuple[str, str | None], ...]]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, tuple(attrs)))

    def handle_endtag(self, tag: str) -> None:
        self.tags.append((f"/{tag}", ()))

    def handle_comment(self, data: str) -> None:
        self.tags.append(("comment", ()))


@pytest.mark.parametrize("text", MARKUP)
def test_texts_of_others_become_neither_markup_nor_headers(text: str) -> None:
    hostile, plain = read_mail(letter(text)), read_mail(letter("Weaving algebra"))
    assert hostile.keys() == plain.keys() == HEADERS
    assert [part.get_content_type() for part in hostile.walk()] == [part.get_content_type() for part in plain.walk()]
    assert [part.keys() for part in hostile.walk()] == [part.keys() for part in plain.walk()]
    assert Skeleton(body(hostile, "html")).tags == Skeleton(body(plain, "html")).tags
    assert str(hostile["To"]) == "ada@example.org"
    assert hostile["Bcc"] is None
    assert body(hostile, "plain").count("\nCode: ") == 2


def test_the_corpus_is_large_enough_to_mean_something() -> None:
    assert len(set(MARKUP)) >= 40


@pytest.mark.parametrize("text", [*MARKUP, "Röntgen " * 30, "日本語" * 60])
def test_every_line_fits_and_the_subject_is_short(text: str) -> None:
    raw = letter(text)
    assert all(len(line) <= 998 for line in raw.split(b"\r\n"))
    assert b"\n" not in raw.replace(b"\r\n", b"")
    subject = str(read_mail(raw)["Subject"])
    assert 0 < len(subject) <= 78


def test_the_way_out_stands_whole_in_one_line_however_long() -> None:
    head, _, _ = letter("Weaving").partition(b"\r\n\r\n")
    assert f"\r\nList-Unsubscribe: <{WAY_OUT}>\r\n".encode() in head
    assert b"\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in head
    assert WAY_OUT in body(read_mail(letter("Weaving")), "plain")


def test_a_mail_loads_nothing_and_tells_nobody_that_it_was_read() -> None:
    html = body(read_mail(letter("Weaving")), "html")
    tags = {tag for tag, _ in Skeleton(html).tags}
    assert not tags & {"img", "link", "script", "iframe", "object", "form"}
    assert "url(" not in html
    assert 'lang="en"' in html
    assert "prefers-color-scheme: dark" in html


def test_the_same_issue_is_the_same_bytes() -> None:
    assert letter("Weaving") == letter("Weaving")


def test_an_address_outside_of_ascii_is_written_as_it_is() -> None:
    mail = letter("Weaving", "jürgen@exämple.org")
    assert "\r\nTo: jürgen@exämple.org\r\n".encode() in mail


def test_the_question_has_its_link_in_both_forms_and_no_way_out() -> None:
    url = f"{BASE}/digest/confirm/token"
    written = write_confirm("weekly", url, 48)
    assert url in written.text
    assert f'href="{url}"' in written.html
    assert "every week" in written.subject
    head = message(Envelope("s@example.org", "a@example.org", NOW, "id", BASE), *_parts(written)).split(b"\r\n\r\n")[0]
    assert b"List-Unsubscribe" not in head


def _parts(written: Written) -> tuple[str, str, str]:
    return written.subject, written.text, written.html


@pytest.mark.parametrize(
    ("mail_from", "base_url", "expected"),
    [
        ("papers@example.org", BASE, "papers@example.org"),
        ("", BASE, "scholium@scholium.example.org"),
        ("", "http://127.0.0.1:8420", "scholium@localhost"),
        ("", "http://[::1]:8420", "scholium@localhost"),
        ("", "http://nas:8420", "scholium@nas.localhost"),
    ],
)
def test_who_writes(mail_from: str, base_url: str, expected: str) -> None:
    assert sender_of(mail_from, base_url) == expected


def test_a_line_is_cut_where_it_is_too_long() -> None:
    assert one_line("a\r\n b\u202e", 10) == "a b"
    assert one_line("abcdefghij", 5) == "abcd…"
