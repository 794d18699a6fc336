"""An op in a device's outbox, and a push that carries some."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from api.domain.accounts import Who
from api.domain.changes import PushWish


class Waiting(Struct):
    """An op of the outbox; `knew` are the texts that its maker saw when writing over them.

    `whole` marks what a fresh start gives back to the server: nobody wants it now, somebody wanted it then; `seen` is
    the version of the object that the device had seen in an epoch which the server lost.
    """

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
    state: str = "waiting"  # waiting, taken, held, refused
    whole: bool = False
    seen: tuple[str, int] | None = None

    def wire(self, device_id: str) -> dict[str, Any]:
        """The op as it is sent."""
        whole = {"set": self.set, "add": self.add, "del": self.remove, "group": self.group}
        lean = {name: value for name, value in whole.items() if value}
        if self.seen:
            lean["seen"] = {"epoch": self.seen[0], "version": self.seen[1]}
        if self.whole:
            lean["whole"] = True
        named = {"id": self.id, "type": self.type, "key": self.key, "op": self.op, "base": self.base}
        return {**named, "hlc": f"{self.time}-{device_id}", **lean}


class Request(Struct, frozen=True):
    """A push on its way: who sends it, what it says, and the ops that it carries."""

    who: Who
    wish: PushWish
    ops: tuple[Waiting, ...]
