"""The parts of a library's citation keys: chosen by the API and by a form; new keys follow, old ones stay."""

from __future__ import annotations

from typing import Any

import pytest

from tests.http.conftest import Client, bearer, sign_in_by_form, submit
from tests.make import make_id

PATH = "/v1/library/key-pattern"
PAGE = {"metas": [["citation_author", "Noether, Emmy"], ["citation_publication_date", "2021"]]}


async def save(client: Client, ada: dict[str, Any], number: int) -> None:
    title = f"Rings number {number}"
    page = PAGE | {"title": title, "metas": [["citation_title", title], *PAGE["metas"]]}
    wish = {"id": make_id(title), "url": f"https://arxiv.org/abs/2102.0000{number}", "page": page}
    answer = await client.post("/v1/saves", json=wish, headers=bearer(ada["access_token"]))
    assert answer.status_code == 201, answer.text


async def keys(client: Client, ada: dict[str, Any]) -> list[str]:
    answer = await client.get("/v1/export", params={"format": "bibtex"}, headers=bearer(ada["access_token"]))
    return [line.partition("{")[2].rstrip(",") for line in answer.text.splitlines() if line.startswith("@")]


async def test_new_keys_follow_the_pattern_and_old_ones_stay(client: Client, ada: dict[str, Any]) -> None:
    head = bearer(ada["access_token"])
    assert (await client.get(PATH, headers=head)).json() == {
        "parts": ["author", "year", "title"],
        "example": "vaswani2017attention",
    }
    await save(client, ada, 1)
    assert await keys(client, ada) == ["noether2021rings"]
    chosen = await client.put(PATH, json={"parts": ["Author", ":", "shortyear"]}, headers=head)
    assert chosen.json()["example"] == "Vaswani:17"
    await save(client, ada, 2)
    await save(client, ada, 3)
    assert await keys(client, ada) == ["noether2021rings", "Noether:21", "Noether:21a"]
    assert (await client.get(PATH, headers=head)).json()["parts"] == ["Author", ":", "shortyear"]
    assert '"key_pattern":["Author",":","shortyear"]' in (await client.get("/v1/account/export", headers=head)).text


@pytest.mark.parametrize("parts", [[], ["-", "year"], ["{year}"], ["year"] * 13, "year", None])
async def test_a_pattern_that_makes_no_keys_is_refused(client: Client, ada: dict[str, Any], parts: object) -> None:
    answer = await client.put(PATH, json={"parts": parts}, headers=bearer(ada["access_token"]))
    assert answer.status_code in (400, 422)
    assert (await client.get(PATH, headers=bearer(ada["access_token"]))).json()["parts"] == ["author", "year", "title"]


async def test_a_form_chooses_it_and_says_what_is_no_part(client: Client, ada: dict[str, Any]) -> None:
    await sign_in_by_form(client)
    wrong = await submit(client, await client.get("/account"), "/account/key-pattern", parts="author <b>")
    assert wrong.status_code == 400
    assert "“&lt;b&gt;” is no part" in wrong.text
    kept = await submit(client, wrong, "/account/key-pattern", parts="author - year")
    assert "New keys look like vaswani-2017" in kept.text
    assert 'value="author - year"' in kept.text
