"""The same work asked of the service and of the floor, each in its own words.

Each holds a library to read, whose size stays, one to write into, and one whose entries all bear one tag. A piece of
work says how many units it did, and raises OSError where anything of it was refused.
"""

from __future__ import annotations

import uuid
from typing import Any, Protocol

from tests.bench.caller import Caller
from tests.bench.device import BATCH, Device, exactly
from tests.bench.papers import any_paper, note, paper, rare
from tests.bench.wrk import Load

DELTA = 10  # changes of a pull
PAGE = 1000  # changes of a page of the first sync
RARE = 40  # papers, of which one has the word that is looked for


class Target(Protocol):
    """Somebody who does the work."""

    url: str

    def seed(self, entries: int) -> None:
        """Fill the library to read, and take the place from which ten changes are new."""
        ...

    def saves(self) -> Load:
        """Save one page."""
        ...

    def edits(self) -> Load:
        """Push edits of notes and states."""
        ...

    def pushes(self) -> Load:
        """Push saves of new papers."""
        ...

    def rename(self) -> int:
        """Give a tag that every entry of a library bears another name, and pull what changed: the tag."""
        ...

    def delta(self) -> Load:
        """Pull what the last ten changes were."""
        ...

    def tag_page(self) -> Load:
        """The first fifty entries of a tag."""
        ...

    def search(self) -> Load:
        """The first fifty entries with a word that one of forty has."""
        ...

    def first_sync(self) -> int:
        """Pull the whole library, page by page."""
        ...

    def export(self) -> int:
        """Take the whole library out as BibTeX."""
        ...


class Service:
    """Scholium, by its HTTP contract."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._reader, self._writer = Device(url, "reader"), Device(url, "writer")
        self._tagged = Device(url, "tagged")
        self._entries = 0
        self._delta = ""
        self._edited: list[str] = []
        self._tag, self._names, self._tag_since = str(uuid.uuid4()), 0, ""
        self._search = f"/v1/search?q={rare(7)}&limit=50"

    def fill(self, entries: int) -> None:
        """Put so many entries into the library to read, each with its citation key."""
        for start in range(0, entries, BATCH):
            self._reader.push_saves(min(BATCH, entries - start))
        self._entries = entries
        self.export()  # gives the citation keys, once

    def seed(self, entries: int) -> None:
        self.fill(entries)
        *_, page = self._reader.pages("")
        self._reader.push_edits(self._reader.saved[-DELTA:])
        self._delta = f"/v1/sync/pull?cursor={page['cursor']}"
        exactly(len(self._reader.caller.json("GET", self._delta)["changes"]), DELTA)
        self._writer.push_saves(BATCH)
        self._edited = list(self._writer.saved)
        self._tagged.caller.ask("POST", "/v1/tags", {"id": self._tag, "name": "a name"})
        for start in range(0, entries, BATCH):
            self._tagged.push_saves(min(BATCH, entries - start), self._tag)
        *_, page = self._tagged.pages("")
        self._tag_since = page["cursor"]
        while self._tagged.caller.json("GET", self._search)["total"] < entries // RARE:
            pass  # some more of what was saved is read with each question

    def saves(self) -> Load:
        return Load("POST", "/v1/saves", self._writer.token, {"id": "{id}", **any_paper()})

    def edits(self) -> Load:
        return self._writer.load(
            [self._writer.op(key, 2**53, {"note": f"{note()} {{id}}", "status": "reading"}) for key in self._edited]
        )

    def pushes(self) -> Load:
        return self._writer.load([self._writer.op("{id}", 0, {"saved_from": any_paper()}) for _ in range(BATCH)])

    def delta(self) -> Load:
        return Load("GET", self._delta, self._reader.token, units=DELTA)

    def tag_page(self) -> Load:
        return Load("GET", f"/v1/entries?tag={self._tag}&limit=50", self._tagged.token)

    def search(self) -> Load:
        return Load("GET", self._search, self._tagged.token)

    def rename(self) -> int:
        self._names += 1
        name = f"name {self._names}"
        self._tagged.caller.ask("POST", f"/v1/tags/{self._tag}/rename", {"name": name})
        page = self._tagged.caller.json("GET", f"/v1/sync/pull?cursor={self._tag_since}")
        self._tag_since = page["cursor"]
        return exactly(sum(change["data"]["name"] == name for change in page["changes"]), 1)

    def first_sync(self) -> int:
        changes = [change for page in self._reader.pages("") for change in page["changes"]]
        return exactly(sum(change["type"] == "entry" for change in changes), self._entries)

    def export(self) -> int:
        return exactly(self._reader.caller.ask("GET", "/v1/export").count(b"\n@"), self._entries, within=1)


class Floor:
    """The floor, which takes whatever it is sent."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._reader, self._writer = Caller(url, "reader"), Caller(url, "writer")
        self._tagged = Caller(url, "tagged")
        self._entries = 0
        self._since = 0
        self._tag, self._names = str(uuid.uuid4()), 0
        self._edited = [str(uuid.uuid4()) for _ in range(BATCH)]

    def seed(self, entries: int) -> None:
        for start in range(0, entries, BATCH):
            self._push(self._reader, [_item() for _ in range(min(BATCH, entries - start))])
        self._entries = entries
        self._since = entries - DELTA
        exactly(len(self._reader.json("GET", f"/changes?since={self._since}")["changes"]), DELTA)
        for start in range(0, entries, BATCH):
            tagged = [{**_item(), "tags": [self._tag]} for _ in range(min(BATCH, entries - start))]
            self._push(self._tagged, tagged)

    def saves(self) -> Load:
        return Load("POST", "/saves", "writer", {"id": "{id}", **any_paper()})

    def edits(self) -> Load:
        items = [{"id": key, "note": f"{note()} {{id}}", "status": "reading"} for key in self._edited]
        return Load("POST", "/push", "writer", {"items": items}, units=BATCH)

    def pushes(self) -> Load:
        return Load(
            "POST", "/push", "writer", {"items": [{"id": "{id}", **any_paper()} for _ in range(BATCH)]}, units=BATCH
        )

    def delta(self) -> Load:
        return Load("GET", f"/changes?since={self._since}", "reader", units=DELTA)

    def tag_page(self) -> Load:
        return Load("GET", f"/items?tag={self._tag}", "tagged")

    def search(self) -> Load:
        return Load("GET", f"/items?words={rare(7)}", "tagged")

    def rename(self) -> int:
        self._names += 1
        self._push(self._tagged, [{"id": self._tag, "name": f"name {self._names}"}])
        since = self._entries + self._names - 1
        return exactly(len(self._tagged.json("GET", f"/changes?since={since}")["changes"]), 1)

    def first_sync(self) -> int:
        since, count, more = 0, 0, True
        while more:
            page = self._reader.json("GET", f"/changes?limit={PAGE}&since={since}")
            count += len(page["changes"])
            since, more = page["cursor"], page["more"]
        return exactly(count, self._entries)

    def export(self) -> int:
        return exactly(self._reader.ask("GET", "/export").count(b"\n@"), self._entries, within=1)

    def _push(self, caller: Caller, items: list[dict[str, Any]]) -> int:
        caller.ask("POST", "/push", {"items": items})
        return len(items)


def _item() -> dict[str, Any]:
    return {"id": str(uuid.uuid4()), **paper()}
