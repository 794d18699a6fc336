"""What the devices of a library know at the moment when its server is set back, and so must be there again in the end.

Of each object the row of the device that had read furthest. Refuses to hope where somebody else has a say: an op that
waits, an edit that comes later, a key that was merged.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from msgspec import Struct

from api.domain.changes import Change
from api.domain.fields import FIELDS
from tests.simulation.device import Device
from tests.simulation.giving_back import FIXED, WRITTEN, data_of
from tests.simulation.truth import Fact, Truth, Violation
from tests.simulation.verdicts import Taken


class Hope(Struct, frozen=True):
    """An object as it was known: deleted, or alive with these fields."""

    type: str
    deleted: bool
    data: dict[str, Any]


def hopes_of(devices: Iterable[Device], epoch: str, truth: Truth, backup: Truth) -> dict[str, Hope]:
    """What is hoped for; nothing where a device is still busy with an earlier restore, or the backup knows more."""
    devices = list(devices)
    known = [device for device in devices if device.epoch is not None]
    if any(device.epoch != epoch or device.fresh for device in known):
        return {}
    busy = {truth.survivor(op.key) for device in devices for op in device.outbox if op.state != "refused"}
    furthest: dict[str, Change] = {}
    for device in known:
        for key, row in device.rows.items():
            if key not in furthest or furthest[key].version < row.version:
                furthest[key] = row
    return {
        key: Hope(row.type, row.deleted, data_of(row))
        for key, row in furthest.items()
        if row.type != "paper" and not row.merged_into and key not in busy and not _is_older(row, backup)
    }


def come_true(hopes: dict[str, Hope], later: Iterable[Taken], truth: Truth, binned: set[str]) -> None:
    """I12: whatever was acknowledged and is known to a device is there again, deletions too; at the worst in a bin."""
    said = {one.op.key for one in later if not one.op.whole or one.result.code == "discarded"}
    merged = {key for key, fact in truth.facts.items() if fact.merged_into}
    touched = {truth.survivor(key) for key in said | merged}
    for key, hope in hopes.items():
        fact = truth.facts.get(key)
        if truth.survivor(key) in touched or (fact is None and (hope.deleted or key in binned)):
            continue
        if fact is None or fact.deleted != hope.deleted:
            now = "unknown" if fact is None else "deleted" if fact.deleted else "alive"
            raise Violation(
                "I12", f"{key} was {'deleted' if hope.deleted else 'alive'}, and is {now} after the restore"
            )
        if not hope.deleted:
            _same_fields(key, hope, fact, truth, touched)


def _is_older(row: Change, backup: Truth) -> bool:
    return row.key in backup.facts and row.version < backup.facts[row.key].version


def _same_fields(key: str, hope: Hope, fact: Fact, truth: Truth, touched: set[str]) -> None:
    for name in WRITTEN[hope.type]:
        field = FIELDS[hope.type][name]
        has, wanted = fact.fields.get(name, field.default), hope.data.get(name)
        given = name == "citekey" and wanted is None  # the server makes one itself
        if name not in FIXED and has != wanted and not given:
            raise Violation("I12", f"{name} of {key} was {wanted!r}, and is {has!r} after the restore")
    for name in ("tags", "lists"):
        has = {truth.survivor(m) for m in fact.members.get(name, ())} - touched
        wanted = {truth.survivor(m) for m in hope.data.get(name, ())} - touched
        if has != wanted:
            raise Violation("I12", f"{name} of {key} were {wanted}, and are {has} after the restore")
