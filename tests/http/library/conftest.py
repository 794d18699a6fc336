"""Ada's library in a browser without scripts, and what its pages say."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from httpx import AsyncClient

from api.actions.desk import Desk
from api.actions.register import register
from api.actions.save_paper import SaveWish, save_paper
from api.domain.accounts import Account, Who
from api.domain.page_meta import Page
from tests.make import make_id

MAIL, PASSWORD = "ada@example.org", "correct horse battery"
Browser = AsyncClient


@pytest.fixture
async def ada(desk: Desk) -> Account:
    """Ada's account."""
    return await register(desk, MAIL, PASSWORD, by_admin=True)


@pytest.fixture
async def stranger(client: Browser) -> Browser:
    """A browser that nobody signed in with."""
    client.follow_redirects = True
    return client


@pytest.fixture
async def browser(stranger: Browser, ada: Account) -> Browser:
    """A browser that Ada signed in with."""
    shown = await stranger.get("/sign-in")
    form = {"csrf": token_in(shown.text), "email": MAIL, "password": PASSWORD, "next": "/"}
    answer = await stranger.post("/sign-in", data=form, follow_redirects=False)
    assert answer.status_code == 303
    return stranger


@pytest.fixture
def who(ada: Account) -> Who:
    """Ada on another device."""
    return Who(ada.id, ada.library_id, make_id("ada's laptop"))


def token_in(html: str) -> str:
    """The token of the forms on a page."""
    found = re.search(r'name="csrf" value="([^"]+)"', html)
    assert found
    return unescape(found[1])


def titles(html: str) -> list[str]:
    """The titles on a page, in order."""
    return [unescape(t) for t in re.findall(r'class="title"[^>]*><a [^>]*>(.*?)</a>', html)]


async def save(desk: Desk, who: Who, title: str, url: str = "", **more: Any) -> str:
    """Save a page with a title; returns the entry's id."""
    page = Page(title=title, metas=(("citation_title", title), *more.pop("metas", ())))
    address = url or f"https://journal.example.org/{make_id(title)}"
    wish = SaveWish(id=make_id(title), url=address, page=page, **more)
    return (await save_paper(desk, who, wish)).entry.id


async def send(browser: Browser, path: str, headers: dict[str, str] | None = None, **fields: str) -> Any:
    """Send a form of the page; returns the answer, redirects not followed."""
    token = token_in((await browser.get("/")).text)
    return await browser.post(path, data={"csrf": token, **fields}, headers=headers, follow_redirects=False)
