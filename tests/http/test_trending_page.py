"""What trends, asked by a program and looked at by a person: no names, no markup of papers, and not to be counted."""

from __future__ import annotations

from html import escape
from typing import Any

import pytest

from api.actions.desk import Desk
from api.actions.rank_trending import rank_trending
from api.actions.save_paper import SaveWish, save_paper
from api.domain.page_meta import Page
from tests.http.conftest import Client, bearer, sign_in_by_form, submit
from tests.make import make_id, make_library

URL = "https://arxiv.org/abs/2101.00001"
TITLE = 'Weaving <script>alert(1)</script> & "algebra"'


@pytest.fixture
async def trend(desk: Desk) -> None:
    """Two others saved a paper whose title is hostile."""
    page = Page(metas=(("citation_title", TITLE), ("citation_arxiv_id", "2101.00001")))
    for name in ("bob", "cyd"):
        who = (await make_library(desk, name, {"one": make_id(f"{name}'s")}))["one"]
        await save_paper(desk, who, SaveWish(make_id(name), URL, page))
    await rank_trending(desk)


async def test_a_program_reads_what_trends_and_why(client: Client, ada: dict[str, Any], trend: None) -> None:
    head = bearer(ada["access_token"])
    answer = await client.get("/v1/trending", params={"window": "day"}, headers=head)
    assert answer.status_code == 200, answer.text
    [item] = answer.json()["items"]
    assert item["paper"]["identifiers"]["arxiv"] == ["2101.00001"]
    assert item["reasons"] == ["2 people saved it today"]
    assert (item["people"], item["days"][-1], len(item["days"])) == (2, 2, 30)
    assert item["entry_id"] is None
    assert "bob" not in answer.text
    assert (await client.get("/v1/trending", params={"window": "year"}, headers=head)).status_code == 400
    assert (await client.get("/v1/trending")).status_code == 401


async def test_a_person_sees_it_with_a_picture_and_saves_it(client: Client, ada: dict[str, Any], trend: None) -> None:
    await sign_in_by_form(client)
    shown = await client.get("/trending")
    assert shown.status_code == 200
    assert "2 people saved it this week" in shown.text
    assert "<svg" in shown.text
    assert "<script>alert" not in shown.text
    assert escape("<script>alert(1)</script>") in shown.text
    saved = await submit(client, shown, "/library/save", url=URL)
    assert saved.status_code == 303
    assert "On your list" in (await client.get("/trending")).text


async def test_nobody_is_counted_who_says_so(client: Client, ada: dict[str, Any], trend: None) -> None:
    await sign_in_by_form(client)
    shown = await client.get("/trending")
    assert (await submit(client, shown, "/trending", count="no")).status_code == 303
    again = await client.get("/trending")
    assert "does not count here" in again.text
    assert (await submit(client, again, "/trending", count="yes")).status_code == 303
    assert "counts here" in (await client.get("/trending")).text


async def test_an_instance_where_nothing_trends_says_when_it_would(client: Client, ada: dict[str, Any]) -> None:
    await sign_in_by_form(client)
    assert "once two people" in (await client.get("/trending", params={"window": "month"})).text
