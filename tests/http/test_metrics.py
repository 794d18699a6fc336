"""`/metrics`: one answer for the whole instance, for those alone who may read it."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest
import redis
from litestar import Litestar

from api.actions.desk import Desk
from api.counters import BUCKETS, KEY, Counters, series
from api.domain.exposition import Figure, expose
from api.http.metrics import FIGURES
from api.standing import BREAKER_KEY
from api.store.database import Tx
from tests.conftest import Clock
from tests.http.conftest import Client, MakeClient, bearer
from tests.make import make_id, make_op
from workers.ticker import sweep, turn

TOKEN = "a token of the metrics, long enough to be one"


def figures(text: str) -> dict[str, float]:
    """Every series of an answer; a line that is none fails."""
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    matched = [re.fullmatch(r'([a-z_]+(?:\{(?:[a-z]+="[^"]*",?)*\})?) (\S+)', line) for line in lines]
    assert all(matched), lines
    return {one[1]: float(one[2]) for one in matched if one}


async def read(client: Client) -> dict[str, float]:
    answer = await client.get("/metrics")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    return figures(answer.text)


async def test_requests_are_counted_by_route_and_status_and_never_by_address(
    client: Client, ada: dict[str, Any]
) -> None:
    before = await read(client)
    for number in range(3):
        await client.get(f"/v1/papers/{make_id(str(number))}", headers=bearer(ada["access_token"]))
    await client.get("/no/such/place")
    await client.request("BREW", "/v1/entries")
    after = await read(client)
    name = series("scholium_http_requests_total", method="GET", route="/v1/papers/{paper_id}", status="404")
    assert after[name] - before.get(name, 0) == 3
    assert after[series("scholium_http_requests_total", method="GET", route="(none)", status="404")] >= 1
    assert not [one for one in after if "no/such" in one or "BREW" in one or make_id("0") in one]


async def test_a_histogram_holds_every_request_and_its_buckets_only_grow(client: Client) -> None:
    await client.get("/health/live")
    found = await read(client)
    of_route = {"method": "GET", "route": "/health/live"}
    bounds = [*(f"{bound:g}" for bound in BUCKETS), "+Inf"]
    buckets = [found.get(series("scholium_http_request_seconds_bucket", **of_route, le=one), 0) for one in bounds]
    assert buckets == sorted(buckets)
    assert buckets[-1] == found[series("scholium_http_request_seconds_count", **of_route)] >= 1


def test_a_value_on_a_bound_is_in_that_bucket() -> None:
    counters = Counters()
    for seconds in (0.001, 0.005, 0.0051, 31):
        counters.observe("x_seconds", seconds)
    found = {
        bound: counters._unsent.get(series("x_seconds_bucket", le=bound)) for bound in ("0.005", "0.01", "30", "+Inf")
    }
    assert found == {"0.005": 2, "0.01": 3, "30": 3, "+Inf": 4}


async def test_any_process_tells_of_all_of_them(make_client: MakeClient, desk: Desk) -> None:
    one, other = await make_client(), await make_client()
    name = series("scholium_http_requests_total", method="GET", route="/health/live", status="200")
    for client in (one, other, other):
        await client.get("/health/live")
    await read(one)  # each adds its own when it is asked, else within a second
    assert (await read(other))[name] == 3
    assert (await read(one))[name] == 3


async def test_pushes_count_by_result_and_pulls_by_what_they_brought(client: Client, ada: dict[str, Any]) -> None:
    head = bearer(ada["access_token"])
    envelope = {"schema": 1, "library_id": ada["library_id"], "device_id": ada["device_id"], "first_seq": 1}
    good = make_op(name="tag", type="tag", key=make_id("tag"), device=ada["device_id"], set={"name": "thesis"})
    bad = make_op(name="bad", type="tag", key=make_id("bad"), device=ada["device_id"], set={"nonsense": 1})
    pushed = await client.post("/v1/sync/push", json=envelope | {"ops": [good, bad]}, headers=head)
    assert pushed.status_code == 200, pushed.text
    await client.get("/v1/sync/pull", headers=head)
    found = await read(client)
    assert found[series("scholium_sync_ops_total", result="applied")] == 1
    assert found[series("scholium_sync_ops_total", result="rejected")] == 1
    assert found["scholium_sync_changes_total"] == 1


async def test_what_was_counted_while_redis_was_away_is_added_later(redis_url: str, tmp_path: Any) -> None:
    counters = Counters(f"unix://{tmp_path / 'nobody.sock'}")
    counters.add("scholium_jobs_total", kind="paper", outcome="done")
    await counters.flush()
    assert await counters.read() is None
    back = Counters(redis_url)
    back._unsent = counters._unsent
    name = series("scholium_jobs_total", kind="paper", outcome="done")
    assert (await back.read() or {})[name] == 1
    await back.close()
    await counters.close()


async def test_lanes_dead_letters_rounds_and_sources_are_shown(
    client: Client, ada: dict[str, Any], desk: Desk, clock: Clock
) -> None:
    head = bearer(ada["access_token"])
    for name in ("2001.00001", "2001.00002", "2001.00003"):
        wish = {"id": make_id(name), "url": f"https://arxiv.org/abs/{name}"}
        assert (await client.post("/v1/saves", json=wish, headers=head)).status_code == 201

    async def wear_out(tx: Tx) -> None:
        await tx.run("UPDATE paper SET starts = 5 WHERE id = (SELECT MIN(id) FROM paper)")

    await desk.database.write(wear_out)
    with redis.Redis.from_url(desk.settings.redis_url) as queue:
        seconds, micros = queue.time()
        queue.hset(f"{BREAKER_KEY}crossref", "shut", seconds * 1_000_000 + micros + 100_000_000)
    clock.forward(40)
    await turn(desk, "sweep", 30, sweep)
    found = await read(client)
    assert found[series("scholium_lane_waiting", lane="new")] == 2
    assert found[series("scholium_lane_oldest_seconds", lane="new")] == 40
    assert found["scholium_jobs_dead"] == found["scholium_jobs_buried_total"] == 1
    assert found[series("scholium_clock_round_failed", round="sweep")] == 0
    assert 90 < found[series("scholium_source_shut_seconds", source="crossref")] <= 100
    assert found[series("scholium_source_shut_seconds", source="arxiv")] == 0
    assert found["scholium_queue_up"] == 1
    assert found["scholium_queue_reminders"] >= 2


async def test_a_queue_that_is_away_is_a_figure_and_no_failure(make_client: MakeClient, tmp_path: Any) -> None:
    client = await make_client(redis_url=f"unix://{tmp_path / 'nobody.sock'}")
    assert (await read(client)).get("scholium_queue_up") in (0, 1)  # the desk's own reminders may reach it
    assert (await client.get("/health/ready")).status_code == 200


async def test_the_token_opens_and_nothing_else_does(make_client: MakeClient, ada: dict[str, Any]) -> None:
    client = await make_client(metrics_token=TOKEN)
    assert (await client.get("/metrics")).status_code == 401
    for wrong in (TOKEN[:-1], "", ada["access_token"]):
        assert (await client.get("/metrics", headers=bearer(wrong))).status_code == 401
    assert (await client.get("/metrics", headers=bearer(TOKEN))).status_code == 200


@pytest.mark.parametrize(
    ("address", "headers", "status"),
    [
        ("127.0.0.1", {}, 200),
        ("::1", {}, 200),
        ("10.0.0.7", {}, 403),
        ("203.0.113.9", {}, 403),
        ("127.0.0.1", {"X-Forwarded-For": "203.0.113.9"}, 403),
        ("127.0.0.1", {"Forwarded": "for=203.0.113.9"}, 403),
        ("127.0.0.1", {"Via": "1.1 caddy"}, 403),
        ("127.0.0.1", {"Host": "localhost:8420"}, 200),
        ("127.0.0.1", {"Host": "rebound.example"}, 403),
    ],
)
async def test_without_a_token_only_this_machine_may_read(
    client: Client, address: str, headers: dict[str, str], status: int
) -> None:
    app: Litestar = client._transport.app  # type: ignore[attr-defined]
    transport = httpx.ASGITransport(app, client=(address, 4711))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8420") as near:
        assert (await near.get("/metrics", headers=headers)).status_code == status


def test_a_series_that_no_figure_describes_is_left_out_and_labels_are_escaped() -> None:
    name = series("a_total", route='"\\\n')
    text = expose([Figure("a_total", "A.", "counter")], {name: 2, "b_total": 1})
    assert text == '# HELP a_total A.\n# TYPE a_total counter\na_total{route="\\"\\\\\\n"} 2\n'


def test_figures_are_described_once_each() -> None:
    names = [figure.name for figure in FIGURES]
    assert len(set(names)) == len(names)
    assert all(name.endswith("_total") for name, _, kind in FIGURES if kind == "counter")


async def test_counters_start_anew_after_a_flush_and_fail_nobody(client: Client, desk: Desk) -> None:
    await client.get("/health/live")
    await read(client)
    with redis.Redis.from_url(desk.settings.redis_url) as queue:
        queue.delete(KEY)
    await client.get("/health/live")
    name = series("scholium_http_requests_total", method="GET", route="/health/live", status="200")
    assert (await read(client))[name] == 1
