"""The library as one long list in a real Chromium: what is in sight is there, filters change it in place, keys work."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.conftest import ROOT
from tests.journeys.conftest import Instance, enter
from tests.make import make_id

MANY = 130
AXE = ROOT / "extension" / "node_modules" / "axe-core" / "axe.min.js"
ONE_ENGINE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # what differs by engine is not here
OpenPage = Callable[..., Page]


@pytest.fixture
def library(instance: Instance) -> Instance:
    """A running instance with more papers on Ada's list than a page has."""
    instance.start("api")
    with closing(instance.session()) as script:
        for number in range(MANY):
            title = f"Paper {number:03}" if number % 10 else f"On needles {number:03}"
            metas = [["citation_title", title], ["citation_abstract", f"What a haystack {number} holds."]]
            address = f"https://journal.example.org/{number}"
            wish = {"id": make_id(title), "url": address, "page": {"title": title, "metas": metas}}
            more = {"status": "read"} if number == 7 else {}
            assert script.post("/v1/saves", json=wish | more).status_code == 201
    return instance


@pytest.fixture
def open_page(chromium: Browser, library: Instance) -> OpenPage:
    """Opens signed-in pages."""

    def open_(path: str = "/", **context: Any) -> Page:
        page = chromium.new_context(**context).new_page()
        enter(page, library, path)
        return page

    return open_


def rows(page: Page) -> Any:
    """The rows in the page."""
    return page.locator("article[data-entry]")


@ONE_ENGINE
def test_the_last_paper_is_reached_by_scrolling_and_far_rows_are_let_go(open_page: OpenPage) -> None:
    page = open_page(viewport={"width": 1000, "height": 500})
    first, last = "Paper 129", "On needles 000"
    assert rows(page).first.get_by_role("heading").inner_text() == first
    expect(page.locator("[data-onward]")).to_have_count(0)
    for _ in range(60):
        page.evaluate("scrollBy(0, 1500)")
        if page.evaluate("scrollY + innerHeight >= document.body.scrollHeight - 5"):
            break
        page.wait_for_timeout(20)
    expect(rows(page).filter(has_text=last)).to_be_visible()
    assert rows(page).count() < MANY
    page.evaluate("scrollTo(0, 0)")
    expect(rows(page).first.get_by_role("heading")).to_have_text(first)


@ONE_ENGINE
def test_a_filter_changes_the_list_in_place_and_back_undoes_it(open_page: OpenPage, library: Instance) -> None:
    page = open_page()
    page.evaluate("window.stayed = true")
    page.get_by_role("link", name="Read", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Read 1")
    assert page.url == f"{library.url}/?status=read"
    expect(rows(page)).to_have_count(1)
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"All papers {MANY}")
    assert page.evaluate("window.stayed") is True


@ONE_ENGINE
def test_the_library_is_searched_and_walked_by_keyboard_alone(open_page: OpenPage, library: Instance) -> None:
    page = open_page()
    page.keyboard.press("/")
    page.keyboard.type("needles")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"“needles” {MANY // 10}")
    assert page.url == f"{library.url}/?q=needles"
    page.locator("#list-title").click()
    page.keyboard.press("j")
    page.keyboard.press("j")
    second = rows(page).nth(1)
    expect(second.locator(".title a")).to_be_focused()
    page.keyboard.press("k")
    expect(rows(page).nth(0).locator(".title a")).to_be_focused()
    page.keyboard.press("s")
    expect(rows(page).nth(0).get_by_role("button", name="Star")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("o")
    page.wait_for_url("**/library/entries/*")
    assert "On needles" in page.get_by_role("heading", level=1).inner_text()


@ONE_ENGINE
def test_without_scripts_the_list_has_pages_filters_and_an_export(open_page: OpenPage) -> None:
    page = open_page(java_script_enabled=False)
    expect(rows(page)).to_have_count(50)
    page.get_by_role("link", name="Older →").click()
    page.get_by_role("link", name="Older →").click()
    expect(rows(page)).to_have_count(MANY - 100)
    page.get_by_label("Search").fill("needles")
    page.get_by_role("button", name="Search").click()
    expect(rows(page)).to_have_count(MANY // 10)
    with page.expect_download() as download:
        page.get_by_role("link", name="Export .bib").click()
    assert download.value.path().read_text().count("\n@") >= MANY // 10 - 1


@ONE_ENGINE
@pytest.mark.skipif(not AXE.exists(), reason="axe-core is not among the extension's packages")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_list_and_a_search_have_no_fault_that_axe_knows(open_page: OpenPage, scheme: Any) -> None:
    page = open_page(color_scheme=scheme, bypass_csp=True)
    for path in ("/", "/?q=nedles", "/?q=zebra"):
        page.goto(page.url.partition("?")[0].rstrip("/") + path)
        page.evaluate(AXE.read_text())
        found = page.evaluate(
            "axe.run().then(r => r.violations.map(v => [v.id, v.nodes.map(n => n.target.join(' '))]))"
        )
        assert found == [], path
