"""One paper is one entry and one name is one tag, whoever made them, and no key is lost on the way."""

from __future__ import annotations

from api.actions.desk import Desk
from api.domain.accounts import Who
from tests.actions.syncing import KEY, data, pull, push, save
from tests.make import make_id, make_op


async def test_two_devices_that_save_one_paper_have_one_entry(desk: Desk, ada: dict[str, Who]) -> None:
    other = make_id("other key")
    await push(desk, ada["laptop"], save())
    answer = await push(
        desk, ada["phone"], save("again", "https://arxiv.org/pdf/1706.03762v2", key=other, set={"note": "read this"})
    )
    assert answer.results[0].object.key == KEY  # type: ignore[union-attr]
    seen = await pull(desk, ada["laptop"])
    assert (seen[other].deleted, seen[other].merged_into) == (True, KEY)
    assert data(seen[KEY])["note"] == "read this"
    await push(desk, ada["phone"], make_op(name="late", key=other, set={"rating": 5}), first_seq=2)
    assert data((await pull(desk, ada["laptop"]))[KEY])["rating"] == 5


async def test_two_tags_of_one_name_become_one_and_the_older_key_lives_on(desk: Desk, ada: dict[str, Who]) -> None:
    old, young = sorted((make_id("t1"), make_id("t2")))
    await push(desk, ada["laptop"], make_op(name="a", type="tag", key=young, set={"name": "Thesis"}))
    answer = await push(
        desk,
        ada["phone"],
        make_op(name="b", type="tag", key=old, set={"name": "thesis"}),
        save(add={"tags": [young]}),
    )
    assert (answer.results[0].status, answer.results[0].object.key) == ("merged", old)  # type: ignore[union-attr]
    seen = await pull(desk, ada["laptop"])
    assert seen[young].merged_into == old
    assert data(seen[KEY])["tags"] == [old]


async def test_entries_tagged_before_a_merge_show_the_surviving_tag(desk: Desk, ada: dict[str, Who]) -> None:
    old, young = sorted((make_id("t1"), make_id("t2")))
    await push(
        desk,
        ada["laptop"],
        make_op(name="a", type="tag", key=young, set={"name": "Thesis"}),
        save(add={"tags": [young]}),
    )
    await push(desk, ada["phone"], make_op(name="b", type="tag", key=old, set={"name": "thesis"}))
    assert data((await pull(desk, ada["laptop"]))[KEY])["tags"] == [old]


async def test_removing_a_tag_removes_it_under_every_name_that_was_merged_into_it(
    desk: Desk, ada: dict[str, Who]
) -> None:
    old, young = sorted((make_id("t1"), make_id("t2")))
    await push(
        desk,
        ada["laptop"],
        make_op(name="a", type="tag", key=young, set={"name": "Thesis"}),
        save(add={"tags": [young]}),
    )
    answer = await push(desk, ada["phone"], make_op(name="b", type="tag", key=old, set={"name": "thesis"}))
    await push(desk, ada["phone"], make_op(name="c", base=answer.version, **{"del": {"tags": [old]}}), first_seq=2)
    assert data((await pull(desk, ada["laptop"]))[KEY])["tags"] == []


async def test_removing_a_tag_removes_it_under_names_that_were_merged_twice(desk: Desk, ada: dict[str, Who]) -> None:
    """Found by the simulation: the entry held the tag under a name of a name."""
    oldest, old, young = sorted((make_id("t1"), make_id("t2"), make_id("t3")))
    seen = await push(
        desk,
        ada["laptop"],
        make_op(name="a", type="tag", key=young, set={"name": "Thesis"}),
        save(add={"tags": [young]}),
    )
    await push(desk, ada["phone"], make_op(name="b", type="tag", key=old, set={"name": "thesis"}))
    await push(desk, ada["phone"], make_op(name="c", type="tag", key=oldest, set={"name": "THESIS"}), first_seq=2)
    off = make_op(name="d", base=seen.version, **{"del": {"tags": [young]}})
    await push(desk, ada["laptop"], off, first_seq=3)
    assert data((await pull(desk, ada["laptop"]))[KEY])["tags"] == []


async def test_a_tag_that_merges_and_is_taken_off_in_one_batch_is_off(desk: Desk, ada: dict[str, Who]) -> None:
    """Found by the simulation."""
    oldest, old, young = sorted((make_id("t1"), make_id("t2"), make_id("t3")))
    await push(
        desk,
        ada["laptop"],
        make_op(name="a", type="tag", key=young, set={"name": "Thesis"}),
        save(add={"tags": [young]}),
    )
    seen = await push(desk, ada["phone"], make_op(name="b", type="tag", key=old, set={"name": "thesis"}))
    await push(
        desk,
        ada["phone"],
        make_op(name="c", type="tag", key=oldest, set={"name": "THESIS"}),
        make_op(name="bad", key=KEY, set={"rating": 99}, group="g"),
        make_op(name="d", base=seen.version, **{"del": {"tags": [oldest]}}),
        first_seq=2,
    )
    assert data((await pull(desk, ada["laptop"]))[KEY])["tags"] == []
