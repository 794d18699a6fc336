"""A crowd behind the shipped proxy, at its own pace, beyond what can be served, and among clients that take for ever.

PostgreSQL, two API processes, one worker. A short run has 20 people with 100 papers each and two minutes; `make soak`
1,000 people, 100,000 papers and half an hour at sixty per cent of the peak that it measured before.
"""

from __future__ import annotations

import shutil
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import chain
from pathlib import Path

import pytest

from tests.conftest import ROOT, fresh_database
from tests.durability.conftest import MEGABYTE, arxiv, told
from tests.durability.crowd import Answer, Crowd
from tests.durability.scale import FULL, scaled
from tests.durability.site import APIS, PARTS, Site
from tests.durability.slow_clients import SlowClients
from tests.fakes import ReplayServer
from tests.journeys.conftest import until

PEOPLE, PAPERS = scaled(1000, 20), 100
PEAK_SECONDS = scaled(30, 6)
STEADY_SECONDS = scaled(1800, 60)
SETTLED_SECONDS = scaled(300, 30)  # after which memory should grow no more
FLOOD_SECONDS = scaled(120, 12)
ASKERS = 16
FLOOD_ASKERS = 200
BACK_SECONDS = 30  # within which a flood must be forgotten
CLOSED_SECONDS = 60  # within which a client that takes for ever must be closed
SLOW = scaled(200, 50)  # of each kind
MOST_MEMORY = 400 * MEGABYTE
MOST_GROWTH = 1.10 if FULL else 1.25  # a minute is short: caches still fill


@pytest.fixture
def site(request: pytest.FixtureRequest, redis_url: str, tmp_path: Path) -> Iterator[Site]:
    """The whole service behind its proxy, on PostgreSQL."""
    if shutil.which("caddy") is None:
        pytest.skip("needs the program caddy")
    with ExitStack() as stack:
        sources = stack.enter_context(ReplayServer(arxiv))
        url = stack.enter_context(fresh_database("postgres", request.getfixturevalue, tmp_path))
        made = Site(stack, tmp_path, told(sources.url, redis_url, tmp_path) | {"SCHOLIUM_DATABASE_URL": url})
        for part in PARTS:
            made.start(part, ROOT)
        made.start_proxy()
        yield made


class Watch:
    """What the processes hold, looked at again and again while something goes on: bytes and descriptors of each."""

    def __init__(self, site: Site, seconds: float) -> None:
        self.seen: list[tuple[float, dict[str, tuple[int, int]]]] = []
        self._site, self._seconds, self._over = site, seconds, threading.Event()
        self._thread = threading.Thread(target=self._look)

    def __enter__(self) -> Watch:
        self._thread.start()
        return self

    def __exit__(self, *failure: object) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        begin = time.monotonic()
        while not self._over.wait(self._seconds):
            self.seen.append((time.monotonic() - begin, {part: self._site.held(part) for part in PARTS}))


def percentile(answers: list[Answer], share: float) -> float:
    """Milliseconds that so many of the answers took at most."""
    took = sorted(one.took for one in answers)
    return 1000 * took[int(len(took) * share)] if took else 0.0


def figures(answers: list[Answer]) -> str:
    """What a person would want to know of them."""
    kinds = sorted({one.kind for one in answers})
    each = {kind: [one for one in answers if one.kind == kind] for kind in kinds}
    return ", ".join(f"{kind} {percentile(of, 0.5):.0f}/{percentile(of, 0.99):.0f}" for kind, of in each.items())


def test_a_crowd_is_served_flooded_and_served_again(site: Site) -> None:
    crowd = Crowd(site.url, PEOPLE, PAPERS)
    crowd.ask(3, ASKERS)  # connections and statements are made once
    peak_answers = crowd.ask(PEAK_SECONDS, ASKERS)
    peak = len(peak_answers) / PEAK_SECONDS
    assert {one.status // 100 for one in peak_answers} == {2}
    print(f"peak {peak:.0f} requests a second; median/p99 in ms: {figures(peak_answers)}")
    is_steady(crowd, site, peak * 0.6)
    sheds_and_recovers(crowd, peak)


def is_steady(crowd: Crowd, site: Site, pace: float) -> None:
    """At this pace nothing fails, and neither memory nor descriptors grow."""
    with Watch(site, 5) as watch:
        answers = crowd.ask(STEADY_SECONDS, 4 * ASKERS, pace)
    first = [one for one in answers if one.due < 60]
    ratio = percentile(answers, 0.99) / percentile(first, 0.5)
    print(
        f"{len(answers)} requests at {pace:.0f} a second: p99 {ratio:.1f} x the first minute's p50: {figures(answers)}"
    )
    assert Counter(one.status for one in answers if one.status // 100 != 2) == Counter()
    settled = next(held for at, held in watch.seen if at >= SETTLED_SECONDS)
    last = watch.seen[-1][1]
    for part in PARTS:
        (bytes_then, files_then), (bytes_now, files_now) = settled[part], last[part]
        most = max(held[part][0] for _, held in watch.seen)
        print(
            f"{part}: {bytes_then / MEGABYTE:.0f} to {bytes_now / MEGABYTE:.0f} MB, {most / MEGABYTE:.0f} at most; "
            f"descriptors {files_then} to {files_now}"
        )
        assert most < MOST_MEMORY
        assert bytes_now <= MOST_GROWTH * bytes_then
        assert files_now <= files_then + 4 * ASKERS  # the proxy's connections come and go


def sheds_and_recovers(crowd: Crowd, peak: float) -> None:
    """Three times what can be served is answered or turned away, and soon after all is as it was."""
    before = crowd.ask(PEAK_SECONDS, ASKERS, peak * 0.6)
    flood = crowd.ask(FLOOD_SECONDS, FLOOD_ASKERS, peak * 3)
    after = crowd.ask(BACK_SECONDS + PEAK_SECONDS, ASKERS, peak * 0.6)
    late = [one for one in after if one.due > BACK_SECONDS]
    statuses = dict(Counter(one.status for one in flood))
    ratio = percentile(late, 0.95) / percentile(before, 0.95)
    print(f"three times the peak: {statuses}; p95 {BACK_SECONDS} s after it {ratio:.1f} x the one before")
    assert set(statuses) <= {200, 201, 429, 503}
    assert all(one.again for one in flood if one.status in (429, 503))
    assert {one.status // 100 for one in late} == {2}


def test_clients_that_take_for_ever_are_closed_and_cost_nobody_else_their_turn(site: Site) -> None:
    crowd = Crowd(site.url, scaled(50, 8), PAPERS)
    pace = 0.3 * len(crowd.ask(PEAK_SECONDS, ASKERS)) / PEAK_SECONDS
    calm = crowd.ask(PEAK_SECONDS, ASKERS, pace)

    def descriptors() -> int:
        return sum(site.held(api)[1] for api in APIS)

    held = descriptors()
    with SlowClients(site.url, SLOW) as slow:
        busy = crowd.ask(CLOSED_SECONDS, ASKERS, pace)
        left = slow.open()
        # the proxy still waits for readers of its answers, the APIs do not
        until(lambda: descriptors() <= held + SLOW / 5, what="the descriptors of the APIs")
        now = descriptors()
    ratio = percentile(busy, 0.95) / percentile(calm, 0.95)
    print(
        f"{SLOW} slow clients of each kind: others' p95 {ratio:.1f} x that of the calm; open after a minute: {left}; "
        f"the APIs' descriptors: {held}, after a minute {now}"
    )
    assert {one.status // 100 for one in chain(calm, busy)} == {2}
    assert (left["half a head"], left["a byte a second"]) == (0, 0)
