"""A crowd: many people, each with a device, who save, push, pull, look, search and export through one address.

They ask either as fast as they are answered or at a given pace; each answer is noted with when it was due. Refuses to
try again: what an answer was is what counts here.
"""

from __future__ import annotations

import http.client
import itertools
import queue
import random
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode, urlsplit

import msgspec
from msgspec import Struct

from api.domain.clock import hlc
from tests.bench.papers import note, paper
from tests.durability.devices import new_key
from tests.journeys.conftest import PASSWORD

PATIENCE = 60  # seconds; whoever is not answered by then hangs
IDLE_SECONDS = 2.0  # less than the proxy keeps a silent connection
KINDS = {"pull": 40, "read": 20, "push": 15, "save": 12, "search": 10, "export": 3}  # of a hundred requests
WORDS = ("sparse attention", "kernel", "robust causal", "molecule", "nakamura", "policy reward")
BATCH = 100  # papers of one push


class Answer(Struct, frozen=True):
    """One answer: when it was due and how long it took, in seconds; its status (0: none came) and `Retry-After`."""

    kind: str
    due: float
    took: float
    status: int
    again: str


class Line:
    """One connection, opened anew where it was silent for too long or broke."""

    def __init__(self, url: str) -> None:
        self._connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=PATIENCE)
        self._used = 0.0

    def ask(self, method: str, path: str, body: object = None, token: str = "") -> tuple[int, str, bytes]:
        """Status (0 where the connection broke), `Retry-After`, the body. Bytes go out as a form, else as JSON."""
        form = isinstance(body, bytes)
        headers = {"Content-Type": "application/x-www-form-urlencoded" if form else "application/json"}
        headers |= {"Authorization": f"Bearer {token}"} if token else {}
        sent = body if body is None or isinstance(body, bytes) else msgspec.json.encode(body)
        if time.monotonic() > self._used + IDLE_SECONDS:
            self._connection.close()
        try:
            self._connection.request(method, path, sent, headers)
            answer = self._connection.getresponse()
            read = answer.read()
        except (OSError, http.client.HTTPException) as failure:
            self._connection.close()
            return 0, "", repr(failure).encode()
        self._used = time.monotonic()
        return answer.status, answer.getheader("Retry-After", ""), read

    def json(self, method: str, path: str, body: object = None, token: str = "") -> Any:
        """The answer, decoded; raises OSError for one that is no success."""
        status, _, read = self.ask(method, path, body, token)
        if not 200 <= status < 300:
            raise OSError(f"{method} {path}: {status} {read[:300]!r}")
        return msgspec.json.decode(read)

    def close(self) -> None:
        """Give the connection up."""
        self._connection.close()


class Person:
    """An account with one device; one request of it at a time."""

    def __init__(self, line: Line, name: str, papers: int) -> None:
        account = {"email": f"{name}@example.org", "password": PASSWORD}
        line.json("POST", "/v1/accounts", account)
        self._keep(line.json("POST", "/v1/sessions", account))
        self._sequence, self._ticks = itertools.count(1), itertools.count()
        self._random = random.Random(name)  # noqa: S311  a crowd that is the same every time is wanted
        self._mine: list[str] = []
        self._cursor = ""
        for start in range(0, papers, BATCH):
            fresh = [new_key() for _ in range(min(BATCH, papers - start))]
            self._mine += fresh
            line.json("POST", "/v1/sync/push", self._saves(fresh), self._token)

    def do(self, line: Line, kind: str) -> tuple[int, str]:
        """One piece of work: its status and `Retry-After`. A token that is over is changed for a new one first."""
        method, path, body = self._wish(kind)
        status, again, read = line.ask(method, path, body, self._token)
        if status == http.client.UNAUTHORIZED:
            grant = {"grant_type": "refresh_token", "client_id": "scholium", "refresh_token": self._refresh}
            self._keep(line.json("POST", "/oauth/token", urlencode(grant).encode()))
            status, again, read = line.ask(method, path, body, self._token)
        if kind == "pull" and status == http.client.OK:
            self._cursor = msgspec.json.decode(read)["cursor"]
        return status, again

    def _keep(self, session: Any) -> None:
        self._token, self._refresh = session["access_token"], session["refresh_token"]
        self._library, self._device = session["library_id"], session["device_id"]

    def _wish(self, kind: str) -> tuple[str, str, object]:
        if kind == "pull":
            return "GET", f"/v1/sync/pull?limit=100&cursor={self._cursor}".removesuffix("&cursor="), None
        if kind == "read":
            return "GET", "/v1/entries?limit=50", None
        if kind == "search":
            return "GET", f"/v1/search?q={self._random.choice(WORDS).replace(' ', '+')}", None
        if kind == "export":
            return "GET", "/v1/export?format=bibtex", None
        if kind == "save":
            return "POST", "/v1/saves", {"id": new_key(), **paper()}
        edited = self._random.sample(self._mine, min(10, len(self._mine)))
        return "POST", "/v1/sync/push", self._batch(edited, lambda: {"note": note(), "status": "reading"}, 2**53)

    def _saves(self, keys: Sequence[str]) -> dict[str, Any]:
        return self._batch(keys, lambda: {"saved_from": paper()}, 0)

    def _batch(self, keys: Sequence[str], values: Any, base: int) -> dict[str, Any]:
        ops = []
        for key in keys:
            stamp = hlc(time.time_ns() // 1_000_000, next(self._ticks) % 60_000, self._device)
            ops.append(
                {"id": new_key(), "type": "entry", "key": key, "op": "put", "base": base, "hlc": stamp, "set": values()}
            )
        first, *_ = [next(self._sequence) for _ in ops]
        return {"schema": 1, "library_id": self._library, "device_id": self._device, "first_seq": first, "ops": ops}


class Crowd:
    """Many people at one address."""

    def __init__(self, url: str, people: int, papers: int) -> None:
        self._url = url
        self._free: queue.SimpleQueue[Person] = queue.SimpleQueue()
        with ThreadPoolExecutor(8) as pool, self._lines(8) as lines:
            work = [pool.submit(self._people, lines[n], n, people, papers) for n in range(8)]
            for done in work:
                for person in done.result():
                    self._free.put(person)

    def ask(self, seconds: float, askers: int, pace: float = 0.0) -> list[Answer]:
        """What so many at a time were answered; at so many requests a second, or (0) as fast as they are answered.

        At a pace the time counts from when a request was due: who waits for somebody to ask waits too.
        """
        answers: list[Answer] = []
        begin = time.monotonic()
        turns, lock = itertools.count(), threading.Lock()

        def work(line: Line) -> None:
            while True:
                with lock:
                    turn = next(turns)
                due = begin + turn / pace if pace else time.monotonic()
                if due >= begin + seconds or time.monotonic() >= begin + seconds + PATIENCE:
                    return
                time.sleep(max(0.0, due - time.monotonic()))  # the pace
                kind, person = _KINDS[turn % len(_KINDS)], self._free.get()
                status, again = person.do(line, kind)
                self._free.put(person)
                answers.append(Answer(kind, due - begin, time.monotonic() - due, status, again))

        with ThreadPoolExecutor(askers) as pool, self._lines(askers) as lines:
            for done in [pool.submit(work, line) for line in lines]:
                done.result()
        return answers

    @contextmanager
    def _lines(self, many: int) -> Iterator[list[Line]]:
        lines = [Line(self._url) for _ in range(many)]
        yield lines
        for line in lines:
            line.close()

    @staticmethod
    def _people(line: Line, first: int, people: int, papers: int) -> list[Person]:
        return [Person(line, f"reader-{number}", papers) for number in range(first, people, 8)]


_KINDS = [kind for kind, many in KINDS.items() for _ in range(many)]
random.Random(3).shuffle(_KINDS)  # noqa: S311  the same order every time
