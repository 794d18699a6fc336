"""Saving, reading and syncing over HTTP: the shapes of the contract, and bad input that is never a 500."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.http.conftest import Client
from tests.make import make_id, make_op

ARXIV = "https://arxiv.org/abs/1706.03762"


@pytest.fixture
async def signed(client: Client, ada: dict[str, Any]) -> Client:
    """A client that speaks for Ada."""
    client.headers["Authorization"] = f"Bearer {ada['access_token']}"
    return client


def wish(**more: Any) -> dict[str, Any]:
    """A save."""
    return {"id": make_id("entry"), "url": ARXIV} | more


async def test_a_save_is_201_when_new_and_200_when_it_was_there(signed: Client) -> None:
    first = await signed.post("/v1/saves", json=wish(tags=["thesis"]))
    again = await signed.post("/v1/saves", json=wish(id=make_id("another id")))
    late = await signed.post("/v1/saves", json=wish())
    assert (first.status_code, again.status_code, late.status_code) == (201, 200, 200)
    assert first.json()["entry"]["id"] == again.json()["entry"]["id"] == make_id("entry")
    assert set(first.json()) == {"entry", "paper", "version"}
    assert first.json()["paper"]["identifiers"] == {"arxiv": ["1706.03762"]}


async def test_a_page_with_json_ld_is_read(signed: Client) -> None:
    page = {
        "title": "A page",
        "metas": [["citation_title", "The Title"], ["citation_author", "Ada Lovelace"]],
        "jsonld": [{"@context": "https://schema.org", "@type": "ScholarlyArticle", "name": "Other"}],
        "links": [["https://github.com/a/b", "code"]],
    }
    answer = await signed.post("/v1/saves", json=wish(url="https://journal.example/article/1", page=page))
    assert (answer.status_code, answer.json()["paper"]["title"]) == (201, "The Title")


async def test_a_late_copy_of_a_deleted_save_revives_nothing(signed: Client) -> None:
    await signed.post("/v1/saves", json=wish())
    assert (await signed.delete(f"/v1/entries/{make_id('entry')}")).status_code == 204
    assert (await signed.post("/v1/saves", json=wish())).status_code == 200
    assert (await signed.get("/v1/entries")).json()["items"] == []


async def test_an_entry_changes_only_if_the_version_still_matches(signed: Client) -> None:
    await signed.post("/v1/saves", json=wish())
    path = f"/v1/entries/{make_id('entry')}"
    etag = (await signed.get(path)).headers["etag"]
    changed = await signed.patch(path, json={"status": "reading"}, headers={"If-Match": etag})
    assert (changed.status_code, changed.json()["status"]) == (200, "reading")
    stale = await signed.patch(path, json={"status": "read"}, headers={"If-Match": etag})
    assert (stale.status_code, stale.json()["code"]) == (412, "edited_meanwhile")


async def test_entries_are_filtered_and_paged(signed: Client) -> None:
    for number in range(5):
        url = f"https://arxiv.org/abs/1706.0000{number + 1}"
        await signed.post("/v1/saves", json=wish(id=make_id(url), url=url, tags=["odd"] if number % 2 else []))
    tagged = (await signed.get("/v1/entries", params={"tag": "odd"})).json()["items"]
    assert len(tagged) == 2
    seen, cursor = [], None
    while True:
        query = {"limit": 2, "sort": "title"} | ({"cursor": cursor} if cursor else {})
        page = (await signed.get("/v1/entries", params=query)).json()
        seen += [item["paper"]["title"] for item in page["items"]]
        cursor = page["cursor"]
        if cursor is None:
            break
    assert seen == sorted(seen)
    assert len(set(seen)) == 5
    assert (await signed.get("/v1/entries", params={"cursor": "x"})).json()["code"] == "bad_cursor"
    assert (await signed.get("/v1/entries", params={"colour": "x"})).json()["code"] == "unknown_field"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (wish(url="not a url at all"), 400, "bad_url"),
        (wish(url="javascript:alert(1)"), 400, "bad_url"),
        (wish(url=""), 400, "bad_url"),
        (wish(url="https://a.example/\0"), 400, "bad_url"),
        (wish(id="not-an-id"), 400, "bad_input"),
        (wish(note="NUL \0"), 400, "invalid_text"),
        (wish(tags=["\ud800"]), 400, "invalid_text"),
        (wish(saved_at="yesterday"), 400, "invalid_value"),
        (wish(colour="red"), 400, "unknown_field"),
        (wish(page={"metas": [["a", "x" * 600_000]]}), 413, "too_large"),
        (wish(page={"metas": [["a", "x" * 2_000_000]]}), 413, "too_large"),
        (wish(page={"jsonld": "[" * 10}), 400, "bad_input"),
    ],
)
async def test_a_bad_save_gets_its_code_and_stores_nothing(
    signed: Client, body: dict[str, Any], status: int, code: str
) -> None:
    raw = json.dumps(body).encode()
    answer = await signed.post("/v1/saves", content=raw, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert (await signed.get("/v1/entries")).json()["items"] == []
    assert (await signed.get("/v1/tags")).json()["items"] == []


NESTED = b'{"id": "' + make_id("entry").encode() + b'", "url": "https://arxiv.org/abs/1706.03762", "page": %s}'


@pytest.mark.parametrize(
    "raw",
    [
        b"\xff\xfe not utf-8",
        b'{"id": "\xff"}',
        b"[" * 200_000,
        NESTED % (b'{"jsonld": [' + b"[" * 200_000 + b"]" * 200_000 + b"]}"),
        NESTED % (b'{"jsonld": [' + b'{"a":' * 100_000 + b"1" + b"}" * 100_000 + b"]}"),
        b"null",
        b"",
        b'{"id": 1e999}',
    ],
)
async def test_hostile_bodies_are_refused_with_400_on_every_json_route(signed: Client, raw: bytes) -> None:
    for path in ("/v1/saves", "/v1/sync/push", "/v1/sessions"):
        answer = await signed.post(path, content=raw, headers={"Content-Type": "application/json"})
        assert answer.status_code == 400, (path, answer.text)
        assert answer.json()["code"]


async def test_a_bot_wall_is_saved_as_a_web_page_and_never_under_its_title(signed: Client) -> None:
    page = {"title": "Just a moment...", "metas": [["robots", "noindex,nofollow"]], "text": "Checking your browser"}
    answer = await signed.post("/v1/saves", json=wish(url="https://pubs.example.org/article/7", page=page))
    paper = answer.json()["paper"]
    assert (answer.status_code, paper["kind"]) == (201, "webpage")
    assert "moment" not in paper["title"]


@pytest.mark.parametrize(
    ("url", "kind", "identifiers"),
    [
        ("https://arxiv.org/pdf/1706.03762v2", "paper", {"arxiv": ["1706.03762"]}),
        ("10.1145/3610548.3618154", "paper", {"doi": ["10.1145/3610548.3618154"]}),
        ("https://arxiv.org/list/cs.CL/recent", "list", {"url": ["https://arxiv.org/list/cs.CL/recent"]}),
    ],
)
async def test_an_address_is_identified_without_network(
    signed: Client, url: str, kind: str, identifiers: dict[str, list[str]]
) -> None:
    answer = (await signed.get("/v1/identify", params={"url": url})).json()
    assert (answer["kind"], answer["identifiers"]) == (kind, identifiers)
    assert set(answer) == {"kind", "identifiers", "version", "canonical_url"}
    assert (await signed.get("/v1/identify", params={"url": "javascript:1"})).json()["code"] == "bad_url"


async def test_a_push_with_a_broken_op_keeps_its_neighbours(signed: Client, ada: dict[str, Any]) -> None:
    ops = [
        make_op(name="a", type="tag", key=make_id("a"), set={"name": "one"}, device=ada["device_id"]),
        make_op(name="b", type="tag", key=make_id("b"), set={"name": "\ud800"}, device=ada["device_id"]),
    ]
    envelope = {"schema": 1, "library_id": ada["library_id"], "device_id": ada["device_id"], "first_seq": 1}
    raw = json.dumps(envelope | {"ops": ops}).encode()
    answer = await signed.post("/v1/sync/push", content=raw, headers={"Content-Type": "application/json"})
    assert [(r["status"], r.get("code")) for r in answer.json()["results"]] == [
        ("applied", None),
        ("rejected", "invalid_text"),
    ]
    info = (await signed.get("/v1/sync/info")).json()
    assert (info["version"], info["device_id"]) == (1, ada["device_id"])
    page = await signed.get("/v1/sync/pull")
    assert [change["data"]["name"] for change in page.json()["changes"]] == ["one"]
    again = {"cursor": page.json()["cursor"]}
    assert (await signed.get("/v1/sync/pull", params=again, headers={"If-None-Match": '"1"'})).status_code == 304


async def test_a_second_account_sees_nothing_of_the_first(
    signed: Client, make_client: Any, desk: Any, ada: dict[str, Any]
) -> None:
    from api.actions.register import register
    from tests.http.conftest import sign_in

    await signed.post("/v1/saves", json=wish(tags=["secret"]))
    await register(desk, "eve@example.org", "a pattern of evenings", by_admin=True)
    eve = await make_client()
    token = (await sign_in(eve, "eve@example.org", "a pattern of evenings"))["access_token"]
    eve.headers["Authorization"] = f"Bearer {token}"
    for path in ("/v1/entries", "/v1/tags", "/v1/highlights", "/v1/lists"):
        assert (await eve.get(path)).json()["items"] == []
    assert (await eve.get(f"/v1/entries/{make_id('entry')}")).status_code == 404
    assert (await eve.patch(f"/v1/entries/{make_id('entry')}", json={"starred": True})).status_code == 404
    assert (await eve.get("/v1/sync/pull")).json()["changes"] == []
    assert "vaswani" not in (await eve.get("/v1/export")).text.lower()
