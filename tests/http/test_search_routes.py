"""The routes of searching: their shape, their limits, and what they refuse."""

from __future__ import annotations

from typing import Any

import pytest

from tests.http.conftest import Client, bearer
from tests.make import make_id


@pytest.fixture
async def head(client: Client, ada: dict[str, Any]) -> dict[str, str]:
    """Ada's token, with one paper in her library."""
    head = bearer(ada["access_token"])
    page = {"metas": [["citation_title", "Sparse <b>attention</b>"], ["citation_author", "Okafor, B."]]}
    wish = {"id": make_id("save"), "url": "https://arxiv.org/abs/1706.03762", "page": page, "note": "an attentive note"}
    assert (await client.post("/v1/saves", json=wish, headers=head)).status_code == 201
    return head


async def test_a_result_is_an_entry_with_its_paper_and_pieces(client: Client, head: dict[str, str]) -> None:
    answer = (await client.get("/v1/search", params={"q": "atention"}, headers=head)).json()
    assert (answer["total"], answer["cursor"], answer["unread"]) == (1, None, [])
    assert answer["corrections"] == [{"word": "atention", "instead": "attention"}]
    (item,) = answer["items"]
    assert item["id"] == make_id("save")
    assert item["paper"]["title"] == "Sparse attention"
    (piece,) = item["snippets"]
    (start, end) = piece["hits"][0]
    assert (piece["part"], piece["text"][start:end]) == ("title", "attention")


async def test_papers_are_found_with_the_entry_that_there_is(client: Client, head: dict[str, str]) -> None:
    answer = (await client.get("/v1/papers", params={"q": "sparse"}, headers=head)).json()
    assert [(one["title"], one["entry_id"]) for one in answer["items"]] == [("Sparse attention", make_id("save"))]


async def test_alike_is_a_list_and_of_a_foreign_entry_nothing(client: Client, head: dict[str, str]) -> None:
    answer = await client.get(f"/v1/entries/{make_id('save')}/alike", headers=head)
    assert answer.json() == {"items": [], "cursor": None}
    assert (await client.get(f"/v1/entries/{make_id('other')}/alike", headers=head)).status_code == 404


@pytest.mark.parametrize("path", ["/v1/search", "/v1/papers"])
async def test_what_is_too_long_or_unsigned_is_refused(client: Client, head: dict[str, str], path: str) -> None:
    assert (await client.get(path, params={"q": "x" * 501}, headers=head)).status_code == 400
    assert (await client.get(path, params={"q": "x", "limit": 201}, headers=head)).status_code == 400
    bad = await client.get(path, params={"q": "x", "cursor": "AAAA"}, headers=head)
    assert (bad.status_code, bad.json()["code"]) == (400, "bad_cursor")
    assert (await client.get(path, params={"q": "x"})).status_code == 401
    assert (await client.get(path, headers=head)).status_code == 200
