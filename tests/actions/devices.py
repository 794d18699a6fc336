"""A device that mirrors a library and, when the server was restored, gives back what it holds, by docs/protocol.md."""

from __future__ import annotations

from itertools import count
from typing import Any

from api.actions.desk import Desk
from api.actions.pull_changes import PullAnswer, pull_changes
from api.actions.push_changes import PushAnswer
from api.actions.resync import ResyncWish, resync
from api.domain.accounts import Who
from api.domain.changes import Change
from api.domain.clock import hlc, read_rfc3339
from api.domain.errors import Resync
from api.domain.fields import FIELDS
from tests.actions.syncing import data, push
from tests.make import as_read, make_op

_NUMBERS = count()


class Device:
    """The mirror, the cursor, the last commits, and when the whole was last pulled."""

    def __init__(self, desk: Desk, who: Who) -> None:
        self.desk, self.who = desk, who
        self.rows: dict[str, Change] = {}
        self.commits: list[tuple[int, str]] = []
        self.epoch = ""
        self.cursor: str | None = None
        self.pulled_at = 0
        self.seq = 0

    async def push(
        self, op: str = "put", *, key: str, type_: str = "tag", at: int | None = None, **more: Any
    ) -> PushAnswer:
        """Edit an object, knowing of it what the mirror knows."""
        row = self.rows.get(key)
        at = self.desk.now() if at is None else at
        wire = make_op(op, name=f"heal {next(_NUMBERS)}", key=key, type=type_, base=row.version if row else 0)
        self.seq += 1
        stamp = hlc(at, 0, self.who.device_id)
        return await push(self.desk, self.who, wire | {"hlc": stamp} | more, first_seq=self.seq)

    async def pull(self) -> None:
        """Follow the feed to its end; raises Resync."""
        more = True
        while more:
            page: PullAnswer = await pull_changes(self.desk, self.who, self.cursor, 2)
            self.rows |= {c.key: as_read(c) for c in page.changes}
            self.cursor, self.epoch, more = page.cursor, page.epoch, page.more
            self.commits = [*self.commits, *page.commits, page.commit][-1000:]
        self.pulled_at = read_rfc3339(page.server_time)

    async def sync(self) -> str | None:
        """Pull, or start anew and give back what the server lost; the reason, if it was asked to."""
        try:
            await self.pull()
        except Resync as told:
            await self._start_anew()
            return str(told.extra["reason"])
        return None

    async def _start_anew(self) -> None:
        answer = await resync(self.desk, self.who, ResyncWish(self.commits))
        lost = [row for row in self.rows.values() if row.type != "paper" and row.version > answer.at_version]
        seen_at, epoch = self.pulled_at, self.epoch
        self.rows, self.cursor, self.commits = {}, None, []
        await self.pull()
        for row in lost:
            seen = {"epoch": epoch, "version": row.version}
            await self._give_back(row, answer.at_version, at=seen_at, seen=seen, whole=True)
        await self.pull()

    async def _give_back(self, row: Change, at_version: int, **told: Any) -> None:
        there = self.rows.get(row.key)
        told |= {"key": row.key, "type_": row.type, "base": at_version if there else 0}
        if row.deleted:
            await self.push("delete", **told)
            return
        shown = data(row)
        kinds = {n: f.kind for n, f in FIELDS[row.type].items() if f.kind != "server" and n != "paper_id"}
        born = [n for n, kind in kinds.items() if kind == "immutable" and not (there and not there.deleted)]
        values = {n: shown[n] for n, kind in kinds.items() if kind in ("register", "text", "max") or n in born}
        values = {n: v for n, v in values.items() if v is not None or n not in ("citekey", "last_read", *born)}
        if "saved_from" in values:
            values["saved_from"] = {"url": values["saved_from"]["url"]}
        await self.push(**told, set=values, add={n: shown[n] for n, kind in kinds.items() if kind == "set"})
