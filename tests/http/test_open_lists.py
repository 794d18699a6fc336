"""A list shown to others by a secret or an open link: a page, a feed and a file, and nothing that is its owner's."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import httpx

from tests.http.conftest import Client, MakeClient, sign_in_by_form, submit
from tests.make import make_id

NOTE, TAG = "my-own-secret-note", "my-own-secret-tag"
PAGE = "/library/feeds"
LIST = make_id("reading group")


async def furnish(client: Client, count: int = 3) -> None:
    """A signed-in browser, and a list with papers that have notes, tags and highlights."""
    await sign_in_by_form(client, "/")
    ours = {"X-Scholium": "1", "Sec-Fetch-Site": "same-origin"}

    async def post(path: str, body: Any) -> None:
        assert (await client.post(path, json=body, headers=ours)).status_code == 201

    await post("/v1/lists", {"id": LIST, "name": "Größe & <Tiefe>", "description": NOTE})
    for number in range(count):
        entry = make_id(f"entry {number}")
        page = {"title": f"Paper {number}", "metas": [["citation_title", f"Paper {number}"]]}
        more = {"note": NOTE, "tags": [TAG], "lists": [LIST], "saved_at": f"2026-01-01T00:00:{number % 60:02}.000Z"}
        await post("/v1/saves", {"id": entry, "url": f"https://journal.example.org/{number}", "page": page} | more)
        mark = {"id": make_id(f"mark {number}"), "entry_id": entry, "comment": NOTE}
        await post("/v1/highlights", mark | {"selectors": [{"type": "TextQuoteSelector", "exact": NOTE}]})


async def link(client: Client, **form: str) -> str:
    """The address of the page of a link that the form makes."""
    fields = {"name": "Größe & <Tiefe>", "format": "bibtex", "of": f"list:{LIST}"} | form
    made = await submit(client, await client.get(PAGE), PAGE, **fields)
    found = re.search(r'id="page-url" readonly value="([^"]+)"', unescape(made.text))
    assert found, made.text
    return found[1]


async def anybody(client: Client, make_client: MakeClient) -> Client:
    """Somebody without cookies."""
    other = await make_client()
    other.cookies.clear()
    return other


def shown(answer: httpx.Response) -> list[str]:
    return re.findall(r'class="title"[^>]*><a [^>]*>(.*?)</a>', answer.text)


async def test_a_secret_link_shows_the_list_in_its_order_and_nothing_of_its_owner(
    client: Client, ada: Any, make_client: MakeClient
) -> None:
    await furnish(client)
    url = await link(client)
    answer = await (await anybody(client, make_client)).get(url)
    assert (answer.status_code, shown(answer)) == (200, ["Paper 0", "Paper 1", "Paper 2"])
    assert "Größe &amp; &lt;Tiefe&gt;" in answer.text
    assert all(
        word not in answer.text for word in (NOTE, TAG, "2026-01", "ada@", ada["library_id"], make_id("entry 0"))
    )
    assert ("set-cookie" in answer.headers, "<form" in answer.text, "<script" in answer.text) == (False, False, False)
    assert answer.headers["x-robots-tag"] == "noindex"
    assert answer.headers["cache-control"] == "private, no-cache"
    for ending, start in (("bib", "@"), ("xml", "<?xml")):
        address = re.search(rf'href="(/f/[^"]+\.{ending})"', answer.text)
        assert address
        file = await client.get(unescape(address[1]))
        assert (file.text[: len(start)], "Paper 2" in file.text, NOTE in file.text) == (start, True, False)


async def test_an_open_link_is_named_after_the_list_shown_again_and_may_be_found(
    client: Client, ada: Any, make_client: MakeClient
) -> None:
    await furnish(client)
    url = await link(client, open="yes")
    path = url.partition("/f/")[2]
    assert re.fullmatch("groe-tiefe-[0-9a-f]{8}", path)
    assert f'href="/f/{path}"' in (await client.get(PAGE)).text
    reader = await anybody(client, make_client)
    answer = await reader.get(url)
    assert shown(answer) == ["Paper 0", "Paper 1", "Paper 2"]
    assert ("x-robots-tag" in answer.headers, "noindex" in answer.text) == (False, False)
    assert answer.headers["cache-control"] == "public, no-cache"
    file = await reader.get(f"{url}/x.bib")
    assert (TAG in file.text, "Paper 0" in file.text) == (False, True)


async def test_a_page_that_did_not_change_is_not_sent_again_and_an_ended_one_is_gone(client: Client, ada: Any) -> None:
    await furnish(client)
    url = await link(client)
    first = await client.get(url)
    known = {"If-None-Match": first.headers["etag"]}
    assert (await client.get(url, headers=known)).status_code == 304
    assert (await client.head(url)).headers["etag"] == first.headers["etag"]
    ours = {"X-Scholium": "1", "Sec-Fetch-Site": "same-origin"}
    await client.patch(f"/v1/entries/{make_id('entry 0')}", json={"lists": []}, headers=ours)
    again = await client.get(url, headers=known)
    assert (again.status_code, shown(again)) == (200, ["Paper 1", "Paper 2"])
    feed = re.search(r'name="end" value="([^"]+)"', (await client.get(PAGE)).text)
    assert feed
    await submit(client, await client.get(PAGE), PAGE, end=feed[1])
    assert (await client.get(url, headers=known)).status_code == 404


async def test_a_long_list_has_pages_and_a_deleted_one_shows_nothing(client: Client, ada: Any) -> None:
    await furnish(client, 53)
    url = await link(client)
    onward = re.search(r'rel="next" href="([^"]+)"', (await client.get(url)).text)
    assert onward
    second = await client.get(unescape(onward[1]))
    assert (shown(second), 'rel="prev"' in second.text) == (["Paper 50", "Paper 51", "Paper 52"], True)
    ours = {"X-Scholium": "1", "Sec-Fetch-Site": "same-origin"}
    assert (await client.delete(f"/v1/lists/{LIST}", headers=ours)).status_code == 204
    assert shown(await client.get(url)) == []


async def test_reading_is_counted_by_address(client: Client, ada: Any, make_client: MakeClient) -> None:
    counted = await make_client(limits=True, feed_per_address=2)
    answers = [(await counted.get("/f/nobody-knows-this")).status_code for _ in range(3)]
    assert answers == [404, 404, 429]
