"""Everything of an account in one file: what no other export has is in it, no secret is, and it can be read again."""

from __future__ import annotations

from typing import Any

import msgspec

from api.domain.formats.imported import Imported
from api.domain.formats.read_library import read_library
from tests.http.conftest import Client, bearer
from tests.make import make_id

SAVES = {"kept": "https://arxiv.org/abs/1706.03762", "gone": "https://arxiv.org/abs/1810.04805"}


async def furnished(client: Client, ada: dict[str, Any]) -> dict[str, Any]:
    """A library with an entry kept, one in the trash with a highlight, a correction, a feed and a token."""
    head = bearer(ada["access_token"])
    made = {}
    for name, url in SAVES.items():
        wish = {"id": make_id(name), "url": url, "tags": ["thesis"], "note": f"a note, {name}"}
        made[name] = (await client.post("/v1/saves", json=wish, headers=head)).json()
    mark = {"id": make_id("mark"), "entry_id": made["gone"]["entry"]["id"], "selectors": []}
    mark["selectors"] = [{"type": "TextQuoteSelector", "exact": "a marked line", "prefix": "", "suffix": ""}]
    assert (await client.post("/v1/highlights", json=mark, headers=head)).status_code == 201
    gone = await client.delete(f"/v1/entries/{made['gone']['entry']['id']}", headers=head)
    assert gone.status_code == 204
    said = await client.patch(
        f"/v1/papers/{made['kept']['paper']['id']}/corrections", json={"venue": "A Venue"}, headers=head
    )
    assert said.status_code == 200, said.text
    feed = await client.post("/v1/feeds", json={"name": "my feed", "format": "bibtex"}, headers=head)
    token = await client.post("/v1/tokens", json={"name": "my script", "scopes": ["read"]}, headers=head)
    return {"made": made, "feed": feed.json(), "token": token.json()["token"]}


async def test_the_file_has_everything_and_no_secret(client: Client, ada: dict[str, Any]) -> None:
    there = await furnished(client, ada)
    answer = await client.get("/v1/account/export", headers=bearer(ada["access_token"]))
    assert answer.status_code == 200
    assert "scholium-account.json" in answer.headers["content-disposition"]
    whole = answer.json()
    assert [one["note"] for one in whole["entries"]] == ["a note, kept"]
    assert whole["account"]["email"] == "ada@example.org"
    assert [one["name"] for one in whole["tokens"]] == ["my script"]
    assert [one["name"] for one in whole["feeds"]] == ["my feed"]
    assert [one["id"] for one in whole["devices"]] == [ada["device_id"]]
    assert [(one["paper_id"], one["venue"]) for one in whole["corrections"]] == [
        (there["made"]["kept"]["paper"]["id"], "A Venue")
    ]
    (gone,) = [one for one in whole["trash"] if one["type"] == "entry"]
    assert gone["note"] == "a note, gone"
    assert gone["tags"]
    assert gone["paper"]["id"] == there["made"]["gone"]["paper"]["id"]
    assert [mark["selectors"][0]["exact"] for mark in gone["highlights"]] == ["a marked line"]
    secrets = (there["token"], ada["refresh_token"], there["feed"]["url"].split("/f/")[1].split("/")[0], "argon2")
    assert not [one for one in secrets if one in answer.text]


async def test_the_file_is_read_as_a_library(client: Client, ada: dict[str, Any]) -> None:
    await furnished(client, ada)
    answer = await client.get("/v1/account/export", headers=bearer(ada["access_token"]))
    kept, gone = read_library(msgspec.json.decode(answer.content))
    assert isinstance(kept, Imported)
    assert isinstance(gone, Imported)
    assert [(one.note, one.deleted) for one in (kept, gone)] == [("a note, kept", False), ("a note, gone", True)]
    assert kept.corrections is not None
    assert len(gone.marks) == 1


async def test_an_empty_account_is_a_whole_file(client: Client, ada: dict[str, Any]) -> None:
    whole = (await client.get("/v1/account/export", headers=bearer(ada["access_token"]))).json()
    assert (whole["entries"], whole["trash"], whole["corrections"]) == ([], [], [])
