"""An address that keeps itself up to date: read without a sign-in, by condition, until it is ended."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest

from api.store.database import Database
from tests.http.conftest import Client, bearer
from tests.make import make_id

ATTENTION, BERT = "1706.03762", "1810.04805"


async def save(client: Client, ada: dict[str, Any], arxiv: str = ATTENTION, **more: Any) -> None:
    wish = {"id": make_id(f"save {arxiv}"), "url": f"https://arxiv.org/abs/{arxiv}", "note": "secret words"} | more
    assert (await client.post("/v1/saves", json=wish, headers=bearer(ada["access_token"]))).status_code == 201


async def feed(client: Client, ada: dict[str, Any], **wish: Any) -> dict[str, Any]:
    content = {"name": "My thesis"} | wish
    made = await client.post("/v1/feeds", json=content, headers=bearer(ada["access_token"]))
    assert made.status_code == 201, made.text
    found: dict[str, Any] = made.json()
    return found | {"path": urlsplit(found["url"]).path}


async def test_anybody_with_the_address_reads_the_list_as_it_is_now(client: Client, ada: dict[str, Any]) -> None:
    made = await feed(client, ada)
    assert made["path"].endswith("/My%20thesis.bib")
    await save(client, ada)
    answer = await client.get(made["path"])
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/x-bibtex; charset=utf-8")
    assert ATTENTION in answer.text
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("ending", ["bib", "ris", "json", "md", "csv", "xml"])
async def test_no_ending_shows_what_the_reader_wrote(client: Client, ada: dict[str, Any], ending: str) -> None:
    await save(client, ada)
    made = await feed(client, ada)
    answer = await client.get(made["path"].removesuffix("bib") + ending)
    assert answer.status_code == 200
    assert ATTENTION in answer.text
    assert "secret words" not in answer.text


async def test_a_feed_shows_what_its_tag_or_search_names(client: Client, ada: dict[str, Any]) -> None:
    await save(client, ada, tags=["thesis"])
    await save(client, ada, BERT)
    for wish in ({"tag": "thesis"}, {"q": ATTENTION}):
        text = (await client.get((await feed(client, ada, **wish))["path"])).text
        assert (ATTENTION in text, BERT in text) == (True, False), wish


async def test_a_list_that_did_not_change_is_not_sent_again(client: Client, ada: dict[str, Any]) -> None:
    await save(client, ada)
    path = (await feed(client, ada))["path"]
    await client.get(path)  # gives the entries their keys
    first = await client.get(path)
    conditions = [
        {"If-None-Match": first.headers["etag"]},
        {"If-None-Match": f'"other", W/{first.headers["etag"]}'},
        {"If-Modified-Since": first.headers["last-modified"]},
    ]
    for condition in conditions:
        again = await client.get(path, headers=condition)
        assert (again.status_code, again.content) == (304, b""), condition
        assert again.headers["etag"] == first.headers["etag"]
    await save(client, ada, BERT)
    for condition in conditions:
        assert (await client.get(path, headers=condition)).status_code == 200, condition
    unread = await client.get(
        path, headers={"If-None-Match": '"x"', "If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"}
    )
    assert unread.status_code == 200


async def test_a_head_request_gets_the_headers_alone(client: Client, ada: dict[str, Any]) -> None:
    path = (await feed(client, ada))["path"]
    head, whole = await client.head(path), await client.get(path)
    assert (head.status_code, head.content) == (200, b"")
    for name in ("etag", "last-modified", "content-type", "cache-control"):
        assert head.headers[name] == whole.headers[name]


async def test_an_ended_address_is_gone_and_no_other(client: Client, ada: dict[str, Any]) -> None:
    kept, ended = await feed(client, ada), await feed(client, ada)
    headers = bearer(ada["access_token"])
    assert (await client.delete(f"/v1/feeds/{ended['id']}", headers=headers)).status_code == 204
    assert (await client.delete(f"/v1/feeds/{ended['id']}", headers=headers)).status_code == 404
    assert [(await client.get(one["path"])).status_code for one in (kept, ended)] == [200, 404]
    listed = (await client.get("/v1/feeds", headers=headers)).json()["items"]
    assert [one["id"] for one in listed] == [kept["id"]]
    assert "url" not in listed[0]


async def test_the_database_does_not_hold_the_secret(client: Client, ada: dict[str, Any], database: Database) -> None:
    secret = (await feed(client, ada))["path"].split("/")[2]
    assert len(secret) >= 43
    rows = await database.read(lambda tx: tx.rows("SELECT * FROM public_address"))
    assert rows
    assert secret not in str([dict(row) for row in rows])


@pytest.mark.parametrize("wish", [{"format": "json"}, {"format": "webannotation"}, {"format": "doc"}, {"name": ""}])
async def test_a_feed_that_would_show_too_much_is_refused(
    client: Client, ada: dict[str, Any], wish: dict[str, str]
) -> None:
    content = {"name": "all"} | wish
    answer = await client.post("/v1/feeds", json=content, headers=bearer(ada["access_token"]))
    assert answer.status_code == 400


async def test_a_script_s_token_opens_no_address(client: Client, ada: dict[str, Any]) -> None:
    wish = {"name": "script", "scopes": ["read", "save", "sync", "export"]}
    token = (await client.post("/v1/tokens", json=wish, headers=bearer(ada["access_token"]))).json()["token"]
    assert (await client.post("/v1/feeds", json={"name": "x"}, headers=bearer(token))).status_code == 403


async def test_an_unknown_secret_and_an_unknown_ending_are_not_found(client: Client, ada: dict[str, Any]) -> None:
    path = (await feed(client, ada))["path"]
    assert (await client.get("/f/guessed/My.bib")).status_code == 404
    assert (await client.get(path + ".exe")).status_code == 404
