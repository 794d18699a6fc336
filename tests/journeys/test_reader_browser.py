"""The PDF reader in real browsers: a PDF highlighted by mouse and keyboard, in two versions, and one that means ill."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.fakes import ReplayServer
from tests.journeys.browsers import Browser, profiles_of
from tests.journeys.conftest import PAIRED, Instance, World, until
from tests.journeys.highlight_pages import V1
from tests.journeys.pdf_pages import hostile, pdf
from tests.journeys.reading import (
    FIRST,
    HIGHLIGHTS,
    HTML,
    LINE,
    PAPER,
    PDF,
    SHOWN,
    TOOLBAR,
    beside,
    choose,
    read,
    sweep,
    tab_of,
    turn,
)
from tests.journeys.test_highlights_browser import texts
from tests.journeys.test_save_reaches_second_device import PAINTED, pair

SHOWN_HIT = "return [...(CSS.highlights.get('scholium-hit-here') ?? [])].map(String).join(' ');"


@PAIRED
def test_a_pdf_is_highlighted_with_the_mouse_and_is_so_after_a_reload_on_a_second_profile_and_in_the_exports(
    instance: Instance, world: World, profiles: Callable[[str], Browser]
) -> None:
    world.pages |= {PDF: PAPER, HTML: V1.encode()}
    browser = profiles("first")
    instance.start("api")
    options = pair(browser, instance)
    reader = read(browser)
    assert reader.text("#title") == "Anchors that hold"
    assert reader.run(
        "return [document.querySelector('#page').value, document.querySelector('#pages').textContent];"
    ) == [
        "i",
        "(1 of 3)",
    ]

    turn(reader, "7")
    x, y = sweep(reader, "In our experiments", "been edited")
    reader.mouse((x + 5 + 34 + 16, y + 5 + 16))
    until(lambda: reader.run(PAINTED) == 1, what="the highlight")
    until(lambda: reader.text("#save") == "Saved", what="the save")
    [made] = reader.run(HIGHLIGHTS) or [None]
    exact, position, page, label = made["selectors"]
    words = "In our experiments the method found nine of ten passages that had been edited, and none in a wrong place."
    assert (exact["exact"], exact["prefix"]) == (words, "eighbours, and re\ufb01nes no guess. ")
    assert position["end"] - position["start"] == len(words)
    assert page == {"type": "FragmentSelector", "value": "page=3", "conformsTo": "http://tools.ietf.org/rfc/rfc3778"}
    assert label == {"type": "PageSelector", "index": 2, "label": "7"}
    assert (made["color"], made["manifestation"]) == ("green", PDF)

    panel = beside(browser, reader, "panel/panel.html")
    until(lambda: "PDF, page 7" in str(texts(panel, "#list .facts")), what="the highlight in the panel")
    panel.click("#list .more")
    panel.type("#tag", "core", "Enter")
    panel.type("#comment", "Nine of ten!")
    panel.click("#done")
    until(lambda: texts(panel, "#list .comment") == ["Nine of ten!"], what="the comment")

    web = browser.open(HTML)
    popup = browser.open(browser.extension(f"src/popup/popup.html?tab={tab_of(options, HTML)}"))
    until(lambda: popup.text("#state").startswith("Already saved"), what="the same paper")
    web.run("getSelection().selectAllChildren(document.querySelector('#c'));")
    popup.click("#highlight")
    until(lambda: popup.text("#state") == "Highlighted", what="the highlight on the HTML form")
    reader.go(reader.run("return location.href;"))
    until(
        lambda: reader.run(SHOWN) and reader.run("return document.querySelector('#page').value;") == "7",
        what="the page",
    )
    until(lambda: reader.run(PAINTED) == 2, what="both highlights after a reload")
    until(lambda: len(texts(panel, "#list .quote")) == 2, what="both in the panel")
    assert [one.split()[0] for one in texts(panel, "#list .quote")] == ["In", "Whether"]

    options.click("#sync-now")
    script = instance.session()
    until(lambda: len(script.get("/v1/highlights").json()["items"]) == 2, what="both on the server")
    second = profiles("second")
    options = pair(second, instance)
    options.click("#sync-now")
    reader = read(second)
    turn(reader, "7")
    until(lambda: reader.run(PAINTED) == 2, what="both highlights on the second profile")
    assert reader.text("#save") == "Saved"

    exported = script.get("/v1/export", params={"format": "webannotation"}).json()["first"]["items"]
    [target] = [one["target"] for one in exported if one["target"]["source"] == PDF]
    assert [page, label] == [one for one in target["selector"] if one["type"] in ("FragmentSelector", "PageSelector")]
    notes = zipfile.ZipFile(io.BytesIO(script.get("/v1/export", params={"format": "markdown-notes"}).content))
    [note] = [notes.read(name).decode() for name in notes.namelist()]
    assert f"[page 7](<{PDF}#page=3>) · green · #core" in note
    assert "Nine of ten!" in note


@pytest.fixture(scope="module", params=["chromium", "firefox"])
def alone(
    request: pytest.FixtureRequest, built_extension: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Browser, World]]:
    """One profile without a server, for all that needs none, and the outside world that it sees."""
    world = World()
    with (
        ReplayServer(lambda path, query: world.page(path, query)) as proxy,
        profiles_of(request.param, tmp_path_factory.mktemp("reader"), built_extension, proxy.url) as make,
    ):
        yield make("reader"), world


def test_a_highlight_follows_a_pdf_to_its_next_version_and_a_lost_one_is_put_right_by_hand(
    alone: tuple[Browser, World],
) -> None:
    browser, world = alone
    later = [
        ["Anchors that hold", "A page that is new.", *FIRST[1]],
        [
            "In our experiments the method found eight of ten passages that had",
            "been edited, and none in a wrong place.",
        ],
        ["Readers do notice when a highlight has lost its place."],
    ]
    address = "http://arxiv.org/pdf/2402.00001"
    world.pages |= {f"{address}v1": PAPER, f"{address}v2": pdf(later)}
    reader = read(browser, f"{address}v1")
    turn(reader, "7")
    for number, (first, last) in enumerate([("In our", "been edited"), ("Whether", "Whether")], 1):
        x, y = sweep(reader, first, last)
        reader.mouse((x + 5 + 16, y + 5 + 16))
        until(lambda: reader.run(PAINTED) == number, what="the highlight")  # noqa: B023 - asked before the next turn

    reader = read(browser, f"{address}v2")
    panel = beside(browser, reader, "panel/panel.html")
    until(lambda: len(texts(panel, "#list .mark")) == 1, what="the highlight that was found again")
    assert "text changed" in panel.text("#list .facts")
    assert "Whether readers" in panel.text("#orphans .quote")
    panel.click("#list .quote")
    until(lambda: reader.run("return document.querySelector('#page').value;") == "2", what="the page of the highlight")
    turn(reader, "3")
    sweep(reader, "Readers do notice", "Readers do notice")
    panel.click("#orphans .attach")
    until(lambda: len(texts(panel, "#list .mark")) == 2, what="the orphan at its new place")
    assert "attached by hand" in str(texts(panel, "#list .facts"))


def test_everything_is_done_with_the_keyboard_alone_from_finding_words_to_highlighting_them(
    alone: tuple[Browser, World],
) -> None:
    browser, _ = alone
    reader = browser.open(browser.extension("src/reader/reader.html"))
    assert "drop it here" in reader.text("#why")
    choose(reader, "notes.txt", b"not a PDF")
    until(lambda: "no PDF" in reader.text("#why"), what="the refusal")
    choose(reader, "anchors.pdf", PAPER)
    until(lambda: reader.run(SHOWN), what="the file")
    assert reader.run("return new URL(location).searchParams.get('file');").startswith("urn:x-pdf:")

    reader.press("#container", "o")
    assert texts(reader, "#lines button") == ["Introduction", "Experiments"]
    reader.press("#lines > li:last-child button", "Enter")
    until(lambda: reader.run("return document.querySelector('#page').value;") == "7", what="the chapter")
    before = reader.run("return document.querySelector('.page').getBoundingClientRect().width;")
    reader.press("#container", "-")
    until(
        lambda: reader.run("return document.querySelector('.page').getBoundingClientRect().width;") < before,
        what="the zoom",
    )
    reader.press("#container", "/")
    reader.type("#query", "AND THEIR NEIGHBOURS, AND REFINES", "Enter")
    until(lambda: reader.text("#hits") == "1 of 1", what="the words over a ligature")
    reader.press("#query", "Escape")
    assert reader.run("return String(getSelection());").endswith("and re\ufb01nes")

    reader.press("#save", "Enter")
    reader.type("#paper", "no name", "Enter")
    until(lambda: "no DOI" in reader.text("#state"), what="the refusal of a name that is none")
    reader.type("#paper", "2403.00003", "Enter")
    until(lambda: reader.text("#save") == "Saved", what="the save")
    reader.press("#container", "/")
    reader.type("#query", "and none in a wrong place", "Enter")
    until(lambda: "wrong place" in reader.run(SHOWN_HIT), what="the other words")
    reader.press("#query", "Escape")
    assert reader.run("return document.querySelector('#find-button').ariaExpanded;") == "false"
    reader.keys("Shift")
    until(lambda: reader.run(TOOLBAR), what="the toolbar at the words that were found")
    reader.run("await new Promise((end) => setTimeout(end, 500));")  # what comes sooner is not believed
    reader.keys("Tab", "ArrowRight", "Enter")
    until(lambda: reader.run(PAINTED) == 1, what="the highlight")
    [made] = [one for one in reader.run(HIGHLIGHTS) if one.get("manifestation", "").startswith("urn:x-pdf:")]
    assert (made["color"], made["selectors"][0]["exact"]) == ("green", "and none in a wrong place")
    again = browser.open(browser.extension("src/reader/reader.html"))
    choose(again, "renamed.pdf", PAPER)
    until(lambda: again.run(SHOWN) and again.text("#save") == "Saved", what="the same file by another name")


def test_a_pdf_that_means_ill_runs_nothing_and_leads_nowhere(alone: tuple[Browser, World]) -> None:
    browser, world = alone
    address = "http://arxiv.org/pdf/2404.00004"
    world.pages[address] = hostile(["Anchors that hold", "Nothing runs."])
    reader = read(browser, address)
    left, top, _ = reader.run(LINE % '"Nothing runs"')
    reader.mouse((left + 5, top))
    turn(reader, "1")
    assert "<img src=x" in reader.text("#title")
    assert reader.run("return document.title !== 'run' && !document.querySelector('#title *');")
    assert reader.run("return document.querySelector('a[href^=\"javascript\" i]') === null;")
    assert not [path for path in world.asked if "stolen" in path]
