"""What one form or script may do to one object: bring it back, and tag it without touching its other tags."""

from __future__ import annotations

import pytest
from msgspec import UNSET

from api.actions.count_entries import EntryCounts, count_entries
from api.actions.desk import Desk
from api.actions.edit_object import EditWish, edit_object
from api.actions.get_entries import get_entries
from api.actions.list_entries import get_entry
from api.actions.save_paper import SaveWish, save_paper
from api.domain.accounts import Who
from api.domain.entries import EntryFilter
from api.domain.errors import BadInput, BadText, NotFound, TooLarge
from tests.actions.syncing import pull, push
from tests.conftest import Clock
from tests.make import make_id, make_op


async def _save(desk: Desk, who: Who, name: str, *tags: str, url: str = "arXiv:1706.03762") -> str:
    return (await save_paper(desk, who, SaveWish(id=make_id(name), url=url, tags=list(tags)))).entry.id


async def test_a_restore_brings_an_entry_back_as_it_was(desk: Desk, ada: dict[str, Who]) -> None:
    who = ada["laptop"]
    entry = await _save(desk, who, "one", "thesis")
    before = await get_entry(desk, who.library_id, entry)
    await edit_object(desk, who, EditWish("entry", entry, op="delete"))
    with pytest.raises(NotFound):
        await get_entry(desk, who.library_id, entry)

    change = await edit_object(desk, ada["phone"], EditWish("entry", entry, op="restore"))

    after = await get_entry(desk, who.library_id, entry)
    assert not change.deleted
    assert after.entry.tags == before.entry.tags
    assert after.entry.version > before.entry.version


async def test_restoring_what_is_there_changes_nothing(desk: Desk, ada: dict[str, Who]) -> None:
    who = ada["laptop"]
    entry = await _save(desk, who, "one")
    version = (await get_entry(desk, who.library_id, entry)).entry.version
    await edit_object(desk, who, EditWish("entry", entry, op="restore"))
    assert (await get_entry(desk, who.library_id, entry)).entry.version == version


async def test_only_a_restore_reaches_into_the_trash(desk: Desk, ada: dict[str, Who], bob: Who) -> None:
    who = ada["laptop"]
    entry = await _save(desk, who, "one")
    await edit_object(desk, who, EditWish("entry", entry, op="delete"))
    with pytest.raises(NotFound):
        await edit_object(desk, who, EditWish("entry", entry, set={"status": "read"}))
    with pytest.raises(NotFound):
        await edit_object(desk, bob, EditWish("entry", entry, op="restore"))
    with pytest.raises(NotFound):
        await edit_object(desk, who, EditWish("highlight", entry, op="restore"))


async def _mark(desk: Desk, who: Who, entry: str) -> str:
    key = make_id("mark")
    quote = {"type": "TextQuoteSelector", "exact": "a loom weaves"}
    set_ = {"entry_id": entry, "manifestation": "https://arxiv.org/abs/1706.03762", "selectors": [quote]}
    await edit_object(desk, who, EditWish("highlight", key, set=set_, create=True))
    return key


async def test_a_highlight_comes_back_with_its_entry(desk: Desk, ada: dict[str, Who]) -> None:
    who = ada["laptop"]
    entry = await _save(desk, who, "one")
    mark = await _mark(desk, who, entry)
    await edit_object(desk, who, EditWish("highlight", mark, op="delete"))
    await edit_object(desk, who, EditWish("entry", entry, op="delete"))
    await edit_object(desk, who, EditWish("highlight", mark, op="restore"))
    seen = await pull(desk, ada["phone"])
    assert {seen[key].deleted for key in (mark, entry)} == {False}
    assert (await get_entry(desk, who.library_id, entry)).entry.id == entry


async def test_a_device_is_told_that_what_it_brought_back_is_in_the_trash_with_its_entry(
    desk: Desk, ada: dict[str, Who]
) -> None:
    who = ada["laptop"]
    entry = await _save(desk, who, "one")
    mark = await _mark(desk, who, entry)
    for type_, key in (("highlight", mark), ("entry", entry)):
        await edit_object(desk, who, EditWish(type_, key, op="delete"))
    back = make_op("restore", name="back", type="highlight", key=mark, base=99)
    edit = make_op(name="edit", type="highlight", key=mark, base=99, set={"comment": "so"})
    answer = await push(desk, ada["phone"], back, edit)
    assert [(r.status, r.in_trash) for r in answer.results] == [("applied", True)] * 2
    both = make_op("restore", name="both", key=entry, base=99)
    again = make_op(name="again", type="highlight", key=mark, base=99, set={"comment": "yes"})
    answer = await push(desk, ada["phone"], again, both, first_seq=3)  # in either order: what counts is the whole batch
    assert [(r.status, r.in_trash) for r in answer.results] == [("applied", UNSET)] * 2


async def test_a_tag_added_or_removed_by_id_leaves_the_others_alone(
    desk: Desk, ada: dict[str, Who], clock: Clock
) -> None:
    who = ada["laptop"]
    entry = await _save(desk, who, "one", "thesis", "vision")
    tags = (await get_entry(desk, who.library_id, entry)).entry.tags
    clock.forward(1)
    await edit_object(desk, who, EditWish("entry", entry, remove={"tags": (tags[0],)}))
    await edit_object(desk, who, EditWish("entry", entry, add={"tags": (make_id("new tag"),)}))
    assert set((await get_entry(desk, who.library_id, entry)).entry.tags) == {tags[1], make_id("new tag")}


@pytest.mark.parametrize(
    ("field", "value", "error"),
    [
        ("status", "eaten", BadInput),
        ("status", None, BadInput),
        ("rating", 6, BadInput),
        ("citekey", "a b{", BadInput),
        ("note", "\0", BadText),
        ("note", "\ud800", BadText),
        ("merged_into", "x", BadInput),
        ("paper", 1, BadInput),
    ],
)
async def test_a_value_that_its_field_does_not_take_is_refused(
    desk: Desk, ada: dict[str, Who], field: str, value: object, error: type[Exception]
) -> None:
    entry = await _save(desk, ada["laptop"], "one")
    with pytest.raises(error):
        await edit_object(desk, ada["laptop"], EditWish("entry", entry, set={field: value}))


async def test_entries_come_in_the_order_asked_for_without_those_that_are_gone(
    desk: Desk, ada: dict[str, Who], bob: Who
) -> None:
    who = ada["laptop"]
    one = await _save(desk, who, "one")
    two = await _save(desk, who, "two", url="arXiv:2005.14165")
    foreign = await _save(desk, bob, "foreign")
    found = await get_entries(desk, who.library_id, [two, foreign, one, two, make_id("nothing")])
    assert [shelved.entry.id for shelved in found] == [two, one]
    with pytest.raises(TooLarge):
        await get_entries(desk, who.library_id, [make_id(str(n)) for n in range(201)])


async def test_counts_are_of_live_entries_and_of_the_filter(desk: Desk, ada: dict[str, Who]) -> None:
    who = ada["laptop"]
    one = await _save(desk, who, "one", "thesis")
    two = await _save(desk, who, "two", url="arXiv:2005.14165")
    await _save(desk, who, "three", url="arXiv:2203.02155")
    await edit_object(desk, who, EditWish("entry", one, set={"status": "read"}))
    await edit_object(desk, who, EditWish("entry", two, op="delete"))
    counts = await count_entries(desk, who.library_id, EntryFilter(tags=("thesis",)))
    assert counts == EntryCounts(papers=2, to_read=1, with_code=0, shown=1)


async def test_only_ids_become_members_of_a_set(desk: Desk, ada: dict[str, Who]) -> None:
    entry = await _save(desk, ada["laptop"], "one")
    for wish in (
        EditWish("entry", entry, add={"tags": ("thesis",)}),
        EditWish("entry", entry, remove={"tags": ("thesis",)}),
        EditWish("entry", entry, add={"status": (entry,)}),
    ):
        with pytest.raises(BadInput):
            await edit_object(desk, ada["laptop"], wish)
