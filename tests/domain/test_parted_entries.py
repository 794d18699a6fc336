"""An entry that became part of another one comes out of it again as it was, whatever kind of thing it brought."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from api.domain.changes import shown
from api.domain.joining import joined_entry, merged_key
from api.domain.parting import parted_entry
from api.domain.states import Liveness, Member, Stamp, State

AT = "2026-11-20T10:00:00.000Z"
TAGS = ("red", "green", "blue")


def entry(key: str, number: int, note: str | None, tags: set[str], rating: int | None) -> State:
    def stamp(seq: int) -> Stamp:
        return Stamp(number, f"0193f2c1a7b4-0000-{key}", key, seq)

    fields: dict[str, Any] = {"saved_at": AT, "status": "to_read"}
    fields |= {name: value for name, value in (("note", note), ("rating", rating)) if value is not None}
    stamps = {name: stamp(seq) for seq, name in enumerate(fields)}
    members = {"tags": {tag: Member((stamp(10 + seq),)) for seq, tag in enumerate(sorted(tags))}}
    return State("entry", key, version=number, fields=fields, stamps=stamps, members=members)


entries = st.tuples(st.sampled_from([None, "one", "two"]), st.sets(st.sampled_from(TAGS)), st.sampled_from([None, 4]))


def taken_in(survivor: State, loser: State) -> tuple[State, State]:
    """Both after they became one."""
    return joined_entry(survivor, loser, AT), merged_key(loser, survivor.key)


@given(entries, entries)
def test_what_was_joined_and_let_alone_comes_apart_as_it_was(left: Any, right: Any) -> None:
    one, other = entry("one", 1, *left), entry("two", 2, *right)
    whole, gone = taken_in(one, other)
    stays, back = parted_entry(whole, gone)
    for was, now in ((one, stays), (other, back)):
        assert (now.key, now.deleted, now.merged_into) == (was.key, False, None)
        told = {name: value for name, value in shown(now).items() if name not in ("status",)}
        assert told == {name: shown(was)[name] for name in told}


@given(entries, entries, st.sampled_from(TAGS))
def test_a_tag_removed_while_they_were_one_is_on_neither(left: Any, right: Any, tag: str) -> None:
    whole, gone = taken_in(entry("one", 1, *left), entry("two", 2, *right))
    rows = {**whole.members["tags"], tag: Member((), (Stamp(9, "0193f2c1a7b4-0000-x", "x", 1),))}
    stays, back = parted_entry(structs.replace(whole, members={"tags": rows}), gone)
    assert tag not in shown(stays)["tags"] + shown(back)["tags"]


def test_an_entry_that_was_in_the_trash_comes_back_there_and_an_old_note_with_it() -> None:
    thrown = Liveness((Stamp(3, "0193f2c1a7b5-0000-x", "x", 1),), None, 3)
    trashed = structs.replace(entry("two", 2, "old words", set(), None), deleted=True, liveness=thrown)
    stays, back = parted_entry(*taken_in(entry("one", 1, None, set(), None), trashed))
    assert (stays.deleted, back.deleted, back.fields["note"]) == (False, True, "old words")


def test_a_note_edited_while_they_were_one_stays_where_it_was_edited() -> None:
    whole, gone = taken_in(entry("one", 1, None, set(), None), entry("two", 2, "first words", set(), None))
    edited = Stamp(9, "0193f2c1a7b5-0000-x", "x", 1)
    later = structs.replace(whole, fields=whole.fields | {"note": "better"}, stamps=whole.stamps | {"note": edited})
    stays, back = parted_entry(later, gone)
    assert (stays.fields.get("note"), back.fields.get("note")) == ("better", None)
