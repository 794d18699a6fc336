"""What a person does on a device: each kind of step that is an edit, as ops in the outbox.

Every text and every citation key is written once only, so that it can be told afterwards what became of it.
"""

from __future__ import annotations

from typing import Any

from api.domain.clock import rfc3339
from tests.simulation.device import Device
from tests.simulation.steps import Step

NAMES = ("Thesis", "thesis", "THESIS ", "To do", "to do", "Méthode", "me\u0301thode")
COLORS = ("yellow", "green", "blue", "#00ff00")
STATUSES = ("to_read", "reading", "read", "archived")
TYPES = ("entry", "highlight", "tag", "list")


def act(device: Device, step: Step, now: int, addresses: list[str]) -> None:
    """Do what the step says; nothing, where there is nothing to do it with."""
    if step.kind == "save":
        _save(device, step, now, addresses[step.pick % len(addresses)])
    elif step.kind in ("make_tag", "make_list", "mark"):
        _make(device, step, now)
    elif step.kind in ("tag", "untag", "enlist", "unlist"):
        _member(device, step, now)
    elif step.kind in ("delete", "restore"):
        type_ = TYPES[step.more % len(TYPES)] if step.more % 3 else "entry"
        if (key := _picked(device, type_, step.pick, deleted=step.kind == "restore")) is not None:
            device.write(now, step.n, type_, key, step.kind)
    elif step.kind in ("group", "wrong"):
        _together(device, step, now)
    elif step.kind in ("clear", "clear_group"):
        _clear(device, step, now)
    else:
        _field(device, step, now)


def _picked(device: Device, type_: str, pick: int, *, deleted: bool = False) -> str | None:
    keys = device.keys(type_, deleted=deleted)
    return keys[pick % len(keys)] if keys else None


def _save(device: Device, step: Step, now: int, address: str) -> None:
    values: dict[str, object] = {"saved_from": {"url": address}, "saved_at": rfc3339(now)}
    if step.more % 3 == 0:
        values["note"] = f"note {step.n}"
    if step.more % 4 == 0:
        values["status"] = STATUSES[step.more % len(STATUSES)]
    tag = _picked(device, "tag", step.more)
    add = {"tags": (tag,)} if tag and step.more % 5 == 0 else {}
    device.write(now, step.n, "entry", device.new_id(now, step.n), set=values, add=add)


def _make(device: Device, step: Step, now: int) -> None:
    key, at = device.new_id(now, step.n), rfc3339(now)
    if step.kind == "make_tag":
        device.write(now, step.n, "tag", key, set={"name": NAMES[step.pick % len(NAMES)], "created_at": at})
    elif step.kind == "make_list":
        device.write(now, step.n, "list", key, set={"name": f"list {step.n}", "created_at": at})
    elif (entry := _picked(device, "entry", step.pick)) is not None:
        quote = {"type": "TextQuoteSelector", "exact": f"words {step.n}"}
        device.write(now, step.n, "highlight", key, set={"entry_id": entry, "selectors": [quote], "created_at": at})


def _member(device: Device, step: Step, now: int) -> None:
    type_, field = ("tag", "tags") if step.kind in ("tag", "untag") else ("list", "lists")
    entry, member = _picked(device, "entry", step.pick), _picked(device, type_, step.more)
    if entry is not None and member is not None:
        what: dict[str, Any] = {"add" if step.kind in ("tag", "enlist") else "remove": {field: (member,)}}
        device.write(now, step.n, "entry", entry, **what)


def _together(device: Device, step: Step, now: int) -> None:
    """Two ops that belong together, the second of which may be wrong; or a wrong one alone."""
    if (entry := _picked(device, "entry", step.pick)) is None:
        return
    group = device.new_id(now, step.n) if step.kind == "group" else None
    if group:
        device.write(now, step.n, "entry", entry, set={"note": f"note {step.n}"}, group=group)
    bad = step.kind == "wrong" or step.more % 2 == 0
    device.write(now, step.n, "entry", entry, set={"rating": 9 if bad else 4}, group=group, wrong=bad)


def _clear(device: Device, step: Step, now: int) -> None:
    """Several deletions in a row, as a script or a cleared profile makes them; or two with a note, as one group."""
    keys = [(type_, key) for type_ in TYPES for key in device.keys(type_)]
    start = step.pick % max(1, len(keys))
    group = device.new_id(now, step.n) if step.kind == "clear_group" else None
    if group and (entry := _picked(device, "entry", step.more)) is not None:
        device.write(now, step.n, "entry", entry, set={"note": f"note {step.n}"}, group=group)
    for type_, key in (keys + keys)[start : start + min(len(keys), 2 if group else 1 + step.more % 5)]:
        device.write(now, step.n, type_, key, "delete", group=group)


def _field(device: Device, step: Step, now: int) -> None:
    more, n = step.more, step.n
    values: dict[str, tuple[str, str, object]] = {
        "note": ("entry", "note", f"note {n}" if more % 8 else None),
        "status": ("entry", "status", STATUSES[more % 4]),
        "star": ("entry", "starred", bool(more % 2)),
        "rate": ("entry", "rating", more % 6),
        "cite": ("entry", "citekey", f"mine{n}"),
        "read": ("entry", "last_read", rfc3339(now - more * 1000)),
        "name_tag": ("tag", "name", NAMES[more % len(NAMES)]),
        "color_tag": ("tag", "color", COLORS[more % 4]),
        "describe": ("list", "description", f"about {n}"),
        "comment": ("highlight", "comment", f"comment {n}"),
        "recolor": ("highlight", "color", COLORS[more % 4]),
    }
    type_, name, value = values[step.kind]
    if (key := _picked(device, type_, step.pick)) is not None:
        device.write(now, n, type_, key, set={name: value})
