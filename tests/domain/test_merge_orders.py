"""The merge alone: the order in which edits arrive, how they are grouped and how often they come decide nothing.

Which edits can be compared: an edit's `base` names what its device had seen, and that is always everything up to one
moment. So edits come in rounds: within a round they arrive in any order and grouping, then some devices pull, and
their next edits are made on that. A device that did not pull goes on with what it knew, its own edits included. Clocks
may be anything but one device's falling: they lag by whole rounds behind what their device saw. And one device's
edits arrive in their order, for its sequence only rises.

One thing is left out, since the contract decides it: nobody says what he sees already (the value that stands, the
deletion of what is deleted, the restore of what lives). That is answered `unchanged` and has no version, so nobody
can have seen it. The smallest example: one device writes "read" over its "read" at 10 o'clock, another, which had seen
that too, "reading" at 9. If the first arrives first it says nothing and "reading" stands, otherwise "read".

An edit that comes again is stopped by the ledger; the merge by itself takes it for nothing new in the first round.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations
from random import Random
from types import ModuleType
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from msgspec import Struct, structs

from api.domain import liveness, merge
from api.domain.batch import Batch, Known
from api.domain.changes import shown
from api.domain.states import Edit, Member, State
from tests.make import LAPTOP, PHONE, TABLET, make_edit, make_id

DEVICES = (LAPTOP, PHONE, TABLET, make_id("fourth device"), make_id("fifth device"))
SAVED = "2026-01-01T00:00:00.000Z"
RANDOMS = st.integers(0, 2**32).map(Random)
WHATS: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    "status": st.sampled_from(["to_read", "reading", "read"]).map(lambda v: {"set": {"status": v}}),
    "note": st.just({}),  # each is of its own
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


class View(Struct):
    """What a device has before its eyes: what it pulled last, under its own edits."""

    deleted: bool
    fields: dict[str, Any]

    def says_nothing(self, edit: Edit) -> bool:
        """Whether the edit says what stands there already."""
        if edit.op != "put":
            return self.deleted is (edit.op == "delete")
        return any(
            self.fields[name] == value or (name == "last_read" and value <= (self.fields[name] or ""))
            for name, value in edit.set.items()
        )

    def take(self, edit: Edit) -> None:
        """Lay an own edit over it."""
        if edit.op == "put":
            self.fields |= edit.set
        else:
            self.deleted = edit.op == "delete"


@st.composite
def histories(draw: st.DrawFn, rounds: int, most: int) -> list[Made]:
    """Edits of up to five devices, at most `most` in each round."""
    made: list[Made] = []
    seqs, clocks, since = (dict.fromkeys(DEVICES, 0) for _ in range(3))
    views = {device: _view([]) for device in DEVICES}
    for turn in range(rounds):
        for device in DEVICES if turn else ():
            if draw(st.booleans()):
                since[device], views[device] = turn, _view(made)
        for device in draw(st.lists(st.sampled_from(DEVICES), min_size=1, max_size=most)):
            clocks[device] += draw(st.integers(0, 40))
            edit = _edit(draw, device, seqs[device] + 1, clocks[device])
            if not views[device].says_nothing(edit):
                seqs[device] += 1
                views[device].take(edit)
                made.append(Made(edit, turn, since[device]))
    return made


def _view(made: Sequence[Made]) -> View:
    state = _delivered(_one_by_one(made))
    return View(state.deleted, shown(state))


def _edit(draw: st.DrawFn, device: str, seq: int, at: int) -> Edit:
    op = draw(st.sampled_from(["put"] * 4 + ["delete", "restore"]))
    if op != "put":
        return make_edit(op, device=device, seq=seq, at=at)
    name = draw(st.sampled_from(sorted(WHATS)))
    what = draw(WHATS[name]) or {"set": {name: f"{DEVICES.index(device)}.{seq}"}}
    return make_edit(device=device, seq=seq, at=at, **what)


def _delivered(batches: Sequence[Sequence[Made]]) -> State:
    """The object after these batches, each committed before the next, each edit made on what its device had seen."""
    first = Batch(Known())
    first.take("first", make_edit(device="server", at=20, set={"saved_at": SAVED, "status": "to_read"}))
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
        devices = [one.edit.stamp.device for one in edits]
        random.shuffle(devices)
        edits = _in_turn(edits, devices)
        for one in random.choices(edits, k=2) if again else []:
            edits.insert(random.randint(edits.index(one) + 1, len(edits)), one)
        batches.append([])
        for one in edits:
            if batches[-1] and random.random() < 0.5:
                batches.append([])
            batches[-1].append(one)
    return batches


def _in_turn(made: Sequence[Made], devices: Sequence[str]) -> list[Made]:
    """The edits with their devices in this order, each device's own in theirs."""
    queues = {device: iter([one for one in made if one.edit.stamp.device == device]) for device in devices}
    return [next(queues[device]) for device in devices]


def _one_by_one(made: Sequence[Made]) -> list[list[Made]]:
    return [[one] for one in made]


def _agree(made: list[Made], random: Random, *, again: bool) -> None:
    expected = _end(made, _delivered(_one_by_one(made)))
    for _ in range(2):
        batches = _shuffled(made, random, again=again)
        assert _end(made, _delivered(batches)) == expected, batches


@settings(max_examples=4000, deadline=None)
@given(histories(rounds=1, most=6), RANDOMS)
def test_concurrent_edits_end_alike_in_any_order_grouping_and_number(made: list[Made], random: Random) -> None:
    _agree(made, random, again=True)


@settings(max_examples=4000, deadline=None)
@given(histories(rounds=2, most=4), RANDOMS)
def test_edits_on_what_was_pulled_end_alike_in_any_order_and_grouping(made: list[Made], random: Random) -> None:
    _agree(made, random, again=False)


@settings(max_examples=2000, deadline=None)
@given(histories(rounds=4, most=3), RANDOMS)
def test_edits_of_many_rounds_end_alike_in_any_order_and_grouping(made: list[Made], random: Random) -> None:
    _agree(made, random, again=False)


@settings(max_examples=150, deadline=None)
@given(histories(rounds=1, most=5))
def test_all_orders_of_up_to_five_edits_end_alike(made: list[Made]) -> None:
    orders = set(permutations(one.edit.stamp.device for one in made))
    ends = [_end(made, _delivered(_one_by_one(_in_turn(made, order)))) for order in orders]
    assert all(end == ends[0] for end in ends)


@pytest.mark.parametrize(
    ("module", "name", "wrong"),
    [
        (merge, "wins", lambda edit, stamp: True),
        (merge, "_keep", lambda *args: None),
        (merge, "_keep_loser", lambda *args: False),
        (merge, "_remove", lambda was, edit: Member()),
        (merge, "_edited", lambda state, edit: state.edited),
        (liveness, "_edited_later", lambda state, edit: False),
        (liveness, "wins", lambda edit, stamp: True),
    ],
)
def test_a_merge_that_depends_on_the_order_is_found(
    monkeypatch: pytest.MonkeyPatch, module: ModuleType, name: str, wrong: object
) -> None:
    monkeypatch.setattr(module, name, wrong)

    @settings(max_examples=5000, deadline=None, database=None, report_multiple_bugs=False, phases=[Phase.generate])
    @given(histories(rounds=3, most=3), RANDOMS)
    def search(made: list[Made], random: Random) -> None:
        _agree(made, random, again=False)

    with pytest.raises(AssertionError):
        search()
