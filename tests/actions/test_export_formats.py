"""A library comes out in every format: the same bytes every time, with its tags, lists, notes and highlights."""

from __future__ import annotations

import json
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from msgspec.structs import replace

from api.actions import export_library as exporting
from api.actions.desk import Desk
from api.actions.export_library import export_library
from api.domain.accounts import Who
from api.domain.entries import EntryFilter
from api.domain.formats.catalog import FORMATS, ExportWish, FormatName, export_wish
from api.domain.states import Edit
from api.store import objects
from api.store.batches import open_batch
from api.store.database import Tx
from tests.actions.test_import_export import import_papers
from tests.make import make_edit, make_id

TAG, LIST, MARK, LATER = (make_id(name) for name in ("tag", "list", "mark", "later mark"))
QUOTE = {"type": "TextQuoteSelector", "exact": "weaves", "prefix": "", "suffix": ""}


async def put(desk: Desk, who: Who, *edits: Edit) -> None:
    """Take edits as the server does."""

    async def work(tx: Tx) -> None:
        opened = await open_batch(tx, who.library_id, edits)
        for number, edit in enumerate(edits):
            opened.take(make_id(f"op {edit.key} {number}"), edit)
        await objects.save(tx, who.library_id, opened, desk.now())

    await desk.database.write(work)


async def exported(desk: Desk, who: Who, wish: ExportWish | None = None) -> str:
    return (await packed(desk, who, wish)).decode()


async def packed(desk: Desk, who: Who, wish: ExportWish | None = None) -> bytes:
    """The file as it is."""
    return b"".join([piece async for piece in export_library(desk, who.library_id, EntryFilter(), wish)])


async def a_library(desk: Desk, who: Who, papers: int = 3) -> list[str]:
    """Papers, the first of them tagged, listed, noted and marked; the ids of the entries by citation key."""
    await import_papers(desk, who, [{"title": f"Loom{n:03}", "abstract": "About looms."} for n in range(papers)])
    first, *rest = [one["id"] for one in json.loads(await exported(desk, who, export_wish("json")))["entries"]]
    mark = {"entry_id": first, "selectors": [QUOTE], "created_at": "2026-01-01T00:00:00.000Z"}
    late = mark | {"created_at": "2026-01-02T00:00:00.000Z"}
    await put(
        desk,
        who,
        make_edit(type_="tag", key=TAG, seq=10, set={"name": "thesis"}),
        make_edit(type_="list", key=LIST, seq=11, set={"name": "Looms", "description": "All of them"}),
        make_edit(key=first, seq=12, set={"note": "Read =twice"}, add={"tags": (TAG,), "lists": (LIST,)}),
        make_edit(type_="highlight", key=LATER, seq=13, set=late),
        make_edit(type_="highlight", key=MARK, seq=14, set=mark | {"comment": "So"}, add={"tags": (TAG,)}),
    )
    return [first, *rest]


@pytest.mark.parametrize("format_", FORMATS)
async def test_a_format_has_the_same_bytes_every_time_whatever_the_chunks(
    desk: Desk, ada: dict[str, Who], format_: FormatName, monkeypatch: pytest.MonkeyPatch
) -> None:
    await a_library(desk, ada["laptop"], 5)
    whole = await packed(desk, ada["laptop"], export_wish(format_))
    assert whole == await packed(desk, ada["laptop"], export_wish(format_))
    monkeypatch.setattr(exporting, "CHUNK", 2)
    assert whole == await packed(desk, ada["laptop"], export_wish(format_))


async def test_both_databases_give_these_very_bytes(desk: Desk, ada: dict[str, Who]) -> None:
    await a_library(desk, ada["laptop"], 2)
    assert await exported(desk, ada["laptop"], export_wish("ris", fields=("tags",))) == (
        "TY  - JOUR\r\nID  - anonndloom000\r\nTI  - Loom000\r\nKW  - thesis\r\nER  - \r\n\r\n"
        "TY  - JOUR\r\nID  - anonndloom001\r\nTI  - Loom001\r\nER  - \r\n\r\n"
    )


@pytest.mark.parametrize("format_", FORMATS)
async def test_an_empty_library_is_a_whole_file(desk: Desk, ada: dict[str, Who], format_: FormatName) -> None:
    file = await packed(desk, ada["laptop"], export_wish(format_))
    if format_ == "markdown-notes":
        assert ZipFile(BytesIO(file)).namelist() == []
        return
    text = file.decode()
    if "json" in FORMATS[format_].media_type:
        assert json.loads(text) is not None
    else:
        assert text.count("\n") == {"csv": 1, "atom": 7}.get(format_, 0)


async def test_our_own_json_holds_everything(desk: Desk, ada: dict[str, Who]) -> None:
    first, *rest = await a_library(desk, ada["laptop"])
    read = json.loads(await exported(desk, ada["laptop"], export_wish("json")))
    assert (read["format"], read["version"]) == ("scholium-library", 1)
    assert [(one["id"], one["name"]) for one in read["tags"]] == [(TAG, "thesis")]
    assert [(one["id"], one["description"]) for one in read["lists"]] == [(LIST, "All of them")]
    entry = read["entries"][0]
    assert (entry["id"], entry["note"], entry["tags"], entry["lists"]) == (first, "Read =twice", [TAG], [LIST])
    assert entry["paper"]["abstract"] == "About looms."
    marks = [(one["id"], one["comment"], one["selectors"], one["tags"]) for one in entry["highlights"]]
    assert marks == [(MARK, "So", [QUOTE], [TAG]), (LATER, None, [QUOTE], [])]
    assert [one["id"] for one in read["entries"][1:]] == rest


async def test_highlights_come_with_the_entry_that_theirs_was_merged_into(desk: Desk, ada: dict[str, Who]) -> None:
    await a_library(desk, ada["laptop"])
    old = make_id("an old copy")
    read = json.loads(await exported(desk, ada["laptop"], export_wish("json")))
    copy = make_edit(key=old, seq=20, set={"paper_id": read["entries"][0]["paper"]["id"]})
    mark = make_id("a mark on the copy")
    marking = make_edit(type_="highlight", key=mark, seq=21, set={"entry_id": old, "selectors": [QUOTE]})
    await put(desk, ada["laptop"], copy, marking)
    after = json.loads(await exported(desk, ada["laptop"], export_wish("json")))
    assert len(after["entries"]) == len(read["entries"])
    [entry] = [one for one in after["entries"] if one["paper"]["id"] == read["entries"][0]["paper"]["id"]]
    assert {one["id"] for one in entry["highlights"]} == {MARK, LATER, mark}
    assert {one["entry_id"] for one in entry["highlights"]} == {entry["id"]}


async def test_notes_hold_the_marks_of_their_papers_alone(desk: Desk, ada: dict[str, Who]) -> None:
    await a_library(desk, ada["laptop"], 2)
    with ZipFile(BytesIO(await packed(desk, ada["laptop"], export_wish("markdown-notes")))) as archive:
        first, second = (archive.read(name).decode() for name in archive.namelist())
        assert archive.namelist() == ["scholium/anonndloom000.md", "scholium/anonndloom001.md"]
    assert ("> weaves\n" in first, "\n\nSo\n" in first, "Read =twice" in first) == (True, True, True)
    assert "· yellow · #thesis\n" in first
    assert ("## Highlights" in second, "Loom001" in second) == (False, True)


async def test_annotations_are_the_highlights_with_tags_by_name(desk: Desk, ada: dict[str, Who]) -> None:
    await a_library(desk, ada["laptop"])
    read = json.loads(await exported(desk, ada["laptop"], export_wish("webannotation")))
    assert (read["total"], read["id"]) == (2, f"urn:uuid:{ada['laptop'].library_id}")
    assert [body["value"] for body in read["first"]["items"][0]["body"]] == ["So", "thesis"]


async def test_notes_stay_at_home_until_they_are_asked_for(desk: Desk, ada: dict[str, Who]) -> None:
    await a_library(desk, ada["laptop"])
    assert "twice" not in await exported(desk, ada["laptop"], export_wish("ris"))
    assert "N1  - Read =twice\r\n" in await exported(desk, ada["laptop"], export_wish("ris", fields=("note",)))
    assert "About looms" not in await exported(desk, ada["laptop"], export_wish("ris", exclude=("abstract",)))


async def test_the_last_saved_comes_first_where_that_is_asked(desk: Desk, ada: dict[str, Who], clock: Any) -> None:
    for title in ("Beta", "Alpha", "Gamma"):
        await import_papers(desk, ada["laptop"], [{"title": title}])
        clock.forward(60)
    wish = replace(export_wish("csl-json"), order="saved")
    titles = [one["title"] for one in json.loads(await exported(desk, ada["laptop"], wish))]
    assert titles == ["Gamma", "Alpha", "Beta"]
    keyed = [one["title"] for one in json.loads(await exported(desk, ada["laptop"], export_wish("csl-json")))]
    assert keyed == ["Alpha", "Beta", "Gamma"]


async def test_a_writer_that_would_lose_a_record_is_stopped(
    desk: Desk, ada: dict[str, Who], monkeypatch: pytest.MonkeyPatch
) -> None:
    await a_library(desk, ada["laptop"])
    monkeypatch.setattr(exporting, "CHUNK", 1)
    monkeypatch.setitem(exporting._WRITERS, "bibtex", lambda records: iter([f"{next(records)}{next(records)}"]))
    with pytest.raises(RuntimeError):
        await exported(desk, ada["laptop"])
