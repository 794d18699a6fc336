"""The library page in a real Chromium, with scripts and without: what a person sees, clicks and types."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.journeys.conftest import Instance, enter
from tests.make import make_id

EVIL = "<img src=x onerror=\"document.title='taken over'\"> On Markup"
ONE_ENGINE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # what differs by engine is not here
OpenPage = Callable[..., Page]


@pytest.fixture
def library(instance: Instance) -> Instance:
    """A running instance with four papers on Ada's list."""
    instance.start("api")
    with closing(instance.session()) as script:
        for title, more in {
            "On Trees": {"tags": ["botany", "thesis"], "status": "reading"},
            "On Seas": {"tags": ["thesis"]},
            "On Mountains": {},
            EVIL: {"note": EVIL, "tags": ["<b>bold</b>"]},
        }.items():
            metas = [["citation_title", title], ["citation_author", "Ash, Ann"], ["citation_publication_date", "2021"]]
            address = f"https://journal.example.org/{make_id(title)}"
            page = {"title": title, "metas": metas, "text": "Abstract"}
            answer = script.post("/v1/saves", json={"id": make_id(title), "url": address, "page": page, **more})
            assert answer.status_code == 201, answer.text
    return instance


@pytest.fixture
def open_page(chromium: Browser, library: Instance) -> Iterator[OpenPage]:
    """Opens signed-in pages; in the end none of them has complained, been refused anything or gone elsewhere."""
    complaints: list[str] = []

    def listen(page: Page) -> None:
        page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda wrong: complaints.append(str(wrong)))
        page.on("request", lambda sent: None if sent.url.startswith(library.url) else complaints.append(sent.url))

    def open_(path: str = "/", **context: Any) -> Page:
        page = chromium.new_context(**context).new_page()
        listen(page)
        enter(page, library, path)
        return page

    yield open_
    assert complaints == []


def titles(page: Page) -> list[str]:
    """The titles in sight, in order."""
    return page.locator("article .title").all_inner_texts()


def follow(page: Page, what: Locator) -> None:
    """Press what leads to another page, and wait for that: a press on what is still the old one would end its way."""
    with page.expect_navigation():
        what.click()


def row(page: Page, title: str) -> Any:
    """The row of a paper."""
    return page.locator("article", has=page.locator(".title", has_text=title))


@ONE_ENGINE
def test_filters_and_search_narrow_the_list(open_page: OpenPage) -> None:
    page = open_page()
    assert len(titles(page)) == 4
    page.get_by_role("navigation", name="Tags").get_by_role("link", name="thesis").click()
    page.wait_for_url("**/?tag=thesis")
    assert sorted(titles(page)) == ["On Seas", "On Trees"]
    page.keyboard.press("/")
    page.keyboard.type("tree")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=tree**")
    assert titles(page) == ["On Trees"]
    page.get_by_role("link", name="Show all").first.click()
    page.wait_for_url("**/")
    assert len(titles(page)) == 4


@ONE_ENGINE
def test_status_star_and_tags_change_in_place_and_stay(open_page: OpenPage) -> None:
    page = open_page("/?tag=thesis")
    seas = row(page, "On Seas")
    seas.get_by_label("Status").focus()
    seas.get_by_label("Status").select_option("read")
    expect(page.get_by_role("status")).to_have_text("Status: Read.")
    expect(seas.get_by_label("Status")).to_be_focused()
    seas.get_by_role("button", name="Star").click()
    expect(seas.get_by_role("button", name="Star")).to_have_attribute("aria-pressed", "true")
    seas.get_by_text("+ tag").click()
    expect(seas.get_by_label("New tag")).to_be_focused()
    page.keyboard.type("salt water")
    page.keyboard.press("Enter")
    expect(seas.get_by_role("link", name="salt water")).to_be_visible()
    seas.get_by_role("button", name="Remove tag thesis").click()
    expect(seas.get_by_role("link", name="thesis")).to_have_count(0)

    page.goto(page.url.partition("?")[0])

    assert seas.get_by_label("Status").input_value() == "read"
    expect(seas.get_by_role("button", name="Star")).to_have_attribute("aria-pressed", "true")
    assert seas.locator(".tag").locator("a").all_inner_texts() == ["salt water"]


@ONE_ENGINE
def test_what_is_removed_can_be_brought_back(open_page: OpenPage) -> None:
    page = open_page()
    row(page, "On Trees").get_by_role("button", name="Remove On Trees").click()
    expect(row(page, "On Trees")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(row(page, "On Trees")).to_be_visible()
    page.reload()
    assert "On Trees" in titles(page)


@ONE_ENGINE
def test_an_answer_that_does_not_come_leaves_the_row_as_it_was(open_page: OpenPage) -> None:
    page = open_page()
    page.evaluate("() => { window.fetch = () => Promise.reject(new TypeError('offline')); }")
    row(page, "On Seas").get_by_label("Status").select_option("read")
    expect(page.get_by_role("status")).to_contain_text("did not reach the server")
    assert row(page, "On Seas").get_by_label("Status").input_value() == "to_read"


@ONE_ENGINE
def test_markup_in_what_papers_say_never_runs(open_page: OpenPage) -> None:
    page = open_page()
    assert EVIL in titles(page)
    row(page, "On Markup").get_by_label("Status").select_option("read")
    expect(page.get_by_role("status")).to_have_text("Status: Read.")
    page.goto(page.url + f"library/entries/{make_id(EVIL)}")
    expect(page.locator("h1")).to_have_text(EVIL)
    assert page.locator("img").count() == 0
    assert "taken over" not in page.title().removeprefix(EVIL)


@ONE_ENGINE
def test_details_that_arrive_show_without_a_reload(open_page: OpenPage, library: Instance) -> None:
    page = open_page()
    expect(row(page, "On Trees")).to_contain_text("fetching details…")
    library.start("worker")
    expect(row(page, "On Trees")).not_to_contain_text("fetching details…", timeout=30_000)


@ONE_ENGINE
def test_everything_works_without_scripts(open_page: OpenPage) -> None:
    page = open_page(java_script_enabled=False)
    assert len(titles(page)) == 4
    page.get_by_role("searchbox").fill("seas")
    follow(page, page.get_by_role("button", name="Search"))
    assert titles(page) == ["On Seas"]
    row(page, "On Seas").get_by_label("Status").select_option("archived")
    follow(page, row(page, "On Seas").get_by_role("button", name="Set"))
    follow(page, page.get_by_role("link", name="Show all").first)
    follow(page, page.get_by_role("navigation", name="Status").get_by_role("link", name="Archived"))
    assert titles(page) == ["On Seas"]
    with page.expect_download() as download:
        page.get_by_role("link", name="Export .bib").click()
    text = download.value.path().read_text("utf-8")
    assert "On Seas" in text.replace("{", "").replace("}", "")
    assert "On Trees" not in text.replace("{", "").replace("}", "")
    page.get_by_label("Save a paper").fill("arXiv:1706.03762")
    follow(page, page.get_by_role("button", name="Save", exact=True))
    assert titles(page)[0] == "arxiv:1706.03762"


@ONE_ENGINE
def test_no_width_scrolls_sideways(open_page: OpenPage) -> None:
    page = open_page()
    for path in ("/", f"/library/entries/{make_id(EVIL)}"):
        page.goto("/".join(page.url.split("/")[:3]) + path)
        for width in (320, 390, 640, 1280):
            page.set_viewport_size({"width": width, "height": 700})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (path, width)
