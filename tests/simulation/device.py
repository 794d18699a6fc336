"""A device by the rules of the browser extension: an outbox that outlives everything, a mirror, a clock that may lie.

Ids and sequences are written down before a request leaves; what was sent without an answer is sent again first, under
the same ones. Refuses to let an op leave the outbox before the server answered for it and the mirror holds it. How it
starts anew after a 410 is `starting_anew.py`.
"""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import UNSET, Struct, structs

from api.actions.pull_changes import PullAnswer
from api.actions.push_changes import PushAnswer
from api.domain.accounts import Who
from api.domain.changes import Change, PushWish, Result
from api.domain.clock import read_rfc3339
from api.domain.ids import uuid7
from tests.make import as_read
from tests.simulation.waiting import Request, Waiting

MOST_COMMITS = 1000
TEXTS = ("note", "comment", "description")


class FreshStart(Struct, frozen=True):
    """A fresh start under way: the last version that device and server tell alike (None: all), and when the library
    was last known whole, by the server's clock."""

    common: int | None
    seen_at: int
    floor: int = 0


class Kept(Struct, frozen=True):
    """A row put aside, with the epoch that it is of and what its paper's record said."""

    row: Change
    epoch: str
    paper: Change | None


class Device:
    """One device of a library."""

    def __init__(self, who: Who, skew_ms: int, *, heeds: bool) -> None:
        self.who = who
        self.id = who.device_id
        self.skew_ms = skew_ms
        self.heeds = heeds
        self.offset = 0
        self.stamp = (0, 0)
        self.next_seq = 1
        self.outbox: list[Waiting] = []
        self.rows: dict[str, Change] = {}
        self.cursor: str | None = None
        self.epoch: str | None = None
        self.commits: list[tuple[int, str]] = []
        self.pulled_at: int | None = None
        self.upto = 0  # the version up to which the mirror was last whole
        self.fresh: FreshStart | None = None
        self.stale: set[str] = set()
        self.unmet: set[str] = set()  # rows that the server lacked while an edit waited; the weekly audit bins them
        self.put_aside: dict[str, Kept] = {}
        self.bin: dict[str, Change] = {}
        self._made = 0

    def copy(self) -> Device:
        """This device as a backup holds it."""
        twin = Device(self.who, self.skew_ms, heeds=self.heeds)
        twin.__dict__.update(self.__dict__)
        twin.outbox = [structs.replace(op) for op in self.outbox]
        twin.rows, twin.bin, twin.put_aside = dict(self.rows), dict(self.bin), dict(self.put_aside)
        twin.stale, twin.unmet, twin.commits = set(self.stale), set(self.unmet), list(self.commits)
        return twin

    def clock(self, now: int) -> int:
        """What this device takes for the time."""
        return now + self.skew_ms + (self.offset if self.heeds else 0)

    def new_id(self, now: int, n: int) -> str:
        """A UUIDv7 by the device's clock, the same for the same step."""
        self._made += 1
        return uuid7(self.clock(now), (n << 16 | self._made & 0xFFFF).to_bytes(10, "big"))

    def survivor(self, key: str) -> str:
        """The key that lives on, as far as the mirror knows."""
        while (row := self.rows.get(key)) is not None and row.merged_into:
            key = row.merged_into
        return key

    def keys(self, type_: str, *, deleted: bool = False) -> list[str]:
        """The objects of a type that this device shows, or those that it shows in the trash."""
        gone = {k: row.deleted for k, row in self.rows.items() if row.type == type_ and not row.merged_into}
        for op in self.outbox:
            if op.type == type_ and op.state != "refused":
                key = self.survivor(op.key)
                gone[key] = op.op == "delete" or (op.op == "put" and not op.whole and gone.get(key, False))
        return sorted(key for key, is_gone in gone.items() if is_gone is deleted)

    def write(self, now: int, n: int, type_: str, key: str, op: str = "put", **what: Any) -> Waiting:
        """Put an op into the outbox, as made on what the mirror shows."""
        ms, counter = self.stamp
        self.stamp = (ms, counter + 1) if ms >= self.clock(now) else (self.clock(now), 0)
        key = self.survivor(key)
        earlier = [one for one in self.outbox if one.key == key]
        # where the row went to the bin meanwhile, the object was there when this one's last edit was made
        base = self.rows[key].version if key in self.rows else max((one.base for one in earlier), default=0)
        time = f"{self.stamp[0]:012x}-{self.stamp[1]:04x}"
        knew = {name: self._texts(key, name) for name in what.get("set", {})}
        # what is being given back, or will be once the library is pulled anew, is what this device shows
        seen = next((one.seen for one in reversed(earlier) if one.whole), self._aside(key))
        made = Waiting(self.new_id(now, n), type_, key, op, base, time, knew=knew, seen=seen, **what)
        self.outbox.append(made)
        return made

    def _aside(self, key: str) -> tuple[str, int] | None:
        kept = self.put_aside.get(key) if key in self.stale else None
        return (kept.epoch, kept.row.version) if kept and kept.row.version == self.rows[key].version else None

    def _texts(self, key: str, name: str) -> frozenset[str]:
        data = self.rows[key].data if key in self.rows else None
        shown = [data.get(name)] if isinstance(data, dict) else []
        own = [op.set.get(name) for op in self.outbox if self.survivor(op.key) == key and op.state != "refused"]
        return frozenset(value for value in (*shown, *own) if isinstance(value, str))

    def next_push(self, most: int) -> Request | None:
        """The next batch: what was sent without an answer, as it was; else the first ops, their sequences written."""
        waiting = [op for op in self.outbox if op.state == "waiting"]
        chosen = [op for op in waiting if op.seq is not None]
        if not chosen:
            chosen = waiting[:most]
            while (
                0 < len(chosen) < len(waiting) and chosen[-1].group and waiting[len(chosen)].group == chosen[-1].group
            ):
                chosen.append(waiting[len(chosen)])
            for op in chosen:
                op.seq, op.device, self.next_seq = self.next_seq, self.id, self.next_seq + 1
        if not chosen:
            return None
        raw = [msgspec.Raw(msgspec.json.encode(op.wire(self.id))) for op in chosen]
        wish = PushWish(1, self.who.library_id, self.id, chosen[0].seq or 0, raw, self.epoch)
        return Request(self.who, wish, tuple(chosen))

    def settle(self, request: Request, answer: PushAnswer, now: int) -> None:
        """Write down what the server said to a batch."""
        for op, result in zip(request.ops, answer.results, strict=True):
            self._note(op, result, answer.version)
        self.offset = read_rfc3339(answer.server_time) - now - self.skew_ms
        self.epoch = self.epoch or answer.epoch

    def _note(self, op: Waiting, result: Result, head: int) -> None:
        refused = result.status == "rejected" or (result.status == "duplicate" and isinstance(result.code, str))
        buried = result.code == "gone" and self._bury_with(op, head)
        if buried or result.code == "discarded":  # a person said that it was not meant
            self.outbox = [one for one in self.outbox if one.id != op.id]
        refused = refused or (result.code == "gone" and not buried)
        op.state = "held" if result.status == "held" else "refused" if refused else "taken"
        if isinstance(result.object, Change):
            if result.status != "duplicate":  # which tells again what it told once
                self._keep(result.object)
            if result.object.key != op.key:
                version = result.version if isinstance(result.version, int) else result.object.version
                self._keep(Change(op.type, op.key, version, deleted=True, merged_into=result.object.key))

    def _bury_with(self, op: Waiting, head: int) -> bool:
        """The server has forgotten the object: it goes to the bin with this edit on it; or is gone, as was wished."""
        row = self.rows.get(op.key) or self.bin.get(op.key)
        if row is None and op.whole:
            row = Change(op.type, op.key, 0, data=dict(op.add))  # as it was to be given back
        if op.op == "delete":
            if op.key in self.rows:
                self.rows[op.key] = Change(op.type, op.key, head, deleted=True)
            return True
        if row is None or row.deleted:
            return False
        data: Any = {} if row.data is UNSET else row.data
        edited = structs.replace(row, data={**data, **op.set})
        if self.rows.pop(op.key, None) is None:
            self.bin[op.key] = edited
        else:
            self.to_bin(edited)
        return True

    def to_bin(self, row: Change) -> None:
        """Put a row into the bin; a text that it held under this key is added to what comes."""
        was = self.bin.get(row.key)
        if was is not None and was.data is not UNSET:
            data: Any = {} if row.data is UNSET else dict(row.data)
            for name in TEXTS:
                now, then = data.get(name) or "", was.data.get(name) or ""
                if then not in now:
                    data[name] = then if now in then else f"{now}\n\n{then}"
            row = structs.replace(row, data=data)
        self.bin[row.key] = row

    def ask_again(self, still_held: set[str]) -> None:
        """Have the ops that were settled meanwhile ask for their result."""
        for op in self.outbox:
            if op.state == "held" and op.id not in still_held:
                op.state, op.seq = "waiting", None

    def take_new_id(self, device_id: str) -> None:
        """Go on as another device, for this one was cloned; the ops keep their ids."""
        self.id, self.next_seq = device_id, 1
        for op in self.outbox:
            if op.state == "waiting":
                op.seq = None

    def take_page(self, page: PullAnswer, now: int) -> bool:
        """Keep a page of the feed; on the last one, let go of the ops that it contains.

        Not true where the server has forgotten what it took: it was set back, and this cursor did not show it.
        """
        for change in map(as_read, page.changes):
            self._keep(change)
        self.cursor, self.epoch = page.cursor, page.epoch
        self.offset = read_rfc3339(page.server_time) - now - self.skew_ms
        self.commits = sorted({*self.commits, *page.commits, page.commit})[-MOST_COMMITS:]
        if page.more:
            return True
        if any(op.state == "taken" and not _is_known(op, page.acks) for op in self.outbox):
            return False
        self.pulled_at, self.upto = read_rfc3339(page.server_time), page.upto
        self.outbox = [op for op in self.outbox if op.state != "taken"]
        return True

    def commits_known(self, reason: str) -> list[tuple[int, str]]:
        """The commits to compare with a server that asks to start anew; those that it showed since it forgot are its
        own."""
        return [one for one in self.commits if reason != "forgot" or one[0] <= self.upto]

    def _keep(self, change: Change) -> None:
        held = self.rows.get(change.key)
        if held is None or held.version <= change.version or change.key in self.stale:
            self.rows[change.key] = change
            self.stale.discard(change.key)
            self.unmet.discard(change.key)


def _is_known(op: Waiting, acks: dict[str, int]) -> bool:
    return (op.seq or 0) <= acks.get(op.device, -1)
