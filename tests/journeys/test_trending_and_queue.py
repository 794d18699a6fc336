"""The panel where nothing is read: what trends today; and what waits for a server, taken out as a file."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.journeys.browsers import Browser
from tests.journeys.conftest import PASSWORD, Instance, World, until
from tests.journeys.reading import beside
from tests.journeys.test_highlights_browser import texts
from tests.journeys.test_save_reaches_second_device import pair, popup_for

PAGE = """<!doctype html><title>A weaver &amp; a loom</title>
<meta name="citation_title" content="A weaver &amp; a loom">
<meta name="citation_arxiv_id" content="2406.00006"><meta name="citation_author" content="Lindqvist, A."><p>Text."""
ADDRESS = "http://arxiv.org/abs/2406.00006"
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def save_as(instance: Instance, name: str) -> None:
    """Another person saves the paper."""
    account = {"email": f"{name}@example.org", "password": PASSWORD}
    instance.command("user", "add", account["email"], said=PASSWORD + "\n")
    session = httpx.post(f"{instance.url}/v1/sessions", json=account).json()
    page = {"title": "A weaver & a loom", "metas": [["citation_arxiv_id", "2406.00006"]]}
    page["metas"] += [["citation_title", "A weaver & a loom"]]
    saved = httpx.post(
        f"{instance.url}/v1/saves",
        json={"id": str(uuid4()), "url": ADDRESS, "page": page},
        headers={"Authorization": f"Bearer {session['access_token']}"},
    )
    assert saved.status_code == httpx.codes.CREATED, saved.text


def test_what_trends_is_shown_where_no_paper_is_and_leads_to_it(
    instance: Instance, profiles: Callable[[str], Browser]
) -> None:
    instance.start("api")
    for name in ("bob", "cyd"):
        save_as(instance, name)
    instance.start("ticker")
    script = instance.session()
    until(lambda: script.get("/v1/trending", params={"window": "day"}).json()["items"], what="the ranks")
    browser = profiles("one")
    options = pair(browser, instance)
    panel = beside(browser, options, "panel/panel.html")
    until(lambda: texts(panel, "#trending a") == ["A weaver & a loom"], what="what trends")
    assert texts(panel, "#trending p") == ["2 people saved it today"]
    assert panel.run("return document.querySelector('#trending a').href;") == ADDRESS


def test_what_waits_is_taken_out_as_a_file(
    instance: Instance, world: World, profiles: Callable[[str], Browser]
) -> None:
    world.pages[ADDRESS] = PAGE.encode()
    instance.start("api")
    browser = profiles("one")
    options = pair(browser, instance)
    instance.stop("api")
    browser.open(ADDRESS)
    popup = popup_for(browser, options, ADDRESS)
    until(lambda: popup.text("#state").startswith("Saved"), what="the save without a server")
    popup.close()
    options.click("#export")
    [save] = until(lambda: downloaded(browser), what="the file")
    assert (save["type"], save["op"]) == ("entry", "put")
    assert save["set"]["saved_from"]["url"] == ADDRESS


def downloaded(browser: Browser) -> Any:
    """What the one file holds that was downloaded, once it is whole."""
    for file in browser.downloads.iterdir() if browser.downloads.exists() else []:
        try:
            return json.loads(file.read_text("utf-8"))
        except ValueError:
            continue
    return None
