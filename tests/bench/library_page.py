"""`python -m tests.bench.library_page`: the library page of 20,000 papers in a real Chromium.

First paint, a click on a filter until the new list is painted, and how often the middle of the window is empty while
the list is scrolled by two thirds of a window at a time.
"""

from __future__ import annotations

import argparse
import asyncio
import shutil
import tempfile
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Page, sync_playwright
from rich.console import Console
from rich.table import Table

from api.actions.desk import Desk
from api.actions.register import register
from api.domain.accounts import Who
from api.queue import Reminders
from api.settings import Settings
from api.store.database import open_database
from api.store.migrate import migrate
from tests.bench import servers
from tests.bench.searching import Language, fill
from tests.journeys.browsers import CHROMIUM
from tests.make import LAPTOP, NOW

MAIL, PASSWORD = "reader@example.org", "a loom weaves algebra"
FILTERS = ("To read", "Read", "Title", "Newest", "Code", "All")
CLICK = """async (words) => {
  const link = [...document.querySelectorAll('.filters a')].find((one) => one.firstChild.textContent.trim() === words);
  const list = document.querySelector('.list'), start = performance.now();
  link.click();
  while (document.querySelector('.list') === list) await new Promise((go) => setTimeout(go, 1));
  await new Promise((go) => requestAnimationFrame(() => setTimeout(go)));
  return performance.now() - start;
}"""
SCROLL = """async (steps) => {
  let empty = 0;
  for (let step = 0; step < steps; step += 1) {
    scrollBy(0, innerHeight * 2 / 3);
    await new Promise((go) => requestAnimationFrame(() => setTimeout(go, 50)));
    const middle = document.elementFromPoint(innerWidth / 2, innerHeight / 2);
    empty += middle?.closest('[data-entry]') ? 0 : 1;
  }
  return empty;
}"""


async def shelve(url: str, folder: Path, count: int) -> None:
    """An account with so many papers."""
    database = await open_database(url)
    await migrate(database)
    settings = Settings(data_dir=folder, database_url=url, redis_url="", secret_key="x" * 40)
    desk = Desk(database, Reminders("unix:///nowhere"), settings, lambda: NOW)
    account = await register(desk, MAIL, PASSWORD, by_admin=True)
    await fill(desk, Who(account.id, account.library_id, LAPTOP), Language(), count)
    await database.close()


def measure(url: str, times: int, steps: int) -> dict[str, Any]:
    """Milliseconds of first paints and filters; how many of the steps of scrolling met a gap."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        _sign_in(page, url)
        paints = []
        for _ in range(times):
            page.goto(url + "/")
            paints.append(page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime"))
        filters = [page.evaluate(CLICK, words) for _ in range(times) for words in FILTERS]
        page.goto(url + "/")
        empty = page.evaluate(SCROLL, steps)
        browser.close()
    return {"paint": median(paints), "filter": median(filters), "slowest": max(filters), "empty": empty}


def _sign_in(page: Page, url: str) -> None:
    page.goto(url + "/")
    page.get_by_label("Email").fill(MAIL)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(url + "/")


def main() -> None:
    """Read the options, run, print the table."""
    options = argparse.ArgumentParser(prog="python -m tests.bench.library_page", description=__doc__.split("\n\n")[0])
    options.add_argument("--papers", type=int, default=20_000)
    options.add_argument("--times", type=int, default=5)
    options.add_argument("--steps", type=int, default=200)
    given = options.parse_args()
    shown = Table("database", "papers", "first paint", "filter: median", "slowest", "gaps")
    folder = Path(tempfile.mkdtemp(prefix="sch"))
    folder.chmod(0o755)
    try:
        with ExitStack() as stack:
            server = stack.enter_context(servers.postgres(folder))
            redis_url = stack.enter_context(servers.queue(folder))
            addresses = {"sqlite": f"sqlite:///{folder}/page.db"}
            addresses["postgres"] = stack.enter_context(servers.postgres_database(server, "page"))
            for name, address in addresses.items():
                asyncio.run(shelve(address, folder, given.papers))
                with servers.service(folder, address, redis_url) as url:
                    found = measure(url, given.times, given.steps)
                figures = [f"{found[each]:.0f} ms" for each in ("paint", "filter", "slowest")]
                shown.add_row(name, f"{given.papers:,}", *figures, f"{found['empty']} of {given.steps}")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    Console(width=110).print(shown)


if __name__ == "__main__":
    main()
