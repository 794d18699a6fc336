"""What a person does in the PDF reader, by mouse and by keys, and the PDF that they read."""

from __future__ import annotations

import base64
import json
from typing import Any
from urllib.parse import quote

from tests.journeys.browsers import Browser, Tab
from tests.journeys.conftest import until
from tests.journeys.pdf_pages import outline, pdf

PDF, HTML = "http://arxiv.org/pdf/2401.01234v1", "http://arxiv.org/html/2401.01234v1"
FIRST = [
    [
        "Anchors that hold",
        "We ask whether a quotation can be found again after its",
        "page has changed. Our method keeps",
    ],
    ["the words and their neighbours, and re\ufb01nes no guess."],
    [
        "In our experiments the method found nine of ten passages that had",
        "been edited, and none in a wrong place.",
        "Whether readers notice an orphan is a question that we leave open.",
    ],
]
PARTS, CATALOG = outline(("Introduction", 0), ("Experiments", 2))
PAPER = pdf(FIRST, title="Anchors that hold", labels="0 << /S /r >> 2 << /S /D /St 7 >>", extra=PARTS, root=CATALOG)
SHOWN = "return Boolean(document.querySelector('.textLayer span')) && !document.querySelector('#save').hidden;"
LINE = """const lines = [...document.querySelectorAll('.textLayer span')];
const line = lines.find((one) => one.textContent.includes(%s));
if (!line) return null; const {left, top, right, bottom} = line.getBoundingClientRect();
return [left, (top + bottom) / 2, right];"""
OWN = "return (await (globalThis.browser ?? chrome).tabs.getCurrent()).id;"
TOOLBAR = """const bar = document.querySelector('scholium-toolbar');
if (!bar) return null; const {left, top} = bar.getBoundingClientRect(); return [left, top];"""
HIGHLIGHTS = """const {database} = await import('/src/db.js'); const {everything} = await import('/src/outbox.js');
return (await everything(await database())).filter((op) => op.type === 'highlight').map((op) => op.set);"""


def read(browser: Browser, address: str = PDF) -> Tab:
    """The reader of a PDF, once its text can be selected."""
    tab = browser.open(browser.extension(f"src/reader/reader.html?file={quote(address, safe='')}"))
    until(lambda: tab.run(SHOWN), what="the PDF")
    return tab


def turn(reader: Tab, page: str) -> None:
    """Go to a page by its label, with the keyboard."""
    reader.press("#container", "g")
    reader.press("#page", page)
    reader.press("#page", "Enter")


def beside(browser: Browser, reader: Tab, page: str) -> Tab:
    """A window of the extension about the reader's tab."""
    return browser.open(browser.extension(f"src/{page}?tab={reader.run(OWN)}"))


def sweep(reader: Tab, first: str, last: str) -> tuple[float, float]:
    """Select lines with the mouse until the toolbar is there; returns where it stands."""
    reader.run("document.querySelector('#container').focus();")
    left, top, _ = until(lambda: reader.run(LINE % json.dumps(first)), what="the first line")
    _, bottom, right = reader.run(LINE % json.dumps(last))

    def offered() -> Any:
        reader.run("getSelection().empty();")
        reader.mouse((left + 1, top), (right - 1, bottom))
        return reader.run(TOOLBAR)

    x, y = until(offered, what="the toolbar")
    reader.run("await new Promise((end) => setTimeout(end, 500));")  # what comes sooner is not believed
    return x, y


def choose(reader: Tab, name: str, body: bytes) -> None:
    """Give the reader a file of this computer, as its picker does."""
    reader.run(f"""const bytes = Uint8Array.from(atob('{base64.b64encode(body).decode()}'), (one) => one.charCodeAt(0));
    const chosen = new DataTransfer(); chosen.items.add(new File([bytes], '{name}', {{type: 'application/pdf'}}));
    const input = document.querySelector('#file'); input.files = chosen.files;
    input.dispatchEvent(new Event('change'));""")


def tab_of(options: Tab, address: str) -> int:
    """The number of the tab at an address."""
    find = f"const [tab] = await (globalThis.browser ?? chrome).tabs.query({{url: '{address}*'}}); return tab.id;"
    return int(options.run(find))
