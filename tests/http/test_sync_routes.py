"""The routes beside push and pull: their shapes, who may ask, and what they refuse."""

from __future__ import annotations

from typing import Any

import pytest

from tests.http.conftest import Client, bearer
from tests.make import make_id, make_op


@pytest.fixture
async def signed(client: Client, ada: dict[str, Any]) -> Client:
    """A client that speaks for Ada."""
    client.headers["Authorization"] = f"Bearer {ada['access_token']}"
    return client


async def push(client: Client, ada: dict[str, Any], *ops: dict[str, Any], seq: int = 0) -> list[dict[str, Any]]:
    """Push these ops; their results."""
    wish = {"schema": 1, "library_id": ada["library_id"], "device_id": ada["device_id"], "first_seq": seq}
    answer = await client.post("/v1/sync/push", json=wish | {"ops": ops})
    assert answer.status_code == 200, answer.text
    results: list[dict[str, Any]] = answer.json()["results"]
    return results


def tag(number: int) -> dict[str, Any]:
    return make_op(name=f"t{number}", type="tag", key=make_id(f"t{number}"), set={"name": f"t{number}"})


async def test_the_index_has_its_slim_shape(signed: Client) -> None:
    for number in range(3):
        wish = {"id": make_id(f"e{number}"), "url": f"https://arxiv.org/abs/1706.0000{number}"}
        await signed.post("/v1/saves", json=wish | {"saved_at": f"2026-11-1{number}T10:00:00Z"})
    first = (await signed.get("/v1/sync/index", params={"limit": 2})).json()
    assert set(first) == {"items", "cursor"}
    assert [item[0] for item in first["items"]] == [make_id("e2"), make_id("e1")]
    assert (first["items"][0][1], first["items"][0][3]) == (["arxiv:1706.00002"], "to_read")
    second = (await signed.get("/v1/sync/index", params={"cursor": first["cursor"]})).json()
    assert ([item[0] for item in second["items"]], second["cursor"]) == ([make_id("e0")], None)
    assert (await signed.get("/v1/sync/index", params={"cursor": "x"})).json()["code"] == "bad_cursor"


async def test_a_resync_answers_with_the_epoch_and_the_last_common_version(signed: Client, ada: dict[str, Any]) -> None:
    await push(signed, ada, tag(1))
    page = (await signed.get("/v1/sync/pull")).json()
    answer = await signed.post("/v1/sync/resync", json={"commits": [page["commit"], [9, "lost"]]})
    assert (answer.status_code, answer.json()) == (200, {"epoch": page["epoch"], "at_version": 1, "floor": 0})
    assert (await signed.post("/v1/sync/resync", json={"commits": []})).json()["at_version"] == 0


async def test_a_digest_has_256_buckets_and_each_its_changes(signed: Client, ada: dict[str, Any]) -> None:
    await push(signed, ada, *(tag(n) for n in range(5)))
    digest = (await signed.post("/v1/sync/digest", json={})).json()
    assert (digest["version"], len(digest["buckets"]), sum(n for n, _ in digest["buckets"])) == (5, 256, 5)
    filled = next(i for i, (n, _) in enumerate(digest["buckets"]) if n)
    bucket = (await signed.post("/v1/sync/digest", json={"bucket": filled})).json()
    assert set(bucket) == {"version", "changes", "cursor"}
    assert len(bucket["changes"]) == digest["buckets"][filled][0]
    assert bucket["changes"][0]["data"]["name"].startswith("t")


async def test_held_deletions_are_listed_and_settled(signed: Client, ada: dict[str, Any]) -> None:
    await push(signed, ada, *(tag(n) for n in range(60)))
    gone = [make_op("delete", name=f"d{n}", type="tag", key=make_id(f"t{n}"), base=60) for n in range(50)]
    assert {one["status"] for one in await push(signed, ada, *gone, seq=100)} == {"held"}
    page = (await signed.get("/v1/sync/held", params={"limit": 20})).json()
    assert (len(page["items"]), set(page)) == (20, {"items", "cursor"})
    assert set(page["items"][0]) == {"id", "type", "key", "op", "group", "device_id", "held_at"}
    path = f"/v1/sync/held/{page['items'][0]['id']}"
    settled = (await signed.post(path, json={"action": "confirm"})).json()
    assert [one["status"] for one in settled["results"]] == ["applied"]
    assert (await signed.post(path, json={"action": "confirm"})).status_code == 404
    other = f"/v1/sync/held/{page['items'][1]['id']}"
    assert (await signed.post(other, json={"action": "discard"})).json()["results"][0]["code"] == "discarded"


async def test_a_script_that_deletes_by_the_hundred_is_told_that_it_waits_and_where(
    signed: Client, ada: dict[str, Any]
) -> None:
    await push(signed, ada, *(tag(n) for n in range(60)))
    answers = [await signed.delete(f"/v1/tags/{make_id(f't{n}')}") for n in range(51)]
    assert [one.status_code for one in answers] == [204] * 49 + [409] * 2
    said = answers[-1].json()
    assert (said["code"], "/library/held" in said["detail"]) == ("held", True)
    assert (await signed.get(f"/v1/tags/{make_id('t50')}")).status_code == 200
    settled = (await signed.post(f"/v1/sync/held/{said['held']}", json={"action": "confirm"})).json()
    assert [one["status"] for one in settled["results"]] == ["applied"]
    assert (await signed.get(f"/v1/tags/{make_id('t50')}")).status_code == 404


@pytest.mark.parametrize(
    ("path", "body", "code"),
    [
        ("/v1/sync/resync", {}, "bad_input"),
        ("/v1/sync/resync", {"commits": [["one", "tag"]]}, "bad_input"),
        ("/v1/sync/resync", {"commits": [[1, "t"]] * 1001}, "bad_input"),
        ("/v1/sync/resync", {"commits": [], "more": 1}, "unknown_field"),
        ("/v1/sync/digest", {"bucket": 256}, "bad_input"),
        ("/v1/sync/digest", {"bucket": 1, "cursor": "x"}, "bad_cursor"),
        ("/v1/sync/digest", {"buckets": 1}, "unknown_field"),
        (f"/v1/sync/held/{make_id('x')}", {"action": "perhaps"}, "bad_input"),
        (f"/v1/sync/held/{make_id('x')}", {"action": "confirm"}, "not_found"),
        ("/v1/sync/held/%C3%A9", {"action": "discard"}, "not_found"),
    ],
)
async def test_what_makes_no_sense_is_refused(signed: Client, path: str, body: Any, code: str) -> None:
    answer = await signed.post(path, json=body)
    assert (answer.status_code, answer.json()["code"]) == (404 if code == "not_found" else 400, code)


async def test_a_token_that_may_only_save_may_not_sync(signed: Client, ada: dict[str, Any]) -> None:
    made = await signed.post("/v1/tokens", json={"name": "script", "scopes": ["save"]})
    headers = bearer(made.json()["token"])
    for path in ("/v1/sync/index", "/v1/sync/held", "/v1/sync/stream"):
        assert (await signed.get(path, headers=headers)).status_code == 403, path
    for path in ("/v1/sync/resync", "/v1/sync/digest", f"/v1/sync/held/{make_id('x')}"):
        assert (await signed.post(path, json={}, headers=headers)).status_code == 403, path
