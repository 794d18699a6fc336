"""Hosts stopped, cables cut and APIs upgraded under traffic: nothing acknowledged is lost or doubled, and service comes
back.

A short run has four faults and an upgrade; `make soak` stops each host and cuts each cable once, in ten minutes.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import msgspec
import pytest

from tests.durability.scale import FULL, scaled
from tests.hosts.cluster import APIS, WORKERS, Cluster
from tests.hosts.network import Network, why_not
from tests.hosts.traffic import Asked, Verdict
from tests.journeys.conftest import until

CALM_SECONDS = scaled(60, 8)
DOWN_SECONDS = scaled(20, 6)
REST_SECONDS = scaled(12, 3)  # of calm after each fault
BACK_SECONDS = 30  # within which service must be back
FOLLOWED_SECONDS = 120  # within which a worker that died is followed
KINDS = {"push", "pull", "save", "read", "stream"}
ROLL = tuple(("roll", api) for api in APIS)
SHORT = (("stop", "api1"), ("cut", "api2"), ("stop", "queue"), ("cut", "database"), *ROLL)
ALL = (*((how, host) for host in (*APIS, *WORKERS, "queue", "database", "proxy") for how in ("stop", "cut")), *ROLL)


class Watcher:
    """Reads what the traffic writes down."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def requests(self) -> list[Asked]:
        """All requests that ended so far."""
        lines = self._file.read_text("utf-8").splitlines() if self._file.exists() else []
        return [msgspec.json.decode(line, type=Asked) for line in lines if line.endswith("}")]

    def all_kinds_since(self, moment: float) -> bool:
        """Whether requests of every kind that began after this moment succeeded; a stream may have held."""
        since = [one for one in self.requests() if one.at >= moment]
        return {one.kind for one in since if not one.wrong} >= KINDS - {"stream"}


@pytest.fixture
def cluster(runtime_dir: Path) -> Iterator[Cluster]:
    """The service, running on its hosts."""
    if why := why_not():
        pytest.skip(why)
    home = runtime_dir / "hosts"
    home.mkdir(mode=0o755)
    with Network() as network:
        made = Cluster(network, home)
        made.up()
        yield made


def strike(cluster: Cluster, how: str, host: str) -> tuple[float, float]:
    """Stop a host or cut its cable, and undo it after a while, or upgrade it; when it began, and when it was undone."""
    began = time.monotonic()
    if how == "roll":
        cluster.roll(host)
        until(lambda: cluster.answers(host), FOLLOWED_SECONDS, f"{host} after its upgrade")
        return began, time.monotonic()
    (cluster.network.kill if how == "stop" else cluster.network.cut)(host)
    time.sleep(DOWN_SECONDS)  # the length of the fault, not a wait for something
    undone = time.monotonic()
    (cluster.start if how == "stop" else cluster.network.mend)(host)
    return began, undone


def percentile(requests: list[Asked]) -> float:
    """The 99th percentile of how long requests took, in milliseconds."""
    took = sorted(one.took for one in requests if not one.wrong and one.kind != "stream")
    return 1000 * took[int(len(took) * 0.99)] if took else 0.0


def test_hosts_that_stop_and_cables_that_are_cut_cost_no_acknowledged_write(cluster: Cluster) -> None:
    traffic = cluster.network.start(
        "client", [sys.executable, "-m", "tests.hosts.traffic", cluster.url, cluster.home], cluster.home / "traffic.log"
    )
    watcher = Watcher(cluster.home / "requests.jsonl")
    until(lambda: watcher.all_kinds_since(0), what="the traffic")
    calm_from = time.monotonic()
    time.sleep(CALM_SECONDS)  # the length of the calm
    spans = [("calm", calm_from, time.monotonic())]
    late: list[str] = []
    for how, host in ALL if FULL else SHORT:
        began, undone = strike(cluster, how, host)
        until(lambda since=undone: watcher.all_kinds_since(since), 2 * BACK_SECONDS, f"service after {how} {host}")
        time.sleep(REST_SECONDS)
        alone = host in ("database", "proxy")  # of which there is one: service comes back after it does
        wrong = [one for one in watcher.requests() if one.wrong and one.at + one.took >= began]
        back = max((one.at + one.took - (undone if alone else began) for one in wrong), default=0.0)
        kinds = Counter(f"{one.kind} {one.wrong}" for one in wrong)
        print(f"{how} {host}: {dict(kinds)} failed; back after {back:.1f} s")
        late += [f"{how} {host}: {back:.1f} s"] * (back > BACK_SECONDS)
        if how == "roll":  # what the API itself answers; a dropped connection is the proxy's 502
            late += [f"{how} {host}: {said}" for said in kinds if " 5" in said and not said.endswith("502 ")]
        spans.append((f"{how} {host}", began, undone + max(back, 0)))
    judged = verdict_of(cluster, traffic)
    print(f"{judged.acknowledged} objects acknowledged; p99 {calm_figures(watcher.requests(), spans)}")
    assert (judged.lost, judged.doubled, judged.refused, judged.missed, late) == ([], [], [], [], [])
    assert judged.acknowledged > 10 * CALM_SECONDS
    asyncio.run(everything_was_looked_up(cluster))


def verdict_of(cluster: Cluster, traffic: subprocess.Popen[bytes]) -> Verdict:
    """End the traffic, and hear what it found."""
    traffic.terminate()
    assert traffic.wait(120) == 0, (cluster.home / "traffic.log").read_text()[-3000:]
    return msgspec.json.decode((cluster.home / "verdict.json").read_bytes(), type=Verdict)


def calm_figures(requests: list[Asked], spans: list[tuple[str, float, float]]) -> str:
    """The percentile before the first fault, outside of all faults, and in each."""
    calm = [one for one in requests if spans[0][1] <= one.at < spans[0][2]]
    met = {name: [one for one in requests if one.at + one.took >= a and one.at < b] for name, a, b in spans}
    struck = set(chain(*(met[name] for name, _, _ in spans[1:])))
    rest = [one for one in requests if one.at > spans[0][2] and one not in struck]
    each = {name: round(percentile(met[name])) for name, _, _ in spans[1:]}
    return f"{percentile(calm):.0f} ms in the calm, {percentile(rest):.0f} ms in the rest, in faults {each}"


async def everything_was_looked_up(cluster: Cluster) -> None:
    """Workers go on, whoever died, until nothing is left to do."""
    left, since = -1, time.monotonic()
    while left:
        (row,) = await cluster.ask("SELECT count(*) AS left FROM paper WHERE enrich_state <> 'done'")
        if row["left"] != left:
            left, since = row["left"], time.monotonic()
        assert time.monotonic() < since + FOLLOWED_SECONDS, f"{left} papers wait"
        await asyncio.sleep(0.5)
