"""A page saved twice: by its address, and with what it says."""

from __future__ import annotations

import pytest

from api.actions.desk import Desk
from api.actions.enrich_paper import finish_paper, take_paper
from api.actions.list_entries import list_entries
from api.actions.save_paper import SaveWish, save_paper
from api.domain.accounts import Who
from api.domain.entries import EntryFilter
from api.domain.page_meta import Page
from tests.make import make_id

ADDRESS = "https://proceedings.example.org/paper/2.html"
TITLE = "A Title That Only the Page Knows"
PAGE = Page(title="Proceedings", metas=(("citation_title", TITLE), ("citation_author", "Ash, Ann")))


async def save(desk: Desk, who: Who, name: str, page: Page | None) -> str:
    """Save the address, and let a worker look at it; returns the paper's title then."""
    saved = await save_paper(desk, who, SaveWish(make_id(name), ADDRESS, page))
    task = await take_paper(desk, saved.paper.id)
    if task is not None:
        await finish_paper(desk, task, [])
    (item,) = (await list_entries(desk, who.library_id, EntryFilter())).items
    return item.paper.title


@pytest.mark.parametrize("pages", [(None, PAGE), (PAGE, None), (None, PAGE, None), (None, None, PAGE)])
async def test_what_the_page_said_counts_whenever_it_came(
    desk: Desk, ada: dict[str, Who], pages: tuple[Page | None, ...]
) -> None:
    for index, page in enumerate(pages):
        title = await save(desk, ada["laptop"], f"save {index}", page)
    assert title == TITLE


async def test_the_same_page_again_is_no_work(desk: Desk, ada: dict[str, Who]) -> None:
    await save(desk, ada["laptop"], "first", PAGE)
    for name, page in (("second", PAGE), ("third", None)):
        saved = await save_paper(desk, ada["laptop"], SaveWish(make_id(name), ADDRESS, page))
        assert await take_paper(desk, saved.paper.id) is None
