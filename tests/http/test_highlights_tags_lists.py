"""Highlights, tags and lists over HTTP: made once, changed knowingly, thrown away, and one name is one tag."""

from __future__ import annotations

from typing import Any

import pytest

from tests.http.conftest import Client
from tests.make import make_id

ENTRY = make_id("entry")
QUOTE = {"type": "TextQuoteSelector", "exact": "attention", "prefix": "is ", "suffix": " all"}
THINGS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "highlights": ({"entry_id": ENTRY, "selectors": [QUOTE], "color": "green"}, {"comment": "yes", "color": "#00ff00"}),
    "tags": ({"name": "thesis", "color": "blue"}, {"color": "red"}),
    "lists": ({"name": "To cite", "description": "for chapter 2"}, {"public": True, "position": "a1"}),
}


@pytest.fixture
async def signed(client: Client, ada: dict[str, Any]) -> Client:
    """A client that speaks for Ada, who has saved one paper."""
    client.headers["Authorization"] = f"Bearer {ada['access_token']}"
    await client.post("/v1/saves", json={"id": ENTRY, "url": "https://arxiv.org/abs/1706.03762"})
    return client


@pytest.mark.parametrize("noun", sorted(THINGS))
async def test_an_object_is_made_once_read_changed_and_thrown_away(signed: Client, noun: str) -> None:
    made, changes = THINGS[noun]
    wish = {"id": make_id(noun)} | made
    path = f"/v1/{noun}/{make_id(noun)}"
    first = await signed.post(f"/v1/{noun}", json=wish)
    assert first.status_code == 201, first.text
    shown = first.json()
    assert {name: shown[name] for name in made} == made
    assert shown["created_at"]
    changed = await signed.patch(path, json=changes, headers={"If-Match": first.headers["etag"]})
    assert {name: changed.json()[name] for name in changes} == changes
    late = await signed.post(f"/v1/{noun}", json=wish)
    assert late.json() == changed.json()
    assert (await signed.get(path)).json() == changed.json()
    assert [item["id"] for item in (await signed.get(f"/v1/{noun}")).json()["items"]] == [make_id(noun)]
    stale = await signed.patch(path, json=changes, headers={"If-Match": first.headers["etag"]})
    assert (stale.status_code, stale.json()["code"]) == (412, "edited_meanwhile")
    assert (await signed.delete(path)).status_code == 204
    assert (await signed.get(path)).status_code == 404
    assert (await signed.post(f"/v1/{noun}", json=wish)).status_code == 409
    assert (await signed.get(f"/v1/{noun}")).json()["items"] == []


async def test_a_merged_tag_has_the_name_and_colour_of_the_other_though_its_own_id_lives_on(signed: Client) -> None:
    old, young = sorted((make_id("t1"), make_id("t2")))
    await signed.post("/v1/tags", json={"id": old, "name": "sight", "color": "red"})
    await signed.post("/v1/tags", json={"id": young, "name": "vision", "color": "blue"})
    merged = (await signed.post(f"/v1/tags/{old}/merge", json={"into": young})).json()
    assert (merged["id"], merged["name"], merged["color"]) == (old, "vision", "blue")


async def test_a_tag_that_gets_the_name_of_another_is_one_with_it(signed: Client) -> None:
    old, young = sorted((make_id("t1"), make_id("t2")))
    await signed.post("/v1/tags", json={"id": young, "name": "Thesis"})
    await signed.post("/v1/tags", json={"id": old, "name": "phd"})
    await signed.patch(f"/v1/entries/{ENTRY}", json={"tags": [young]})
    merged = await signed.post(f"/v1/tags/{young}/merge", json={"into": old})
    assert (merged.json()["id"], merged.json()["name"]) == (old, "phd")
    assert (await signed.get(f"/v1/entries/{ENTRY}")).json()["tags"] == [old]
    assert (await signed.get(f"/v1/tags/{young}")).json()["id"] == old
    renamed = await signed.post(f"/v1/tags/{old}/rename", json={"name": "dissertation"})
    assert renamed.json()["name"] == "dissertation"
    counts = (await signed.get("/v1/tags", params={"prefix": "DISS"})).json()["items"]
    assert [(tag["id"], tag["entries"]) for tag in counts] == [(old, 1)]


async def test_highlights_hide_with_their_entry(signed: Client) -> None:
    await signed.post("/v1/highlights", json={"id": make_id("h")} | THINGS["highlights"][0])
    assert len((await signed.get("/v1/highlights", params={"entry": ENTRY})).json()["items"]) == 1
    await signed.delete(f"/v1/entries/{ENTRY}")
    assert (await signed.get("/v1/highlights")).json()["items"] == []


@pytest.mark.parametrize(
    ("noun", "wish"),
    [
        ("highlights", {"selectors": []}),
        ("highlights", {"selectors": [{"type": "Telepathy"}]}),
        ("highlights", {"color": "infrared"}),
        ("highlights", {"comment": "NUL \0"}),
        ("tags", {"name": ""}),
        ("tags", {"name": "x" * 256}),
        ("lists", {"public": "yes"}),
        ("lists", {"owner": "me"}),
    ],
)
async def test_wrong_values_are_refused_with_400(signed: Client, noun: str, wish: dict[str, Any]) -> None:
    answer = await signed.post(f"/v1/{noun}", json={"id": make_id(noun)} | THINGS[noun][0] | wish)
    assert answer.status_code == 400, answer.text
    assert (await signed.get(f"/v1/{noun}")).json()["items"] == []
