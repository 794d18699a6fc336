"""The page for imports without scripts: a form takes a file, the page says how far it is and what was not taken."""

from __future__ import annotations

from api.actions.desk import Desk
from api.actions.import_library import run_import
from api.domain.accounts import Account
from tests.http.library.conftest import Browser, titles, token_in

BIB = b"@book{a, title={Looms & <b>Mills</b>}, author={Byron, Ada}}\n@book{b, author={Nobody}}\n"


async def test_a_file_goes_in_by_the_form_and_its_report_is_shown(browser: Browser, desk: Desk, ada: Account) -> None:
    form = await browser.get("/library/imports")
    files = {"file": ("mine.bib", BIB, "application/octet-stream")}
    shown = await browser.post("/library/imports", data={"csrf": token_in(form.text)}, files=files)
    assert shown.status_code == 200
    assert "Waits for a worker." in shown.text
    assert 'http-equiv="refresh"' in shown.text
    await run_import(desk, ada.library_id, str(shown.url).rpartition("=")[2])
    done = (await browser.get(str(shown.url))).text
    assert "2 records: 1 imported, 0 there already, 1 not taken." in done
    assert "<td>2</td><td>no_title</td>" in done
    assert 'http-equiv="refresh"' not in done
    assert titles((await browser.get("/")).text) == ["Looms & Mills"]


async def test_a_form_without_a_file_or_our_token_is_refused(browser: Browser) -> None:
    form = await browser.get("/library/imports")
    nothing = {"file": ("", b"", "application/octet-stream")}
    shown = await browser.post("/library/imports", data={"csrf": token_in(form.text)}, files=nothing)
    assert (shown.status_code, "Choose a file first." in shown.text) == (400, True)
    files = {"file": ("mine.bib", BIB, "application/octet-stream")}
    assert (await browser.post("/library/imports", data={"csrf": "no"}, files=files)).status_code == 403
