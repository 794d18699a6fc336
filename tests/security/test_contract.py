"""The contract tried by machine (schemathesis), every operation of it, as two people: no failure of ours, no surprise.

What the framework and msgspec describe is what is checked; `schemathesis.toml` says which rules no schema can say.
`make soak` tries 40 requests where CI tries 3.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from msgspec.structs import replace

from api.actions.desk import Desk
from api.actions.make_token import new_token
from api.app import create_app
from api.serving import Server
from tests.http.conftest import PASSWORD

FULL = os.environ.get("SCHOLIUM_TEST_SCALE") == "full"
SCALE = ("--max-examples", "40") if FULL else ("--max-examples", "3", "--seed", "8")  # CI tries the same each time
ENDING = ("/v1/sessions/{session_id}", "/v1/account", "/v1/account/password")  # of the session; tried in the matrix
UNREAD = ("/v1/sync/index",)  # answers tuples with an array in them (prefixItems), which the tool cannot read
CONFIG = Path(__file__).with_name("schemathesis.toml")


@pytest.fixture
async def service(desk: Desk) -> AsyncIterator[str]:
    """The address of a process of the API with the machine's clock."""
    settings = replace(desk.settings, registration="open", port=0)
    clocked = replace(desk, settings=settings)
    server = Server(create_app(settings, clocked), settings)
    task = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    await task


async def try_all(service: str, token: str, document: Path, *more: str) -> str:
    """What schemathesis says of the whole contract as whoever holds this token."""
    words = ["run", str(document), "--url", service, "--header", f"Authorization: Bearer {token}"]
    config = document.with_name("schemathesis.toml")
    config.write_text(CONFIG.read_text() + rule_of_cursors(json.loads(document.read_bytes())))
    words += [*SCALE, "--no-color", "--no-shrink", *more]
    tool = Path(sys.executable).with_name("schemathesis")
    running = await asyncio.create_subprocess_exec(
        tool, "--config-file", str(config), *words, cwd=document.parent, stdout=-1, stderr=asyncio.subprocess.STDOUT
    )
    said, _ = await running.communicate()
    return said.decode()


def rule_of_cursors(contract: dict[str, Any]) -> str:
    """A cursor must be one that we signed, which no schema can say: 400 is an answer to any other."""
    takes = [
        path
        for path, methods in contract["paths"].items()
        if any(one["name"] == "cursor" for one in methods.get("get", {}).get("parameters", []))
    ]
    statuses = '["2xx", 400, 401, 403, 404, 409, 410]'
    rule = f"checks.positive_data_acceptance.expected-statuses = {statuses}"
    shape = "checks.response_schema_conformance.enabled = false"
    each = [
        f'[[operations]]\ninclude-path = "{path}"\n{rule}\n' + (shape + "\n" if path in UNREAD else "")
        for path in takes
    ]
    return "\n" + "\n".join(each)


def findings(said: str) -> str:
    return said[max(said.find(" FAILURES "), said.find(" ERRORS ")) :][:12_000]


async def signed_in(service: str, email: str) -> str:
    async with httpx.AsyncClient(base_url=service) as client:
        await client.post("/v1/accounts", json={"email": email, "password": PASSWORD})
        answer = await client.post("/v1/sessions", json={"email": email, "password": PASSWORD})
        return str(answer.json()["access_token"])


async def contract_of(service: str, folder: Path) -> tuple[Path, dict[str, Any]]:
    async with httpx.AsyncClient(base_url=service) as client:
        answer = await client.get("/openapi.json")
    path = folder / "openapi.json"
    path.write_bytes(answer.content)
    found: dict[str, Any] = answer.json()
    return path, found


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_every_operation_does_what_the_contract_says(service: str, tmp_path: Path) -> None:
    document, contract = await contract_of(service, tmp_path)
    said = await try_all(service, await signed_in(service, "ada@example.org"), document)
    summary = said[said.rfind("SUMMARY") :]
    assert "Failures:" not in summary, findings(said)
    assert "Errors:" not in summary, findings(said)
    (tested,) = re.findall(r"Tested: (\d+)", summary)
    there = [(path, method) for path, methods in contract["paths"].items() for method in methods if path not in ENDING]
    assert int(tested) == len(there)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_whoever_may_only_read_finds_every_other_door_shut(service: str, desk: Desk, tmp_path: Path) -> None:
    document, _ = await contract_of(service, tmp_path)
    await signed_in(service, "ada@example.org")
    row = await desk.database.read(lambda tx: tx.row("SELECT id FROM account"))
    assert row is not None
    token = await new_token(desk, row["id"], "reader", ["read"], desk.now() + 86_400_000)
    said = await try_all(
        service,
        token.secret,
        document,
        "--phases",
        "fuzzing",
        "--checks",
        "not_a_server_error,status_code_conformance,ignored_auth,response_schema_conformance",
    )
    assert "Failures:" not in said[said.rfind("SUMMARY") :], findings(said)
