"""A file dropped on the library page of a real Chromium: sent, read by a real worker, its progress seen as it goes."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import Instance, enter

ONE_ENGINE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # what differs by engine is not here
RECORDS = 3000
# What the page said of its progress, kept over the reload at the end.
LISTEN = """
new MutationObserver(() => {
  const said = document.querySelector("[data-progress]")?.textContent ?? "";
  const all = JSON.parse(sessionStorage.said ?? "[]");
  if (said && all.at(-1) !== said) sessionStorage.said = JSON.stringify([...all, said]);
}).observe(document, { subtree: true, childList: true, characterData: true });
"""


@pytest.fixture
def page(chromium: Browser, instance: Instance) -> Page:
    """The library page of somebody who is signed in; no worker runs yet."""
    instance.start("api")
    page = chromium.new_context().new_page()
    enter(page, instance)
    page.add_init_script(LISTEN)
    return page


def drop(page: Page, file: Path) -> None:
    """Drag a file of this disk over the page and let it go, as the browser's own input."""
    hand = page.context.new_cdp_session(page)
    held = {"items": [], "files": [str(file)], "dragOperationsMask": 1}
    for step in ("dragEnter", "dragOver", "drop"):
        hand.send("Input.dispatchDragEvent", {"type": step, "x": 300, "y": 300, "data": held})


@ONE_ENGINE
def test_a_dropped_file_is_imported_and_its_progress_is_seen(page: Page, instance: Instance, tmp_path: Path) -> None:
    file = tmp_path / "papers.bib"
    records = (
        f"@article{{key{n}, title={{On Looms {n}}}, author={{Ash, A.}}, year={{{1900 + n % 90}}}}}"
        for n in range(RECORDS)
    )
    file.write_text("\n".join(records), "utf-8")
    drop(page, file)
    page.wait_for_url("**/library/imports?id=*")
    expect(page.get_by_role("heading", name="papers.bib")).to_be_visible()
    expect(page.locator("[data-progress]")).to_have_text("Waits for a worker.")
    instance.start("worker")
    done = f"{RECORDS} records: {RECORDS} imported, 0 there already, 0 not taken."
    expect(page.locator("[data-progress]")).to_have_text(done, timeout=240_000)
    said = page.evaluate("JSON.parse(sessionStorage.said)")
    seen = [int(one.split()[0]) for one in said if one.endswith(f" of {RECORDS} records.")]
    assert seen == sorted(seen)
    assert any(0 < number < RECORDS for number in seen), said
    page.goto(instance.url + "/?q=looms")
    expect(page.get_by_role("heading", level=1)).to_contain_text(str(RECORDS))


@ONE_ENGINE
def test_a_dropped_file_that_is_none_says_so(page: Page, instance: Instance, tmp_path: Path) -> None:
    file = tmp_path / "picture.png"
    file.write_bytes(b"\x89PNG\r\n" + bytes(2000))
    instance.start("worker")
    drop(page, file)
    page.wait_for_url("**/library/imports?id=*")
    expect(page.locator("[data-progress]")).to_have_text("Could not be read.", timeout=60_000)
    expect(page.get_by_role("table")).to_contain_text("this is no text file")
