"""Searching all papers: what public sources tell is everybody's, what a person's page tells is theirs."""

from __future__ import annotations

from api.actions.back_up import back_up
from api.actions.delete_account import delete_account
from api.actions.desk import Desk
from api.actions.enrich_paper import finish_paper, take_paper
from api.actions.index_search import index_search
from api.actions.register import register
from api.actions.restore_backup import restore_backup
from api.actions.save_paper import SaveWish, save_paper
from api.actions.search_library import search_library
from api.actions.search_papers import search_papers
from api.domain.accounts import Who
from api.domain.page_meta import Page
from api.domain.papers import Author, Finding
from api.store import search_docs
from api.store.enrichment import Observation
from tests.make import make_id

DOI = "https://doi.org/10.5555/12345678"


async def told(desk: Desk, who: Who, title: str, abstract: str, source: str = "crossref") -> str:
    """A saved paper of which a source told; returns its id."""
    page = Page(title="Seen on a page", metas=(("citation_title", "Seen on a page"), ("citation_abstract", "Private.")))
    saved = await save_paper(desk, who, SaveWish(make_id(f"save {who.library_id}"), DOI, page=page))
    task = await take_paper(desk, saved.paper.id)
    if task is not None:
        finding = Finding(
            source=source, title=title, abstract=abstract, authors=(Author(family="Public", given="Ann"),)
        )
        await finish_paper(desk, task, [Observation(source, DOI, desk.now(), 200, b"{}", finding)])
    return saved.paper.id


async def test_what_a_public_source_tells_is_found_by_others(desk: Desk, ada: dict[str, Who], bob: Who) -> None:
    paper_id = await told(desk, ada["laptop"], "Bioluminescent fungi", "They glow.")
    page = await search_papers(desk, bob.library_id, "fungi glow")
    assert [(hit.id, hit.entry_id, hit.title) for hit in page.items] == [(paper_id, None, "Bioluminescent fungi")]
    assert "url" not in page.items[0].identifiers
    mine = await search_papers(desk, ada["laptop"].library_id, "fungi")
    assert [(hit.id, bool(hit.entry_id)) for hit in mine.items] == [(paper_id, True)]


async def test_what_only_a_page_tells_is_its_readers(desk: Desk, ada: dict[str, Who], bob: Who) -> None:
    page = Page(title="Minutes of a meeting", metas=(("citation_title", "Minutes of a meeting"),))
    wish = SaveWish(make_id("save"), "https://intranet.example.org/minutes", page=page, note="zymurgy")
    await save_paper(desk, ada["laptop"], wish)
    assert (await search_papers(desk, bob.library_id, "minutes meeting")).items == ()
    assert (await search_papers(desk, bob.library_id, "minuts")).corrections == ()
    own = await search_papers(desk, ada["laptop"].library_id, "minutes meeting")
    assert [hit.title for hit in own.items] == ["Minutes of a meeting"]


async def test_an_abstract_that_a_page_told_of_a_public_paper_stays_private(
    desk: Desk, ada: dict[str, Who], bob: Who
) -> None:
    await told(desk, ada["laptop"], "Bioluminescent fungi", "")
    assert (await search_papers(desk, bob.library_id, "title:fungi")).items
    assert (await search_papers(desk, bob.library_id, "private")).items == ()


async def test_field_words_about_entries_are_named_as_not_understood(desk: Desk, bob: Who) -> None:
    assert (await search_papers(desk, bob.library_id, "fungi tag:x is:starred")).unread == ("tag:x", "starred")


async def test_searching_starts_anew_after_a_restore(desk: Desk, ada: dict[str, Who], bob: Who) -> None:
    who = ada["laptop"]
    await told(desk, who, "Bioluminescent fungi", "They glow.")
    await index_search(desk)
    path = desk.settings.data_dir / "backup"
    await back_up(desk, path, "key", lambda done, total: None)
    late = Page(title="Too late", metas=(("citation_title", "Too late"),))
    await save_paper(desk, who, SaveWish(make_id("late"), "https://example.org/late", page=late))
    assert (await search_library(desk, who.library_id, "late")).total == 1
    await restore_backup(desk, path, replace=True, show=lambda done, total: None)
    assert (await search_library(desk, who.library_id, "late")).total == 0
    assert (await search_library(desk, who.library_id, "fungi")).total == 1
    assert (await search_papers(desk, bob.library_id, "fungi")).total == 1


async def test_nothing_of_a_left_account_stays(desk: Desk) -> None:
    account = await register(desk, "ada@example.org", "a loom weaves algebra", by_admin=True)
    who = Who(account.id, account.library_id, make_id("laptop"))
    page = Page(title="Xylophones", metas=(("citation_title", "Xylophones"),))
    await save_paper(desk, who, SaveWish(make_id("save"), "https://example.org/x", page=page))
    assert (await search_library(desk, who.library_id, "xylophones")).total == 1
    await delete_account(desk, account.id, "a loom weaves algebra")
    for table in ("search_doc", "search_vector", "search_word", "search_gram", "search_place"):
        rows = await desk.database.read(
            lambda tx, table=table: tx.rows(f"SELECT * FROM {table} WHERE library_id <> ''")
        )
        assert list(rows) == []


async def test_everything_can_be_forgotten_and_comes_back(desk: Desk, ada: dict[str, Who]) -> None:
    await told(desk, ada["laptop"], "Bioluminescent fungi", "They glow.")
    before = await search_papers(desk, ada["laptop"].library_id, "fungi")
    await desk.database.write(search_docs.forget_all)
    assert await search_papers(desk, ada["laptop"].library_id, "fungi") == before
