"""Every page and form against browsers: signed in or not, as somebody else, and with forms that are not ours."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import httpx
import pytest

from api.actions.desk import Desk
from api.actions.make_token import new_token
from tests.conftest import NOW
from tests.http.conftest import PASSWORD, Client, bearer, fields_of
from tests.security.doors import OPEN, address
from tests.security.house import CANARY, House, Resident, changed, fingerprint, unsigned
from tests.security.pages import PAGES

UPLOADS = ("POST /library/imports",)
FOREIGN: tuple[dict[str, str], ...] = (
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
)
OF_AN_ENTRY = [route for route in PAGES if "{entry_id}" in route]


class Browsers:
    """Browsers with cookies of their own, on one application."""

    def __init__(self, client: Client, stack: AsyncExitStack) -> None:
        self._client, self._stack = client, stack

    async def stranger(self) -> Client:
        made = httpx.AsyncClient(transport=self._client._transport, base_url=str(self._client.base_url))
        return await self._stack.enter_async_context(made)

    async def of(self, person: Resident) -> Client:
        browser = await self.stranger()
        form = fields_of((await browser.get("/sign-in")).text) | {"email": person.account.email, "password": PASSWORD}
        assert (await browser.post("/sign-in", data=form)).status_code == 303
        return browser


@pytest.fixture
async def browsers(door: Client) -> AsyncIterator[Browsers]:
    async with AsyncExitStack() as stack:
        yield Browsers(door, stack)


async def token_of(browser: Client) -> str:
    return fields_of((await browser.get("/sign-in")).text)["csrf"]


async def send(
    browser: Client, route: str, ids: dict[str, str], headers: dict[str, str] | None = None, **form: str
) -> Any:
    method = route.split(" ")[0]
    sent: dict[str, Any] = {"data": form} if method == "POST" else {}
    if route in UPLOADS:
        sent["files"] = {"file": ("x.bib", b"@article{a, title={x}}")}
    return await browser.request(method, address(route, ids), headers=headers, **sent)


async def test_a_stranger_is_sent_to_sign_in_from_every_page_and_form(
    browsers: Browsers, desk: Desk, house: House
) -> None:
    stranger, before = await browsers.stranger(), await fingerprint(desk)
    for route, scopes in PAGES.items():
        if scopes != OPEN:
            answer = await send(stranger, route, house.ada.ids, csrf="x")
            assert (answer.status_code, answer.headers["location"][:9]) == (303, "/sign-in?"), route
    assert changed(before, await fingerprint(desk)) == set()


async def test_no_form_is_taken_without_this_browsers_token_and_from_our_own_page(
    browsers: Browsers, desk: Desk, house: House
) -> None:
    ada, bob, stranger = await browsers.of(house.ada), await browsers.of(house.bob), await browsers.stranger()
    own, other = await token_of(ada), await token_of(bob)
    before = await fingerprint(desk)
    for route, scopes in PAGES.items():
        if not route.startswith("POST"):
            continue
        browser = ada if scopes != OPEN else stranger
        for wrong in ({}, {"csrf": ""}, {"csrf": "0" * 64}, {"csrf": other}):
            answer = await send(browser, route, house.ada.ids, **wrong)
            assert answer.status_code == 403, f"{route} {wrong}: {answer.status_code}"
        for foreign in FOREIGN:
            answer = await send(ada, route, house.ada.ids, foreign, csrf=own)
            assert answer.status_code == 403, f"{route} {foreign}: {answer.status_code}"
    assert changed(before, await fingerprint(desk)) == set()


async def test_her_browser_sees_every_page(browsers: Browsers, house: House) -> None:
    ada = await browsers.of(house.ada)
    for route, scopes in PAGES.items():
        if route.startswith("GET") and scopes != OPEN:
            answer = await send(ada, route, house.ada.ids)
            # The split's page asks first what is to be split; the operator is the first account of the machine.
            assert answer.status_code == (400 if route.endswith("/split") else 200), route


async def test_another_persons_entries_are_not_there(browsers: Browsers, desk: Desk, house: House) -> None:
    bob, before = await browsers.of(house.bob), await fingerprint(desk, house.ada)
    csrf = await token_of(bob)
    missing = dict.fromkeys(house.ada.ids, "0199aaaa-0000-7000-8000-00000000dead")
    for route in OF_AN_ENTRY:
        form = {
            "csrf": csrf,
            "starred": "yes",
            "title": "x",
            "part": "doi:10.5555/x",
            "other": house.ada.ids["paper of entry"],
        }
        foreign, nobodys = [await send(bob, route, ids, **form) for ids in (house.ada.ids, missing)]
        assert foreign.status_code == nobodys.status_code == 404, route
        assert unsigned(foreign.text) == unsigned(nobodys.text), route
        assert CANARY not in foreign.text
    assert changed(before, await fingerprint(desk, house.ada)) == set()


async def test_forms_that_name_another_persons_things_change_nothing_of_theirs(
    browsers: Browsers, desk: Desk, house: House
) -> None:
    bob, hers = await browsers.of(house.bob), house.ada.ids
    csrf, before = await token_of(bob), await fingerprint(desk, house.ada)
    forms = [
        ("/account/devices", {"device": hers["session_id"]}),
        ("/account/devices", {"token": hers["token_id"]}),
        ("/library/feeds", {"end": hers["feed_id"]}),
        ("/library/feeds", {"name": "x", "format": "bibtex", "of": f"tag:{hers['tags']}"}),
        ("/library/held", {"action": "discard", "which": hers["op_id"]}),
        ("/library/tags", {"tag": hers["tags"], "name": "x"}),
        ("/library/tags", {"tag": hers["tags"], "op": "delete"}),
        ("/library/many", {"act": "tag", "tag": "x", "keys": hers["entry"]}),
        ("/library/many", {"act": "list", "list": hers["lists"], "keys": hers["entry"]}),
        ("/library/many/undo", {"id": hers["entry"]}),
        ("/library/lists", {"list": hers["lists"], "name": "x"}),
        ("/library/lists", {"list": hers["lists"], "op": "delete"}),
        ("/library/lists/order", {"list": hers["lists"], "entry": hers["entry"], "by": "1"}),
        ("/library/trash", {"type": "entry", "key": hers["entry"]}),
        (f"/library/entries/{house.bob.ids['entry']}/same", {"other": hers["paper of entry"], "same": "yes"}),
        (f"/library/entries/{house.bob.ids['entry']}", {"add_tag": hers["tags"]}),
        (f"/library/entries/{house.bob.ids['entry']}", {"remove_tag": hers["tags"]}),
        ("/operator", {"job": hers["paper of entry"]}),
        ("/operator", {}),
    ]
    for path, form in forms:
        answer = await bob.post(path, data=form | {"csrf": csrf})
        assert answer.status_code in (200, 303, 400, 404), f"{path} {answer.status_code}"
        assert CANARY not in answer.text
    assert changed(before, await fingerprint(desk, house.ada)) == set()
    shown = [
        await bob.get(path)
        for path in (
            f"/library/rows?entry={hers['entry']}",
            f"/library/imports?id={hers['import_id']}",
            "/",
            f"/library/tags?change={hers['tags']}",
            f"/library/lists?change={hers['lists']}",
            f"/?list={hers['lists']}",
            "/library/trash",
            "/library/held",
            "/library/feeds",
            "/account",
        )
    ]
    assert all(CANARY not in answer.text for answer in shown)


async def test_a_personal_token_gets_no_page_beyond_its_scope_and_no_form_at_all(
    door: Client, desk: Desk, house: House
) -> None:
    for scope in ("read", "save", "sync", "export"):
        made = await new_token(desk, house.ada.account.id, scope, [scope], NOW + 86_400_000)
        for route, scopes in PAGES.items():
            if scopes == OPEN:
                continue
            answer = await send(door, route, house.ada.ids, bearer(made.secret), csrf="x")
            if scope != scopes or route.startswith("POST"):
                assert answer.status_code == 403, f"{scope} {route}"
                assert CANARY not in answer.text


async def test_a_cookie_writes_by_the_api_only_from_our_own_page(browsers: Browsers, desk: Desk, house: House) -> None:
    ada, before = await browsers.of(house.ada), await fingerprint(desk)
    own = {"X-Scholium": "1", "Sec-Fetch-Site": "same-origin"}
    for headers in (
        {},
        {"X-Scholium": "1"},
        {"Sec-Fetch-Site": "same-origin"},
        *({"X-Scholium": "1"} | one for one in FOREIGN),
    ):
        for method, path in (
            ("PATCH", f"/v1/entries/{house.ada.ids['entry']}"),
            ("DELETE", "/v1/account"),
            ("POST", "/v1/tokens"),
        ):
            answer = await ada.request(method, path, json={"starred": True}, headers=headers)
            assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed"), (headers, path)
    assert changed(before, await fingerprint(desk)) == set()
    assert (
        await ada.patch(f"/v1/entries/{house.ada.ids['entry']}", json={"starred": True}, headers=own)
    ).status_code == 200
