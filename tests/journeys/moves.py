"""The moves that a journey makes in a browser, whichever it is: open a tab, look, click, type, press a key."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Protocol

SECONDS = 20  # until something must be seen


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

    def press(self, selector: str, key: str) -> None:
        """Put the keyboard on an element and press a key, by its name in the DOM."""

    def keys(self, *names: str) -> None:
        """Press keys wherever the keyboard is, by their names in the DOM."""

    def paste(self, selector: str) -> None:
        """Put the keyboard on a field and paste what was copied."""

    def mouse(self, *path: tuple[float, float]) -> None:
        """Put the mouse down at the first point of the window, and up at the last."""

    def run(self, script: str) -> Any:
        """Run a script (a function body that may await) in the page; returns what it returns."""

    def picture(self, path: Path) -> None:
        """Take a screenshot."""

    def close(self) -> None:
        """Close the tab."""


class Browser(Protocol):
    """One profile of one browser with the extension; what it downloads lands in `downloads`."""

    downloads: Path

    def open(self, url: str) -> Tab:
        """A new tab at an address."""

    def extension(self, path: str) -> str:
        """The address of a page of the extension."""

    def allow(self) -> None:
        """Say yes to the permission that the extension has just asked for, where the browser shows a prompt."""

    def close(self) -> None:
        """End the browser."""
