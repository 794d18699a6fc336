"""The application on this test's desk, and people who are signed in.

Not the framework's own test client: that one runs the application in a loop of another thread, where this test's
database connections are of no use.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from html import unescape
from typing import Any

import httpx
import pytest
from litestar import Litestar
from msgspec.structs import replace

from api.actions.desk import Desk
from api.actions.register import register
from api.app import create_app

EMAIL = "ada@example.org"
PASSWORD = "a loom weaves algebra"
Client = httpx.AsyncClient
MakeClient = Callable[..., Awaitable[Client]]


@pytest.fixture
async def make_client(desk: Desk) -> AsyncIterator[MakeClient]:
    """Clients of applications with some settings changed, all on this test's desk."""
    async with AsyncExitStack() as stack:

        async def make(**changed: Any) -> Client:
            settings = replace(desk.settings, **changed)
            app = create_app(settings, replace(desk, settings=settings))
            await stack.enter_async_context(_alive(app))
            transport = httpx.ASGITransport(app)
            return await stack.enter_async_context(
                httpx.AsyncClient(transport=transport, base_url=desk.settings.base_url)
            )

        yield make


@asynccontextmanager
async def _alive(app: Litestar) -> AsyncIterator[None]:
    """The application's life in one task, since a fixture begins in one and ends in another."""
    started, stop = asyncio.Event(), asyncio.Event()

    async def live() -> None:
        async with app.lifespan():
            started.set()
            await stop.wait()

    task = asyncio.create_task(live())
    await asyncio.wait({task, asyncio.create_task(started.wait())}, return_when=asyncio.FIRST_COMPLETED)
    try:
        yield
    finally:
        stop.set()
        await task


@pytest.fixture
async def client(make_client: MakeClient) -> Client:
    """A client of the application."""
    return await make_client()


@pytest.fixture
async def ada(desk: Desk, client: Client) -> dict[str, Any]:
    """Ada has an account and is signed in: the answer to her sign-in."""
    await register(desk, EMAIL, PASSWORD, by_admin=True)
    return await sign_in(client)


async def sign_in(client: Client, email: str = EMAIL, password: str = PASSWORD) -> dict[str, Any]:
    """Sign another device in."""
    answer = await client.post("/v1/sessions", json={"email": email, "password": password, "device": "laptop"})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def bearer(token: str) -> dict[str, str]:
    """The header that shows a token."""
    return {"Authorization": f"Bearer {token}"}


async def refresh(client: Client, token: str, client_id: str = "scholium-extension") -> Any:
    """Exchange a refresh token; the whole answer."""
    form = {"grant_type": "refresh_token", "refresh_token": token, "client_id": client_id}
    return await client.post("/oauth/token", data=form)


def fields_of(page: str) -> dict[str, str]:
    """The values that the first form with fields on a page would send."""
    inputs = re.findall(r"<input [^>]*>", page)
    named = {re.search(r'name="([^"]*)"', one): re.search(r'value="([^"]*)"', one) for one in inputs}
    return {name[1]: unescape(value[1]) if value else "" for name, value in named.items() if name}


async def submit(client: Client, shown: Any, path: str, headers: dict[str, str] | None = None, **typed: str) -> Any:
    """Send a page's form as a browser would, with some fields typed in."""
    return await client.post(path, data=fields_of(shown.text) | typed, headers=headers, follow_redirects=False)


async def sign_in_by_form(client: Client, onward: str = "/pair") -> Any:
    shown = await client.get("/sign-in", params={"next": onward})
    answer = await submit(client, shown, "/sign-in", email=EMAIL, password=PASSWORD)
    assert answer.status_code == 303, answer.text
    return answer
