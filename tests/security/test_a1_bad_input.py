"""A1: whatever is sent, the answer is ours: a problem that tells nothing of the inside, or the text as it was."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from typing import Any

import msgspec
import pytest

from api.actions.desk import Desk
from tests.http.conftest import Client
from tests.security.corpora import bad_json, is_plain, markup, texts
from tests.security.doors import address, doors
from tests.security.house import House, changed, fingerprint
from tests.security.test_pages_matrix import Browsers, browsers

__all__ = ["browsers"]
JSON = {"Content-Type": "application/json"}
INSIDE = ("Traceback", "SELECT ", "INSERT ", "/api/", ".py", "sqlite", "asyncpg", "msgspec")
ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_a1_the_corpora_are_as_large_as_they_say() -> None:
    assert len(set(bad_json())) >= 100
    assert len(set(texts())) >= 120
    assert len(set(markup())) >= 80


@ON_SQLITE
async def test_a1_a_body_that_is_no_object_of_ours_is_refused_at_every_door(
    door: Client, desk: Desk, house: House
) -> None:
    routes = [route for route, one in doors(house.ada).items() if isinstance(one.body, dict) and "/oauth/" not in route]
    routes.remove("POST /v1/imports")  # takes any file; a worker reads it
    assert len(routes) > 20
    before = await fingerprint(desk)
    for route in routes:
        for body in bad_json():
            answer = await door.request(
                route.split(" ")[0], address(route, house.ada.ids), content=body, headers=house.ada.headers | JSON
            )
            what = f"{route} {body[:60]!r}: {answer.status_code} {answer.text[:200]}"
            assert answer.status_code == 400, what
            assert answer.headers["content-type"] == "application/problem+json", what
            assert answer.json()["request_id"] == answer.headers["x-request-id"]
            assert not any(word in answer.text for word in INSIDE), what
    assert changed(before, await fingerprint(desk)) == set()


async def test_a1_a_text_comes_back_as_it_was_or_is_refused_alike_on_both_databases(door: Client, house: House) -> None:
    entry, tag = house.ada.ids["entry"], house.ada.ids["tags"]
    for text in texts():
        note = await _patch(door, house, f"/v1/entries/{entry}", {"note": text})
        assert note.status_code == (200 if is_plain(text) else 400), repr(text[:40])
        if is_plain(text):
            kept = (await door.get(f"/v1/entries/{entry}", headers=house.ada.headers)).json()["note"]
            assert kept == text, repr(text[:40])
        else:
            assert note.json()["code"] in ("invalid_text", "bad_input"), repr(text[:40])
        named = await _patch(door, house, f"/v1/tags/{tag}", {"name": text})
        assert named.status_code in (200, 400), repr(text[:40])
        if named.status_code == 200:
            assert named.json()["name"] == text


async def test_a1_a_text_searches_and_filters_without_harm(door: Client, house: House) -> None:
    for text in texts():
        if not is_plain(text):
            continue
        for where in (
            {"q": text[:400]},
            {"tag": text[:200]},
            {"list": text[:200]},
            {"cursor": text[:900]},
            {"since": text[:60]},
        ):
            answer = await door.get("/v1/entries", params=where, headers=house.ada.headers)
            assert answer.status_code in (200, 400), f"{where}: {answer.text[:200]}"


@ON_SQLITE
async def test_a1_nothing_that_somebody_wrote_becomes_markup_of_a_page(
    browsers: Browsers, door: Client, house: House
) -> None:
    ada, ids = await browsers.of(house.ada), house.ada.ids
    pages = (
        "/",
        f"/library/entries/{ids['entry']}",
        "/account",
        "/library/feeds",
        f"/library/tags?change={ids['tags']}",
        "/library/trash",
        "/library/imports",
    )
    plain = [Seen.of((await ada.get(page)).text) for page in pages]
    for text in markup():
        text = text.replace("\0", "")
        await _patch(door, house, f"/v1/entries/{ids['entry']}", {"note": text})
        await _patch(door, house, f"/v1/tags/{ids['tags']}", {"name": text})
        await _patch(door, house, f"/v1/lists/{ids['lists']}", {"name": text})
        fixed = await _patch(
            door,
            house,
            f"/v1/papers/{ids['paper of entry']}/corrections",
            {"title": text, "venue": text, "publisher": text, "authors": [{"literal": text[:255]}]},
        )
        assert fixed.status_code == 200, fixed.text
        for page, before in zip(pages, plain, strict=True):
            seen = Seen.of((await ada.get(page)).text)
            assert seen.strange(before) == set(), f"{text} on {page}"


async def _patch(client: Client, house: House, path: str, body: Any) -> Any:
    content = msgspec.json.encode(body) if _is_encodable(body) else _escaped(body)
    return await client.patch(path, content=content, headers=house.ada.headers | JSON)


def _is_encodable(body: Any) -> bool:
    try:
        return bool(msgspec.json.encode(body))
    except UnicodeEncodeError:
        return False


def _escaped(body: Any) -> bytes:
    """JSON with half a pair in it, as only escapes can write it."""
    return json.dumps(body).encode()


class Seen(HTMLParser):
    """The kinds of elements, attributes and addresses' schemes on a page."""

    def __init__(self) -> None:
        super().__init__()
        self.kinds: set[str] = set()

    @classmethod
    def of(cls, html: str) -> Seen:
        made = cls()
        made.feed(html)
        return made

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.kinds.add(tag)
        for name, value in attrs:
            self.kinds.add(f"{tag} {name}")
            if name in ("href", "src", "action", "formaction"):
                self.kinds.add(f"{name} {(value or '').strip().lower().split(':')[0] if ':' in (value or '') else ''}")

    def strange(self, plain: Seen) -> set[str]:
        """What is there and could run or lead away, and was not there when nobody had written anything."""
        risky = {
            "script",
            "iframe",
            "object",
            "embed",
            "base",
            "meta",
            "link",
            "style",
            "img",
            "svg",
            "math",
            "video",
            "body",
        }
        new = self.kinds - plain.kinds
        return {
            kind
            for kind in new
            if kind in risky
            or kind.split(" ")[-1].startswith(("on", "javascript", "data", "vbscript"))
            or "formaction" in kind
        }
