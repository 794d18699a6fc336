"""`python -m tests.bench.pictures`: every page of the library as a picture, wide and narrow, for docs/pages.md.

A fresh instance with the shelf of `pictures_shelf`, a real Chromium; `--only NAME` for some pages, `--dark` for the
other colours. Look at what it made before it is committed.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
from msgspec import Struct
from playwright.sync_api import Browser, Page, sync_playwright

from tests.bench import servers
from tests.bench.pictures_shelf import furnish
from tests.conftest import ROOT
from tests.journeys.browsers import CHROMIUM

MAIL, PASSWORD = "ada@example.org", "a loom weaves algebra"
WIDE, NARROW, HEIGHT = 1280, 390, 844
SCALE = 0.62  # of what is shown: legible, and small enough to keep
TOGETHER = """<style>
body { margin: 0; display: flex; gap: 16px; padding: 16px; width: max-content; background: #8a8f98; }
img { display: block; border-radius: 4px; }
</style>"""


class View(Struct, frozen=True):
    """A page to take: its name, and its address with names of `furnish` in braces; `press` is opened first."""

    name: str
    path: str
    press: str = ""
    open: bool = False


VIEWS = (
    View("library", "/"),
    View("list", "/?list={list}"),
    View("search", "/?q=attention"),
    View("paper", "/library/entries/{entry}"),
    View("many", "/?status=to_read", press=".pick"),
    View("lists", "/library/lists?change={list}"),
    View("searches", "/library/searches"),
    View("public-list", "{open}", open=True),
    View("reading", "/library/reading"),
    View("tags", "/library/tags?change={tag}"),
    View("discover", "/discover?q=attention"),
    View("trending", "/trending"),
    View("digest", "/digest"),
    View("imports", "/library/imports?id={import}"),
    View("references", "/library/references"),
    View("feeds", "/library/feeds"),
    View("trash", "/library/trash"),
    View("held", "/library/held"),
    View("account", "/account"),
    View("pair", "/pair"),
    View("share", "/share?url=https://arxiv.org/abs/1706.03762"),
    View("sign-in", "/sign-in", open=True),
)


@contextmanager
def _instance() -> Iterator[str]:
    folder = Path(tempfile.mkdtemp(prefix="sch"))
    try:
        with ExitStack() as stack:
            redis_url = stack.enter_context(servers.queue(folder))
            yield stack.enter_context(servers.service(folder, f"sqlite:///{folder}/pictures.db", redis_url))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _sign_in(page: Page, url: str) -> None:
    page.goto(url + "/")
    page.get_by_label("Email").fill(MAIL)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(url + "/")


def _by_hand(page: Page, url: str) -> str:
    """What only a page makes: two saved searches, and an open link to a list, whose path it says."""
    for words, name in (
        ("status=to_read&tag=thesis", "For the thesis"),
        ("q=attention&has=pdf", "Attention, to print"),
    ):
        page.goto(f"{url}/?{words}")
        page.get_by_text("Save this search").click()
        page.get_by_label("Name of the search").fill(name)
        page.get_by_role("button", name="Save", exact=True).last.click()
        page.wait_for_url(f"{url}/?{words}")
    page.goto(url + "/library/lists")
    page.get_by_role("link", name="Change Reading group").click()
    page.get_by_role("button", name="Make an open link").click()
    return page.locator("#page-url").input_value().removeprefix(url)


def take(browser: Browser, url: str, ids: dict[str, str], views: list[View], into: Path, *, dark: bool) -> None:
    """A picture of each view, wide and narrow beside each other."""
    scheme = "dark" if dark else "light"
    pages: dict[tuple[bool, int], Page] = {}
    for is_open in (False, True):
        for width in (WIDE, NARROW):
            page = browser.new_context(viewport={"width": width, "height": HEIGHT}, color_scheme=scheme).new_page()
            if not is_open:
                _sign_in(page, url)
            pages[is_open, width] = page
    ids = ids | {"open": _by_hand(pages[False, WIDE], url)}
    sheet = browser.new_context(device_scale_factor=SCALE).new_page()
    for view in views:
        shots = []
        for width in (WIDE, NARROW):
            page = pages[view.open, width]
            page.goto(url + view.path.format(**ids))
            if view.press:
                page.locator(view.press).first.click()
            page.wait_for_load_state("networkidle")  # frames too
            page.screenshot(path=into / f"{view.name}-{width}.png")
            shots.append(into / f"{view.name}-{width}.png")
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                print(f"{view.name} at {width} pixels scrolls sideways")
        sheet.goto(shots[0].parent.as_uri())
        sheet.set_content(TOGETHER + "".join(f'<img src="{shot.as_uri()}">' for shot in shots))
        sheet.wait_for_function("[...document.images].every((one) => one.complete && one.naturalWidth)")
        sheet.locator("body").screenshot(path=into / f"{view.name}.png")
        for shot in shots:
            shot.unlink()


def main() -> None:
    """Read the options, fill an instance, take the pictures."""
    options = argparse.ArgumentParser(
        prog="python -m tests.bench.pictures", description=(__doc__ or "").split("\n\n")[0]
    )
    options.add_argument("--into", type=Path, default=ROOT / "docs" / "images" / "pages")
    options.add_argument("--only", nargs="*", default=[view.name for view in VIEWS])
    options.add_argument("--dark", action="store_true")
    given = options.parse_args()
    given.into.mkdir(parents=True, exist_ok=True)
    with _instance() as url, sync_playwright() as playwright:
        with httpx.Client(base_url=url, timeout=60) as client:
            ids = furnish(client, MAIL, PASSWORD)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        take(browser, url, ids, [view for view in VIEWS if view.name in given.only], given.into, dark=given.dark)
        browser.close()


if __name__ == "__main__":
    main()
