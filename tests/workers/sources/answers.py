"""Answers of sources, made by hand or recorded: what the tests of the readers share."""

from __future__ import annotations

import json
from collections.abc import Iterable

import pytest

from api.domain.papers import Finding, Identifier
from tests.conftest import SHARED
from workers.sources.base import Answer, BadAnswer, Source

AT = "2026-11-18T12:00:00.000Z"


def ids(*names: str) -> list[Identifier]:
    """Identifiers by `scheme:value`."""
    return [Identifier(*name.split(":", 1)) for name in names]


def said(source: Source, asked: Iterable[Identifier], body: object, status: int = 200) -> Answer:
    """The answer of a source to its own question about these identifiers, JSON unless it is bytes."""
    request = source.ask(list(asked))
    assert request is not None
    return answer(source.name, request.url, body, status)


def answer(source: str, url: str, body: object, status: int = 200) -> Answer:
    """An answer to any question."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Answer(source, url, status, "text/xml" if raw[:1] == b"<" else "application/json", raw, AT)


def recorded(name: str) -> list[tuple[str, Answer]]:
    """Every recorded answer of a source that has an address, with its file's name."""
    folder = SHARED / "fixtures" / "api" / name
    if not folder.is_dir():
        pytest.skip(f"shared fixtures are not here: {name}")
    rows = [row for row in json.loads((folder / "index.json").read_text()) if row["url"]]
    return [
        (
            row["file"],
            Answer(
                name,
                row["url"],
                row["status"],
                row["headers"].get("content-type", "").partition(";")[0],
                (folder / row["file"]).read_bytes(),
                AT,
            ),
        )
        for row in rows
    ]


def outcome(source: Source, one: Answer) -> Finding | str | None:
    """What becomes of an answer: a finding, nothing, or the code of a bad answer."""
    try:
        return source.read(one)
    except BadAnswer as bad:
        return bad.code
