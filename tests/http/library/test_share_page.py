"""What a phone shares is shown first and saved by a press; the page is one that can be installed."""

from __future__ import annotations

import json
import re
from html import unescape

import pytest

from api.web.sharing import shared_address
from tests.conftest import ROOT
from tests.http.library.conftest import Browser, token_in

STATIC = ROOT / "api" / "web" / "static"


@pytest.mark.parametrize(
    ("url", "text", "title", "address"),
    [
        ("https://arxiv.org/abs/2401.00001", "Nets", "", "https://arxiv.org/abs/2401.00001"),
        ("", "Nets\nhttps://arxiv.org/abs/2401.00001", "", "https://arxiv.org/abs/2401.00001"),
        ("", "", "Nets https://arxiv.org/abs/2401.00001 by an app", "https://arxiv.org/abs/2401.00001"),
        ("", "arXiv:2401.00001", "", "arXiv:2401.00001"),
        ("", "10.1000/182", "", "10.1000/182"),
        ("", "only words", "", ""),
        ("javascript:alert(1)", "", "", ""),
        ("", "", "", ""),
    ],
)
def test_the_address_is_found_wherever_an_app_puts_it(url: str, text: str, title: str, address: str) -> None:
    assert shared_address(url, text, title) == address


async def test_a_shared_link_is_shown_and_saved_by_a_press(browser: Browser) -> None:
    shown = (await browser.get("/share", params={"title": "<b>Nets", "text": "https://arxiv.org/abs/2401.00001"})).text
    assert "It is a paper." in shown
    assert "&lt;b&gt;Nets" in shown
    assert "2401.00001" not in (await browser.get("/")).text  # looking saved nothing
    (address,) = re.findall(r'name="url" value="([^"]+)"', shown)
    answer = await browser.post("/library/save", data={"csrf": token_in(shown), "url": unescape(address)})
    assert "2401.00001" in answer.text


async def test_what_holds_no_address_says_so(browser: Browser) -> None:
    assert "Nothing to save here" in (await browser.get("/share", params={"text": "only words"})).text


async def test_a_stranger_signs_in_first_and_comes_back_with_the_link(stranger: Browser) -> None:
    answer = await stranger.get("/share", params={"url": "https://arxiv.org/abs/2401.00001"})
    assert str(answer.url.path) == "/sign-in"
    assert answer.url.params["next"].startswith("/share?url=https")


async def test_the_manifest_names_what_is_there(browser: Browser) -> None:
    page = await browser.get("/")
    assert 'rel="manifest" href="/static/app.webmanifest"' in page.text
    assert "manifest-src 'self'" in page.headers["content-security-policy"]
    answer = await browser.get("/static/app.webmanifest")
    assert answer.headers["content-type"].startswith("application/manifest+json")
    manifest = json.loads(answer.text)
    for place in [icon["src"] for icon in manifest["icons"]]:
        assert (STATIC / place.removeprefix("/static/")).is_file()
    for place in [
        manifest["start_url"],
        manifest["share_target"]["action"],
        *(s["url"] for s in manifest["shortcuts"]),
    ]:
        assert (await browser.get(place)).status_code == 200
