"""Two entries of one paper, made on one device or joined by enrichment: nothing that a person wrote is lost.

Each of these was found by the simulation (`tests/simulation`).
"""

from __future__ import annotations

from typing import Any

from api.domain.batch import Batch, Known
from api.domain.changes import shown
from api.domain.joining import joined_entry
from api.domain.states import Member, OtherVersion, Stamp, State
from tests.make import LAPTOP, make_edit

STAMP = Stamp(1, "0193f2c1a7b4-0000-x", "x", 1)
AT = "2026-11-20T10:00:00.000Z"


def _entry(key: str, **more: Any) -> State:
    return State("entry", key, version=1, fields={"paper_id": "p"}, **more)


def test_an_entry_without_tags_joins_one_that_has_some() -> None:
    tagged = _entry("young", members={"tags": {"t": Member((STAMP,))}})
    assert shown(joined_entry(_entry("old"), tagged, AT))["tags"] == ["t"]


def test_the_other_versions_of_both_notes_survive_a_join() -> None:
    one, other = (OtherVersion(text, LAPTOP, AT) for text in ("one", "other"))
    old, young = (_entry(k, other_versions={"note": (v,)}) for k, v in (("old", one), ("young", other)))
    assert joined_entry(old, young, AT).other_versions["note"] == (one, other)


def _saved_twice(*more: Any) -> State:
    """The entry of a paper that one device saved from two pages, with a note from the second; then `more`."""
    batch = Batch(Known())
    first = make_edit(key="one", seq=1, set={"paper_id": "p"})
    again = make_edit(key="two", seq=2, at=2, set={"paper_id": "p", "note": "at the second page"})
    for n, edit in enumerate((first, again, *more)):
        batch.take(f"op {n}", edit)
    batch.commit(1)
    return batch.states["one"]


def test_a_note_on_the_first_entry_keeps_the_note_that_came_with_the_second() -> None:
    entry = _saved_twice(make_edit(key="one", seq=3, at=3, set={"note": "at the first page"}))
    assert entry.fields["note"] == "at the first page"
    assert [other.value for other in entry.other_versions["note"]] == ["at the second page"]


def test_a_note_on_the_second_entry_replaces_its_own_earlier_one() -> None:
    entry = _saved_twice(make_edit(key="two", seq=3, at=3, set={"note": "better"}))
    assert (entry.fields["note"], entry.other_versions) == ("better", {})
