"""`GET /v1/entries/{entry_id}/reference` and the box of the paper's page that shows it."""

from __future__ import annotations

from typing import Any

import pytest

from api.actions.desk import Desk
from api.actions.register import register
from tests.http.conftest import Client, bearer
from tests.make import make_id

PAGE = {
    "title": "Nets that <i>forget</i> & remember",
    "metas": [["citation_title", "Nets that <i>forget</i> & remember"], ["citation_author", "Noether, Emmy"]],
}


async def saved(client: Client, ada: dict[str, Any]) -> str:
    wish = {"id": make_id("save"), "url": "https://arxiv.org/abs/2102.01234", "page": PAGE}
    answer = await client.post("/v1/saves", json=wish, headers=bearer(ada["access_token"]))
    assert answer.status_code == 201, answer.text
    return str(answer.json()["entry"]["id"])


async def test_an_entry_is_cited_in_the_style_that_is_asked_for(client: Client, ada: dict[str, Any]) -> None:
    entry_id = await saved(client, ada)
    path, headers = f"/v1/entries/{entry_id}/reference", bearer(ada["access_token"])
    first, other = [(await client.get(path, params=p, headers=headers)).json() for p in ({}, {"style": "ieee"})]
    assert (first["style"], other["style"]) == ("apa", "ieee")
    assert first["text"].startswith("Noether, E. ")
    assert "<i>Nets that forget &amp; remember</i>" in first["html"]
    assert first["bibtex"].startswith("@misc{")


@pytest.mark.parametrize(("path", "status"), [("no-such", 404), ("{}", 400)])
async def test_an_unknown_entry_or_style_is_refused(
    client: Client, ada: dict[str, Any], path: str, status: int
) -> None:
    entry_id = path.format(await saved(client, ada))
    style = "no-such-style" if status == 400 else "apa"
    answer = await client.get(
        f"/v1/entries/{entry_id}/reference", params={"style": style}, headers=bearer(ada["access_token"])
    )
    assert answer.status_code == status


async def test_nobody_cites_what_is_anothers(client: Client, ada: dict[str, Any], desk: Desk) -> None:
    entry_id = await saved(client, ada)
    await register(desk, "bob@example.org", "another correct horse", by_admin=True)
    wish = {"email": "bob@example.org", "password": "another correct horse"}
    bob = (await client.post("/v1/sessions", json=wish)).json()
    answer = await client.get(f"/v1/entries/{entry_id}/reference", headers=bearer(bob["access_token"]))
    assert answer.status_code == 404
