"""Stock Chromium through Playwright, with the extension unpacked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import Playwright

from tests.journeys.moves import SECONDS

CHROMIUM = "/usr/bin/chromium"


class ChromiumTab:
    """A Playwright page."""

    def __init__(self, page: Any) -> None:
        self.page = page

    def go(self, url: str) -> None:
        self.page.goto(url)

    def text(self, selector: str) -> str:
        element = self.page.locator(selector).first
        element.wait_for(state="visible", timeout=SECONDS * 1000)
        return str(element.inner_text())

    def click(self, selector: str) -> None:
        self.page.locator(selector).first.click(timeout=SECONDS * 1000)

    def type(self, selector: str, text: str, key: str = "") -> None:
        self.page.locator(selector).first.fill(text, timeout=SECONDS * 1000)
        if key:
            self.page.locator(selector).first.press(key)

    def press(self, selector: str, key: str) -> None:
        self.page.locator(selector).first.press(key, timeout=SECONDS * 1000)

    def keys(self, *names: str) -> None:
        self.page.bring_to_front()
        for name in names:
            self.page.keyboard.press(name)

    def paste(self, selector: str) -> None:
        self.press(selector, "Control+V")

    def mouse(self, *path: tuple[float, float]) -> None:
        self.page.bring_to_front()
        self.page.mouse.move(*path[0])
        self.page.mouse.down()
        for x, y in path[1:]:
            self.page.mouse.move(x, y, steps=4)
        self.page.mouse.up()

    def run(self, script: str) -> Any:
        return self.page.evaluate(f"async () => {{ {script} }}")

    def picture(self, path: Path) -> None:
        self.page.screenshot(path=str(path))

    def close(self) -> None:
        self.page.close()


class Chromium:
    """A persistent Chromium profile."""

    def __init__(self, profile: Path, extension: Path, proxy: str, playwright: Playwright) -> None:
        self.downloads = profile / "downloads"
        self._context = playwright.chromium.launch_persistent_context(
            str(profile),
            executable_path=CHROMIUM,
            headless=False,
            downloads_path=self.downloads,
            viewport={"width": 1100, "height": 800},
            args=[
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                f"--proxy-server={proxy}",  # not Playwright's own, which would take loopback there too
                f"--disable-extensions-except={extension}",
                f"--load-extension={extension}",
            ],
        )
        workers = self._context.service_workers
        self._worker = workers[0] if workers else self._context.wait_for_event("serviceworker")
        self._base = "/".join(self._worker.url.split("/")[:3])

    def open(self, url: str) -> ChromiumTab:
        page = self._context.new_page()
        page.goto(url)
        return ChromiumTab(page)

    def extension(self, path: str) -> str:
        return f"{self._base}/{path}"

    def background(self, script: str) -> Any:
        """Run a script in the extension's background: no hand reaches menus and shortcuts here."""
        return self._worker.evaluate(f"async () => {{ {script} }}")

    def allow(self) -> None:
        return  # Chromium asks nothing for hosts that the manifest names

    def close(self) -> None:
        self._context.close()
