"""What a click waits for while a large file is imported, beside what it waits for in the calm.

A real API and a real worker; the clicks are saves of new papers by the same person, at a person's pace.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from uuid import uuid4

from tests.bench import servers
from tests.bench.caller import Caller
from tests.bench.device import PASSWORD
from tests.bench.large_library import Measure
from tests.bench.papers import paper

CLICKS = 20  # in the calm
PAUSE = 0.5  # seconds between two clicks: a worker looks each paper up, and has time left
ENTRY = """@article{key%(number)d,
  title = {%(title)s}, author = {Lindqvist, A. and Okafor, B.}, journal = {Journal of Synthetic Findings},
  year = {2024}, doi = {10.5555/imported.%(number)d}, abstract = {%(title)s, at some length.}
}
"""


def measure(folder: Path, database: str, records: int) -> Iterator[Measure]:
    """Import so many records and click meanwhile; yields each figure."""
    home = folder / f"import_{database}"
    with ExitStack() as stack:
        address, redis_url = stack.enter_context(servers.stores(home, database))
        url, _ = stack.enter_context(servers.service_process(home, address, redis_url))
        stack.enter_context(servers.worker(home, address, redis_url))
        caller = _signed_in(url)
        calm = [_click(caller) for _ in range(CLICKS)]
        began = time.perf_counter()
        started = caller.json("POST", "/v1/imports?filename=large.bib", _file(records))
        busy: list[float] = []
        while (run := caller.json("GET", f"/v1/imports/{started['id']}"))["state"] in ("queued", "running"):
            busy.append(_click(caller))
        took = time.perf_counter() - began
        if run["counts"]["imported"] != records:
            raise OSError(f"{run['counts']} instead of {records} imported: this was not the work")
        work = f"while {records:,} records are imported"
        yield Measure(database, "a click (save) in the calm", median(calm), "ms")
        yield Measure(database, f"a click (save) {work}", median(busy or [0.0]), "ms")
        yield Measure(database, f"the slowest of {len(busy)} clicks {work}", max(busy, default=0.0), "ms")
        yield Measure(database, f"import of {records:,} records, with the clicks", records / took, "records/s")


def _signed_in(url: str) -> Caller:
    account = {"email": "importer@example.org", "password": PASSWORD}
    door = Caller(url)
    door.ask("POST", "/v1/accounts", account)
    return Caller(url, door.json("POST", "/v1/sessions", account)["access_token"])


def _click(caller: Caller) -> float:
    """Milliseconds that a save takes; a pause before it."""
    time.sleep(PAUSE)  # a person's pace
    began = time.perf_counter()
    caller.ask("POST", "/v1/saves", {"id": str(uuid4()), **paper()})
    return 1000 * (time.perf_counter() - began)


def _file(records: int) -> bytes:
    titles = (paper()["page"]["title"] for _ in range(records))
    return "".join(ENTRY % {"number": number, "title": title} for number, title in enumerate(titles)).encode()
