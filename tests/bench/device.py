"""A signed-in device that pushes in order and pulls, by the HTTP contract."""

from __future__ import annotations

import time
import uuid
from typing import Any

from api.domain.clock import hlc
from tests.bench.caller import Caller
from tests.bench.papers import note, paper
from tests.bench.wrk import Load

BATCH = 100  # ops of a push
PAGE = 1000  # changes of a page of the first sync
PASSWORD = "a loom weaves algebra"


class Device:
    """A signed-in device that pushes in order and pulls; of an account that is new, unless it is known."""

    def __init__(self, url: str, name: str, *, known: bool = False, password: str = PASSWORD) -> None:
        door = Caller(url)
        account = {"email": f"{name}@example.org", "password": password}
        if not known:
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
        return self.push([self.op(key, 0, {"saved_from": paper()}) | more for key in fresh])

    def push_edits(self, keys: list[str]) -> int:
        return self.push([self.op(key, 2**53, {"note": note(), "status": "reading"}) for key in keys])

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

    def push(self, ops: list[dict[str, Any]]) -> int:
        """Push these ops, each of which has to be taken."""
        answer = self.caller.json("POST", "/v1/sync/push", {**self._envelope, "first_seq": self._seq, "ops": ops})
        self._seq += len(ops)
        return exactly(sum(result["status"] == "applied" for result in answer["results"]), len(ops))


def exactly(found: int, wanted: int, within: int = 0) -> int:
    """The number of units that were done; raises OSError where they are others than asked."""
    if abs(found - wanted) > within:
        raise OSError(f"{found} instead of {wanted}: this was not the work")
    return wanted
