"""Faults planted into the server, to see that the simulation finds each.

Every one is a mistake that somebody could make: a check left out, a step forgotten, a boundary off by one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from msgspec import structs

from api.actions import pull_changes
from api.domain import batch, causality, liveness, merge, sent
from api.domain.batch import Batch
from api.domain.changes import Told
from api.domain.merge import Merged
from api.domain.states import Edit, Liveness, Member, Stamp, State
from api.store import entries, feed, ledger, libraries
from api.store.database import Row, Tx, Value

Plant = Callable[[pytest.MonkeyPatch], None]


def patched(owner: object, name: str, make: Callable[[Any], Any]) -> Plant:
    """Something in the place of what the owner has under this name, made from it."""
    return lambda patch: patch.setattr(owner, name, make(getattr(owner, name)))


def _in_the_merge(**wrong: Any) -> Plant:
    """A fault of rules that more than one module of the merge goes by."""
    modules = (causality, liveness, merge)
    plants = [
        patched(m, name, lambda _, rule=rule: rule) for name, rule in wrong.items() for m in modules if hasattr(m, name)
    ]

    def plant(patch: pytest.MonkeyPatch) -> None:
        for one in plants:
            one(patch)

    return plant


def _forget(_: Any) -> Any:
    async def nothing(*args: Any) -> dict[Any, Any]:
        return {}

    return nothing


def do_nothing(_: Any) -> Any:
    """A step that is forgotten."""

    async def nothing(*args: Any) -> None:
        """Done."""

    return nothing


def _one_further(real: Any) -> Any:
    async def after(tx: Tx, library_id: str, version: int, limit: int, **more: Any) -> list[Told]:
        found: list[Told] = await real(tx, library_id, version + 1, limit, **more)
        return found

    return after


def _without_tombstones(real: Any) -> Any:
    async def after(*args: Any, **more: Any) -> list[Told]:
        return [change for change in await real(*args, **more) if not change.deleted]

    return after


def _of_everybody(real: Any) -> Any:
    async def after(tx: Tx, library_id: str, version: int, limit: int, **more: Any) -> list[Told]:
        own = await real(tx, library_id, version, limit, **more)
        other = await tx.row("SELECT id FROM library WHERE id <> :id AND version > 0", id=library_id)
        return own or (await real(tx, other["id"], version, limit, **more) if other else [])

    return after


def _last_page(real: Any) -> Any:
    async def page(*args: Any) -> Any:
        return structs.replace(await real(*args), more=False)

    return page


def _one_too_many(real: Any) -> Any:
    async def standing(*args: Any) -> ledger.Standing:
        said: ledger.Standing = await real(*args)
        return structs.replace(said, acks={device: seq + 1 for device, seq in said.acks.items()})

    return standing


def _clocks_alone(edit: Edit, stamp: Stamp | None) -> bool:
    return stamp is None or edit.stamp.hlc > stamp.hlc


def _cancel_all(real: Any) -> Any:
    def remove(was: Member, edit: Edit) -> Member:
        return Member((), real(was, edit).removed)

    return remove


def _always_changed(real: Any) -> Any:
    def merged(state: State, edit: Edit) -> Merged:
        result: Merged = real(state, edit)
        return structs.replace(result, changed=True)

    return merged


def _wake_all(_: Any) -> Any:
    return lambda state, edit: liveness.turned(state, Liveness())


class _Reworded:
    """A transaction whose reader forgot a condition."""

    def __init__(self, tx: Tx, condition: str) -> None:
        self._tx = tx
        self._condition = condition

    async def rows(self, sql: str, **values: Value) -> Sequence[Row]:
        return await self._tx.rows(sql.replace(self._condition, ""), **values)


def _even_with_one(real: Any) -> Any:
    async def without(tx: Tx, *args: Any) -> Any:
        reworded: Any = _Reworded(tx, "AND o.citekey IS NULL")
        return await real(reworded, *args)

    return without


def _no_stamp(_: Any) -> Any:
    def kept(*args: Any) -> None:
        """Forget the text."""

    return kept


FAULTS: dict[str, Plant] = {
    "ops taken before are not known again": patched(ledger, "results", _forget),
    "sequences are not known again": patched(ledger, "sequences", _forget),
    "more is acknowledged than was taken": patched(ledger, "standing", _one_too_many),
    "every edit is taken for one that saw everything": _in_the_merge(saw=lambda edit, stamp: True),
    "clocks alone decide": _in_the_merge(wins=_clocks_alone, lifted=lambda edit, state: edit),
    "clocks are believed however far ahead": patched(sent, "clamped", lambda _: lambda hlc, now: hlc),
    "a removal cancels adds that it did not see": patched(merge, "_remove", _cancel_all),
    "a text that loses is not kept": patched(merge, "_keep_loser", lambda _: lambda *args: False),
    "a text that is overwritten unseen is not kept": patched(merge, "_keep", _no_stamp),
    "any edit wakes a deleted object": patched(liveness, "revived", _wake_all),
    "nothing new gets a new version": patched(batch, "merge", _always_changed),
    "a group that fails leaves its good half": patched(Batch, "back_to", lambda _: lambda self, mark: None),
    "merged keys are not followed": patched(batch, "followed", lambda _: lambda edit, *known: edit),
    "the feed skips one version": patched(feed, "after", _one_further),
    "the feed leaves deletions out": patched(feed, "after", _without_tombstones),
    "the feed shows another's library": patched(feed, "after", _of_everybody),
    "each page claims to be the last": patched(pull_changes, "_page", _last_page),
    "an enriched paper gets no new version": patched(libraries, "touch_paper", do_nothing),
    "enrichment overwrites a person's citation key": patched(entries, "without_citekey", _even_with_one),
}
