"""The same work asked of the service and of the floor, each in its own words.

Each holds a library to read, whose size stays, one to write into, and one whose entries all bear one tag. A piece of
work says how many units it did, and raises OSError where anything of it was refused.
"""

from __future__ import annotations

import time
import uuid
from typing import Any, Protocol

from api.domain.clock import hlc
from tests.bench.caller import Caller
from tests.bench.papers import any_paper, note, paper
from tests.bench.wrk import Load

BATCH = 100  # ops of a push
DELTA = 10  # changes of a pull
PAGE = 1000  # changes of a page of the first sync
PASSWORD = "a loom weaves algebra"


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
        self._reader, self._writer = _Device(url, "reader"), _Device(url, "writer")
        self._tagged = _Device(url, "tagged")
        self._entries = 0
        self._delta = ""
        self._edited: list[str] = []
        self._tag, self._names, self._tag_since = str(uuid.uuid4()), 0, ""

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
        _exactly(len(self._reader.caller.json("GET", self._delta)["changes"]), DELTA)
        self._writer.push_saves(BATCH)
        self._edited = list(self._writer.saved)
        self._tagged.caller.ask("POST", "/v1/tags", {"id": self._tag, "name": "a name"})
        for start in range(0, entries, BATCH):
            self._tagged.push_saves(min(BATCH, entries - start), self._tag)
        *_, page = self._tagged.pages("")
        self._tag_since = page["cursor"]

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

    def rename(self) -> int:
        self._names += 1
        name = f"name {self._names}"
        self._tagged.caller.ask("POST", f"/v1/tags/{self._tag}/rename", {"name": name})
        page = self._tagged.caller.json("GET", f"/v1/sync/pull?cursor={self._tag_since}")
        self._tag_since = page["cursor"]
        return _exactly(sum(change["data"]["name"] == name for change in page["changes"]), 1)

    def first_sync(self) -> int:
        changes = [change for page in self._reader.pages("") for change in page["changes"]]
        return _exactly(sum(change["type"] == "entry" for change in changes), self._entries)

    def export(self) -> int:
        return _exactly(self._reader.caller.ask("GET", "/v1/export").count(b"\n@"), self._entries, within=1)


class _Device:
    """A signed-in device that pushes in order and pulls."""

    def __init__(self, url: str, name: str) -> None:
        door = Caller(url)
        account = {"email": f"{name}@example.org", "password": PASSWORD}
        door.ask("POST", "/v1/accounts", account)
        session = door.json("POST", "/v1/sessions", account)
        door.close()
        self.token: str = session["access_token"]
        self.caller = Caller(url, self.token)
        self.saved: list[str] = []
        self._id: str = session["device_id"]
        self._envelope = {"schema": 1, "library_id": session["library_id"], "device_id": self._id}
        self._seq = 1

    def push_saves(self, count: int, tag: str = "") -> int:
        fresh = [str(uuid.uuid4()) for _ in range(count)]
        self.saved += fresh
        more = {"add": {"tags": [tag]}} if tag else {}
        return self._push([self.op(key, 0, {"saved_from": paper()}) | more for key in fresh])

    def push_edits(self, keys: list[str]) -> int:
        return self._push([self.op(key, 2**53, {"note": note(), "status": "reading"}) for key in keys])

    def pages(self, cursor: str) -> list[Any]:
        pages = []
        more = True
        while more:
            place = f"&cursor={cursor}" if cursor else ""
            page = self.caller.json("GET", f"/v1/sync/pull?limit={PAGE}{place}")
            pages.append(page)
            cursor, more = page["cursor"], page["more"]
        return pages

    def op(self, key: str, base: int, values: dict[str, Any]) -> dict[str, Any]:
        stamp = hlc(time.time_ns() // 1_000_000, 0, self._id)
        return {
            "id": str(uuid.uuid4()),
            "type": "entry",
            "key": key,
            "op": "put",
            "base": base,
            "hlc": stamp,
            "set": values,
        }

    def load(self, ops: list[dict[str, Any]]) -> Load:
        """A push of these, again and again: each time other ops."""
        body = {**self._envelope, "first_seq": "{seq}", "ops": [{**op, "id": "{id}"} for op in ops]}
        return Load("POST", "/v1/sync/push", self.token, body, units=len(ops), ops=len(ops))

    def _push(self, ops: list[dict[str, Any]]) -> int:
        answer = self.caller.json("POST", "/v1/sync/push", {**self._envelope, "first_seq": self._seq, "ops": ops})
        self._seq += len(ops)
        return _exactly(sum(result["status"] == "applied" for result in answer["results"]), len(ops))


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
        _exactly(len(self._reader.json("GET", f"/changes?since={self._since}")["changes"]), DELTA)
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

    def rename(self) -> int:
        self._names += 1
        self._push(self._tagged, [{"id": self._tag, "name": f"name {self._names}"}])
        since = self._entries + self._names - 1
        return _exactly(len(self._tagged.json("GET", f"/changes?since={since}")["changes"]), 1)

    def first_sync(self) -> int:
        since, count, more = 0, 0, True
        while more:
            page = self._reader.json("GET", f"/changes?limit={PAGE}&since={since}")
            count += len(page["changes"])
            since, more = page["cursor"], page["more"]
        return _exactly(count, self._entries)

    def export(self) -> int:
        return _exactly(self._reader.ask("GET", "/export").count(b"\n@"), self._entries, within=1)

    def _push(self, caller: Caller, items: list[dict[str, Any]]) -> int:
        caller.ask("POST", "/push", {"items": items})
        return len(items)


def _item() -> dict[str, Any]:
    return {"id": str(uuid.uuid4()), **paper()}


def _exactly(found: int, wanted: int, within: int = 0) -> int:
    if abs(found - wanted) > within:
        raise OSError(f"{found} instead of {wanted}: this was not the work")
    return wanted
