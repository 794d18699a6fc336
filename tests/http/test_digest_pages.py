"""The daily mail chosen by program and by form, its links followed without a cookie, its feed, mails that lie here."""

from __future__ import annotations

import re
from html import unescape
from typing import Any
from xml.etree.ElementTree import fromstring

import pytest

from api.actions.desk import Desk
from api.actions.keep_digest import get_digest
from api.actions.register import register
from api.actions.send_mails import send_mails
from api.actions.write_digest import write_digest
from tests.conftest import Clock
from tests.hostile_text import MARKUP
from tests.http.conftest import EMAIL, Client, MakeClient, bearer, sign_in_by_form, submit
from tests.mailing import body, make_trending, read_mail
from workers.mail import deliver

DAILY = {"frequency": "daily", "hour": 7, "zone": "Europe/Berlin"}


@pytest.fixture
async def stranger(make_client: MakeClient) -> Client:
    """A client that nobody signed in with, as a mail program's server is."""
    return await make_client()


async def send(desk: Desk, library_id: str) -> list[Any]:
    """Send what waits into the data folder; all mails there, the newest first."""
    await write_digest(desk, library_id)
    await send_mails(desk, library_id, lambda letter: deliver(desk, letter))
    folder = desk.settings.data_dir / "outbox" / library_id
    paths = sorted(folder.glob("*.eml"), key=lambda path: -path.stat().st_mtime_ns)
    return [read_mail(path.read_bytes()) for path in paths]


def link(mail: Any, word: str) -> str:
    found = re.search(rf"/digest/{word}/[\w-]+", body(mail, "plain"))
    assert found
    return found[0]


async def subscribe(desk: Desk, client: Client, ada: dict[str, Any]) -> None:
    """Ask for the mail and say yes."""
    head = bearer(ada["access_token"])
    assert (await client.put("/v1/digest", json=DAILY, headers=head)).status_code == 200
    [question] = await send(desk, ada["library_id"])
    path = link(question, "confirm")
    assert (await submit(client, await client.get(path), path)).status_code == 200


async def test_a_program_chooses_and_is_told_where_it_stands(
    desk: Desk, client: Client, ada: dict[str, Any], stranger: Client
) -> None:
    head = bearer(ada["access_token"])
    before = (await client.get("/v1/digest", headers=head)).json()
    assert (before["state"], before["frequency"], before["next_at"]) == ("off", "off", None)
    asked = (await client.put("/v1/digest", json=DAILY, headers=head)).json()
    assert (asked["state"], asked["email"], asked["next_at"]) == ("unconfirmed", EMAIL, None)
    [question] = await send(desk, ada["library_id"])
    path = link(question, "confirm")
    looked = await stranger.get(path)
    assert looked.status_code == 200
    assert (await client.get("/v1/digest", headers=head)).json()["state"] == "unconfirmed"
    assert (await stranger.post(path)).status_code == 403
    assert (await submit(stranger, looked, path)).status_code == 200
    assert (await client.get("/v1/digest", headers=head)).json()["state"] == "on"
    assert (await submit(stranger, looked, path)).status_code == 404
    assert (await stranger.get(path)).status_code == 404


@pytest.mark.parametrize(
    "wish",
    [
        {"frequency": "hourly"},
        {"hour": 24},
        {"weekday": 7},
        {"zone": "Mars/Olympus"},
        {"parts": []},
        {"parts": ["all"]},
        {"most": 0},
        {"email": "eve@example.org"},
    ],
)
async def test_a_wish_that_makes_no_sense_changes_nothing(
    client: Client, ada: dict[str, Any], wish: dict[str, Any]
) -> None:
    head = bearer(ada["access_token"])
    refused = await client.put("/v1/digest", json=DAILY | wish, headers=head)
    assert refused.status_code == 400, refused.text
    assert (await client.get("/v1/digest", headers=head)).json()["state"] == "off"


async def test_one_click_without_a_cookie_ends_it_and_looking_does_not(
    desk: Desk, clock: Clock, client: Client, ada: dict[str, Any], stranger: Client
) -> None:
    await subscribe(desk, client, ada)
    await make_trending(desk, ["a"])
    clock.forward(86_400)
    mail = (await send(desk, ada["library_id"]))[0]
    assert mail["Subject"] == "Paper a"
    path = link(mail, "unsubscribe")
    assert f"<{desk.settings.base_url}{path}>" == mail["List-Unsubscribe"]
    for _ in range(3):
        assert (await stranger.get(path)).status_code == 200
        assert (await stranger.head(path)).status_code in (200, 405)
    assert (await get_digest(desk, ada["library_id"])).state == "on"
    clicks: list[dict[str, Any]] = [
        {"data": {"List-Unsubscribe": "One-Click"}},
        {"files": {"List-Unsubscribe": (None, "One-Click")}},
        {},
    ]
    for click in clicks:
        ended = await stranger.post(path, headers={"Origin": "https://mail.example.com"}, **click)
        assert ended.status_code == 200, ended.text
        assert "set-cookie" not in ended.headers or "scholium_session" not in ended.headers["set-cookie"]
        assert (await get_digest(desk, ada["library_id"])).state == "off"


async def test_a_way_out_that_nobody_knows_says_the_same(
    desk: Desk, client: Client, ada: dict[str, Any], stranger: Client
) -> None:
    await subscribe(desk, client, ada)
    answer = await stranger.post("/digest/unsubscribe/nobody", data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert (await client.get("/v1/digest", headers=bearer(ada["access_token"]))).json()["state"] == "on"


async def test_a_person_chooses_by_a_form_with_the_letter_beside_it(
    desk: Desk, client: Client, ada: dict[str, Any]
) -> None:
    await make_trending(desk, [MARKUP[0]])
    await sign_in_by_form(client)
    shown = await client.get("/digest")
    assert "frame-src 'self'" in shown.headers["content-security-policy"]
    form = {"frequency": "weekly", "hour": "7", "weekday": "4", "zone": "Asia/Kathmandu", "most": "5", "way": "mail"}
    kept = await client.post("/digest", data=_with_token(shown.text) | form | {"trending": "yes"})
    assert kept.status_code == 303, kept.text
    again = (await client.get("/digest")).text
    assert EMAIL in again
    assert "<option selected>Asia/Kathmandu</option>" in again
    assert (await client.get("/v1/digest")).json()["parts"] == ["trending"]
    refused = await client.post("/digest", data=_with_token(shown.text) | form | {"zone": "Mars", "code": "yes"})
    assert refused.status_code == 400
    assert "No such time zone" in refused.text
    assert (await client.post("/digest", data=_with_token(shown.text) | form)).status_code == 400
    letter = await client.get("/digest/preview")
    assert "sandbox" in letter.headers["content-security-policy"]
    assert "<script>" not in letter.text
    assert "&lt;script&gt;" in letter.text


def _with_token(html: str) -> dict[str, str]:
    found = re.search(r'name="csrf" value="([^"]+)"', html)
    assert found
    return {"csrf": unescape(found[1])}


async def test_a_preview_by_program(desk: Desk, client: Client, ada: dict[str, Any]) -> None:
    await make_trending(desk, ["a"])
    answer = await client.post("/v1/digest/preview", headers=bearer(ada["access_token"]))
    assert answer.status_code == 200, answer.text
    written = answer.json()
    assert written["subject"] == "Paper a"
    assert "Paper a" in written["text"]
    assert "3 people saved it this week" in written["html"]


async def test_the_same_papers_come_as_a_feed_for_who_has_its_address(
    desk: Desk, clock: Clock, client: Client, ada: dict[str, Any], stranger: Client
) -> None:
    wish = DAILY | {"way": "feed"}
    told = await client.put("/v1/digest", json=wish, headers=bearer(ada["access_token"]))
    assert told.json()["state"] == "on"
    await make_trending(desk, ["a", MARKUP[0]])
    clock.forward(86_400)
    assert await send(desk, ada["library_id"]) == []
    await sign_in_by_form(client)
    made = await submit(client, await client.get("/digest"), "/digest/feed")
    found = re.search(r'id="url" readonly value="[^"]*(/digest/feed/[\w-]+)"', made.text)
    assert found
    answer = await stranger.get(found[1])
    assert answer.headers["content-type"].startswith("application/atom+xml")
    atom = "{http://www.w3.org/2005/Atom}"
    titles = [one.findtext(f"{atom}title") for one in fromstring(answer.content).iter(f"{atom}entry")]  # noqa: S314
    assert sorted(str(title) for title in titles) == [f"Paper {MARKUP[0]}", "Paper a"]
    known = await stranger.get(found[1], headers={"If-None-Match": answer.headers["etag"]})
    assert known.status_code == 304
    assert (await submit(client, await client.get("/digest"), "/digest/feed", end="yes")).status_code == 303
    assert (await stranger.get(found[1])).status_code == 404


async def test_mails_that_lie_here_are_shown_to_their_reader_alone(
    desk: Desk, client: Client, ada: dict[str, Any], stranger: Client
) -> None:
    await client.put("/v1/digest", json=DAILY, headers=bearer(ada["access_token"]))
    await send(desk, ada["library_id"])
    await sign_in_by_form(client)
    shown = await client.get("/outbox")
    found = re.search(r'href="(/outbox/[^"]+)"', shown.text)
    assert found
    letter = await client.get(found[1])
    assert "Yes, send it to me" in letter.text
    assert "default-src 'none'" in letter.headers["content-security-policy"]
    assert (await client.get("/outbox/..%2F..%2Fsecret_key")).status_code == 404
    assert (await stranger.get(found[1])).status_code == 303
    await _another_signs_in(desk, stranger)
    assert (await stranger.get(found[1])).status_code == 404
    assert found[1] not in (await stranger.get("/outbox")).text


async def _another_signs_in(desk: Desk, client: Client) -> None:
    await register(desk, "bob@example.org", "a quite long password", by_admin=True)
    shown = await client.get("/sign-in")
    answer = await submit(client, shown, "/sign-in", email="bob@example.org", password="a quite long password")
    assert answer.status_code == 303


async def test_who_leaves_takes_their_mails_along(desk: Desk, client: Client, ada: dict[str, Any]) -> None:
    head = bearer(ada["access_token"])
    await client.put("/v1/digest", json=DAILY, headers=head)
    assert await send(desk, ada["library_id"])
    told = (await client.get("/v1/account/export", headers=head)).json()["digest"]
    assert told["wish"]["zone"] == "Europe/Berlin"
    gone = await client.request("DELETE", "/v1/account", json={"password": "a loom weaves algebra"}, headers=head)
    assert gone.status_code == 204
    assert not (desk.settings.data_dir / "outbox" / ada["library_id"]).exists()


async def test_links_in_mails_are_those_of_the_settings_whatever_the_request_says(
    desk: Desk, client: Client, ada: dict[str, Any]
) -> None:
    evil = bearer(ada["access_token"]) | {"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"}
    answer = await client.put("/v1/digest", json=DAILY, headers=evil)
    assert answer.status_code == 200, answer.text
    [mail] = await send(desk, ada["library_id"])
    assert f"{desk.settings.base_url}/digest/confirm/" in body(mail, "plain")
    assert "evil" not in mail.as_string()
