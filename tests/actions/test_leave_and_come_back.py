"""Everything goes out, and comes in on a fresh instance of the other database: the same library but for ids."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from api.actions.correct_paper import correct_paper
from api.actions.desk import Desk
from api.actions.edit_object import EditWish, edit_object
from api.actions.export_account import export_account
from api.actions.export_library import export_library
from api.actions.import_library import run_import, start_import
from api.actions.keep_key_pattern import set_key_pattern
from api.actions.pull_changes import pull_changes
from api.actions.save_paper import SaveWish, save_paper
from api.domain.accounts import Who
from api.domain.corrections import CorrectionWish, DatesWish
from api.domain.entries import EntryFilter
from api.domain.formats.catalog import export_wish
from api.domain.page_meta import Page
from api.store.database import open_database
from api.store.imports import ImportRun
from tests.actions.syncing import pull, push
from tests.conftest import Clock, fresh_database
from tests.make import PHONE, make_id, make_library, make_op

OF_THE_INSTANCE = ("account", "devices", "tokens", "feeds", "identities", "apart")
OF_THE_MOMENT = ("version", "enrich_state", "deleted_at")
QUOTE = [{"type": "TextQuoteSelector", "exact": "a marked line", "prefix": "", "suffix": ""}]
PDF = [{"type": "FragmentSelector", "value": "page=3", "conformsTo": "http://tools.ietf.org/rfc/rfc3778"}]


@pytest.fixture
async def elsewhere(request: pytest.FixtureRequest, desk: Desk, tmp_path: Path) -> AsyncIterator[Desk]:
    """A fresh instance on the other database engine."""
    other = "postgres" if desk.database.dialect == "sqlite" else "sqlite"
    with fresh_database(other, request.getfixturevalue, tmp_path) as url:
        database = await open_database(url)
        yield replace(desk, database=database)
        await database.close()


async def save(desk: Desk, who: Who, name: str, url: str, **more: Any) -> tuple[str, str]:
    """Save a page; the ids of entry and paper."""
    metas = [("citation_title", name), ("citation_author", f"{name.split()[-1]}, Ada"), ("citation_date", "2019/05/17")]
    metas += [("citation_abstract", f"On {name} & more."), ("citation_journal_title", "Journal of Waters")]
    wish = SaveWish(make_id(name), url, page=Page(title=name, metas=metas), **more)
    saved = await save_paper(desk, who, wish)
    return saved.entry.id, saved.paper.id


async def furnish(desk: Desk, ada: dict[str, Who], clock: Clock) -> None:
    """A library with something of everything."""
    who = ada["laptop"]

    async def edit(type_: str, key: str, op: str = "put", **more: Any) -> None:
        clock.forward(1)
        create = op == "put" and type_ != "entry" and key not in made
        made.add(key)
        await edit_object(desk, who, EditWish(type_, key, op, create=create, **more))

    made: set[str] = set()
    await set_key_pattern(desk, who.library_id, ["Author", "-", "year"])
    kept, paper = await save(desk, who, "Trees", "https://arxiv.org/abs/1706.03762v2", tags=["thesis", "old"], note="A")
    other, _ = await save(desk, who, "Tall Trees", "https://doi.org/10.1234/tall.1", tags=["thesis"], status="read")
    await save(desk, who, "A page", "https://blog.example.org/a?b=c", note="Mine.")
    gone, _ = await save(desk, who, "Gone", "https://doi.org/10.1234/gone.1", tags=["thesis"], note="still here")
    for name, key in (("green", "green"), ("fresh", "fresh")):
        await edit("tag", make_id(key), set={"name": name, "color": "green"})
    for number, key in enumerate(("one list", "its namesake", "a lost list")):
        fields = {"name": "Thesis", "position": f"a{number}", "description": f"List {number}", "color": "#00ff00"}
        await edit("list", make_id(key), set=fields | ({"public": True} if number else {}))
    await edit("entry", kept, add={"lists": (make_id("one list"), make_id("a lost list")), "tags": (make_id("green"),)})
    await edit("entry", other, add={"lists": (make_id("its namesake"), make_id("one list"))})
    await everything(desk, who)  # gives citation keys, which the next ones make former ones
    await edit("entry", kept, set={"starred": True, "rating": 4, "position": "m", "citekey": "mine"})
    await edit("entry", other, set={"citekey": "Another:2019"})
    for name, entry, more in (
        (
            "mark",
            kept,
            {"comment": "so it is", "color": "red", "anchor": PDF, "manifestation": "https://a.example/x.pdf"},
        ),
        ("its neighbour", kept, {}),
        ("thrown mark", kept, {"comment": "no"}),
        ("mark of the gone", gone, {"comment": "see you"}),
    ):
        await edit("highlight", make_id(name), set={"entry_id": entry, "selectors": QUOTE, **more})
    await edit("highlight", make_id("mark"), add={"tags": (make_id("green"), make_id("fresh"))})
    await _two_minds(desk, ada, "entry", kept, "note")
    await _two_minds(desk, ada, "highlight", make_id("mark"), "comment")
    await _two_minds(desk, ada, "list", make_id("one list"), "description")
    said = CorrectionWish(title="Trees, corrected", venue="Waters", dates=DatesWish(issued="2018"))
    await correct_paper(desk, who, paper, said)
    (old,) = [key for key, one in (await pull(desk, who)).items() if one.data and one.data.get("name") == "old"]
    await edit("highlight", make_id("thrown mark"), "delete")
    await edit("list", make_id("a lost list"), "delete")
    await edit("tag", old, "delete")
    await edit("tag", make_id("old again"), set={"name": "old"})  # the namesake of one in the trash
    await edit("entry", gone, "delete")


async def _two_minds(desk: Desk, ada: dict[str, Who], type_: str, key: str, field: str) -> None:
    """Two devices write one text without knowing of each other: one of them is kept beside."""
    version = (await pull(desk, ada["laptop"]))[key].version
    for number, (device, who) in enumerate(ada.items()):
        more = {"base": version, "at": 10**7 + number, "device": who.device_id, "set": {field: f"by the {device}"}}
        wire = make_op(name=f"{key} {device}", type=type_, key=key, **more)
        await push(desk, who, wire, first_seq=1 + hash_of(key))


def hash_of(key: str) -> int:
    """A sequence that no other object's op has."""
    return int(key[-6:], 16)


async def everything(desk: Desk, who: Who) -> bytes:
    """The account's file."""
    library = export_library(desk, who.library_id, EntryFilter(), export_wish("json"))
    return b"".join([piece async for piece in export_account(desk, who, library)])


def told(file: bytes) -> Any:
    """What the file says of the library, papers by the entry that holds them."""
    whole = json.loads(file)
    held = [*whole["entries"], *(one for one in whole["trash"] if one["type"] == "entry")]
    names = {one["paper"]["id"]: f"paper of {one['id']}" for one in held}
    library = {name: value for name, value in whole.items() if name not in OF_THE_INSTANCE}
    return _in_order(_renamed(library, names))


def _renamed(value: Any, names: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {name: _renamed(part, names) for name, part in value.items() if name not in OF_THE_MOMENT}
    if isinstance(value, list):
        return [_renamed(part, names) for part in value]
    return names.get(value, value) if isinstance(value, str) else value


def _in_order(library: Any) -> Any:
    library["trash"].sort(key=lambda one: one["id"])
    library["corrections"].sort(key=lambda one: one["paper_id"])
    return library


async def come(desk: Desk, who: Who, file: bytes) -> ImportRun:
    """Import a file and run it, as the worker does."""
    import_id = await start_import(desk, who.account_id, who.library_id, "scholium-account.json", file)
    return await run_import(desk, who.library_id, import_id)


async def test_a_library_that_leaves_is_the_same_on_another_instance(
    desk: Desk, elsewhere: Desk, ada: dict[str, Who], clock: Clock
) -> None:
    await furnish(desk, ada, clock)
    file = await everything(desk, ada["laptop"])
    there = (await make_library(elsewhere, "ada anew", {"one": PHONE}))["one"]
    run = await come(elsewhere, there, file)
    assert (run.state, run.counts.imported, run.report) == ("done", 4, [])
    before, after = told(file), told(await everything(elsewhere, there))
    assert after.keys() == before.keys()
    for part in before:
        assert after[part] == before[part], part
    _says_enough(before)


def _says_enough(library: Any) -> None:
    """The library that was compared has what a comparison could miss."""
    (kept,) = [one for one in library["entries"] if one["citekey"] == "mine"]
    assert kept["note_versions"]
    assert len(kept["tags"]) == 3  # one of them lies in the trash
    assert any(mark.get("comment_versions") for mark in kept["highlights"])
    assert {one["type"] for one in library["trash"]} == {"entry", "highlight", "tag", "list"}
    assert [one["name"] for one in library["lists"]] == ["Thesis", "Thesis"]
    assert any(one.get("description_versions") for one in library["lists"])
    assert library["key_pattern"] == ["Author", "-", "year"]
    assert [key for key, _ in library["former_keys"]] != []
    assert [one["title"] for one in library["corrections"]] == ["Trees, corrected"]


async def test_coming_twice_changes_nothing(desk: Desk, ada: dict[str, Who], bob: Who, clock: Clock) -> None:
    await furnish(desk, ada, clock)
    file = await everything(desk, ada["laptop"])
    await come(desk, bob, file)
    head = (await pull_changes(desk, bob, None, 1)).upto
    clock.forward(60)
    again = await come(desk, bob, file)
    assert (again.counts.imported, again.counts.merged) == (0, 4)
    assert (await pull_changes(desk, bob, None, 1)).upto == head
    await come(desk, ada["laptop"], file)  # where all of it came from
    assert told(await everything(desk, ada["laptop"])) == told(file)


async def test_what_lives_here_is_not_thrown_away_for_a_file(
    desk: Desk, ada: dict[str, Who], bob: Who, clock: Clock
) -> None:
    await furnish(desk, ada, clock)
    file = await everything(desk, ada["laptop"])
    mine, paper = await save(desk, bob, "Gone", "https://doi.org/10.1234/gone.1", note="very much here")
    await set_key_pattern(desk, bob.library_id, ["title"])
    await correct_paper(desk, bob, paper, CorrectionWish(venue="My own word"))
    await come(desk, bob, file)
    here = json.loads(await everything(desk, bob))
    (live,) = [one for one in here["entries"] if one["id"] == mine]
    assert (live["note"], live["paper"]["venue"]) == ("very much here", "My own word")
    assert here["key_pattern"] == ["title"]


async def test_a_file_with_nonsense_in_it_spares_the_rest(
    desk: Desk, ada: dict[str, Who], bob: Who, clock: Clock
) -> None:
    await furnish(desk, ada, clock)
    whole = json.loads(await everything(desk, ada["laptop"]))
    whole["tags"].append({"id": make_id("x"), "name": "", "color": None})
    whole["lists"].append({"id": make_id("y"), "name": "n", "color": "url(evil)"})
    whole["entries"][0]["saved_at"] = "yesterday"
    whole["entries"][1]["highlights"] = [{"id": make_id("z"), "selectors": QUOTE, "color": "<b>"}]
    whole["former_keys"] += [["no key{", "x"], 7]
    whole["key_pattern"] = ["nonsense"]
    run = await come(desk, bob, json.dumps(whole).encode())
    assert (run.state, run.counts.reported, run.counts.imported) == ("done", 4, 2)
    assert {line.code for line in run.report} == {"invalid_record"}
