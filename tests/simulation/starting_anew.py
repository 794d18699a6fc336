"""How a device starts anew after a 410, by the rules of `extension/src/resync.js`.

What a restored server may have lost is put aside, the library is pulled anew, and then given back what it lacks, ahead
of all that waits. Refuses to throw a row away: what the server shows no more goes to the bin.
"""

from __future__ import annotations

from msgspec import UNSET, structs

from api.actions.resync import ResyncAnswer
from api.domain.changes import Change
from tests.simulation.device import Device, FreshStart, Kept
from tests.simulation.giving_back import SETS, Gift, data_of, give_back
from tests.simulation.waiting import Waiting


def begin(device: Device, answer: ResyncAnswer, reason: str, now: int) -> None:
    """Put aside what the server may have lost, take every row for one not yet met, and forget the cursor."""
    # behind the floor or under another schema nothing was lost: the history is the same
    kept = None if reason in ("floor", "schema") else answer.at_version
    before = device.fresh
    common = _least(kept, before.common if before else None)
    for key, row in device.rows.items():
        if common is not None and row.type != "paper" and row.version > common and key not in device.stale:
            device.put_aside.setdefault(key, Kept(row, device.epoch or "", _paper_of(device, row)))
    if common is not None:
        _untake(device)
    device.stale = set(device.rows)
    seen_at = before.seen_at if before else device.pulled_at or 0
    device.fresh = FreshStart(common, seen_at, max(answer.floor, before.floor if before else 0))
    device.epoch, device.cursor = answer.epoch, None
    device.commits = [one for one in device.commits if common is None or one[0] <= common]


def end(device: Device, now: int, n: int) -> None:
    """After the whole library was pulled: push again what it lacks, and keep what it shows no more."""
    assert device.fresh is not None
    common, seen_at = device.fresh.common, device.fresh.seen_at
    gifts = _given_back(device)
    _rebase(device, device.fresh, set(gifts))
    _sweep(device, common)
    ahead: list[Waiting] = []
    for key, (gift, kept, base) in gifts.items():
        time, id_ = f"{seen_at:012x}-{len(ahead):04x}", device.new_id(now, n)
        one = Waiting(id_, kept.row.type, key, gift.op, base, time, gift.set, gift.add)
        one.whole, one.seen = True, (kept.epoch, kept.row.version)
        ahead.append(one)
    _put_after(device, ahead)
    device.outbox = [*ahead, *device.outbox]
    device.fresh = None


def _put_after(device: Device, ahead: list[Waiting]) -> None:
    """What waits on what is given back is later than that, whatever its clock said."""
    given = {op.key for op in ahead}
    last = max((op.time for op in ahead), default="")
    for op in device.outbox:
        if op.key in given and op.state == "waiting" and op.time <= last:
            op.time = last = f"{last[:12]}-{int(last[13:], 16) + 1:04x}"
    device.stamp = max(device.stamp, (int(last[:12] or "0", 16), int(last[13:] or "0", 16)))


def bury(device: Device, row: Change) -> None:
    """Move a row of the mirror to the bin."""
    device.to_bin(row)
    del device.rows[row.key]


def based_on(common: int | None, there: Change | None) -> int:
    """What a gift has seen: all that the backup holds, where it holds the object."""
    return (common or 0) if there is not None else 0


def _untake(device: Device) -> None:
    """All that is not refused goes out again, and says what it had seen of the history that was lost."""
    for op in device.outbox:
        if op.state == "refused":
            continue
        op.state, op.seq = "waiting", None
        if op.seen is None and op.base and device.epoch:
            op.seen = (device.epoch, op.base)


def in_order(put_aside: dict[str, Kept]) -> list[tuple[str, Kept]]:
    """Deletions first, then tags and lists, so that those of one name are one before an entry or highlight says which
    it has; each as the lost history went: a name that one tag had left is another's only afterwards."""

    def place(one: tuple[str, Kept]) -> tuple[bool, bool, int]:
        row = one[1].row
        return not row.deleted, row.type in ("entry", "highlight"), row.version

    return sorted(put_aside.items(), key=place)


def _given_back(device: Device) -> dict[str, tuple[Gift, Kept, int]]:
    assert device.fresh is not None
    gifts: dict[str, tuple[Gift, Kept, int]] = {}
    for key, kept in in_order(device.put_aside):
        there = device.rows[key] if key in device.rows and key not in device.stale else None
        gift = give_back(_followed(device, kept.row), there, kept.paper)
        if gift is not None and there is None and gift.op == "put" and device.fresh.floor > (device.fresh.common or 0):
            device.to_bin(kept.row)  # lost, or deleted and forgotten: nobody knows, but a person may
        elif gift is not None:
            gifts[key] = (gift, kept, based_on(device.fresh.common, there))
        if there is None and not kept.row.deleted:
            device.rows.pop(key, None)
    device.put_aside = {}
    return gifts


def _followed(device: Device, row: Change) -> Change:
    """The row with the tags and lists that its own have become: the server shows it so."""
    if row.data is UNSET:
        return row
    data = data_of(row)
    return structs.replace(row, data=data | {n: [device.survivor(m) for m in data[n]] for n in SETS if n in data})


def _waiting_on(device: Device, key: str) -> list[Waiting]:
    return [op for op in device.outbox if op.key == key and op.state == "waiting"]


def _rebase(device: Device, fresh: FreshStart, given: set[str]) -> None:
    """Versions above the common one mean something else now. An edit of what is given back starts anew with it, and so
    does one of what was merged in the lost history alone: nobody gives that key back for it."""
    common = fresh.common
    for op in device.outbox if common is not None else []:
        row = device.rows.get(op.key)
        merged = row is not None and op.key in device.stale and row.merged_into and row.version > (common or 0)
        if (merged and fresh.floor <= (common or 0)) or (op.key in given and row is None):
            op.base = 0
        else:
            op.base = min(op.base, common or 0)


def _sweep(device: Device, common: int | None) -> None:
    """Clear away what was not met again. Deletions are remembered; what waits for an answer stays in sight."""
    for key in sorted(device.stale & set(device.rows)):
        row = device.rows[key]
        if row.deleted or (row.type != "paper" and _waiting_on(device, key)):
            device.rows[key] = structs.replace(row, version=row.version if common is None else min(row.version, common))
            device.unmet |= set() if row.deleted else {key}
        elif row.type == "paper":
            del device.rows[key]
        else:
            bury(device, row)
    device.stale = set()


def _paper_of(device: Device, row: Change) -> Change | None:
    if row.type != "entry" or row.data is UNSET:
        return None
    return device.rows.get(data_of(row).get("paper_id") or "")


def _least(one: int | None, other: int | None) -> int | None:
    known = [each for each in (one, other) if each is not None]
    return min(known) if known else None
