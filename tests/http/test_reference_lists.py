"""`GET /v1/export?format=references`: a list, a tag or a search as a bibliography, as text and as HTML."""

from __future__ import annotations

import re
from typing import Any

import pytest

from api.actions import cite_list
from tests.conftest import Clock
from tests.http.conftest import Client, bearer
from tests.make import make_id

EVIL = "<script>alert(1)</script> & <i>fish</i>"


async def save(client: Client, ada: dict[str, Any], author: str, title: str, *tags: str) -> None:
    metas = [["citation_title", title], ["citation_author", author], ["citation_publication_date", "2020/05"]]
    wish = {
        "id": make_id(title),
        "url": f"https://journal.example.org/{make_id(title)}",
        "page": {"title": title, "metas": metas},
        "tags": list(tags),
    }
    answer = await client.post("/v1/saves", json=wish, headers=bearer(ada["access_token"]))
    assert answer.status_code == 201, answer.text


async def get(client: Client, ada: dict[str, Any], **params: Any) -> Any:
    return await client.get("/v1/export", params=params, headers=bearer(ada["access_token"]))


async def test_a_list_is_cited_in_the_order_of_its_style(client: Client, ada: dict[str, Any], clock: Clock) -> None:
    await save(client, ada, "Zuse, Konrad", "On plans", "thesis")
    clock.forward(1)
    await save(client, ada, "Ash, Ann", "On trees", "thesis")
    clock.forward(1)
    await save(client, ada, "Moss, Mo", "On stones")
    answer = await get(client, ada, format="references", tag="thesis")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert [line.split(",")[0] for line in answer.text.splitlines()] == ["Ash", "Zuse"]
    newest = (await get(client, ada, format="references", style="ieee", order="saved")).text.splitlines()
    assert [line[:8] for line in newest] == ["[1] M. M", "[2] A. A", "[3] K. Z"]


async def test_html_holds_no_markup_of_a_paper_but_what_titles_may_have(client: Client, ada: dict[str, Any]) -> None:
    await save(client, ada, "<b>Ash</b>, Ann", EVIL)
    answer = await get(client, ada, format="references-html")
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="scholium-references.html"'
    inner = re.findall(r'<div class="csl-entry">(.*)</div>\n', answer.text)
    assert len(inner) == 1
    assert set(re.findall(r"<[^>]*>", inner[0])) <= {"<i>", "</i>", "<b>", "</b>"}


@pytest.mark.parametrize(
    "params",
    [
        {"format": "references", "style": "no-such"},
        {"format": "references", "fields": "note"},
        {"format": "references-html", "ascii": "true"},
        {"format": "bibtex", "style": "apa"},
    ],
)
async def test_what_a_form_does_not_know_is_refused(
    client: Client, ada: dict[str, Any], params: dict[str, str]
) -> None:
    assert (await get(client, ada, **params)).status_code == 400


async def test_a_list_beyond_the_limit_is_refused_before_a_byte_is_sent(
    client: Client, ada: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cite_list.cite_list, "__kwdefaults__", {"most": 1})
    for author in ("Zuse, Konrad", "Ash, Ann"):
        await save(client, ada, author, f"On {author}")
    answer = await get(client, ada, format="references")
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


async def test_an_empty_list_is_an_empty_bibliography(client: Client, ada: dict[str, Any]) -> None:
    assert (await get(client, ada, format="references", tag="none")).text == ""
    assert "csl-entry" not in (await get(client, ada, format="references-html", tag="none")).text
