"""A worker's writes are short: nothing is inflated or compressed in them that need not be, for all others wait."""

from __future__ import annotations

import zlib
from typing import Any

import pytest
from msgspec.structs import replace

from api.actions.desk import Desk
from api.actions.enrich_paper import finish_paper, take_paper
from api.actions.save_paper import SaveWish, save_paper
from api.domain.accounts import Who
from api.domain.papers import Finding, Identifier
from api.store import answers
from api.store.answers import KeptAnswer
from api.store.enrichment import Observation
from tests.actions.test_statements import CountingDatabase
from tests.make import NOW, make_id

ASKED = "https://example.org/ask"
BODY = b"<raw/>" * 1000


def observation() -> Observation:
    finding = Finding("arxiv", identifiers=(Identifier("arxiv", "1706.03762"),), title="A Title")
    return Observation("arxiv", ASKED, NOW, 200, BODY, finding)


async def test_answers_are_compressed_before_the_write_and_never_read_back(
    desk: Desk, ada: dict[str, Who], monkeypatch: pytest.MonkeyPatch
) -> None:
    paper_id = (await save_paper(desk, ada["laptop"], SaveWish(make_id("e"), "arXiv:1706.03762"))).paper.id
    counting = CountingDatabase(desk.database)
    slow: list[str] = []
    writing = False

    def compress(data: bytes, *more: Any) -> bytes:
        if writing and data == BODY:
            slow.append("compressed in a write")
        return real(data, *more)

    async def write(work: Any) -> Any:
        nonlocal writing
        writing = True
        try:
            return await whole(work)
        finally:
            writing = False

    real, whole = zlib.compress, counting.write
    monkeypatch.setattr(zlib, "compress", compress)
    monkeypatch.setattr(counting, "write", write)
    counted = replace(desk, database=counting)
    task = await take_paper(counted, paper_id)
    assert task is not None
    kept = KeptAnswer("arxiv", ASKED, 200, "text/xml", BODY, "", "", NOW, NOW, 0)
    assert await finish_paper(counted, task, [observation()], kept=[kept])
    assert slow == []
    assert not [sql for sql in counting.asked if " raw" in sql and sql.startswith("SELECT")]
    found = await desk.database.read(lambda tx: answers.get(tx, "arxiv", ASKED))
    assert found is not None
    assert found.body == BODY


async def test_taking_a_paper_writes_the_claim_alone(desk: Desk, ada: dict[str, Who]) -> None:
    paper_id = (await save_paper(desk, ada["laptop"], SaveWish(make_id("e"), "arXiv:1706.03762"))).paper.id
    counting = CountingDatabase(desk.database)
    written: list[str] = []

    async def write(work: Any) -> Any:
        before = len(counting.asked)
        result = await type(counting).write(counting, work)
        written.extend(counting.asked[before:])
        return result

    counting.write = write  # type: ignore[method-assign]
    assert await take_paper(replace(desk, database=counting), paper_id) is not None
    assert len(written) == 2  # how often it was begun, and the claim
