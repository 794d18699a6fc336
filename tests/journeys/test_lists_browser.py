"""Lists in a real Chromium: ordered by dragging, by keys and by plain buttons, on pages that axe finds clean."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from playwright.sync_api import Browser as PlainBrowser
from playwright.sync_api import Page, expect, sync_playwright

from tests.conftest import ROOT
from tests.journeys.browsers import CHROMIUM
from tests.journeys.conftest import Instance, enter
from tests.make import make_id

AXE = ROOT / "extension" / "node_modules" / "axe-core" / "axe.min.js"
LIST = make_id("reading group")
PAGES = (
    *("/library/searches", "/library/reading", "/library/feeds", "/library/tags", "/library/references"),
    *("/library/imports", "/library/trash", "/library/held", "/discover?q=oaks", "/trending", "/digest", "/account"),
    *("/pair", "/outbox", "/share?url=https://journal.example.org/Ashes"),
)
TITLES = ("Oaks", "Elms", "Beeches", "Limes")


@pytest.fixture(scope="module")
def one_chromium() -> Iterator[PlainBrowser]:
    """A Chromium for all tests here."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def kept_sign_in(one_chromium: PlainBrowser, kept_instance: Instance) -> Any:
    """What a browser keeps of Ada's signing in; her list of four papers is there."""
    with closing(kept_instance.session()) as script:
        wish = {"id": LIST, "name": "Reading group", "color": "blue"}
        assert script.post("/v1/lists", json=wish).status_code == 201
        for day, title in enumerate(TITLES, 1):
            url = f"https://journal.example.org/{title}"
            more = {"lists": [LIST], "tags": ["trees"], "saved_at": f"2026-01-0{day}T00:00:00.000Z"}
            wish = {"id": make_id(title), "url": url, "page": {"title": title, "metas": [["citation_title", title]]}}
            assert script.post("/v1/saves", json=wish | more).status_code == 201
    context = one_chromium.new_context()
    enter(context.new_page(), kept_instance)
    return context.storage_state()


@pytest.fixture
def page(one_chromium: PlainBrowser, kept_instance: Instance, kept_sign_in: Any, request: Any) -> Iterator[Page]:
    """The list, opened by Ada, in its first order; a test may ask for other settings of the browser."""
    with closing(kept_instance.session()) as script:
        for title in TITLES:
            script.patch(f"/v1/entries/{make_id(title)}", json={"position": None}).raise_for_status()
    context = one_chromium.new_context(storage_state=kept_sign_in, **getattr(request, "param", {}))
    opened = context.new_page()
    opened.goto(f"{kept_instance.url}/?list={LIST}")
    yield opened
    context.close()


def order(page: Page) -> list[str]:
    """The titles in the order in which they stand."""
    found: list[str] = page.locator("article[data-entry] h2").all_inner_texts()
    return found


def row(page: Page, title: str) -> Any:
    return page.locator("article[data-entry]").filter(has_text=title)


def test_a_paper_is_dragged_to_another_place_and_stays_there(page: Page) -> None:
    assert order(page) == list(TITLES)
    with page.expect_response("**/library/lists/order"):
        row(page, "Limes").locator("[data-grip]").drag_to(row(page, "Elms"), target_position={"x": 60, "y": 5})
    expect(page.locator("[data-said]")).to_have_text("Now number 2 of 4.")
    assert order(page) == ["Oaks", "Limes", "Elms", "Beeches"]
    with page.expect_response("**/library/lists/order"):
        row(page, "Oaks").locator("[data-grip]").drag_to(row(page, "Elms"), target_position={"x": 60, "y": 90})
    expect(page.locator("[data-said]")).to_have_text("Now number 3 of 4.")
    page.reload()
    assert order(page) == ["Limes", "Elms", "Oaks", "Beeches"]


def test_a_paper_is_moved_by_keys_alone_and_keeps_the_focus(page: Page) -> None:
    row(page, "Beeches").locator(".title a").focus()
    page.keyboard.press("Alt+ArrowUp")
    expect(page.locator("[data-said]")).to_have_text("Now number 2 of 4.")
    expect(row(page, "Beeches").get_by_role("button", name="up")).to_be_focused()
    page.keyboard.press("Alt+ArrowUp")
    expect(page.locator("[data-said]")).to_have_text("Now number 1 of 4.")
    page.reload()
    assert order(page) == ["Beeches", "Oaks", "Elms", "Limes"]


@pytest.mark.parametrize("page", [{"java_script_enabled": False}], indirect=True)
def test_without_scripts_two_buttons_move_a_paper(page: Page) -> None:
    row(page, "Limes").get_by_role("button", name="up").click()
    assert order(page) == ["Oaks", "Elms", "Limes", "Beeches"]
    row(page, "Oaks").get_by_role("button", name="down").click()
    assert order(page) == ["Elms", "Oaks", "Limes", "Beeches"]
    expect(row(page, "Oaks").locator("[data-grip]")).to_be_hidden()


def test_a_range_is_ticked_with_shift_tagged_and_undone(page: Page, kept_instance: Instance) -> None:
    def tagged() -> int:
        return page.locator(".tag", has_text="canopy").count()

    row(page, "Oaks").get_by_role("checkbox").click()
    row(page, "Beeches").get_by_role("checkbox").click(modifiers=["Shift"])
    expect(page.locator("[data-picked]")).to_have_text("3 ticked")
    row(page, "Elms").get_by_role("checkbox").press("Space")
    expect(page.locator("[data-picked]")).to_have_text("2 ticked")
    page.locator("#many-tag").fill("canopy")
    page.get_by_role("button", name="Add tag").click()
    expect(page.locator(".many-done [role=status]")).to_have_text("2 papers changed: tag “canopy” added.")
    assert tagged() == 2
    page.get_by_role("button", name="Undo").click()
    page.wait_for_url(f"{kept_instance.url}/?list={LIST}")
    assert tagged() == 0


@pytest.mark.skipif(not AXE.exists(), reason="axe-core is not among the extension's packages")
@pytest.mark.parametrize(
    "page", [{"color_scheme": scheme, "bypass_csp": True} for scheme in ("light", "dark")], indirect=True
)
def test_axe_finds_nothing_and_nothing_scrolls_sideways(page: Page, kept_instance: Instance) -> None:
    page.goto(f"{kept_instance.url}/library/lists?change={LIST}")
    if page.locator("#page-url").count() == 0:
        page.get_by_role("button", name="Make an open link").click()
    shared = page.locator("#page-url").input_value().removeprefix(kept_instance.url)
    for path in (f"/?list={LIST}", "/library/lists", f"/library/lists?change={LIST}", shared, *PAGES):
        page.set_viewport_size({"width": 320, "height": 700})
        assert page.goto(kept_instance.url + path).status == 200, path  # type: ignore[union-attr]
        if page.locator(".many").count():
            page.get_by_text("Change many").click()
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path
        page.evaluate(AXE.read_text())
        found = page.evaluate("axe.run().then(r => r.violations.map(v => [v.id, v.nodes.map(n => n.html)]))")
        assert found == [], path
