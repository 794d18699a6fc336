"""The main job in real browsers: saved while the server is down, enriched, on a second profile, out as BibTeX.

One story for Chromium and one for Firefox, each on SQLite and on PostgreSQL.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.browsers import Browser, Tab
from tests.journeys.conftest import EMAIL, PAIRED, PASSWORD, SHARED, Instance, World, until

ADDRESS = "http://arxiv.org/abs/1706.03762"
PASSAGE = "based solely on attention mechanisms"
SLOW_PAGE = """<!doctype html><html lang="en"><head><title>[1706.03762] Attention Is All You Need</title>
<meta name="citation_title" content="Attention Is All You Need">
<meta name="citation_author" content="Vaswani, Ashish"><meta name="citation_author" content="Shazeer, Noam">
<meta name="citation_date" content="2017/06/12"><meta name="citation_arxiv_id" content="1706.03762">
<meta name="citation_pdf_url" content="https://arxiv.org/pdf/1706.03762"></head><body><main>
<h1>Attention Is All You Need</h1><blockquote class="abstract">We propose a new simple network architecture, the
Transformer, <i>based solely</i> on attention mechanisms, dispensing with recurrence.</blockquote></main></body>
</html>"""
FEED = """<?xml version="1.0" encoding="UTF-8"?><feed xmlns="http://www.w3.org/2005/Atom"
xmlns:arxiv="http://arxiv.org/schemas/atom"><entry><id>http://arxiv.org/abs/1706.03762v7</id>
<published>2017-06-12T17:57:34Z</published><updated>2023-08-02T00:41:18Z</updated>
<title>Attention Is All You Need</title>
<summary>We propose the Transformer. Our code is available at https://github.com/octo/transformer.</summary>
<author><name>Ashish Vaswani</name></author><author><name>Noam Shazeer</name></author>
<arxiv:doi>10.5555/3295222.3295349</arxiv:doi>
<arxiv:primary_category term="cs.CL"/><category term="cs.CL"/></entry></feed>"""
WORK = """{"status":"ok","message-type":"work","message":{"DOI":"10.5555/3295222.3295349",
"type":"proceedings-article","title":["Attention is All you Need"],
"author":[{"given":"Ashish","family":"Vaswani"},{"given":"Noam","family":"Shazeer"}],
"container-title":["Advances in Neural Information Processing Systems"],"page":"6000-6010",
"issued":{"date-parts":[[2017,12,4]]},"publisher":"Curran Associates"}}"""


@pytest.fixture
def outside(world: World) -> World:
    """arXiv's page for the browser, and what arXiv and Crossref answer the worker."""
    saved = SHARED / "fixtures/pages/arxiv/abs-1706.03762.html"
    world.pages[ADDRESS] = saved.read_bytes() if saved.exists() else SLOW_PAGE.encode()
    world.answers["id_list=1706.03762"] = (200, {"Content-Type": "application/atom+xml"}, FEED.encode())
    world.answers["10.5555/3295222.3295349"] = (200, {"Content-Type": "application/json"}, WORK.encode())
    return world


def pair(browser: Browser, instance: Instance, server: str = "") -> Tab:
    """Connect the extension by device code, approved by the signed-in person in the same browser; `server` is where
    the extension finds the instance, if not at its own address."""
    options = browser.open(browser.extension("src/options/options.html"))
    options.type("#server", server or instance.url)
    options.click("#connect")
    browser.allow()
    code = options.text("#code")
    web = browser.open(f"{instance.url}/pair?code={code}")
    web.type("#email", EMAIL)
    web.type("#password", PASSWORD)
    web.click("button.primary")
    until(lambda: code in web.text("body"), what="the code on the page")
    web.click("button[value=approve]")
    web.text("[role=status]")
    web.close()
    until(lambda: options.text("#state") == "Connected.", what="the connection")
    return options


def popup_for(browser: Browser, options: Tab, address: str) -> Tab:
    """The popup of the tab at this address, opened as a page."""
    find = f"const [tab] = await (globalThis.browser ?? chrome).tabs.query({{url: '{address}*'}}); return tab.id;"
    return browser.open(browser.extension(f"src/popup/popup.html?tab={options.run(find)}"))


def select(page: Tab, passage: str) -> None:
    """Select a passage that may run over several elements."""
    page.run(
        f"""
        const passage = {passage!r};
        const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
        let text = ''; const places = [];
        while (walker.nextNode()) for (let i = 0; i < walker.currentNode.data.length; i++) {{
          const c = walker.currentNode.data[i];
          if (/\\s/.test(c) && text.endsWith(' ')) continue;
          text += /\\s/.test(c) ? ' ' : c; places.push([walker.currentNode, i]);
        }}
        const at = text.indexOf(passage);
        if (at < 0) throw new Error('no such passage');
        const [from, to] = [places[at], places[at + passage.length - 1]];
        getSelection().setBaseAndExtent(from[0], from[1], to[0], to[1] + 1);
        return String(getSelection());
        """
    )


PAINTED = "return [...CSS.highlights.values()].reduce((n, h) => n + h.size, 0);"


@PAIRED
def test_a_paper_saved_offline_is_enriched_and_reaches_a_second_profile_and_the_bib_file(
    instance: Instance, outside: World, profiles: Callable[[str], Browser], tmp_path: Path
) -> None:
    first = profiles("first")
    instance.start("api")
    options = pair(first, instance)
    instance.stop("api")

    page = first.open(ADDRESS)
    popup = popup_for(first, options, ADDRESS)
    until(lambda: popup.text("#state") == "Saved", what="the save")
    assert popup.text("#title") == "Attention Is All You Need"
    popup.type("#tag", "thesis", "Enter")
    until(lambda: "thesis" in popup.text("#chips"), what="the tag")
    select(page, PASSAGE)
    popup.click("#highlight")
    until(lambda: popup.text("#state") == "Highlighted", what="the highlight")
    assert page.run(PAINTED) == 1
    popup.picture(tmp_path / "popup.png")
    assert "waiting" in popup.text("#queue")

    instance.start("api")
    instance.start("worker")
    instance.start("ticker")
    options.click("#sync-now")
    script = instance.session()
    item = until(lambda: script.get("/v1/entries").json()["items"], what="the entry")[0]
    assert item["saved_from"] == {"url": ADDRESS, "version": None}

    def enriched() -> Any:
        found = script.get(f"/v1/papers/{item['paper']['id']}").json()
        return found if found["enrich_state"] == "done" else None

    paper = until(enriched, 60, "the enrichment")
    assert (paper["kind"], paper["venue"]) == ("inproceedings", "Advances in Neural Information Processing Systems")
    assert paper["identifiers"] == {"arxiv": ["1706.03762"], "doi": ["10.5555/3295222.3295349"]}
    assert [(x["kind"], x["status"]) for x in paper["links"]] == [("code", "available")]
    assert {field: paper["provenance"][field]["source"] for field in ("venue", "abstract")} == {
        "venue": "crossref",
        "abstract": "arxiv",
    }

    page.go(ADDRESS)
    until(lambda: page.run(PAINTED) == 1, what="the highlight after a reload")

    second = profiles("second")
    options = pair(second, instance)
    options.click("#sync-now")
    page = second.open(ADDRESS)
    until(lambda: page.run(PAINTED) == 1, what="the highlight on the second profile")
    popup = popup_for(second, options, ADDRESS)
    until(lambda: popup.text("#state").startswith("Already saved"), what="the badge's knowledge")
    assert "thesis" in popup.text("#chips")
    assert PASSAGE in " ".join(popup.text("#highlight-list").split())
    assert len(script.get("/v1/entries").json()["items"]) == 1

    exported = script.get("/v1/export", params={"format": "bibtex", "tag": "thesis"})
    bib = tmp_path / "library.bib"
    bib.write_bytes(exported.content)
    assert "@inproceedings{vaswani2017attention," in exported.text
    judge = SHARED / "tools/bibcheck.py"
    if judge.exists():
        judged = subprocess.run(
            [sys.executable, str(judge), str(bib), "--latex", "--expect", "1"], capture_output=True, text=True
        )
        assert judged.stdout.splitlines()[-1] == "problems 0", judged.stdout
