"""Mixed traffic of several devices, as a program on a host of its own: `python -m tests.hosts.traffic URL FOLDER`.

Writes down each request as it ends (`requests.jsonl`); SIGTERM makes it finish what it began, read everything back, and
write down what the service holds beside what it had acknowledged (`verdict.json`). What was not acknowledged is sent
again, unchanged, until it is.
"""

from __future__ import annotations

import signal
import sys
import threading
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any, TextIO

import httpx
import msgspec

from tests.durability.devices import HttpDevice, new_key
from tests.journeys.conftest import PASSWORD

PATIENCE = httpx.Timeout(10)
SAVE_SECONDS = 2  # between two saves of one person: each is a paper that workers look up
PAUSE = 0.1  # seconds between two requests of one device, and before a request is sent again


class Asked(msgspec.Struct, frozen=True):
    """One request: when it began (seconds of the machine's clock), how long it took, and what was wrong with it."""

    kind: str
    at: float
    took: float
    wrong: str = ""


class Verdict(msgspec.Struct, frozen=True):
    """What was acknowledged and is lost or other than it should be, and what is there twice; all empty is right."""

    acknowledged: int
    lost: list[str]
    doubled: list[str]
    refused: list[str]
    missed: list[str]  # libraries whose followers, by feed or stream, did not hear of the last change


class Notes:
    """Where requests are written down."""

    def __init__(self, file: TextIO) -> None:
        self._file, self._lock = file, threading.Lock()
        self.refused: list[str] = []
        self.stop = threading.Event()

    def until_answered(self, kind: str, ask: Callable[[], httpx.Response]) -> httpx.Response:
        """Ask again and again until there is an answer that is no failure; each try is written down."""
        while True:
            answer = self.once(kind, ask)
            if answer is not None:
                return answer
            time.sleep(PAUSE)

    def once(self, kind: str, ask: Callable[[], httpx.Response]) -> httpx.Response | None:
        """One try; None where it failed."""
        began, wrong, answer = time.monotonic(), "", None
        try:
            answer = ask()
            wrong = f"{answer.status_code} {_detail(answer)}" if answer.status_code >= 500 else ""
            if 400 <= answer.status_code < 500:
                self.refused.append(f"{kind}: {answer.status_code} {answer.text[:300]}")
        except httpx.HTTPError as failure:
            wrong = type(failure).__name__
        self.note(Asked(kind, began, time.monotonic() - began, wrong))
        return None if wrong else answer

    def note(self, asked: Asked) -> None:
        """Write one down."""
        with self._lock:
            self._file.write(msgspec.json.encode(asked).decode() + "\n")
            self._file.flush()


class Person:
    """One account: a device that writes, one that follows the feed, and one that listens to the stream."""

    def __init__(self, url: str, name: str, notes: Notes) -> None:
        email = f"{name}@example.org"
        made = httpx.post(f"{url}/v1/accounts", json={"email": email, "password": PASSWORD}, timeout=PATIENCE)
        made.raise_for_status()
        self.name, self.notes = name, notes
        self.writer, self.saver, self.reader, self.listener = (HttpDevice(url, email, kind) for kind in DEVICES)
        for device in (self.writer, self.saver, self.reader, self.listener):
            device.client.timeout = PATIENCE
        self.tags: dict[str, str] = {}
        self.saves: dict[str, str] = {}
        self.followed: dict[str, Any] = {}
        self.cursor: str | None = None
        self.version = self.heard = self.seen = 0

    def write(self) -> None:
        """Push batches of new tags and new names, one after another."""
        for turn in count():
            if self.notes.stop.is_set():
                return
            names = {new_key(): f"tag {turn} {n}" for n in range(4)}
            ops = [self.writer.tag(key, name) for key, name in names.items()]
            if self.tags:
                old = next(iter(self.tags))
                names[old] = self.tags.pop(old) + "'"  # and to the end of the line
                ops.append(self.writer.op("tag", old, base=2**53, set={"name": names[old]}))
            envelope = self.writer.envelope(ops)
            answer = self.notes.until_answered(
                "push", lambda sent=envelope: self.writer.client.post("/v1/sync/push", json=sent)
            )
            said = answer.json()
            self.tags |= names
            self.version = max(self.version, said.get("version", 0))
            time.sleep(PAUSE)

    def save(self) -> None:
        """Save pages."""
        for number in count():
            if self.notes.stop.is_set():
                return
            wish = {"id": new_key(), "url": f"https://example.org/{self.name}/{number}"}
            self.notes.until_answered("save", lambda sent=wish: self.saver.client.post("/v1/saves", json=sent))
            self.saves[wish["id"]] = wish["url"]
            time.sleep(SAVE_SECONDS)

    def read(self) -> None:
        """Follow the feed, and look at the library."""
        cursor = self.cursor
        while not self.notes.stop.is_set():
            page = self.notes.once("pull", lambda at=cursor: self.reader.client.get("/v1/sync/pull", params=_of(at)))
            if page is not None and page.status_code == httpx.codes.OK:
                cursor = page.json()["cursor"]
                self.followed |= {change["key"]: change for change in page.json()["changes"]}
            self.notes.once("read", lambda: self.reader.client.get("/v1/entries", params={"limit": 50}))
            time.sleep(PAUSE)
        self.cursor = cursor

    def listen(self) -> None:
        """Hold a stream, and come back to it when it breaks; 25 s of silence break it (15 s are promised)."""
        while not self.notes.stop.is_set() or self.heard < self.seen:
            began, wrong = time.monotonic(), "ended"
            try:
                with self.listener.client.stream(
                    "GET", "/v1/sync/stream", timeout=httpx.Timeout(10, read=25)
                ) as answer:
                    if answer.status_code == httpx.codes.OK:
                        self.notes.note(Asked("stream", began, time.monotonic() - began))
                    for line in answer.iter_lines():
                        if line.startswith("data: "):
                            self.heard = max(self.heard, msgspec.json.decode(line[6:])["version"])
                        if self.notes.stop.is_set() and self.heard >= self.seen > 0:
                            return
            except httpx.HTTPError as failure:
                wrong = type(failure).__name__
            self.notes.note(Asked("stream", time.monotonic(), 0, wrong))
            time.sleep(PAUSE)

    def verdict(self, lost: list[str], doubled: list[str]) -> None:
        """Compare what is held with what was acknowledged."""
        held: dict[str, Any] = {}
        for page in self.writer.pages():
            for change in page["changes"]:
                doubled += [change["key"]] if change["key"] in held else []
                held[change["key"]] = change
        for key, name in self.tags.items():
            if key not in held or held[key]["data"]["name"] != name:
                lost.append(f"tag {name}: {held.get(key)}")
        entries = {key: change for key, change in held.items() if change["type"] == "entry"}
        lost += [f"save {url}" for key, url in self.saves.items() if key not in entries]
        pages = [change["data"]["saved_from"]["url"] for change in entries.values()]
        doubled += [url for url in set(pages) if pages.count(url) > 1]
        unknown = [
            key for key, change in held.items() if change["type"] != "paper" and key not in self.tags | self.saves
        ]
        doubled += [f"nobody made {key}" for key in unknown]
        for page in self.reader.pages(self.cursor):
            self.followed |= {change["key"]: change for change in page["changes"]}
        if _names(held) != _names(self.followed):
            lost.append(f"the follower of {self.name} sees something else")


DEVICES = ("writer", "saver", "reader", "listener")


def _names(held: dict[str, Any]) -> dict[str, str]:
    """Keys, with the names of tags: entries are looked up by workers meanwhile."""
    return {key: change["data"].get("name", "") for key, change in held.items()}


def _detail(answer: httpx.Response) -> str:
    """What a problem says; nothing where the proxy answered for itself."""
    return str(answer.json()["detail"]) if "json" in answer.headers.get("content-type", "") else ""


def _of(cursor: str | None) -> dict[str, str]:
    return {"cursor": cursor} if cursor else {}


def main(url: str, folder: Path) -> None:
    """Run until SIGTERM, then judge."""
    with open(folder / "requests.jsonl", "w", encoding="utf-8") as file:
        notes = Notes(file)
        signal.signal(signal.SIGTERM, lambda *_: notes.stop.set())
        people = [Person(url, name, notes) for name in ("ada", "bob")]
        works = [work for one in people for work in (one.write, one.save, one.read)]
        threads = [threading.Thread(target=work) for work in works]
        ears = [threading.Thread(target=one.listen, daemon=True) for one in people]
        for thread in threads + ears:
            thread.start()
        for thread in threads:
            thread.join()
        lost: list[str] = []
        doubled: list[str] = []
        for one in people:
            one.verdict(lost, doubled)
            one.seen = one.version
        for ear in ears:
            ear.join(40)
        missed = [one.name for one in people if one.heard < one.version]
        acknowledged = sum(len(one.tags) + len(one.saves) for one in people)
        said = Verdict(acknowledged, lost, doubled, notes.refused, missed)
        (folder / "verdict.json").write_bytes(msgspec.json.encode(said))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
