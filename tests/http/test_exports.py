"""`GET /v1/export`: formats by name and by `Accept`, what they are sent as, and what is refused."""

from __future__ import annotations

import json
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest

from api.domain.formats.catalog import FORMATS
from tests.http.conftest import Client, bearer
from tests.make import make_id


async def get(client: Client, ada: dict[str, Any], accept: str = "*/*", **params: Any) -> Any:
    return await client.get("/v1/export", params=params, headers=bearer(ada["access_token"]) | {"Accept": accept})


async def save(client: Client, ada: dict[str, Any]) -> None:
    wish = {"id": make_id("save"), "url": "https://arxiv.org/abs/1706.03762", "tags": ["thesis"], "note": "mine"}
    assert (await client.post("/v1/saves", json=wish, headers=bearer(ada["access_token"]))).status_code == 201


@pytest.mark.parametrize("name", FORMATS)
async def test_a_format_by_name_is_sent_with_its_type_and_file_name(
    client: Client, ada: dict[str, Any], name: str
) -> None:
    await save(client, ada)
    answer = await get(client, ada, format=name)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].split(";")[0] == FORMATS[name].media_type  # type: ignore[index]
    assert answer.headers["content-type"].count("charset") <= 1
    assert answer.headers["content-disposition"] == f'attachment; filename="{FORMATS[name].filename}"'  # type: ignore[index]
    if name == "markdown-notes":
        assert [one.filename for one in ZipFile(BytesIO(answer.content)).infolist()] == ["scholium/arxiv170603762.md"]
        return
    assert name == "webannotation" or "1706.03762" in answer.text
    if "json" in answer.headers["content-type"]:
        json.loads(answer.text)


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("*/*", "application/x-bibtex"),
        ("text/html, application/xhtml+xml", "application/x-bibtex"),
        ("application/x-research-info-systems", "application/x-research-info-systems"),
        ("text/csv;q=0.5, text/markdown", "text/markdown"),
        ("application/vnd.citationstyles.csl+json", "application/vnd.citationstyles.csl+json"),
        ("application/json", "application/json"),
    ],
)
async def test_without_a_name_the_accept_header_chooses(
    client: Client, ada: dict[str, Any], accept: str, media_type: str
) -> None:
    answer = await get(client, ada, accept)
    assert answer.headers["content-type"].split(";")[0] == media_type
    assert answer.headers["vary"] == "Accept"


async def test_a_name_beats_the_accept_header(client: Client, ada: dict[str, Any]) -> None:
    answer = await get(client, ada, "text/csv", format="ris")
    assert answer.headers["content-type"].startswith("application/x-research-info-systems")
    assert "vary" not in answer.headers


async def test_parts_are_chosen_and_left_out(client: Client, ada: dict[str, Any]) -> None:
    await save(client, ada)
    assert "mine" not in (await get(client, ada, format="bibtex")).text
    assert "annote" in (await get(client, ada, format="bibtex", fields=["note", "tags"])).text
    without = (await get(client, ada, format="bibtex", exclude=["tags", "url"])).text
    assert ("keywords" in without, " url" in without) == (False, False)


async def test_ascii_is_ascii_whatever_the_note_holds(client: Client, ada: dict[str, Any]) -> None:
    wish = {"id": make_id("save"), "url": "https://arxiv.org/abs/1706.03762", "tags": ["学习"], "note": "Größe µ £"}
    await client.post("/v1/saves", json=wish, headers=bearer(ada["access_token"]))
    answer = await get(client, ada, format="bibtex", ascii="1", fields=["note", "tags"])
    assert ("{XueXi}" in answer.text, r"Gr{\"o}{\ss}e" in answer.text) == (True, True)
    assert (await get(client, ada, format="ris", ascii="1", fields="note")).text.isascii()
    assert "学习" in (await get(client, ada, format="bibtex", fields="tags")).text


@pytest.mark.parametrize(
    "wrong",
    [
        {"format": "word"},
        {"order": "random"},
        {"fields": "title"},
        {"exclude": "everything"},
        {"format": "json", "exclude": "note"},
        {"format": "csv", "ascii": "1"},
    ],
)
async def test_what_is_not_offered_is_refused(client: Client, ada: dict[str, Any], wrong: dict[str, str]) -> None:
    assert (await get(client, ada, **wrong)).status_code == 400
