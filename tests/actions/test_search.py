"""Searching a library: the grammar, what a save changes, and whose is found. The same on both databases."""

from __future__ import annotations

from typing import Any

import pytest

from api.actions.correct_paper import correct_paper
from api.actions.desk import Desk
from api.actions.edit_object import EditWish, edit_object
from api.actions.index_search import index_search
from api.actions.save_paper import SaveWish, save_paper
from api.actions.search_library import search_library
from api.domain.accounts import Who
from api.domain.corrections import CorrectionWish
from api.domain.errors import BadCursor
from api.domain.page_meta import Page
from tests.make import make_id

SHELF: dict[str, dict[str, Any]] = {
    "Röntgen imaging of lattices": {"by": "Müller, Ana", "year": 2019, "tags": ["physics"], "abstract": "Crystals."},
    "Sparse attention for long texts": {
        "by": "Okafor, B.",
        "year": 2023,
        "tags": ["ml", "thesis"],
        "note": "see Müller",
    },
    "Attention is what we need": {"by": "Vaswani, A.", "year": 2017, "tags": ["ml"], "status": "read"},
    "Need for sleep in cats": {"by": "Katz, C.", "year": 2021, "abstract": "What cats pay attention to. 深度学习."},
    "Policies of attention markets": {"by": "Li, D.", "year": 2024, "abstract": "A policy for each market."},
}
FINDS: tuple[tuple[str, list[str]], ...] = (
    ("rontgen", ["Röntgen"]),
    ("Röntgen", ["Röntgen"]),
    ("attent", ["Policies", "Attention", "Sparse", "Need"]),  # a word that is still typed
    ("attent ", ["Policies", "Attention", "Sparse", "Need"]),  # one that nobody has
    ("lattic*", ["Röntgen"]),
    ('"attention is"', ["Attention"]),
    ('"is attention"', []),
    ("attention -markets -cats", ["Attention", "Sparse"]),
    ("-attention", ["Röntgen"]),
    ("policy", ["Policies"]),
    ("author:muller", ["Röntgen"]),
    ("muller", ["Röntgen", "Sparse"]),
    ("note:muller", ["Sparse"]),
    ("-author:muller -note:muller title:attention", ["Policies", "Attention"]),
    ("title:need", ["Attention", "Need"]),
    ("attention year:>2022", ["Policies", "Sparse"]),
    ("attention year:2017..2021", ["Attention", "Need"]),
    ("attention year:2017", ["Attention"]),
    ("attention tag:ml", ["Attention", "Sparse"]),
    ("attention tag:ml tag:thesis", ["Sparse"]),
    ("attention -tag:ml", ["Policies", "Need"]),
    ("attention is:unread", ["Policies", "Sparse", "Need"]),
    ("tag:ml is:read", ["Attention"]),
    ("is:starred", []),
    ("has:note", ["Sparse"]),
    ("has:code", []),
    ("学习", ["Need"]),
    ("atention", ["Policies", "Attention", "Sparse", "Need"]),
    ("need attention", ["Attention", "Need", "Policies", "Sparse"]),
    ("zebra", []),
)
GARBAGE = ["", '"', "-", "*", "tag:", "(", "a AND (b", "'; DROP TABLE paper", "\\", "year:x..y", "�", ":", "\x00"]


async def shelve(desk: Desk, who: Who, title: str, **more: Any) -> str:
    """Save a paper with what a page says of it; returns the entry's id."""
    metas = [("citation_title", title), ("citation_author", more.pop("by", "Nobody, N."))]
    metas += [("citation_date", str(more.pop("year")))] if "year" in more else []
    metas += [("citation_abstract", more.pop("abstract"))] if "abstract" in more else []
    metas += [("citation_journal_title", more.pop("venue"))] if "venue" in more else []
    url = more.pop("url", f"https://journal.example.org/{make_id(title)}")
    page = Page(title=title, metas=tuple(metas))
    wish = SaveWish(id=make_id(f"{who.library_id} {title}"), url=url, page=page, **more)
    return (await save_paper(desk, who, wish)).entry.id


@pytest.fixture
async def who(desk: Desk, ada: dict[str, Who]) -> Who:
    """Ada with five papers."""
    for title, more in SHELF.items():
        await shelve(desk, ada["laptop"], title, **more)
    return ada["laptop"]


async def found(desk: Desk, who: Who, text: str) -> list[str]:
    """The first words of the titles that answer, the best first."""
    page = await search_library(desk, who.library_id, text)
    return [hit.shelved.paper.title.split()[0] for hit in page.items]


async def test_each_query_finds_the_same_in_the_same_order(desk: Desk, who: Who) -> None:
    wrong = {text: got for text, titles in FINDS if (got := await found(desk, who, text)) != titles}
    assert wrong == {}


async def test_no_text_is_refused_or_breaks_anything(desk: Desk, who: Who) -> None:
    for text in GARBAGE:
        await found(desk, who, text)
    assert await found(desk, who, "rontgen") == ["Röntgen"]


async def test_what_is_no_field_word_is_searched_as_words_and_named(desk: Desk, who: Who) -> None:
    page = await search_library(desk, who.library_id, "sparse:attention year:soon is:starred")
    assert page.unread == ("sparse:attention", "year:soon")
    page = await search_library(desk, who.library_id, "sparse:attention")
    assert page.items[0].shelved.paper.title.startswith("Sparse")


async def test_a_slip_is_named_with_what_was_looked_for(desk: Desk, who: Who) -> None:
    page = await search_library(desk, who.library_id, "atention markts")
    assert [(one.word, one.instead) for one in page.corrections] == [("atention", "attention"), ("markts", "markets")]


async def test_a_hit_is_marked_by_offsets_in_plain_text(desk: Desk, who: Who) -> None:
    await shelve(desk, who, "On <b>bold</b> & attention", abstract="x " * 400 + "bold claims, boldly " + "y " * 400)
    hit = (await search_library(desk, who.library_id, "bold claims")).items[0]
    marked = {one.part: [one.text[a:b] for a, b in one.hits] for one in hit.snippets}
    assert marked == {"title": ["bold"], "abstract": ["bold", "claims"]}
    piece = next(one for one in hit.snippets if one.part == "abstract")
    assert len(piece.text) <= 240
    assert piece.cut == (True, True)


async def test_notes_highlights_and_corrections_are_found_as_they_are_now(desk: Desk, who: Who) -> None:
    key = await shelve(desk, who, "A plain title")
    mark = {"entry_id": key, "selectors": [{"type": "TextQuoteSelector", "exact": "zymurgy"}], "comment": "beery"}
    await edit_object(desk, who, EditWish("highlight", make_id("mark"), set=mark, create=True))
    assert await found(desk, who, "zymurgy beery") == ["A"]
    await edit_object(desk, who, EditWish("entry", key, set={"note": "quokkas"}))
    assert await found(desk, who, "quokkas") == ["A"]
    await edit_object(desk, who, EditWish("entry", key, set={"note": "none"}))
    assert await found(desk, who, "note:quokkas") == []
    paper_id = (await search_library(desk, who.library_id, "zymurgy")).items[0].shelved.paper.id
    await correct_paper(desk, who, paper_id, CorrectionWish(title="Axolotl studies"))
    assert await found(desk, who, "axolotl") == ["Axolotl"]
    await edit_object(desk, who, EditWish("highlight", make_id("mark"), op="delete"))
    assert await found(desk, who, "highlight:zymurgy") == []


async def test_what_lies_in_the_trash_is_not_found_until_it_comes_back(desk: Desk, who: Who) -> None:
    key = await shelve(desk, who, "Quixotic enterprises")
    assert await found(desk, who, "quixotic") == ["Quixotic"]
    await edit_object(desk, who, EditWish("entry", key, op="delete"))
    assert await found(desk, who, "quixotic") == []
    await edit_object(desk, who, EditWish("entry", key, op="restore"))
    assert await found(desk, who, "quixotic") == ["Quixotic"]


async def test_nobody_finds_what_is_in_another_library(desk: Desk, who: Who, bob: Who) -> None:
    await shelve(desk, bob, "Attention of others", note="secretive")
    assert "Attention" not in await found(desk, who, "title:others")
    page = await search_library(desk, who.library_id, "secretiv")
    assert (page.items, page.corrections) == ((), ())
    assert await found(desk, bob, "secretive") == ["Attention"]


async def test_pages_go_on_where_the_last_one_ended(desk: Desk, who: Who) -> None:
    for text in ("attention", "year:>1900"):
        whole = await search_library(desk, who.library_id, text)
        keys, cursor = [], None
        while not keys or cursor:
            page = await search_library(desk, who.library_id, text, limit=2, cursor=cursor)
            keys += [hit.shelved.entry.id for hit in page.items]
            cursor = page.cursor
        assert keys == [hit.shelved.entry.id for hit in whole.items]
    page = await search_library(desk, who.library_id, "attention", limit=2)
    with pytest.raises(BadCursor):
        await search_library(desk, who.library_id, "need", limit=2, cursor=page.cursor)


async def test_the_clock_work_reads_what_nobody_searched_for(desk: Desk, who: Who) -> None:
    assert await index_search(desk) > 0
    assert await desk.database.read(lambda tx: tx.row("SELECT docs FROM search_place WHERE library_id <> ''"))
    steps = await index_search(desk)
    assert steps == 1  # a look at the papers, of which none is new
    assert await found(desk, who, "rontgen") == ["Röntgen"]


async def test_words_of_no_document_are_forgotten(desk: Desk, who: Who) -> None:
    key = await shelve(desk, who, "Xylophone maintenance")
    await found(desk, who, "xylophone")
    await edit_object(desk, who, EditWish("entry", key, op="delete"))
    await found(desk, who, "xylophone")
    for table in ("search_word", "search_gram"):
        sql = f"SELECT COUNT(*) AS n FROM {table} WHERE stem LIKE 'xyloph%'"
        assert (await desk.database.read(lambda tx, sql=sql: tx.rows(sql)))[0]["n"] == 0
