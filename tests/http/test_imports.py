"""`/v1/imports` and its page: a file goes in by body or form, a worker reads it, and nothing is unaccounted for."""

from __future__ import annotations

import json
from typing import Any

import pytest

from api.actions.desk import Desk
from api.actions.import_library import run_import
from tests.http.conftest import Client, MakeClient, bearer

BIB = """
@article{loom, title={Looms}, author={Ada Byron}, journal={Weaving}, year={1843}}
@article{bad, title={No end
@article{mill, title={Mills}, author={Ada Byron}, journal={Weaving}, year={1844}}
"""


async def send(client: Client, ada: dict[str, Any], body: bytes = BIB.encode(), **params: str) -> str:
    headers = bearer(ada["access_token"]) | {"Content-Type": "application/x-bibtex"}
    answer = await client.post("/v1/imports", params=params, content=body, headers=headers)
    assert answer.status_code == 202, answer.text
    return str(answer.json()["id"])


async def ask(client: Client, ada: dict[str, Any], path: str) -> Any:
    answer = await client.get(path, headers=bearer(ada["access_token"]))
    assert answer.status_code == 200, answer.text
    return answer


async def test_a_file_is_queued_read_and_accounted_for(client: Client, ada: dict[str, Any], desk: Desk) -> None:
    id_ = await send(client, ada, filename="looms.bib")
    run = (await ask(client, ada, f"/v1/imports/{id_}")).json()
    assert (run["state"], run["filename"]) == ("queued", "looms.bib")
    await run_import(desk, ada["library_id"], id_)
    run = (await ask(client, ada, f"/v1/imports/{id_}")).json()
    assert run["counts"] == {"total": 3, "imported": 2, "merged": 0, "reported": 1}
    assert [(one["line"], one["code"]) for one in run["report"]] == [(3, "unreadable")]
    [listed] = (await ask(client, ada, "/v1/imports")).json()["items"]
    assert (listed["id"], listed["report"]) == (id_, [])


async def test_a_form_with_a_file_is_as_good(client: Client, ada: dict[str, Any], desk: Desk) -> None:
    files = {"file": ("mine.ris", b"TY  - JOUR\nTI  - Looms\nER  - \n", "text/plain")}
    answer = await client.post("/v1/imports", files=files, headers=bearer(ada["access_token"]))
    assert answer.status_code == 202, answer.text
    run = await run_import(desk, ada["library_id"], answer.json()["id"])
    assert (run.filename, run.counts.imported) == ("mine.ris", 1)


async def test_the_stream_ends_with_the_import(client: Client, ada: dict[str, Any], desk: Desk) -> None:
    id_ = await send(client, ada)
    await run_import(desk, ada["library_id"], id_)
    text = (await ask(client, ada, f"/v1/imports/{id_}/stream")).text
    event, _, data = text.partition("\n")
    assert event == "event: done"
    assert json.loads(data.removeprefix("data: "))["counts"]["imported"] == 2


@pytest.mark.parametrize("headers", [{"Content-Type": "text/plain"}, {"Content-Encoding": "gzip"}])
async def test_what_a_foreign_page_could_send_is_refused(
    client: Client, ada: dict[str, Any], headers: dict[str, str]
) -> None:
    answer = await client.post("/v1/imports", content=b"@a{b,}", headers=bearer(ada["access_token"]) | headers)
    assert answer.status_code == 415


async def test_an_empty_body_and_a_file_beyond_the_limit_are_refused(
    make_client: MakeClient, ada: dict[str, Any]
) -> None:
    client = await make_client(import_bytes=100)
    headers = bearer(ada["access_token"]) | {"Content-Type": "application/octet-stream"}
    assert (await client.post("/v1/imports", headers=headers)).status_code == 400
    answer = await client.post("/v1/imports", content=b"x" * 101, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


async def test_nobody_sees_anothers_import(client: Client, ada: dict[str, Any]) -> None:
    id_ = await send(client, ada)
    assert (await client.get(f"/v1/imports/{id_}")).status_code == 401
    assert (await client.get(f"/v1/imports/{'0' * 8}{id_[8:]}", headers=bearer(ada["access_token"]))).status_code == 404
