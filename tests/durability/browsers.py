"""The extension's own code under node, as a device that a test drives against a real server."""

from __future__ import annotations

import json
import subprocess
from typing import Any

from tests.conftest import ROOT
from tests.durability.devices import HttpDevice


class Browser:
    """One browser profile: its mirror, outbox and bin live as long as its process."""

    def __init__(self) -> None:
        run = ["node", "tests/durability/device.mjs"]
        self._process = subprocess.Popen(run, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def connect(self, url: str, device: HttpDevice) -> None:
        """Be this signed-in device from now on."""
        self._ask("connect", url, device.token, {"library_id": device.library, "device_id": device.id})

    def save(self, url: str) -> str:
        """Save a page; its entry's key."""
        key: str = self._ask("save", url)
        return key

    def add(self, *wishes: dict[str, Any]) -> None:
        """Keep edits in the outbox."""
        self._ask("add", list(wishes))

    def tag(self, entry: str, name: str) -> None:
        """Put a tag on an entry by its name."""
        self._ask("tag", entry, name)

    def change_tag(self, how: str, name: str, other: str) -> None:
        """`rename` a tag, `recolor` it, or `merge` it into another, as the tags page does."""
        self._ask(how, name, other)

    def tags(self, entry: str | None = None) -> list[dict[str, Any]]:
        """The tags of the library, or of one entry, as its windows show them."""
        shown: list[dict[str, Any]] = self._ask("tags", entry)
        return shown

    def sync(self) -> None:
        """Sync to the end, without any trouble."""
        trouble = self._ask("sync")
        assert trouble is None, trouble

    def shown(self) -> dict[str, Any]:
        """`rows`, `outbox`, `bin` as they are on its disk."""
        shown: dict[str, Any] = self._ask("shown")
        return shown

    def live(self) -> dict[str, dict[str, Any]]:
        """The rows that are not deleted, papers left out, by key."""
        rows = self.shown()["rows"]
        return {row["key"]: row for row in rows if not row.get("deleted") and row["type"] != "paper"}

    def close(self) -> None:
        """End the process."""
        self._process.communicate()

    def _ask(self, *order: Any) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline() or '{"error": "node ended"}')
        assert "error" not in answer, answer["error"]
        return answer["ok"]
