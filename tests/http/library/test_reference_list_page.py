"""The page of references, without scripts: the same entries as the list it was opened from."""

from __future__ import annotations

import pytest

from api.actions.desk import Desk
from api.actions.save_paper import SaveWish, save_paper
from api.domain.accounts import Who
from api.domain.page_meta import Page
from api.web import reference_list
from tests.http.library.conftest import Browser
from tests.make import make_id


async def save(desk: Desk, who: Who, title: str, *tags: str) -> None:
    page = Page(title=title, metas=[("citation_title", title), ("citation_author", "Noether, Emmy")])
    address = f"https://journal.example.org/{make_id(title)}"
    await save_paper(desk, who, SaveWish(make_id(title), address, page=page, tags=tags))


async def test_the_page_cites_what_the_list_showed(browser: Browser, desk: Desk, who: Who) -> None:
    await save(desk, who, "Nets <script>alert(1)</script>", "thesis")
    await save(desk, who, "Fields")
    library = (await browser.get("/?tag=thesis")).text
    assert 'href="/library/references?back=tag%3Dthesis"' in library
    shown = (await browser.get("/library/references?back=tag%3Dthesis&style=ieee")).text
    assert "[1] E. Noether, “Nets &lt;script&gt;alert(1)&lt;/script&gt;" in shown
    assert ("Fields" in shown, "<script>alert" in shown) == (False, False)
    assert 'href="/v1/export?format=references-html&amp;style=ieee&amp;tag=thesis"' in shown


async def test_beyond_what_a_page_shows_the_files_are_offered(
    browser: Browser, desk: Desk, who: Who, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reference_list, "MOST_SHOWN", 1)
    await save(desk, who, "Nets")
    await save(desk, who, "Fields")
    shown = (await browser.get("/library/references")).text
    assert "These are 2 entries" in shown
    assert "csl-entry" not in shown
    assert "format=references&amp;style=apa" in shown
