"""Push: a device's ops, each with its own result; acknowledged only once committed.

Refuses a whole batch only for a malformed envelope, a foreign library, a cloned device or a stale epoch; a wrong op
is rejected alone and never blocks its neighbours.
"""

from __future__ import annotations

from msgspec import Struct, structs

from api.actions.desk import Desk
from api.domain.accounts import Who
from api.domain.changes import MOST_OPS, SCHEMA, PushWish, Result
from api.domain.clock import rfc3339
from api.domain.errors import DeviceForked, NotAllowed, Resync, SchemaTooOld, TooLarge
from api.domain.sent import Sent, read_sent
from api.store import holds, ledger
from api.store.database import Tx
from api.store.takes import take


class Quota(Struct, frozen=True):
    """What one push may hold."""

    ops: int = MOST_OPS
    bytes: int = 1024 * 1024


class PushAnswer(Struct, frozen=True):
    """The answer to a push: one result for each op, in order."""

    epoch: str
    version: int
    server_time: str
    acked_seq: int
    results: tuple[Result, ...]
    quota: Quota = Quota()


async def push_changes(desk: Desk, who: Who, wish: PushWish) -> PushAnswer:
    """Take a batch of ops; the answer means that everything it says is on the disk."""
    _check_envelope(who, wish)
    now = desk.now()
    sent = [read_sent(raw, wish.device_id, seq, now) for seq, raw in enumerate(wish.ops, wish.first_seq)]
    due: list[str] = []

    async def work(tx: Tx) -> PushAnswer:
        due.clear()
        return await _take(tx, desk, who, wish, sent, now, due)

    try:
        answer = await desk.database.write(work)
    except DeviceForked as forked:
        fresh = desk.new_id()
        await desk.database.write(lambda tx: ledger.add_device(tx, who.library_id, fresh, who.device_id))
        raise DeviceForked(forked.detail, device_id=fresh) from None
    desk.remind(due)
    desk.poke(who.library_id)
    return answer


def _check_envelope(who: Who, wish: PushWish) -> None:
    if wish.schema != SCHEMA:
        raise SchemaTooOld(f"schema {wish.schema} is not taken", minimum=SCHEMA)
    if wish.library_id != who.library_id:
        raise NotAllowed("this library is not yours")
    if len(wish.ops) > MOST_OPS:
        raise TooLarge(f"a push may hold {MOST_OPS} ops")


async def _take(tx: Tx, desk: Desk, who: Who, wish: PushWish, sent: list[Sent], now: int, due: list[str]) -> PushAnswer:
    await tx.lock(f"library:{who.library_id}")
    head = await ledger.head(tx, who.library_id)
    if wish.epoch is not None and wish.epoch != head.epoch:
        raise Resync("the server was restored", reason="epoch")
    await _check_device(tx, who, wish, [one.id for one in sent])
    first = await ledger.results(tx, who.library_id, [one.id for one in sent])
    fresh = _fresh(sent, first)
    held = await holds.guarded(tx, who.library_id, wish.device_id, fresh, now)
    await holds.hold(tx, who.library_id, wish.device_id, held, now)
    waiting = {one.id: Result(one.id, "held") for one in held}
    done = await take(tx, who.library_id, [one for one in fresh if one.id not in waiting], now, desk.new_id)
    due += done.due
    taken = waiting | done.results
    ids = [one.id for one in sent]
    acked = await ledger.record(tx, who.library_id, wish.device_id, wish.first_seq, ids, taken, now) if ids else 0
    version = head.version + done.versions  # the library is locked
    return PushAnswer(head.epoch, version, rfc3339(now), acked, tuple(_in_order(sent, first, taken)))


def _fresh(sent: list[Sent], first: dict[str, Result]) -> list[Sent]:
    """The ops that were never taken, each id once."""
    fresh: dict[str, Sent] = {}
    for one in sent:
        if one.id not in first:
            fresh.setdefault(one.id, one)
    return list(fresh.values())


def _in_order(sent: list[Sent], first: dict[str, Result], taken: dict[str, Result]) -> list[Result]:
    answered: set[str] = set()
    results: list[Result] = []
    for one in sent:
        result = taken.get(one.id) or first[one.id]
        if result.status != "held" and (one.id in first or one.id in answered):
            result = structs.replace(result, status="duplicate")
        answered.add(one.id)
        results.append(result)
    return results


async def _check_device(tx: Tx, who: Who, wish: PushWish, ids: list[str]) -> None:
    if wish.device_id != who.device_id:
        session = await ledger.session_of(tx, who.library_id, wish.device_id)
        if session is None:  # a restored backup does not know the ids that were given to clones after it
            raise DeviceForked("this device id is not known here")
        if session != who.device_id:
            raise NotAllowed("this device is not the one that is signed in")
    before = await ledger.sequences(tx, who.library_id, wish.device_id, wish.first_seq, len(ids))
    if any(before.get(seq, op) != op for seq, op in enumerate(ids, wish.first_seq)):
        raise DeviceForked("this sequence was used for another op: the profile was cloned")
