"""Stock Firefox through Marionette, with the extension unpacked."""

from __future__ import annotations

import json
import re
import time
import warnings
from contextlib import suppress
from pathlib import Path
from typing import Any

from tests.journeys.moves import SECONDS

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # its dependencies are written for an older Python
    from marionette_driver import By, errors
    from marionette_driver.addons import Addons
    from marionette_driver.keys import Keys
    from marionette_driver.marionette import Marionette

FIREFOX = "/usr/bin/firefox-esr"


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
        if element.get_property("value"):  # as a person would: a page hears nothing of WebDriver's clearing
            element.send_keys(Keys.CONTROL + "a")
            element.send_keys(Keys.BACK_SPACE)
        element.send_keys(text + (getattr(Keys, key.upper()) if key else ""))

    def press(self, selector: str, key: str) -> None:
        for _ in range(10):  # the page may draw itself anew between the look and the key
            with suppress(errors.StaleElementException):
                self._wait(selector).send_keys(_key(key))
                return
        raise TimeoutError(f"{selector} is never still")

    def keys(self, *names: str) -> None:
        hand = self._here().actions.sequence("key", "keyboard")
        for name in names:
            hand.key_down(_key(name)).key_up(_key(name))
        hand.perform()

    def paste(self, selector: str) -> None:
        self._wait(selector).send_keys(Keys.CONTROL + "v")

    def mouse(self, *path: tuple[float, float]) -> None:
        hand = self._here().actions.sequence("pointer", "mouse", {"pointerType": "mouse"})
        hand.pointer_move(round(path[0][0]), round(path[0][1]), duration=0).pointer_down()
        for x, y in path[1:]:
            hand.pointer_move(round(x), round(y), duration=50)
        hand.pointer_up().perform()

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
        left = self._here().close()
        self._marionette.switch_to_window(left[0])  # the next tab is opened from one that is there

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


def _key(name: str) -> str:
    """WebDriver's character for a key."""
    return name if len(name) == 1 else str(getattr(Keys, re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).upper()))


class Firefox:
    """A fresh Firefox profile."""

    def __init__(self, profile: Path, extension: Path, proxy: str) -> None:
        host, port = proxy.removeprefix("http://").split(":")
        self.downloads = profile / "downloads"
        self.downloads.mkdir(parents=True, exist_ok=True)
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
                "browser.download.folderList": 2,  # the folder that is named
                "browser.download.dir": str(self.downloads),
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
