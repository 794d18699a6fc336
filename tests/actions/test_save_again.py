"""A page saved twice: by its address, and with what it says."""

from __future__ import annotations

import pytest
from msgspec import structs

from api.actions.desk import Desk
from api.actions.edit_object import EditWish, edit_object
from api.actions.enrich_paper import finish_paper, take_paper
from api.actions.list_entries import get_entry, list_entries
from api.actions.save_paper import SaveWish, save_paper
from api.domain.accounts import Who
from api.domain.entries import EntryFilter
from api.domain.page_meta import Page
from tests.make import make_id, make_library

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


@pytest.mark.parametrize("who_had_it", ["nobody", "bob", "ada"])
async def test_the_answer_to_a_save_is_what_is_read_afterwards(
    desk: Desk, ada: dict[str, Who], who_had_it: str
) -> None:
    bob = (await make_library(desk, "bob", {"one": make_id("bob's")}))["one"]
    lists = [make_id("a list"), make_id("no list")]
    await edit_object(desk, ada["laptop"], EditWish("list", lists[0], set={"name": "Lab"}, create=True))
    wish = SaveWish(make_id("one"), ADDRESS, PAGE, ["maths", "Maths", "new"], lists, "reading", "a note")
    if who_had_it != "nobody":
        await save_paper(desk, bob if who_had_it == "bob" else ada["laptop"], wish)
    saved = await save_paper(desk, ada["laptop"], structs.replace(wish, id=make_id("two")))
    read = await get_entry(desk, ada["laptop"].library_id, saved.entry.id)
    assert (saved.entry, saved.paper, saved.version) == (read.entry, read.paper, read.entry.version)
    assert saved.new == (who_had_it != "ada")
    assert len(saved.entry.tags) == 2
