"""What an export never depends on: the order in which rows are found, which entries are asked for."""

from __future__ import annotations

import asyncio
import json
import random
import re
from itertools import groupby
from typing import Any

import pytest

from api.actions import export_library as exporting
from api.actions.desk import Desk
from api.actions.edit_object import EditWish, edit_object
from api.actions.export_library import export_library
from api.actions.list_entries import list_entries
from api.domain.accounts import Who
from api.domain.entries import EntryFilter
from api.domain.formats.catalog import ExportWish, FormatName, export_wish
from tests.actions.test_import_export import import_papers

# Five of them would have one key, had they not been given letters.
TITLES = [f"Loom {word}" for word in ("warp", "weft", "shed", "reed", "beam")] + ["Engine notes", "ÉTUDE", "织机"]


async def taken(desk: Desk, who: Who, wish: ExportWish | None = None, *words: str) -> str:
    pieces = export_library(desk, who.library_id, EntryFilter(words=words), wish)
    return b"".join([piece async for piece in pieces]).decode()


def keys_by_title(bib: str) -> dict[str, str]:
    return {title: key for key, title in re.findall(r"^@\w+\{(.+),\n(?:.*\n)*?  title *= \{(.*)\},$", bib, re.M)}


@pytest.mark.parametrize("format_", ["bibtex", "ris", "csl-json"])
async def test_a_hundred_exports_of_rows_found_in_any_order_are_the_same_bytes(
    desk: Desk, ada: dict[str, Who], format_: FormatName, monkeypatch: pytest.MonkeyPatch
) -> None:
    await import_papers(desk, ada["laptop"], [{"title": title} for title in TITLES])
    whole = await taken(desk, ada["laptop"], export_wish(format_))
    chance, found = random.Random(5), exporting.entries.keys  # noqa: S311  no secret
    orders: set[tuple[str, ...]] = set()

    async def shuffled(*asked: Any) -> list[tuple[str, str | None, str | None]]:
        rows = await found(*asked)
        chance.shuffle(rows)
        orders.add(tuple(row[0] for row in rows))
        return rows

    monkeypatch.setattr(exporting.entries, "keys", shuffled)
    for _ in range(100):
        assert await taken(desk, ada["laptop"], export_wish(format_)) == whole
    assert len(orders) > 90


async def test_chunks_of_any_size_give_each_entry_once_and_in_its_order(
    desk: Desk, ada: dict[str, Who], monkeypatch: pytest.MonkeyPatch
) -> None:
    await import_papers(desk, ada["laptop"], [{"title": title} for title in TITLES])
    page = await list_entries(desk, ada["laptop"].library_id, EntryFilter(), "title", 1, None)
    renamed = EditWish("entry", page.items[0].entry.id, set={"citekey": "zz"})
    await edit_object(desk, ada["laptop"], renamed)  # its former key still leads to it
    found: set[str] = set()
    for first, chunk in ((1, 1), (3, 2), (5, 500), (500, 500)):
        monkeypatch.setattr(exporting, "FIRST", first)
        monkeypatch.setattr(exporting, "CHUNK", chunk)
        found.add(await taken(desk, ada["laptop"]))
    assert len(found) == 1
    keys = [key.casefold() for key in re.findall(r"^@\w+\{(.+),$", found.pop(), re.M)]
    assert (len(set(keys)), keys) == (len(TITLES), sorted(keys))
    assert keys[-1] == "zz"


async def test_a_subset_has_the_keys_of_the_whole_even_if_it_is_the_first_that_is_asked_for(
    desk: Desk, ada: dict[str, Who]
) -> None:
    await import_papers(desk, ada["laptop"], [{"title": title} for title in TITLES])
    subsets = {word: keys_by_title(await taken(desk, ada["laptop"], None, word)) for word in ("beam", "loom", "engine")}
    whole = keys_by_title(await taken(desk, ada["laptop"]))
    assert len(set(whole.values())) == len(TITLES)
    assert [len(one) for one in subsets.values()] == [1, 5, 1]
    for subset in subsets.values():
        assert subset.items() <= whole.items()


async def test_papers_that_come_later_change_no_key(desk: Desk, ada: dict[str, Who]) -> None:
    await import_papers(desk, ada["laptop"], [{"title": title} for title in TITLES[3:]])
    before = keys_by_title(await taken(desk, ada["laptop"]))
    await import_papers(desk, ada["laptop"], [{"title": title} for title in TITLES[:3]])
    after = keys_by_title(await taken(desk, ada["laptop"]))
    assert before.items() <= after.items()
    assert len(after) == len(TITLES)
    ids = [one["id"] for one in json.loads(await taken(desk, ada["laptop"], export_wish("csl-json")))]
    assert sorted(ids) == sorted(after.values())


@pytest.mark.parametrize("format_", ["bibtex", "csl-json", "json"])
async def test_others_have_their_turn_while_a_library_goes_out(
    desk: Desk, ada: dict[str, Who], format_: FormatName
) -> None:
    await import_papers(desk, ada["laptop"], [{"title": f"Loom {number}"} for number in range(70)])
    turns = 0

    async def another() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    others = asyncio.create_task(another())
    seen = [turns async for _ in export_library(desk, ada["laptop"].library_id, EntryFilter(), export_wish(format_))]
    others.cancel()
    assert len(seen) >= 70
    assert max(len(list(same)) for _, same in groupby(seen)) <= exporting.AT_A_TIME
