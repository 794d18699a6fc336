"""What devices give back to a restored server: whoever knew more of what was lost wins, in whichever order they come.

Most of these were found by the simulation (`tests/simulation`).
"""

from __future__ import annotations

from itertools import permutations
from typing import Any

import msgspec
import pytest

from api.domain.batch import Batch, Known
from api.domain.changes import Result, read_op, shown
from api.domain.fields import InvalidValue
from api.domain.sent import read_sent
from api.domain.states import Edit, Seen, State
from tests.make import LAPTOP, NOW, PHONE, make_edit, make_op

SAVED = {"paper_id": "p", "saved_at": "2026-11-20T10:00:00.000Z"}


def _given(version: int, op: str = "put", *, epoch: str = "e1", **more: Any) -> Edit:
    """How the object was at this version of the history that was lost."""
    seen = Seen(epoch, version)
    return make_edit(op, device=seen.voice, seq=version, seen=seen, whole=True, **more)


class _Library:
    """A library whose edits come one a batch."""

    def __init__(self, *edits: Edit) -> None:
        self.states: dict[str, State] = {}
        self.version = 0
        for edit in edits:
            self.take(edit)

    def take(self, edit: Edit) -> Result:
        """The answer to an edit."""
        papers = {s.fields["paper_id"]: k for k, s in self.states.items() if "paper_id" in s.fields}
        keys = {s.fields["citekey"]: k for k, s in self.states.items() if s.fields.get("citekey")}
        batch = Batch(Known(dict(self.states), papers, entry_of_citekey=keys))
        outcome = batch.take("op", edit)
        batch.commit(self.version + 1)
        self.version += len(batch.changed)
        self.states = batch.states
        return batch.result(outcome)

    def entry(self) -> dict[str, Any]:
        """What the entry shows, and whether it is in the trash."""
        state = self.states["key"]
        return shown(state) | {"deleted": state.deleted}


def _backup(**more: Any) -> Edit:
    return make_edit(set=SAVED | {"status": "to_read"}, **more)


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_who_knew_more_of_the_lost_history_wins_whatever_the_clocks_say(order: tuple[int, ...]) -> None:
    gifts = [
        _given(5, base=1, at=9_000, set={"status": "reading", "rating": 3}, add={"tags": ("a",)}),
        _given(6, base=1, at=5_000, set={"status": "to_read", "rating": None}, add={"tags": ("a", "b")}),
        _given(7, base=0, at=1_000, set={"status": "read", "rating": None}, add={"tags": ("b",)}),
    ]
    entry = _Library(_backup(), *(gifts[n] for n in order)).entry()
    assert (entry["status"], entry["rating"], entry["tags"]) == ("read", None, ["b"])


def test_who_knew_less_changes_nothing_even_where_who_knew_more_said_nothing_new() -> None:
    library = _Library(_backup(), _given(6, base=1, set={"status": "to_read"}))
    assert library.version == 2  # the entry and its paper: nothing is new
    result = library.take(_given(5, base=1, at=9_000, set={"status": "read"}, add={"tags": ("a",)}))
    assert (result.status, result.lost, library.version) == ("superseded", ("status",), 2)
    assert (library.entry()["status"], library.entry()["tags"]) == ("to_read", [])


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_what_was_deleted_last_stays_deleted_and_what_was_brought_back_last_lives(order: tuple[int, int]) -> None:
    alive, dead = _given(5, base=1, at=9_000, set={"status": "read"}), _given(6, "delete", base=1)
    assert _Library(_backup(), *((alive, dead)[n] for n in order)).entry()["deleted"]
    dead, alive = _given(5, "delete", base=1, at=9_000), _given(6, base=1, set={"status": "read"})
    entry = _Library(_backup(), *((dead, alive)[n] for n in order)).entry()
    assert (entry["deleted"], entry["status"]) == (False, "read")


def test_a_deletion_that_the_backup_holds_too_is_not_undone_by_who_knew_less() -> None:
    deleted = make_edit("delete", device=PHONE, base=1, at=1)
    library = _Library(_backup(), deleted, _given(7, "delete", base=3))
    library.take(_given(6, base=3, at=9_000, set={"status": "read"}))
    assert (library.entry()["deleted"], library.entry()["status"]) == (True, "read")


def test_a_tag_that_had_been_taken_off_does_not_come_back_with_what_lay_in_the_trash() -> None:
    library = _Library(_backup(add={"tags": ("a",)}), _given(4, "delete", base=1))
    library.take(_given(5, base=1, set={"status": "to_read"}))
    assert (library.entry()["deleted"], library.entry()["tags"]) == (False, [])


def test_what_was_written_since_the_restore_stands_also_from_the_same_device() -> None:
    library = _Library(_backup(), make_edit(seq=2, base=1, at=20, set={"status": "archived"}, add={"tags": ("new",)}))
    library.take(_given(5, base=1, at=10, set={"status": "read", "rating": 2}))
    entry = library.entry()
    assert (entry["status"], entry["rating"], entry["tags"]) == ("archived", 2, ["new"])


def test_an_edit_that_waited_on_what_is_given_back_takes_it_by_any_device() -> None:
    gift = _given(5, base=1, at=10, set={"status": "read", "note": "lost"}, add={"tags": ("a",)})
    waited = make_edit(
        device=PHONE,
        base=1,
        at=-10,
        seen=Seen("e1", 5),
        set={"status": "archived", "note": "mine"},
        remove={"tags": ("a",)},
    )
    entry = _Library(_backup(), gift, waited).entry()
    assert (entry["status"], entry["note"], entry["tags"]) == ("archived", "mine", [])
    assert "note_versions" not in entry


def test_a_text_that_is_given_back_is_kept_where_the_edit_over_it_had_not_seen_it() -> None:
    gift = _given(5, base=1, at=10, set={"note": "lost"})
    waited = make_edit(device=PHONE, base=1, at=20, seen=Seen("e1", 4), set={"note": "mine"})
    entry = _Library(_backup(), gift, waited).entry()
    assert (entry["note"], [one["value"] for one in entry["note_versions"]]) == ("mine", ["lost"])


def test_a_deletion_of_what_the_server_never_knew_wakes_by_no_edit_and_by_who_knew_more_alone() -> None:
    library = _Library(_given(6, "delete"))
    late = make_edit(device=PHONE, base=2, at=9_000, set={"status": "read"})
    assert library.take(late).code == "gone"
    assert library.take(_given(5, base=1, at=9_000, set=SAVED | {"status": "read"})).status == "superseded"
    assert library.entry()["deleted"]
    library.take(_given(7, base=1, set=SAVED | {"status": "read"}))
    assert (library.entry()["deleted"], library.entry()["paper_id"]) == (False, "p")


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_what_an_object_held_before_it_was_deleted_is_known_whoever_tells_it_first(order: tuple[int, ...]) -> None:
    gone = _given(6, "delete", base=1)
    alive = _given(5, base=1, at=20, set={"status": "read", "note": "lost"}, add={"lists": ("l",)})
    waited = make_edit(device=PHONE, base=1, at=9_000, seen=Seen("e1", 5), set={"note": "mine"})  # and wakes it
    entry = _Library(_backup(), *((gone, alive, waited)[n] for n in order)).entry()
    assert (entry["deleted"], entry["status"], entry["lists"]) == (False, "read", ["l"])
    assert entry["note"] == "mine"


def test_who_knew_less_than_a_deletion_wakes_nothing() -> None:
    library = _Library(_backup(), _given(6, "delete", base=1))
    result = library.take(_given(5, base=1, at=9_000, set={"status": "read"}, add={"lists": ("l",)}))
    assert (result.status, result.in_trash, library.entry()["deleted"]) == ("applied", True, True)
    assert (library.entry()["status"], library.entry()["lists"]) == ("read", ["l"])


def test_what_waited_on_a_save_that_met_the_same_paper_has_seen_what_is_given_back_by_that_name() -> None:
    library = _Library(make_edit(key="key", device=PHONE, set=SAVED | {"note": "theirs"}, add={"tags": ("a",)}))
    library.take(_given(5, key="other", set=SAVED | {"note": "lost"}, add={"tags": ("b",)}))
    untag = {"tags": ("a", "b")}
    library.take(make_edit(key="other", seen=Seen("e1", 5), seq=9, set={"note": "mine"}, remove=untag))
    entry = library.entry()
    assert (entry["note"], entry["tags"]) == ("mine", ["a"])
    assert [one["value"] for one in entry["note_versions"]] == ["theirs"]


def test_what_is_unknown_and_may_have_been_deleted_and_forgotten_does_not_come_back() -> None:
    gift, waited = _given(5, set=SAVED), make_edit(device=PHONE, seen=Seen("e1", 5), set={"note": "mine"})
    for floor, ends, is_gone in ((0, {"e1": 3}, False), (3, {"e1": 3}, False), (4, {"e1": 3}, True)):
        for edit in (gift, waited):
            outcome = Batch(Known(floor=floor, ends=ends)).take("op", edit)
            assert (outcome.result.code == "gone") is is_gone


def test_a_citation_key_that_is_another_entrys_by_now_costs_the_rest_nothing() -> None:
    other = make_edit(key="other", device=PHONE, set={"paper_id": "q", "citekey": "noether1918"})
    library = _Library(_backup(), other, _given(5, base=1, set={"citekey": "noether1918", "note": "lost"}))
    assert (library.entry()["note"], library.entry()["citekey"]) == ("lost", None)


def test_two_lost_histories_are_strangers_to_each_other_and_go_by_their_clocks() -> None:
    first, second = (_given(v, epoch=e, base=1, at=at, set={"status": s}) for v, e, at, s in TWO_EPOCHS)
    assert _Library(_backup(), first, second).entry()["status"] == "reading"
    assert _Library(_backup(), second, first).entry()["status"] == "reading"


TWO_EPOCHS = ((9, "e1", 1, "read"), (3, "e2", 2, "reading"))


def test_it_bears_the_stamp_of_the_history_that_was_lost_not_of_the_device_that_brings_it() -> None:
    raw = msgspec.Raw(msgspec.json.encode(make_op(seen={"epoch": "e1", "version": 5}, whole=True)))
    edit = read_sent(raw, LAPTOP, 12, NOW).edit
    assert edit is not None
    assert (edit.stamp.device, edit.stamp.seq, edit.whole) == ("epoch e1", 5, True)


@pytest.mark.parametrize(
    "wrong", [{"whole": True}, {"whole": True, "seen": {"epoch": "e1", "version": 5}, "op": "restore"}]
)
def test_a_whole_word_without_a_place_in_a_history_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(InvalidValue):
        read_op(msgspec.Raw(msgspec.json.encode(make_op() | wrong)))
