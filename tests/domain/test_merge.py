"""How one edit merges into one object: causality first, the clock for true ties, nothing lost silently."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.domain.changes import shown
from api.domain.merge import merge
from api.domain.states import Edit, State, settled
from tests.make import LAPTOP, PHONE, TABLET, make_edit


def _applied(*edits: Edit) -> State:
    """The state after the edits, each committed under the next version."""
    state = State("entry", "key")
    for version, edit in enumerate(edits, 1):
        state = settled(merge(state, edit).state, version)
    return state


def test_an_edit_that_saw_the_field_takes_it_whatever_its_clock_says() -> None:
    state = _applied(make_edit(set={"status": "reading"}, device=LAPTOP))
    late = make_edit(set={"status": "read"}, device=PHONE, base=1, at=-3_600_000)
    assert merge(state, late).state.fields["status"] == "read"


@pytest.mark.parametrize(("at", "winner"), [(-1, "reading"), (1, "read")])
def test_two_edits_that_did_not_know_of_each_other_are_settled_by_their_clocks(at: int, winner: str) -> None:
    state = _applied(make_edit(set={"status": "reading"}, device=LAPTOP))
    other = make_edit(set={"status": "read"}, device=PHONE, at=at)
    assert merge(state, other).state.fields["status"] == winner


def test_a_field_that_lost_is_named_and_its_neighbours_are_taken() -> None:
    state = _applied(make_edit(set={"status": "reading"}, at=10))
    merged = merge(state, make_edit(set={"status": "read", "rating": 4}, device=PHONE))
    assert (merged.taken, merged.lost) == (("rating",), ("status",))


def test_a_devices_own_earlier_edit_that_arrives_late_does_not_undo_its_later_one() -> None:
    state = _applied(make_edit(set={"status": "read"}, seq=2))
    assert merge(state, make_edit(set={"status": "reading"}, seq=1)).state.fields["status"] == "read"


@pytest.mark.parametrize("first", [0, 1])
def test_the_text_that_loses_is_kept_whichever_came_first(first: int) -> None:
    edits = [
        make_edit(set={"note": "from the laptop"}, device=LAPTOP, at=0),
        make_edit(set={"note": "from the phone"}, device=PHONE, at=1),
    ]
    state = _applied(edits[first], edits[1 - first])
    assert state.fields["note"] == "from the phone"
    assert [other.value for other in state.other_versions["note"]] == ["from the laptop"]


def test_a_text_that_was_edited_knowingly_leaves_no_other_version() -> None:
    state = _applied(
        make_edit(set={"note": "draft"}, device=LAPTOP), make_edit(set={"note": "better"}, device=PHONE, base=1)
    )
    assert state.other_versions == {}


def test_a_text_that_a_tombstone_hid_is_kept_when_the_restored_object_gets_another() -> None:
    """Found by the simulation: a device that restores an object has its texts only after its next pull."""
    state = _applied(
        make_edit(set={"note": "before"}, device=LAPTOP),
        make_edit("delete", base=1, device=PHONE, seq=1),
        make_edit("restore", base=2, device=PHONE, seq=2),
        make_edit(set={"note": "after"}, base=2, device=PHONE, seq=3),
    )
    assert state.fields["note"] == "after"
    assert [other.value for other in state.other_versions["note"]] == ["before"]


def test_a_second_value_of_an_immutable_field_is_refused() -> None:
    state = _applied(make_edit(set={"saved_at": "2026-01-01T00:00:00.000Z"}))
    assert merge(state, make_edit(set={"saved_at": "2026-02-01T00:00:00.000Z"}, base=1)).fixed == ("saved_at",)


def test_the_furthest_reading_counts() -> None:
    late, early = "2026-02-01T00:00:00.000Z", "2026-01-01T00:00:00.000Z"
    state = _applied(make_edit(set={"last_read": late}), make_edit(set={"last_read": early}, base=9, device=PHONE))
    assert state.fields["last_read"] == late


def test_an_add_that_a_removal_had_not_seen_stands() -> None:
    state = _applied(
        make_edit(add={"tags": ("t",)}, device=LAPTOP),
        make_edit(add={"tags": ("t",)}, device=PHONE),
        make_edit(remove={"tags": ("t",)}, device=TABLET, base=1),
    )
    assert shown(state)["tags"] == ["t"]


def test_a_removal_cancels_every_add_that_it_saw() -> None:
    state = _applied(
        make_edit(add={"tags": ("t",)}, device=LAPTOP),
        make_edit(add={"tags": ("t",)}, device=PHONE),
        make_edit(remove={"tags": ("t",)}, device=TABLET, base=2),
    )
    assert shown(state)["tags"] == []


def test_a_devices_removal_sees_only_its_own_unseen_adds() -> None:
    state = _applied(
        make_edit(add={"tags": ("t",)}, device=LAPTOP),
        make_edit(add={"tags": ("t",)}, device=PHONE, seq=1),
        make_edit(remove={"tags": ("t",)}, device=PHONE, seq=2, base=0),
    )
    assert shown(state)["tags"] == ["t"]


def test_an_edit_in_the_trash_is_kept_and_revives_nothing_if_it_saw_the_deletion() -> None:
    state = _applied(make_edit(set={"note": "a"}), make_edit("delete", base=1, device=PHONE))
    merged = merge(state, make_edit(set={"note": "b"}, base=2, seq=2))
    assert merged.state.deleted
    assert merge(settled(merged.state, 3), make_edit("restore", base=3, seq=3)).state.fields["note"] == "b"


@pytest.mark.parametrize(("at", "deleted"), [(-1, True), (1, False)])
def test_an_edit_concurrent_with_a_deletion_revives_only_with_the_later_clock(at: int, deleted: bool) -> None:
    state = _applied(make_edit(set={"note": "a"}), make_edit("delete", base=1, device=PHONE))
    assert merge(state, make_edit(set={"note": "b"}, base=1, at=at, seq=2)).state.deleted is deleted


def test_writing_the_same_value_again_changes_nothing_that_people_see() -> None:
    state = _applied(make_edit(set={"status": "read"}))
    assert not merge(state, make_edit(set={"status": "read"}, base=1, device=PHONE)).changed


def test_a_second_edit_of_the_same_moment_that_saw_the_first_is_taken() -> None:
    """Two requests of one script may fall into one millisecond."""
    state = _applied(make_edit(set={"status": "read"}, add={"tags": ("t",)}))
    second = make_edit(set={"status": "reading"}, remove={"tags": ("t",)}, base=1)
    assert shown(merge(state, second).state)["tags"] == []
    assert merge(state, second).state.fields["status"] == "reading"


def test_an_edit_without_content_says_nothing_about_a_deletion() -> None:
    """Found by the property below: an empty put revived what it would not have kept alive."""
    put, gone = make_edit(device=PHONE, at=1), make_edit("delete", device=TABLET)
    assert _applied(make_edit(), put, gone).deleted
    assert _applied(make_edit(), gone, put).deleted


def test_an_edit_that_lost_its_field_speaks_against_a_deletion_through_what_it_lost_to() -> None:
    unseen = make_edit(set={"status": "reading"}, device=PHONE, at=5)
    later = make_edit(set={"status": "read"}, device=LAPTOP, at=10)
    gone = make_edit("delete", device=TABLET, at=0)
    assert all(not _applied(*order).deleted for order in permutations([unseen, later, gone]))


def test_a_deletion_by_who_saw_the_later_edit_is_later_than_the_earlier_one_whatever_its_clock_says() -> None:
    unseen = make_edit(set={"status": "reading"}, device=PHONE, at=5)
    later = make_edit(set={"status": "read"}, device=LAPTOP, at=10)
    gone = make_edit("delete", device=TABLET, base=1, at=0)
    assert _applied(later, unseen, gone).deleted
    assert _applied(later, gone, unseen).deleted


def test_of_two_deletions_the_one_that_an_edit_did_not_know_of_falls_alone() -> None:
    """Found by the property in `test_merge_orders.py`: one writing cannot stand for both."""
    first = make_edit("delete", device=PHONE, at=5)
    second = make_edit("delete", device=TABLET, at=9)
    knew_the_first = make_edit(set={"note": "kept in the trash"}, device=LAPTOP, base=2, at=10)
    state = _applied(make_edit(), first, second, knew_the_first)
    assert state.deleted
    assert [one.device for one in state.liveness.deletions] == [PHONE]


def test_what_both_devices_write_is_a_writing_of_the_second_too_where_it_had_not_seen_the_first() -> None:
    state = _applied(
        make_edit(set={"status": "to_read"}), make_edit(set={"status": "read"}, device=PHONE, base=1, at=1)
    )
    assert merge(state, make_edit(set={"status": "read"}, device=TABLET, base=1, at=2)).changed
    assert not merge(state, make_edit(set={"status": "read"}, device=TABLET, base=2, at=2)).changed


def test_a_clock_that_lags_behind_what_its_device_saw_is_lifted_over_it() -> None:
    state = _applied(make_edit(set={"status": "read"}, at=100))
    one = make_edit(set={"status": "reading"}, device=PHONE, base=1, at=10)
    other = make_edit(set={"status": "to_read"}, device=TABLET, base=1, at=20)
    for order in permutations([one, other]):
        now = state
        for version, edit in enumerate(order, 2):
            now = settled(merge(now, edit).state, version)
        assert now.fields["status"] == "to_read"


VALUES = {
    "status": st.sampled_from(["to_read", "reading", "read"]),
    "note": st.sampled_from(["one", "two", "three"]),
    "last_read": st.sampled_from(["2026-01-01T00:00:00.000Z", "2026-02-01T00:00:00.000Z"]),
}


def test_a_clock_that_a_writing_without_a_version_raised_lifts_nobody_who_saw_that_version() -> None:
    state = _applied(
        make_edit(set={"status": "to_read"}), make_edit(remove={"tags": ["t"]}, device=TABLET, base=1, at=5)
    )
    quiet = merge(state, make_edit(set={"status": "to_read"}, device=PHONE, seq=1, base=1, at=900))
    assert not quiet.changed
    dead = settled(merge(quiet.state, make_edit(op="delete", device=PHONE, seq=2, base=1, at=900)).state, 3)
    note = merge(dead, make_edit(set={"note": "earlier"}, device=TABLET, seq=2, base=2, at=10)).state
    assert note.deleted


@st.composite
def concurrent_edits(draw: st.DrawFn) -> list[Edit]:
    """Edits of three devices that knew nothing of each other, one edit each."""
    edits = []
    for device in (LAPTOP, PHONE, TABLET):
        values = {n: draw(v) for n, v in VALUES.items() if draw(st.booleans())}
        adds = {"tags": tuple(draw(st.sets(st.sampled_from(["t1", "t2"]))))}
        op = draw(st.sampled_from(["put", "put", "put", "delete"]))
        at = draw(st.integers(-5, 5))
        edits.append(
            make_edit(op, device=device, at=at, set=values, add=adds)
            if op == "put"
            else make_edit(op, device=device, at=at)
        )
    return edits


@settings(max_examples=1000, deadline=None)
@given(concurrent_edits())
def test_every_order_of_concurrent_edits_ends_in_the_same_fields(edits: list[Edit]) -> None:
    ends = []
    for order in permutations(edits):
        state = _applied(*order)
        fields = shown(state)
        versions = sorted(o.value for o in state.other_versions.get("note", ()) if o.value != fields["note"])
        ends.append(
            (
                fields["status"],
                fields["note"],
                fields["last_read"],
                fields["tags"],
                sorted(set(versions)),
                state.deleted,
            )
        )
    assert all(end == ends[0] for end in ends), ends
