"""The box of a paper's page that cites it, without scripts."""

from __future__ import annotations

from api.actions.desk import Desk
from api.actions.save_paper import SaveWish, save_paper
from api.domain.accounts import Who
from api.domain.page_meta import Page
from api.references import STYLE_NAMES
from tests.http.library.conftest import Browser
from tests.make import make_id

PAGE = Page(
    title="Nets <script>alert(1)</script>",
    metas=[("citation_title", "Nets <script>alert(1)</script>"), ("citation_author", "Noether, Emmy")],
)


async def test_a_paper_is_cited_where_its_page_is_asked_to(browser: Browser, desk: Desk, who: Who) -> None:
    wish = SaveWish(make_id("save"), "https://arxiv.org/abs/2102.01234", page=PAGE)
    path = f"/library/entries/{(await save_paper(desk, who, wish)).entry.id}"
    closed = (await browser.get(path)).text
    assert f'href="{path}?style=apa#cite"' in closed
    assert "<blockquote id=" not in closed
    shown = (await browser.get(path, params={"style": "ieee"})).text
    assert "E. Noether, “Nets &lt;script&gt;alert(1)&lt;/script&gt;,”" in shown
    assert "<script>alert" not in shown
    assert "@misc{" in shown
    assert all(f'<option value="{name}"' in shown for name in STYLE_NAMES)
