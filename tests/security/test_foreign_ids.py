"""Another person's ids, in every place where an id can stand: the same answer as for ids that nobody has."""

from __future__ import annotations

from typing import Any

import httpx

from api.actions.desk import Desk
from tests.http.conftest import Client
from tests.make import make_id, make_op
from tests.security.doors import doors, knock
from tests.security.house import CANARY, House, Resident, changed, fingerprint, unsigned

QUOTE = {"type": "TextQuoteSelector", "exact": "x", "prefix": "", "suffix": ""}
PLACES = ("{entry_id}", "{paper_id}", "{key}", "{session_id}", "{token_id}", "{op_id}", "{import_id}", "{feed_id}")
Ids = dict[str, str]


def unknown(ids: Ids) -> Ids:
    """Ids of the same shape that nobody has."""
    return {name: make_id(f"nobody's {name}") if name != "filename" else value for name, value in ids.items()}


async def test_the_id_in_an_address_is_of_no_use_to_anybody_else(door: Client, desk: Desk, house: House) -> None:
    before = await fingerprint(desk, house.ada)
    tried = 0
    for route, one in doors(house.bob).items():
        if not any(place in route for place in PLACES):
            continue
        foreign = await knock(door, route, house.ada.ids, one, house.bob.headers)
        missing = await knock(door, route, unknown(house.ada.ids), one, house.bob.headers)
        assert foreign.status_code == 404, f"{route}: {foreign.status_code} {foreign.text[:200]}"
        assert same(foreign, missing), f"{route}: {foreign.text} is not {missing.text}"
        tried += 1
    assert tried > 25
    assert changed(before, await fingerprint(desk, house.ada)) == set()


async def test_an_id_in_a_body_or_a_query_is_of_no_use_to_anybody_else(door: Client, desk: Desk, house: House) -> None:
    before = await fingerprint(desk, house.ada)
    for n, (hers, nobodys) in enumerate(
        zip(requests(house, house.ada.ids, "a"), requests(house, unknown(house.ada.ids), "b"), strict=True)
    ):
        foreign, missing = [await send(door, house.bob, one) for one in (hers, nobodys)]
        assert foreign.status_code < 500
        assert same(foreign, missing), f"{n} {hers}: {foreign.status_code} {foreign.text} is not {missing.text}"
    assert changed(before, await fingerprint(desk, house.ada)) == set()
    for path in ("/v1/entries", "/v1/tags", "/v1/lists", "/v1/highlights", "/v1/export?format=json", "/v1/sync/pull"):
        assert CANARY not in (await door.get(path, headers=house.bob.headers)).text


def requests(house: House, ids: Ids, mark: str) -> list[tuple[str, str, Any]]:
    """What Bob could send with these ids in it, one place after the other."""
    own = house.bob.ids
    entry, paper = own["other entry"], own["paper of other entry"]
    seq = {"a": 20_000, "b": 20_001}[mark]
    save = {"id": make_id(f"save {mark}"), "url": f"https://journal.example.org/{make_id(f'url {mark}')}"}
    feeds = [{"name": "f", "tag": ids["tags"]}, {"name": "f", "list": ids["lists"]}]
    return [
        *(("GET", f"/v1/{path}", None) for path in _queries(ids)),
        ("POST", "/v1/saves", save | {"lists": [ids["lists"]], "tags": [ids["tags"]]}),
        ("PATCH", f"/v1/entries/{entry}", {"tags": [ids["tags"]]}),
        ("PATCH", f"/v1/entries/{entry}", {"lists": [ids["lists"]]}),
        ("POST", "/v1/highlights", {"id": make_id(f"m {mark}"), "entry_id": ids["entry"], "selectors": [QUOTE]}),
        ("POST", f"/v1/tags/{own['tags']}/merge", {"into": ids["tags"]}),
        ("POST", f"/v1/papers/{paper}/join", {"other": ids["paper of entry"]}),
        ("POST", f"/v1/papers/{paper}/apart", {"other": ids["paper of entry"]}),
        ("POST", f"/v1/papers/{paper}/split", {"identifiers": ["doi:10.5555/x"], "highlights": [ids["highlights"]]}),
        *(("POST", "/v1/feeds", feed) for feed in feeds),
        *(("POST", "/v1/sync/push", _push(house.bob, seq + 2 * n, op)) for n, op in enumerate(_ops(ids, mark))),
        ("POST", "/v1/sync/push", _push(house.bob, seq + 40) | {"library_id": ids["library"]}),
    ]


def _queries(ids: Ids) -> list[str]:
    filters = [f"tag={ids['tags']}", f"list={ids['lists']}"]
    found = [f"{path}{one}" for path in ("entries?", "export?format=bibtex&") for one in filters]
    return [
        *found,
        f"highlights?entry={ids['entry']}",
        "entries?cursor=" + ids["entry"],
        "sync/pull?cursor=" + ids["op_id"],
    ]


def _ops(ids: Ids, mark: str) -> list[dict[str, Any]]:
    """Ops on what is not his, and on his own with members that are not his."""
    own = make_id("bob other entry")
    return [
        make_op("put", name=f"1{mark}", at=1, key=ids["entry"], set={"starred": True}),
        make_op("delete", name=f"2{mark}", at=2, key=ids["entry"]),
        make_op("restore", name=f"3{mark}", at=3, key=ids["entry"]),
        make_op("put", name=f"4{mark}", at=4, type="tag", key=ids["tags"], set={"color": "red"}),
        make_op("put", name=f"5{mark}", at=5, key=own, add={"tags": [ids["tags"]], "lists": [ids["lists"]]}),
    ]


def _push(who: Resident, seq: int, *ops: dict[str, Any]) -> dict[str, Any]:
    device = who.session["device_id"]
    sent = [op | {"hlc": op["hlc"][:18] + device} for op in ops]
    return {"schema": 1, "library_id": who.account.library_id, "device_id": device, "first_seq": seq, "ops": sent}


async def send(client: Client, who: Resident, one: tuple[str, str, Any]) -> httpx.Response:
    method, path, body = one
    sent = {"json": body} if body is not None else {}
    return await client.request(method, path, headers=who.headers, **sent)


def same(one: httpx.Response, other: httpx.Response) -> bool:
    """Whether nobody could tell the two answers apart."""
    texts = unsigned(one.text), unsigned(other.text)
    kinds = one.headers.get("content-type"), other.headers.get("content-type")
    return one.status_code == other.status_code and texts[0] == texts[1] and kinds[0] == kinds[1]


async def test_the_same_requests_work_on_what_is_his(door: Client, house: House) -> None:
    """What the tests above send is refused for whose it is, not for what it says."""
    for route, one in doors(house.bob).items():
        if any(place in route for place in PLACES) and route.startswith("GET") and "stream" not in route:
            answer = await knock(door, route, house.bob.ids, one, house.bob.headers)
            assert answer.status_code == 200, route
