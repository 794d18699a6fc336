"""A device by the rules of the browser extension: an outbox that outlives everything, a mirror, a clock that may lie.

Ids and sequences are written down before a request leaves; what was sent without an answer is sent again first, under
the same ones. Refuses to let an op leave the outbox before the server answered for it and the mirror holds it.
"""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import Struct, structs

from api.actions.pull_changes import PullAnswer
from api.actions.push_changes import PushAnswer
from api.domain.accounts import Who
from api.domain.changes import Change, PushWish
from api.domain.clock import read_rfc3339
from api.domain.ids import uuid7


class Waiting(Struct):
    """An op of the outbox; `knew` are the texts that its maker saw when writing over them."""

    id: str
    type: str
    key: str
    op: str
    base: int
    time: str
    set: dict[str, Any] = {}
    add: dict[str, tuple[str, ...]] = {}
    remove: dict[str, tuple[str, ...]] = {}
    group: str | None = None
    wrong: bool = False
    knew: dict[str, frozenset[str]] = {}
    seq: int | None = None
    device: str = ""
    state: str = "waiting"  # waiting, taken, refused

    def wire(self, device_id: str) -> dict[str, Any]:
        """The op as it is sent."""
        whole = {"set": self.set, "add": self.add, "del": self.remove, "group": self.group}
        lean = {name: value for name, value in whole.items() if value}
        named = {"id": self.id, "type": self.type, "key": self.key, "op": self.op, "base": self.base}
        return {**named, "hlc": f"{self.time}-{device_id}", **lean}


class Request(Struct, frozen=True):
    """A push on its way: who sends it, what it says, and the ops that it carries."""

    who: Who
    wish: PushWish
    ops: tuple[Waiting, ...]


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
        self._made = 0

    def copy(self) -> Device:
        """This device as a backup holds it."""
        twin = Device(self.who, self.skew_ms, heeds=self.heeds)
        twin.__dict__.update(self.__dict__)
        twin.outbox = [structs.replace(op) for op in self.outbox]
        twin.rows = dict(self.rows)
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
                gone[key] = op.op == "delete" or (op.op == "put" and gone.get(key, False))
        return sorted(key for key, is_gone in gone.items() if is_gone is deleted)

    def write(self, now: int, n: int, type_: str, key: str, op: str = "put", **what: Any) -> Waiting:
        """Put an op into the outbox, as made on what the mirror shows."""
        ms, counter = self.stamp
        self.stamp = (ms, counter + 1) if ms >= self.clock(now) else (self.clock(now), 0)
        key = self.survivor(key)
        base = self.rows[key].version if key in self.rows else 0
        time = f"{self.stamp[0]:012x}-{self.stamp[1]:04x}"
        knew = {name: self._texts(key, name) for name in what.get("set", {})}
        made = Waiting(self.new_id(now, n), type_, key, op, base, time, knew=knew, **what)
        self.outbox.append(made)
        return made

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
        wish = PushWish(1, self.who.library_id, self.id, chosen[0].seq or 0, raw)
        return Request(self.who, wish, tuple(chosen))

    def settle(self, request: Request, answer: PushAnswer, now: int) -> None:
        """Write down what the server said to a batch."""
        for op, result in zip(request.ops, answer.results, strict=True):
            refused = result.status == "rejected" or (result.status == "duplicate" and isinstance(result.code, str))
            op.state = "refused" if refused and result.code != "gone" else "taken"
            if isinstance(result.object, Change):
                self._keep(result.object)
                if result.object.key != op.key:
                    version = result.version if isinstance(result.version, int) else result.object.version
                    self._keep(Change(op.type, op.key, version, deleted=True, merged_into=result.object.key))
        self.offset = read_rfc3339(answer.server_time) - now - self.skew_ms

    def take_new_id(self, device_id: str) -> None:
        """Go on as another device, for this one was cloned; the ops keep their ids."""
        self.id, self.next_seq = device_id, 1
        for op in self.outbox:
            if op.state == "waiting":
                op.seq = None

    def take_page(self, page: PullAnswer, now: int) -> None:
        """Keep a page of the feed; on the last one, let go of the ops that it contains."""
        for change in page.changes:
            self._keep(change)
        self.cursor = page.cursor
        self.offset = read_rfc3339(page.server_time) - now - self.skew_ms
        if not page.more:
            self.outbox = [
                op for op in self.outbox if op.state != "taken" or page.acks.get(op.device, 0) < (op.seq or 0)
            ]

    def _keep(self, change: Change) -> None:
        held = self.rows.get(change.key)
        if held is None or held.version <= change.version:
            self.rows[change.key] = change
