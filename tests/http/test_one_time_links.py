"""One-time links: each makes one account, in a plain form, and then is of no use to anybody."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from api.actions.desk import Desk
from api.actions.make_link import make_link
from api.actions.register import register
from api.actions.use_link import find_link
from api.domain.errors import NotFound
from tests.conftest import Clock
from tests.http.conftest import EMAIL, PASSWORD, Client, MakeClient, sign_in_by_form, submit


async def test_the_owners_link_makes_the_first_account_once_and_signs_in(client: Client, desk: Desk) -> None:
    path = urlsplit(await make_link(desk, "owner")).path
    shown = await client.get(path)
    assert shown.status_code == 200
    assert "<script" not in shown.text
    made = await submit(client, shown, path, email=EMAIL, password=PASSWORD)
    assert (made.status_code, made.headers["location"]) == (303, "/")
    assert (await client.get("/v1/entries")).status_code == 200
    assert (await client.get(path)).status_code == 404
    again = await submit(client, shown, path, email="eve@example.org", password=PASSWORD)
    assert again.status_code in (403, 404)


async def test_a_link_is_used_once_even_by_two_at_a_time(make_client: MakeClient, desk: Desk) -> None:
    path = urlsplit(await make_link(desk, "account")).path
    answers = []
    for email in ("one@example.org", "two@example.org"):
        client = await make_client()
        shown = await client.get(path)
        answers.append((client, shown, email))
    done = [(await submit(c, shown, path, email=email, password=PASSWORD)).status_code for c, shown, email in answers]
    assert done == [303, 404]


async def test_the_owners_link_ends_when_there_is_an_account_or_a_newer_link(client: Client, desk: Desk) -> None:
    first = urlsplit(await make_link(desk, "owner")).path
    second = urlsplit(await make_link(desk, "owner")).path
    assert (await client.get(first)).status_code == 404
    assert (await client.get(second)).status_code == 200
    await register(desk, EMAIL, PASSWORD, by_admin=True)
    assert (await client.get(second)).status_code == 404


async def test_a_link_for_somebody_makes_their_account_whatever_the_form_says(client: Client, desk: Desk) -> None:
    path = urlsplit(await make_link(desk, "account", EMAIL)).path
    shown = await client.get(path)
    assert f'value="{EMAIL}" readonly' in shown.text
    await submit(client, shown, path, email="eve@example.org", password=PASSWORD)
    client.cookies.clear()
    await sign_in_by_form(client)


async def test_a_link_ends_after_two_days(client: Client, desk: Desk, clock: Clock) -> None:
    path = urlsplit(await make_link(desk, "owner")).path
    clock.forward(48 * 3600)
    assert (await client.get(path)).status_code == 404
    assert (await client.get("/claim/guessed")).status_code == 404


async def test_a_weak_password_is_said_in_the_form_and_leaves_the_link_usable(client: Client, desk: Desk) -> None:
    path = urlsplit(await make_link(desk, "owner")).path
    weak = await submit(client, await client.get(path), path, email=EMAIL, password="12345678")
    assert weak.status_code == 400
    assert "first that anyone tries" in weak.text
    assert f'value="{EMAIL}"' in weak.text
    assert "12345678" not in weak.text
    assert (await submit(client, weak, path, email=EMAIL, password=PASSWORD)).status_code == 303


async def test_an_expired_link_raises_the_same_as_an_unknown_one(desk: Desk, clock: Clock) -> None:
    token = (await make_link(desk, "owner", hours=1)).rpartition("/")[2]
    clock.forward(3600)
    with pytest.raises(NotFound) as expired:
        await find_link(desk, token)
    with pytest.raises(NotFound) as unknown:
        await find_link(desk, "guessed")
    assert expired.value.detail == unknown.value.detail
