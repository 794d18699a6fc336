"""Profiles of two real browsers by name: Chromium and Firefox, both stock, both with the extension unpacked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.journeys.chromium import CHROMIUM, Chromium, ChromiumTab
from tests.journeys.firefox import Firefox
from tests.journeys.moves import Browser, Tab

__all__ = ["CHROMIUM", "Browser", "Chromium", "ChromiumTab", "Tab", "profiles_of"]


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
