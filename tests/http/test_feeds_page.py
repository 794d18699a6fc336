"""Feeds by plain forms: an address is made, shown once, read by anybody, and ended."""

from __future__ import annotations

import re
from html import unescape
from typing import Any
from urllib.parse import urlsplit

from tests.http.conftest import Client, bearer, sign_in_by_form, submit
from tests.make import make_id

PAGE = "/library/feeds"


async def make(client: Client, **typed: str) -> Any:
    return await submit(client, await client.get(PAGE), PAGE, **{"of": "", "format": "bibtex"} | typed)


def address(shown: Any) -> str:
    found = re.search(r'id="url" readonly value="([^"]+)"', shown.text)
    assert found, shown.text
    return urlsplit(unescape(found[1])).path


async def test_an_address_is_made_shown_once_and_ended(client: Client, ada: dict[str, Any]) -> None:
    wish = {"id": make_id("save"), "url": "https://arxiv.org/abs/1706.03762", "tags": ["thesis"]}
    await client.post("/v1/saves", json=wish, headers=bearer(ada["access_token"]))
    await sign_in_by_form(client)
    tag = re.search(r'value="(tag:[^"]+)"', (await client.get(PAGE)).text)
    assert tag
    made = await make(client, name="Loom & <b>", of=tag[1])
    path = address(made)
    assert "1706.03762" in (await client.get(path)).text
    again = await client.get(PAGE)
    assert path not in again.text
    assert "Loom &amp; &lt;b&gt;" in again.text
    ending = re.search(r'name="end" value="([^"]+)"', again.text)
    assert ending
    ended = await submit(client, again, PAGE, end=ending[1])
    assert ended.status_code == 303
    assert (await client.get(path)).status_code == 404


async def test_a_feed_without_a_name_or_in_an_unknown_format_is_refused(client: Client, ada: dict[str, Any]) -> None:
    await sign_in_by_form(client)
    for typed in ({"name": " "}, {"name": "x", "format": "json"}):
        refused = await make(client, **typed)
        assert refused.status_code == 400
        assert 'role="alert"' in refused.text


async def test_the_library_leads_to_its_feeds(client: Client, ada: dict[str, Any]) -> None:
    wish = {"id": make_id("save"), "url": "https://arxiv.org/abs/1706.03762"}
    await client.post("/v1/saves", json=wish, headers=bearer(ada["access_token"]))
    await sign_in_by_form(client)
    assert f'href="{PAGE}"' in (await client.get("/")).text
