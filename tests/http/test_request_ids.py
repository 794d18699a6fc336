"""A request's id follows its work: from the client into the answer, the database, and the worker's log."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from api.actions.desk import Desk
from api.actions.enrich_paper import take_paper
from api.actions.retry_jobs import retry_job
from api.logs import BLOT, _Json, _Text, blotted
from api.store.database import Tx
from api.tracing import current_request, following
from tests.http.conftest import Client, bearer
from tests.make import make_id


@pytest.mark.parametrize(
    "given", ["short", "a" * 65, "new\u00adline-here", "with space here", "semi;colon;s", "../../etc/x"]
)
async def test_an_id_that_is_not_plain_is_replaced(client: Client, given: str) -> None:
    answer = await client.get("/health/live", headers={"X-Request-Id": given.encode()})  # type: ignore[dict-item]
    assert answer.headers["x-request-id"] != given
    assert len(answer.headers["x-request-id"]) == 16


async def test_a_plain_id_comes_back_also_with_a_problem(client: Client) -> None:
    answer = await client.get("/v1/entries", headers={"X-Request-Id": "browser-0123_abc"})
    assert answer.headers["x-request-id"] == answer.json()["request_id"] == "browser-0123_abc"


async def test_the_work_of_a_save_goes_back_to_its_request(
    client: Client, ada: dict[str, Any], desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "api.actions.desk")
    head = bearer(ada["access_token"])
    wish = {"id": make_id("e"), "url": "https://arxiv.org/abs/1706.03762"}
    saved = await client.post("/v1/saves", json=wish, headers=head | {"X-Request-Id": "save-request"})
    paper_id = saved.json()["paper"]["id"]
    assert current_request() is None
    assert "1 papers are to be looked up" in caplog.text
    with following("before"):
        assert await take_paper(desk, paper_id) is not None
        assert current_request() == "save-request"


async def test_the_work_of_another_try_goes_back_to_who_asked_for_it(
    client: Client, ada: dict[str, Any], desk: Desk
) -> None:
    head = bearer(ada["access_token"])
    wish = {"id": make_id("e"), "url": "https://arxiv.org/abs/1706.03762"}
    paper_id = (await client.post("/v1/saves", json=wish, headers=head)).json()["paper"]["id"]

    async def fail(tx: Tx) -> None:
        await tx.run("UPDATE paper SET enrich_state = 'failed'")

    await desk.database.write(fail)
    await client.post(f"/v1/papers/{paper_id}/enrich", headers=head | {"X-Request-Id": "the-second-one"})
    await desk.database.write(fail)
    with following("the-third-one"):
        await retry_job(desk, paper_id)
    with following("before"):
        assert await take_paper(desk, paper_id) is not None
        assert current_request() == "the-third-one"


def record(message: str, error: Exception | None = None) -> logging.LogRecord:
    info = (type(error), error, None) if error else None
    return logging.LogRecord("api.test", logging.INFO, "", 1, message, None, info)


def test_a_line_names_its_request_as_text_and_as_json() -> None:
    with following("request-1"):
        assert _Text().format(record("hello")).endswith("INFO api.test: hello [request-1]")
        said = _Json().format(record("hello\nworld", ValueError("no")))
    assert '"message": "hello\\nworld"' in said
    assert '"request_id": "request-1"' in said
    assert '"error": "ValueError"' in said
    assert "\n" not in said
    assert _Text().format(record("hello")).endswith("api.test: hello")


@pytest.mark.parametrize(
    "secret",
    [
        "sch_AbCdEf0123456789_-x",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
        "postgresql://ada:hunter22@db.example/x",
        "redis://:hunter22@cache:6379",
        "Authorization: Bearer c2VjcmV0LXRva2Vu",
        "/f/AbCdEf0123456789AbCdEf01/list.bib",
        "/claim/AbCdEf0123456789AbCdEf01",
    ],
)
def test_what_opens_doors_is_blotted_out_wherever_it_stands(secret: str) -> None:
    said = blotted(f"before {secret} after")
    assert BLOT in said
    assert said.startswith("before ")
    assert said.endswith(" after")
    for word in ("hunter22", "AbCdEf0123456789", "c2VjcmV0", "c2lnbmF0dXJl"):
        assert word not in said


def test_plain_words_stay() -> None:
    text = "paper 0199f3f4-1925-7d81-8544-88afef2ba1c7 at https://example.org/a:b@c was looked up"
    assert blotted(text) == text
