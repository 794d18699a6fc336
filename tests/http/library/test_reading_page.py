"""The picture of one's reading: bars and tables of one kind of figures, drawn without scripts."""

from __future__ import annotations

import re
from html import unescape

from api.actions.desk import Desk
from api.domain.accounts import Who
from api.domain.clock import rfc3339
from api.domain.reading_picture import WEEKS, months_up_to, weeks_of
from tests.conftest import NOW
from tests.http.library.conftest import Browser, save, send

PAGE = "/library/reading"
DAY = 86_400_000


async def shown(browser: Browser) -> str:
    return unescape((await browser.get(PAGE)).text)


def rows(html: str) -> list[tuple[str, str, str]]:
    """The table of the weeks."""
    cell = '<td class="figure">(.*?)</td>'
    return re.findall(f'<tr><th scope="row">(.*?)</th>{cell}{cell}</tr>', html)


def test_weeks_begin_on_monday_and_the_years_turn_is_no_gap() -> None:
    new_year = 1_767_225_600_000  # Thursday, 1 January 2026
    weeks = weeks_of(["2025-12-28T23:59:59.999Z", "2025-12-29T00:00:00.000Z", "", "1999-01-01"], [new_year], new_year)
    assert [(one.monday, one.saved, one.read) for one in weeks[-2:]] == [("2025-12-22", 1, 0), ("2025-12-29", 1, 1)]
    assert (len(weeks), sum(one.saved for one in weeks)) == (WEEKS, 2)
    assert months_up_to(new_year)[-2:] == ("2025-12", "2026-01")


async def test_bars_and_tables_say_what_was_saved_and_read(browser: Browser, desk: Desk, who: Who) -> None:
    assert "Nothing was saved or read" in await shown(browser)
    for number, title in enumerate(("A", "B", "C")):
        await save(desk, who, title, saved_at=rfc3339(NOW - number * 7 * DAY), tags=["le<af>"], status="to_read")
    gone = await save(desk, who, "Gone")
    read = await save(desk, who, "Read", saved_at=rfc3339(NOW - 7 * DAY))
    await send(browser, f"/library/entries/{read}", status="read")
    await send(browser, f"/library/entries/{gone}", op="delete")
    html = await shown(browser)
    assert "you saved 4 papers and read 1." in html
    assert [(saved, count) for _, saved, count in rows(html)[:3]] == [("1", "1"), ("2", "0"), ("1", "0")]
    assert (html.count('<rect class="saved" x'), html.count('<rect class="read" x')) == (4, 1)
    assert ("<title" in html, "<desc" in html, "le<af>" not in (await browser.get(PAGE)).text) == (True, True, True)
    assert re.search(r'<td class="figure">3</td>\s*</tr>', html)
