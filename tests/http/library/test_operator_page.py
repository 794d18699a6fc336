"""`/operator`: the owner sees what waits and what failed, and brings it back; for others there is no such page."""

from __future__ import annotations

import re

import pytest

from api.actions.desk import Desk
from api.actions.enrich_paper import take_paper
from api.actions.make_link import make_link
from api.actions.register import register
from api.actions.retry_jobs import is_operator
from api.actions.save_paper import SaveWish, save_paper
from api.actions.use_link import use_link
from api.domain.accounts import Account, Who
from api.store.database import Tx
from api.web.operator import length
from tests.http.library.conftest import PASSWORD, Browser, token_in
from tests.make import make_id
from workers.ticker import sweep, turn


async def save(desk: Desk, who: Who, number: int) -> str:
    url = f"https://arxiv.org/abs/2001.{number:05d}"
    return (await save_paper(desk, who, SaveWish(make_id(url), url))).paper.id


async def fail(desk: Desk, *paper_ids: str) -> None:
    async def work(tx: Tx) -> None:
        for paper_id in paper_ids:
            await tx.run(
                "UPDATE paper SET enrich_state = 'failed', dead_at = :now, starts = 5, attempts = 5, "
                "trouble = 'its worker died' WHERE id = :id",
                now=desk.now(),
                id=paper_id,
            )

    await desk.database.write(work)


async def test_the_owner_sees_what_waits_what_failed_and_what_the_clock_work_did(
    browser: Browser, desk: Desk, who: Who
) -> None:
    await fail(desk, await save(desk, who, 1), await save(desk, who, 2))
    await save(desk, who, 3)
    await turn(desk, "sweep", 30, sweep)
    shown = (await browser.get("/operator")).text
    assert re.search(r"New papers</th><td class=\"figure\">1</td>", shown)
    assert "arxiv:2001.00001" in shown
    assert shown.count("its worker died") == 2
    assert "Look for forgotten work" in shown
    assert "No worker runs" in shown
    assert "<li>arxiv" in shown
    assert 'href="/operator"' in (await browser.get("/account")).text


async def test_one_or_all_of_what_failed_comes_back_by_a_button(browser: Browser, desk: Desk, who: Who) -> None:
    papers = [await save(desk, who, number) for number in range(3)]
    await fail(desk, *papers)
    csrf = token_in((await browser.get("/operator")).text)
    said = await browser.post("/operator", data={"csrf": csrf, "job": papers[0]})
    assert "1 job is to be tried again." in said.text
    assert await take_paper(desk, papers[0]) is not None
    assert await take_paper(desk, papers[1]) is None
    said = await browser.post("/operator", data={"csrf": csrf, "all": "yes"})
    assert "2 jobs are to be tried again." in said.text
    assert await take_paper(desk, papers[1]) is not None
    assert (await browser.post("/operator", data={"csrf": csrf, "job": papers[1]})).status_code == 404
    assert (await browser.post("/operator", data={"job": papers[2]})).status_code == 403


async def test_for_another_account_there_is_no_such_page(stranger: Browser, ada: Account, desk: Desk) -> None:
    await register(desk, "bob@example.org", PASSWORD, by_admin=True)
    csrf = token_in((await stranger.get("/sign-in")).text)
    form = {"csrf": csrf, "email": "bob@example.org", "password": PASSWORD, "next": "/"}
    await stranger.post("/sign-in", data=form)
    assert (await stranger.get("/operator")).status_code == 404
    csrf = token_in((await stranger.get("/account")).text)
    assert (await stranger.post("/operator", data={"csrf": csrf, "all": "yes"})).status_code == 404
    assert "/operator" not in (await stranger.get("/account")).text


async def test_the_owner_is_who_the_machine_let_in_first_and_no_stranger(desk: Desk) -> None:
    from msgspec.structs import replace

    opened = replace(desk, settings=replace(desk.settings, registration="open"))
    stranger = await register(opened, "eve@example.org", PASSWORD)
    later = await register(desk, "ada@example.org", PASSWORD, by_admin=True)
    assert not await is_operator(desk, stranger.id)
    assert not await is_operator(desk, later.id)


async def test_the_first_link_makes_the_owner(desk: Desk) -> None:
    link = await make_link(desk, "owner")
    owner = await use_link(desk, link.rsplit("/", 1)[1], "ada@example.org", PASSWORD)
    assert await is_operator(desk, owner.id)


async def test_the_page_of_a_paper_that_failed_has_a_button_that_tries_again(
    browser: Browser, desk: Desk, who: Who
) -> None:
    paper_id = await save(desk, who, 1)
    path = f"/library/entries/{make_id('https://arxiv.org/abs/2001.00001')}"
    assert "Try again" not in (await browser.get(path)).text
    await fail(desk, paper_id)
    shown = (await browser.get(path)).text
    assert "Try again" in shown
    after = await browser.post(f"{path}/try-again", data={"csrf": token_in(shown)})
    assert after.url.path == path
    assert "fetching details" in after.text
    assert "Try again" not in after.text
    assert await take_paper(desk, paper_id) is not None
    assert (await browser.post(f"{path}/try-again", data={})).status_code == 403
    foreign = f"/library/entries/{make_id('nobody')}/try-again"
    assert (await browser.post(foreign, data={"csrf": token_in(shown)})).status_code == 404


@pytest.mark.parametrize(
    ("seconds", "said"), [(0.2, "0 s"), (45, "45 s"), (720, "12 min"), (18_000, "5 h"), (259_200, "3 days")]
)
def test_a_length_of_time_is_said_in_the_unit_that_says_enough(seconds: float, said: str) -> None:
    assert length(seconds) == said
