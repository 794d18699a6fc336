"""Many sign in at once: memory stays, others are served, and whoever cannot be is told when to come again."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection

import msgspec

from tests.durability.conftest import MEGABYTE, Service
from tests.durability.devices import HttpDevice
from tests.durability.scale import FULL, engines
from tests.journeys.conftest import PASSWORD

MOST_MEMORY = 300 * MEGABYTE
SignIn = Callable[[str, str], HttpDevice]


class Reading:
    """A device that reads on and on; how long each answer took."""

    def __init__(self, device: HttpDevice) -> None:
        self.took: list[float] = []
        self._device, self._stop = device, threading.Event()

    @contextmanager
    def during(self) -> Iterator[None]:
        """Read while the block lasts."""
        thread = threading.Thread(target=self._read)
        thread.start()
        try:
            yield
        finally:
            self._stop.set()
            thread.join()

    def p95(self) -> float:
        """Milliseconds."""
        return 1000 * sorted(self.took)[int(len(self.took) * 0.95)]

    def _read(self) -> None:
        while not self._stop.is_set():
            began = time.monotonic()
            self._device.client.get("/v1/entries").raise_for_status()
            self.took.append(time.monotonic() - began)
            self._stop.wait(0.01)  # a person's pace, and the same in the calm


def sign_ins(service: Service, many: int) -> list[tuple[int, str | None]]:
    """The status of each of many at once, every second of an unknown account, and when to come again."""

    def ask(number: int) -> tuple[int, str | None]:
        connection = HTTPConnection("127.0.0.1", service.port, timeout=120)
        wish = {"email": f"nobody-{number}@example.org", "password": PASSWORD, "device": "d"}
        connection.request("POST", "/v1/sessions", msgspec.json.encode(wish), {"Content-Type": "application/json"})
        answer = connection.getresponse()
        answer.read()
        connection.close()
        return answer.status, answer.getheader("Retry-After")

    with ThreadPoolExecutor(many) as threads:
        return list(threads.map(ask, range(many)))


@engines("postgres")
def test_many_sign_ins_at_once_cost_little_memory_and_nobody_else_their_turn(service: Service, sign_in: SignIn) -> None:
    reader = sign_in(service.url, "reader")
    sign_ins(service, 4)  # threads and connections are made once
    before = service.resident()
    calm = Reading(reader)
    with calm.during():
        time.sleep(3)  # the length of the calm
    for many in (32, 200):
        busy = Reading(reader)
        with busy.during():
            said = sign_ins(service, many)
        grown = service.resident("VmHWM") - before
        counted, ratio = dict(Counter(status for status, _ in said)), busy.p95() / calm.p95()
        print(f"{many} sign-ins: {counted}; {grown / MEGABYTE:+.0f} MB; others' p95 {ratio:.1f} x that of the calm")
        assert grown < MOST_MEMORY
        assert {status for status, _ in said} <= {401} if many == 32 else {401, 503}
        assert all(again for status, again in said if status == 503)
        if FULL:
            assert ratio <= 2
    assert reader.client.get("/v1/entries").status_code == 200
