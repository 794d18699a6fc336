"""Two real browsers behind one small set of moves: open a tab, look, click, type, press a key.

Chromium through Playwright, Firefox through Marionette; both stock, both with the extension unpacked.
"""

from __future__ import annotations

import json
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from playwright.sync_api import Playwright, sync_playwright

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # its dependencies are written for an older Python
    from marionette_driver import By, errors
    from marionette_driver.addons import Addons
    from marionette_driver.keys import Keys
    from marionette_driver.marionette import Marionette

SECONDS = 20
CHROMIUM = "/usr/bin/chromium"
FIREFOX = "/usr/bin/firefox-esr"


class Tab(Protocol):
    """One tab."""

    def go(self, url: str) -> None:
        """Load an address."""

    def text(self, selector: str) -> str:
        """The visible text of an element, waiting for it."""

    def click(self, selector: str) -> None:
        """Click an element as a person does."""

    def type(self, selector: str, text: str, key: str = "") -> None:
        """Put text into a field, and press a key after it."""

    def run(self, script: str) -> Any:
        """Run a script (a function body that may await) in the page; returns what it returns."""

    def picture(self, path: Path) -> None:
        """Take a screenshot."""

    def close(self) -> None:
        """Close the tab."""


class Browser(Protocol):
    """One profile of one browser with the extension."""

    def open(self, url: str) -> Tab:
        """A new tab at an address."""

    def extension(self, path: str) -> str:
        """The address of a page of the extension."""

    def allow(self) -> None:
        """Say yes to the permission that the extension has just asked for, where the browser shows a prompt."""

    def close(self) -> None:
        """End the browser."""


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

    def run(self, script: str) -> Any:
        return self.page.evaluate(f"async () => {{ {script} }}")

    def picture(self, path: Path) -> None:
        self.page.screenshot(path=str(path))

    def close(self) -> None:
        self.page.close()


class Chromium:
    """A persistent Chromium profile."""

    def __init__(self, profile: Path, extension: Path, proxy: str, playwright: Playwright) -> None:
        self._context = playwright.chromium.launch_persistent_context(
            str(profile),
            executable_path=CHROMIUM,
            headless=False,
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
        worker = workers[0] if workers else self._context.wait_for_event("serviceworker")
        self._base = "/".join(worker.url.split("/")[:3])

    def open(self, url: str) -> ChromiumTab:
        page = self._context.new_page()
        page.goto(url)
        return ChromiumTab(page)

    def extension(self, path: str) -> str:
        return f"{self._base}/{path}"

    def allow(self) -> None:
        return  # Chromium asks nothing for hosts that the manifest names

    def close(self) -> None:
        self._context.close()


class FirefoxTab:
    """A Marionette window handle."""

    def __init__(self, marionette: Any, handle: str) -> None:
        self._marionette = marionette
        self._handle = handle

    def go(self, url: str) -> None:
        self._here().navigate(url)

    def text(self, selector: str) -> str:
        return str(self._wait(selector).text)

    def click(self, selector: str) -> None:
        self._wait(selector).click()

    def type(self, selector: str, text: str, key: str = "") -> None:
        element = self._wait(selector)
        element.clear()
        element.send_keys(text + (getattr(Keys, key.upper()) if key else ""))

    def run(self, script: str) -> Any:
        body = (
            "const done = arguments[arguments.length - 1];"
            f"(async () => {{ {script} }})().then((r) => done(JSON.stringify(r ?? null)), (e) => done('!' + e));"
        )
        said = str(self._here().execute_async_script(body, sandbox=None, script_timeout=SECONDS * 1000))
        assert not said.startswith("!"), said
        return json.loads(said)

    def picture(self, path: Path) -> None:
        path.write_bytes(self._here().screenshot(format="binary"))

    def close(self) -> None:
        self._here().close()

    def _here(self) -> Any:
        self._marionette.switch_to_window(self._handle)
        return self._marionette

    def _wait(self, selector: str) -> Any:
        end = time.monotonic() + SECONDS
        while True:
            try:
                element = self._here().find_element(By.CSS_SELECTOR, selector)
                if element.is_displayed():
                    return element
            except (errors.NoSuchElementException, errors.StaleElementException):
                pass
            if time.monotonic() > end:
                page = self._here().find_element(By.CSS_SELECTOR, "body").text
                raise TimeoutError(f"no {selector} to be seen on {page!r}")
            time.sleep(0.05)


class Firefox:
    """A fresh Firefox profile."""

    def __init__(self, profile: Path, extension: Path, proxy: str) -> None:
        host, port = proxy.removeprefix("http://").split(":")
        profile.mkdir(parents=True, exist_ok=True)
        self._marionette = Marionette(
            bin=FIREFOX,
            headless=True,
            workspace=str(profile),
            gecko_log=str(profile / "gecko.log"),
            port=0,
            prefs={
                "network.proxy.type": 1,
                "network.proxy.http": host,
                "network.proxy.http_port": int(port),
                "network.proxy.allow_hijacking_localhost": False,
                "dom.security.https_only_mode": False,
                "dom.security.https_first": False,
                "dom.security.https_first_schemeless": False,
                "network.captive-portal-service.enabled": False,
                "network.connectivity-service.enabled": False,
                "app.normandy.enabled": False,
            },
        )
        self._marionette.start_session()
        self._marionette.timeout.page_load = SECONDS
        added = Addons(self._marionette).install(str(extension), temp=True)
        with self._marionette.using_context("chrome"):
            self._host = self._marionette.execute_script(
                "return WebExtensionPolicy.getByID(arguments[0]).mozExtensionHostname", script_args=[added]
            )

    def open(self, url: str) -> FirefoxTab:
        handle = self._marionette.open(type="tab", focus=True)["handle"]
        tab = FirefoxTab(self._marionette, handle)
        tab.go(url)
        return tab

    def extension(self, path: str) -> str:
        return f"moz-extension://{self._host}/{path}"

    def allow(self) -> None:
        look = (
            "const shown = document.getElementById('addon-webext-permissions-notification');"
            "if (!shown || PopupNotifications.panel.state !== 'open') return false; shown.button.click(); return true;"
        )
        end = time.monotonic() + SECONDS
        with self._marionette.using_context("chrome"):
            while not self._marionette.execute_script(look):
                if time.monotonic() > end:
                    raise TimeoutError("no permission prompt")
                time.sleep(0.05)

    def close(self) -> None:
        self._marionette.quit(in_app=False)


@contextmanager
def profiles_of(kind: str, folder: Path, extension: Path, proxy: str) -> Iterator[Callable[[str], Browser]]:
    """Makes profiles of `chromium` or `firefox` by name; all are closed at the end."""
    opened: list[Browser] = []

    def profile(name: str) -> Browser:
        if kind == "firefox":
            opened.append(Firefox(folder / name, extension, proxy))
        else:
            opened.append(Chromium(folder / name, extension, proxy, playwright))
        return opened[-1]

    with sync_playwright() as playwright:
        try:
            yield profile
        finally:
            for browser in opened:
                browser.close()
