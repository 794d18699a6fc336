"""The tags page in real browsers, without any server: renamed, merged and recoloured by the keyboard alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes import ReplayServer
from tests.journeys.browsers import Browser, Tab, profiles_of
from tests.journeys.conftest import until

SEED = """
const { database } = await import('../db.js');
const { putTag } = await import('../tags.js');
const { add } = await import('../outbox.js');
const { newId } = await import('../ids.js');
const db = await database();
for (const [n, names] of [['thesis', 'vision'], ['vision'], ['sight']].entries()) {
  const key = newId();
  const set = { saved_from: { url: `https://example.org/${n}` }, saved_at: new Date().toISOString() };
  await add(db, [{ type: 'entry', key, op: 'put', set, hint: { names: [`url:${n}`], title: `${n}`, authors: [] } }]);
  for (const name of names) await putTag(db, key, name);
}
return 0;
"""
SHOWN = "return [...document.querySelectorAll('.tag')].map((one) => one.innerText.replace(/\\s+/g, ' ').trim());"
FOCUSED = "return document.activeElement.getAttribute('aria-label') ?? document.activeElement.id;"


@pytest.fixture(params=["chromium", "firefox"])
def browser(
    request: pytest.FixtureRequest, built_extension: Path, proxy: ReplayServer, tmp_path: Path
) -> Iterator[Browser]:
    """One profile of one real browser that is connected with nothing."""
    with profiles_of(request.param, tmp_path, built_extension, proxy.url) as make:
        yield make("tags")


def shows(page: Tab, *lines: str) -> None:
    """Wait until the page shows these tags and no others."""
    until(lambda: page.run(SHOWN) == list(lines), 10, f"{lines}; it is {page.run(SHOWN)}")


def test_tags_are_renamed_recoloured_and_merged_offline_by_keyboard(browser: Browser, tmp_path: Path) -> None:
    page = browser.open(browser.extension("src/tags/tags.html"))
    page.run(SEED)
    page.go(browser.extension("src/tags/tags.html"))
    shows(page, "vision 2 papers", "sight 1 paper", "thesis 1 paper")

    rename = 'button[aria-label="Rename thesis"]'
    page.press(rename, "Enter")
    page.type("#field", "My thesis", "Enter")
    shows(page, "vision 2 papers", "My thesis 1 paper", "sight 1 paper")
    assert page.text("#state") == "Renamed."
    assert page.run(FOCUSED) == "Rename My thesis"

    page.press('button[aria-label="Merge sight"]', "Enter")
    page.press("#field", "Escape")
    assert page.run(FOCUSED) == "Merge sight"
    page.press('button[aria-label="Rename sight"]', "Enter")
    page.type("#field", "Vision")
    assert page.text(".lines button.primary") == "Merge into “vision”"
    page.picture(tmp_path / "tags.png")
    page.press("#field", "Enter")
    shows(page, "vision 3 papers", "My thesis 1 paper")

    page.press('select[aria-label="Colour of vision"]', "ArrowDown")
    until(lambda: page.text("#state") == "“vision” has its colour.", what="the colour")
