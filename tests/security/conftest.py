"""Ada's house with something in every room, Bob's beside it, and the application between them."""

from __future__ import annotations

import pytest

from api.actions.desk import Desk
from tests.http.conftest import Client, MakeClient, client, make_client
from tests.security.house import OLD_KEY, House, furnish

__all__ = ["client", "make_client"]


@pytest.fixture
async def door(make_client: MakeClient) -> Client:
    """A client of an application whose keys are just being rotated."""
    opened = await make_client(secret_key_previous=OLD_KEY, registration="open")
    opened.follow_redirects = False
    return opened


@pytest.fixture
async def house(door: Client, desk: Desk) -> House:
    """Ada's and Bob's libraries."""
    return await furnish(door, desk)
