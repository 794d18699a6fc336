"""How the devices of a history stand at its end, and which texts nobody could be asked to bring back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from api.domain.changes import Change
from tests.simulation.device import Device
from tests.simulation.giving_back import data_of
from tests.simulation.truth import Fact, Truth, Violation

Shown = dict[str, tuple[object, ...]]


def alike(devices: Sequence[Device], fresh: Device) -> None:
    """I1: every device shows what one shows that starts now; and nothing is left in an outbox but what was refused."""
    wanted = _rows(fresh)
    for device in devices:
        if (rows := _rows(device)) != wanted:
            raise Violation("I1", f"{device.who.device_id} differs in {_difference(rows, wanted)}")
        if left := [op.id for op in device.outbox if op.state != "refused"]:
            raise Violation("I2", f"{left} never left the outbox of {device.who.device_id}")


def texts_of(row: Change) -> list[str]:
    """Every text value of a row; what the bin holds of several times is one text, in paragraphs."""
    values = [value for value in data_of(row).values() if isinstance(value, str)]
    return [part for value in values for part in value.split("\n\n")]


def texts_in(facts: Iterable[Fact]) -> set[str]:
    """Every text that these objects hold, other versions among them."""
    found: set[str] = set()
    for fact in facts:
        found |= {value for value in fact.fields.values() if isinstance(value, str)}
        found |= {text for texts in fact.others.values() for text in texts}
    return found


def unknown_texts(before: Truth, after: Truth, devices: Iterable[Device]) -> set[str]:
    """Texts that a restored server lacks and no device holds.

    Those in the trash, those that a door brought out of it where no device saw them since, and those that had lost.
    """
    rows = [item for device in devices for item in device.rows.items()]
    buried = {key for key, row in rows if row.deleted}
    shown = {text for _, row in rows if not row.deleted for text in texts_of(row)}
    trash = texts_in(fact for fact in before.facts.values() if fact.deleted)
    woken = texts_in(fact for key, fact in before.facts.items() if key in buried and not fact.deleted) - shown
    others = {text for fact in before.facts.values() for texts in fact.others.values() for text in texts}
    return (trash | woken | others) - {
        text for fact in after.facts.values() for texts in fact.others.values() for text in texts
    }


def _rows(device: Device) -> Shown:
    """What a device shows: its live objects, ids that were merged followed as its mirror knows them.

    A tag or list that was purged is no more, and whatever an entry calls it, nobody sees it there.
    """
    shown: Shown = {}
    live = {key for key, row in device.rows.items() if not row.deleted and key not in device.unmet}
    for key, row in device.rows.items():
        if not row.deleted and key not in device.unmet:
            data = msgspec.to_builtins(row.data)
            for name in ("tags", "lists"):
                if name in data:
                    data[name] = sorted({device.survivor(member) for member in data[name]} & live)
            if data.get("entry_id"):
                data["entry_id"] = device.survivor(data["entry_id"])
            shown[key] = (row.version, data)
    return shown


def _difference(rows: Shown, wanted: Shown) -> str:
    return "; ".join(
        f"{k}: {rows.get(k)} instead of {wanted.get(k)}" for k in {*rows, *wanted} if rows.get(k) != wanted.get(k)
    )
