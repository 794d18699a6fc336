"""The merge alone: the order in which edits arrive, how they are grouped and how often they come decide nothing.

Which edits can be compared: an edit's `base` names what its device had seen, and that is always everything up to one
moment. So edits come in rounds: within a round they arrive in any order and grouping, then some devices pull, and
their next edits are made on that. A device that did not pull goes on with what it knew, its own edits included.
Clocks are hybrid logical ones, so an edit is later than what its device saw; where they are not (two devices that
both saw a writing, both with clocks behind it), the one that arrives first wins, and only the simulation looks on.

Nobody edits what lies in his own trash, or writes the value that is there already: neither has a version by which
others could have seen it.

An edit that comes again is stopped by the ledger; the merge by itself takes it for nothing new in the first round.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations
from random import Random
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from msgspec import Struct, structs

from api.domain import merge
from api.domain.batch import Batch, Known
from api.domain.changes import shown
from api.domain.states import Edit, Member, State
from tests.make import LAPTOP, PHONE, TABLET, make_edit, make_id

DEVICES = (LAPTOP, PHONE, TABLET, make_id("fourth device"))
ROUND_MS = 1000
RANDOMS = st.integers(0, 2**32).map(Random)
WHATS: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    "position": st.just({}),  # each position and each note is of its own
    "note": st.just({}),
    "last_read": st.integers(1, 9).map(lambda d: {"set": {"last_read": f"2026-01-0{d}T00:00:00.000Z"}}),
    "add": st.sampled_from("tu").map(lambda m: {"add": {"tags": (m,)}}),
    "remove": st.sampled_from("tu").map(lambda m: {"remove": {"tags": (m,)}}),
}


class Made(Struct, frozen=True):
    """An edit, the round in which it arrives, and the round before which its device pulled (0: before all)."""

    edit: Edit
    round: int
    since: int

    def knew(self, other: Made) -> bool:
        """Whether the other one was made before this one's device's eyes."""
        mine, its = self.edit.stamp, other.edit.stamp
        return other.round < self.since or (mine.device == its.device and mine.seq > its.seq)


@st.composite
def histories(draw: st.DrawFn, rounds: int, most: int) -> list[Made]:
    """Edits of three or four devices, at most `most` in each round."""
    made: list[Made] = []
    seqs, clocks, since = (dict.fromkeys(DEVICES, 0) for _ in range(3))
    for turn in range(rounds):
        for device in DEVICES if turn else ():
            if draw(st.booleans()):
                since[device], clocks[device] = turn, max(clocks[device], turn * ROUND_MS)
        for device in draw(st.lists(st.sampled_from(DEVICES), min_size=1, max_size=most)):
            seqs[device] += 1
            clocks[device] += draw(st.integers(1, ROUND_MS // most - 1))
            ops = ["restore"] if _in_trash(made, device, since[device]) else ["put"] * 5 + ["delete", "restore"]
            edit = _edit(draw, draw(st.sampled_from(ops)), device, seqs[device], clocks[device])
            made.append(Made(edit, turn, since[device]))
    return made


def _in_trash(made: Sequence[Made], device: str, since: int) -> bool:
    """Whether the device may see the object deleted, and did not restore it."""
    seen = [m for m in made if m.round < since] + [
        m for m in made if m.edit.stamp.device == device and m.round >= since
    ]
    ops = [m.edit.op for m in seen if m.edit.op != "put"]
    own = [m.edit.op for m in seen if m.edit.op != "put" and m.edit.stamp.device == device and m.since == since]
    return own[-1] == "delete" if own else "delete" in ops


def _edit(draw: st.DrawFn, op: str, device: str, seq: int, at: int) -> Edit:
    if op != "put":
        return make_edit(op, device=device, seq=seq, at=at)
    name = draw(st.sampled_from(sorted(WHATS)))
    what = draw(WHATS[name]) or {"set": {name: f"{DEVICES.index(device)}.{seq}"}}
    return make_edit(device=device, seq=seq, at=at, **what)


def _delivered(batches: Sequence[Sequence[Made]]) -> State:
    """The object after these batches, each committed before the next, each edit made on what its device had seen."""
    first = Batch(Known())
    first.take("first", make_edit(device="server", at=-ROUND_MS, set={"saved_at": "2026-01-01T00:00:00.000Z"}))
    first.commit(1)
    state, starts = first.states["key"], [1]
    for group in batches:
        starts += [state.version] * (group[0].round + 1 - len(starts))
        batch = Batch(Known({"key": state}))
        for one in group:
            batch.take("op", structs.replace(one.edit, base=starts[one.since]))
        batch.commit(state.version + 1)
        state = batch.states["key"]
    return state


def _end(made: Sequence[Made], state: State) -> object:
    """What people see; and every text that nobody replaced knowingly is there."""
    fields = shown(state)
    others = {one["value"] for one in fields.pop("note_versions", [])}
    notes = [one for one in made if "note" in one.edit.set]
    for one in notes:
        if not any(other.knew(one) for other in notes):
            text = one.edit.set["note"]
            assert text == fields["note"] or text in others, f"{text} is lost"
    return state.deleted, fields


def _shuffled(made: Sequence[Made], random: Random, *, again: bool) -> list[list[Made]]:
    """The same edits in another order and grouping, round by round; `again`: some come more than once."""
    batches: list[list[Made]] = []
    for turn in sorted({one.round for one in made}):
        edits = [one for one in made if one.round == turn]
        if again:
            edits += random.choices(edits, k=2)
        random.shuffle(edits)
        batches.append([])
        for one in edits:
            if batches[-1] and random.random() < 0.5:
                batches.append([])
            batches[-1].append(one)
    return batches


def _one_by_one(made: Sequence[Made]) -> list[list[Made]]:
    return [[one] for one in made]


def _agree(made: list[Made], random: Random, *, again: bool) -> None:
    expected = _end(made, _delivered(_one_by_one(made)))
    for _ in range(2):
        batches = _shuffled(made, random, again=again)
        assert _end(made, _delivered(batches)) == expected, batches


@settings(max_examples=5000, deadline=None)
@given(histories(rounds=1, most=6), RANDOMS)
def test_concurrent_edits_end_alike_in_any_order_grouping_and_number(made: list[Made], random: Random) -> None:
    _agree(made, random, again=True)


@settings(max_examples=5000, deadline=None)
@given(histories(rounds=2, most=4), RANDOMS)
def test_edits_on_what_was_pulled_end_alike_in_any_order_and_grouping(made: list[Made], random: Random) -> None:
    _agree(made, random, again=False)


@settings(max_examples=100, deadline=None)
@given(histories(rounds=1, most=5))
def test_all_orders_of_up_to_five_edits_end_alike(made: list[Made]) -> None:
    ends = [_end(made, _delivered(_one_by_one(order))) for order in permutations(made)]
    assert all(end == ends[0] for end in ends)


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("wins", lambda edit, stamp: True),
        ("_edited_later", lambda state, edit: False),
        ("_keep", lambda *args: None),
        ("_keep_loser", lambda *args: False),
        ("_remove", lambda was, edit: Member()),
    ],
)
def test_a_merge_that_depends_on_the_order_is_found(monkeypatch: pytest.MonkeyPatch, name: str, wrong: object) -> None:
    monkeypatch.setattr(merge, name, wrong)

    @settings(max_examples=500, deadline=None, database=None, report_multiple_bugs=False, phases=[Phase.generate])
    @given(histories(rounds=1, most=5), RANDOMS)
    def search(made: list[Made], random: Random) -> None:
        _agree(made, random, again=False)

    with pytest.raises(AssertionError):
        search()
