"""The stream of pokes over a real socket: told at once, alive while quiet, gone when it must go."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from msgspec.structs import replace

from api.actions.desk import Desk
from api.actions.register import register
from api.app import create_app
from api.pokes import Pokes
from api.serving import Server
from tests.http.conftest import EMAIL, PASSWORD, Client, bearer, sign_in
from tests.make import make_id, make_op

SECONDS = 10.0


class Service:
    """One process of the API, on a port of its own, in this loop."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.server = Server(create_app(desk.settings, desk), replace(desk.settings, port=0))
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> str:
        """Serve; returns the address."""
        self._task = asyncio.create_task(self.server.serve())
        while not self.server.started:
            await asyncio.sleep(0.005)
        return f"http://127.0.0.1:{self.server.servers[0].sockets[0].getsockname()[1]}"

    async def stop(self) -> None:
        """As after SIGTERM."""
        self.server.should_exit = True
        if self._task is not None:
            await self._task


@pytest.fixture
async def hub(desk: Desk) -> AsyncIterator[Desk]:
    """This test's desk with pokes that go through the real Valkey."""
    pokes = Pokes(desk.settings.redis_url)
    yield replace(desk, pokes=pokes)
    await pokes.close()


@pytest.fixture
async def service(hub: Desk) -> AsyncIterator[Service]:
    served = Service(hub)
    yield served
    await served.stop()


@pytest.fixture
async def web(service: Service) -> AsyncIterator[Client]:
    """A client on a real socket."""
    async with httpx.AsyncClient(base_url=await service.start(), timeout=SECONDS) as client:
        yield client


@pytest.fixture
async def ada(desk: Desk, web: Client) -> dict[str, Any]:
    await register(desk, EMAIL, PASSWORD, by_admin=True)
    return await sign_in(web)


class Listener:
    """A device at the other end of a stream."""

    def __init__(self, lines: AsyncIterator[str]) -> None:
        self._lines = lines
        self.comments = 0

    async def event(self) -> dict[str, str] | None:
        """The next event by its fields; None when the stream ended."""
        fields: dict[str, str] = {}
        async with asyncio.timeout(SECONDS):
            async for line in self._lines:
                if line.startswith(":"):
                    self.comments += 1
                elif line:
                    name, _, value = line.partition(": ")
                    fields[name] = value
                elif fields:
                    return fields
        return None


@asynccontextmanager
async def listening(web: Client, ada: dict[str, Any]) -> AsyncIterator[Listener]:
    async with web.stream("GET", "/v1/sync/stream", headers=bearer(ada["access_token"])) as answer:
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/event-stream")
        yield Listener(answer.aiter_lines())


async def push(web: Client, ada: dict[str, Any], name: str, seq: int = 1) -> int:
    """Make a tag; the library's version."""
    op = make_op(name=name, type="tag", key=make_id(name), set={"name": name}, device=ada["device_id"])
    wish = {"schema": 1, "library_id": ada["library_id"], "device_id": ada["device_id"], "first_seq": seq, "ops": [op]}
    answer = await web.post("/v1/sync/push", json=wish, headers=bearer(ada["access_token"]))
    assert answer.status_code == 200, answer.text
    return int(answer.json()["version"])


async def test_a_stream_says_where_the_library_stands_and_then_that_it_changed(
    web: Client, ada: dict[str, Any]
) -> None:
    async with listening(web, ada) as stream:
        ready = await stream.event()
        assert ready is not None
        assert (ready["event"], ready["retry"]) == ("ready", "3000")
        assert json.loads(ready["data"]) == {"library_id": ada["library_id"], "version": 0}
        began = time.monotonic()
        version = await push(web, ada, "thesis")
        poke = await stream.event()
        assert time.monotonic() - began < 1.5
        assert poke == {
            "event": "poke",
            "data": json.dumps({"library_id": ada["library_id"], "version": version}, separators=(",", ":")),
        }


async def test_a_save_and_an_edit_of_another_process_poke_too(web: Client, ada: dict[str, Any], desk: Desk) -> None:
    other = Service(replace(desk, pokes=Pokes(desk.settings.redis_url)))
    address, headers = await other.start(), bearer(ada["access_token"])
    async with (
        httpx.AsyncClient(base_url=address, timeout=SECONDS, headers=headers) as elsewhere,
        listening(web, ada) as stream,
    ):
        await stream.event()
        wish = {"id": make_id("entry"), "url": "https://arxiv.org/abs/1706.03762"}
        began = time.monotonic()
        assert (await elsewhere.post("/v1/saves", json=wish)).status_code == 201
        saved = await stream.event()
        edit = {"status": "read"}
        assert (await elsewhere.patch(f"/v1/entries/{make_id('entry')}", json=edit)).status_code == 200
        edited = await stream.event()
        assert time.monotonic() - began < 1.5
        assert saved is not None
        assert edited is not None
        assert json.loads(edited["data"])["version"] > json.loads(saved["data"])["version"]
    await other.stop()
    await other.desk.pokes.close()


async def test_a_waiting_pull_is_answered_as_soon_as_something_changed(web: Client, ada: dict[str, Any]) -> None:
    headers = bearer(ada["access_token"])
    cursor = (await web.get("/v1/sync/pull", headers=headers)).json()["cursor"]
    query = {"cursor": cursor, "wait": 20}
    waiting = asyncio.create_task(web.get("/v1/sync/pull", params=query, headers=headers, timeout=30))
    await _waited_for(web, ada)
    began = time.monotonic()
    await push(web, ada, "thesis")
    page = (await waiting).json()
    assert time.monotonic() - began < 1.5
    assert [change["data"]["name"] for change in page["changes"]] == ["thesis"]


async def _waited_for(web: Client, ada: dict[str, Any]) -> None:
    """Once an answer came that was asked for later, the waiting pull has been taken up."""
    await web.get("/v1/sync/info", headers=bearer(ada["access_token"]))


async def test_a_quiet_stream_says_that_it_lives(
    web: Client, ada: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.http.live.QUIET_SECONDS", 0.05)
    async with listening(web, ada) as stream:
        await stream.event()
        await asyncio.sleep(0.3)
        await push(web, ada, "thesis")
        await stream.event()
        assert stream.comments >= 1


async def test_a_stream_ends_when_its_device_is_signed_out(
    web: Client, ada: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.http.live.QUIET_SECONDS", 0.05)
    async with listening(web, ada) as stream:
        await stream.event()
        headers = bearer(ada["access_token"])
        assert (await web.delete(f"/v1/sessions/{ada['device_id']}", headers=headers)).status_code == 204
        assert await stream.event() is None


async def test_streams_and_waiting_pulls_end_when_the_server_takes_its_leave(
    service: Service, web: Client, ada: dict[str, Any]
) -> None:
    headers = bearer(ada["access_token"])
    cursor = (await web.get("/v1/sync/pull", headers=headers)).json()["cursor"]
    query = {"cursor": cursor, "wait": 25}
    async with listening(web, ada) as stream:
        await stream.event()
        waiting = asyncio.create_task(web.get("/v1/sync/pull", params=query, headers=headers, timeout=30))
        await _waited_for(web, ada)
        began = time.monotonic()
        stopping = asyncio.create_task(service.stop())
        assert await stream.event() is None
        assert (await waiting).status_code == 200
        await stopping
        assert time.monotonic() - began < 2


@pytest.mark.parametrize("headers", [{}, bearer("nonsense")])
async def test_a_stream_is_for_who_is_signed_in(web: Client, headers: dict[str, str]) -> None:
    assert (await web.get("/v1/sync/stream", headers=headers)).status_code == 401
