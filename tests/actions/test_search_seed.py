"""The 70 papers of the seed, searched as people would: what is meant comes first, also where it is misspelt."""

from __future__ import annotations

import pytest

from api.actions.desk import Desk
from api.actions.find_alike import find_alike
from api.actions.import_library import run_import, start_import
from api.actions.search_library import search_library
from api.domain.accounts import Who
from tests.actions.asked import MISSPELT, QUERIES
from tests.conftest import SHARED

SEED = SHARED / "fixtures" / "seed" / "papers.json"
pytestmark = pytest.mark.skipif(not SEED.exists(), reason="the seed's papers in ../shared are not there")


@pytest.fixture
async def who(desk: Desk, ada: dict[str, Who]) -> Who:
    """Ada, with the seed in her library."""
    who = ada["laptop"]
    import_id = await start_import(desk, who.account_id, who.library_id, "papers.json", SEED.read_bytes())
    assert (await run_import(desk, who.library_id, import_id)).counts.imported == 70
    return who


async def titles(desk: Desk, who: Who, text: str, limit: int = 5) -> list[str]:
    """The titles that answer, the best first."""
    page = await search_library(desk, who.library_id, text, limit=limit)
    return [hit.shelved.paper.title for hit in page.items]


async def test_three_words_find_nearly_all_and_those_with_all_of_them_first(desk: Desk, who: Who) -> None:
    page = await search_library(desk, who.library_id, "state action representation", limit=200)
    print(f"{desk.database.dialect}: {page.total} of the 70 have something of it")
    assert page.total == len(page.items) >= 60
    whole = [
        all(word in f"{one.paper.title} {one.paper.abstract}".lower() for word in ("state", "action", "representation"))
        for one in (hit.shelved for hit in page.items)
    ]
    assert all(whole[:30])


@pytest.mark.parametrize(("asked", "most_wrong"), [(QUERIES, 3), (MISSPELT, 4)], ids=["spelt", "misspelt"])
async def test_what_is_meant_comes_first(
    desk: Desk, who: Who, asked: tuple[tuple[str, str], ...], most_wrong: int
) -> None:
    found = {text: await titles(desk, who, text) for text, _ in asked}
    wrong = {text: found[text] for text, meant in asked if not _first(found[text], meant)}
    print(f"{desk.database.dialect}: the first is right for {len(asked) - len(wrong)} of {len(asked)}", *wrong)
    assert len(wrong) <= most_wrong, wrong


async def test_papers_like_one_are_of_its_subject(desk: Desk, who: Who) -> None:
    page = await search_library(desk, who.library_id, 'title:"balanced representation learning"')
    alike = await find_alike(desk, who.library_id, page.items[0].shelved.entry.id)
    assert len(alike) == 6
    assert page.items[0].shelved.entry.id not in [one.entry.id for one in alike]
    skeletons = [one for one in alike if "skelet" in f"{one.paper.title} {one.paper.abstract}".lower()]
    assert len(skeletons) >= 4, [one.paper.title for one in alike]


def _first(found: list[str], meant: str) -> bool:
    return bool(found) and found[0].startswith(meant)
