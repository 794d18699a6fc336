"""A device over HTTP: it signs in, numbers its ops, sends the same batch as often as asked, and follows the feed."""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import count
from typing import Any
from uuid import UUID, uuid4

import httpx

from api.domain.clock import hlc
from tests.journeys.conftest import PASSWORD

PATIENCE = httpx.Timeout(60)


class HttpDevice:
    """One signed-in device of a person's, at one of the processes of an instance."""

    def __init__(self, url: str, email: str, name: str = "device") -> None:
        self.client = httpx.Client(base_url=url, timeout=PATIENCE)
        answer = self.client.post("/v1/sessions", json={"email": email, "password": PASSWORD, "device": name})
        answer.raise_for_status()
        session = answer.json()
        self.token: str = session["access_token"]
        self.library: str = session["library_id"]
        self.id: str = session["device_id"]
        self.client.headers["Authorization"] = f"Bearer {self.token}"
        self._sequence = count(1)
        self._ticks = count()

    def op(self, type_: str, key: str, op: str = "put", *, base: int = 0, **more: Any) -> dict[str, Any]:
        """One op with an id and a stamp of its own."""
        stamp = hlc(time.time_ns() // 1_000_000, next(self._ticks) % 60_000, self.id)
        return {"id": new_key(), "type": type_, "key": key, "op": op, "base": base, "hlc": stamp, **more}

    def tag(self, key: str, name: str) -> dict[str, Any]:
        """The op that makes a tag."""
        return self.op("tag", key, set={"name": name, "created_at": "2026-11-20T10:00:00.000Z"})

    def save(self, key: str, url: str) -> dict[str, Any]:
        """The op that saves a page."""
        wanted = {"saved_from": {"url": url}, "saved_at": "2026-11-20T10:00:00.000Z"}
        return self.op("entry", key, set=wanted)

    def envelope(self, ops: list[dict[str, Any]]) -> dict[str, Any]:
        """A batch as it goes out, again and again the same."""
        numbers = [next(self._sequence) for _ in ops]
        return {
            "schema": 1,
            "library_id": self.library,
            "device_id": self.id,
            "first_seq": numbers[0],
            "ops": ops,
        }

    def send(self, envelope: dict[str, Any]) -> dict[str, Any]:
        """Send a batch once; raises httpx.HTTPError where no good answer came."""
        answer = self.client.post("/v1/sync/push", json=envelope)
        answer.raise_for_status()
        said: dict[str, Any] = answer.json()
        return said

    def push(self, *ops: dict[str, Any]) -> dict[str, Any]:
        """Number and send these ops."""
        return self.send(self.envelope(list(ops)))

    def page(self, cursor: str | None, **query: Any) -> dict[str, Any]:
        """One page of the feed."""
        answer = self.client.get("/v1/sync/pull", params=query | ({"cursor": cursor} if cursor else {}))
        answer.raise_for_status()
        said: dict[str, Any] = answer.json()
        return said

    def pages(self, cursor: str | None = None, limit: int = 1000) -> Iterator[dict[str, Any]]:
        """The pages from here to the end."""
        more = True
        while more:
            page = self.page(cursor, limit=limit)
            yield page
            cursor, more = page["cursor"], page["more"]

    def library_now(self) -> dict[str, dict[str, Any]]:
        """All that a fresh reading of the feed shows, by key."""
        return {change["key"]: change for page in self.pages() for change in page["changes"]}

    def beginning(self) -> str:
        """Where the library stands."""
        *_, last = self.pages()
        cursor: str = last["cursor"]
        return cursor

    def close(self) -> None:
        """Drop the connections."""
        self.client.close()


def new_key() -> str:
    """A fresh UUIDv7 (RFC 9562 5.7)."""
    milliseconds = time.time_ns() // 1_000_000
    bits = (milliseconds << 80) | (uuid4().int & ((1 << 80) - 1))
    bits = (bits & ~(0xF << 76)) | (7 << 76)
    return str(UUID(int=(bits & ~(3 << 62)) | (2 << 62)))
