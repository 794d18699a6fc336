"""Push: a device's ops, each with its own result; acknowledged only once committed.

Refuses a whole batch only for a malformed envelope, a foreign library, a cloned device or a stale epoch; a wrong op
is rejected alone and never blocks its neighbours.
"""

from __future__ import annotations

from itertools import groupby

import msgspec
from msgspec import Raw, Struct, structs

from api.actions.desk import Desk
from api.domain.accounts import Who
from api.domain.arrivals import Arrival, SavedFromWish, arrive
from api.domain.batch import Batch, Outcome
from api.domain.changes import MOST_OPS, SCHEMA, PushWish, Result, WireOp, op_id, read_edit, read_op
from api.domain.clock import clamped, rfc3339
from api.domain.errors import BadText, DeviceForked, NotAllowed, Resync, SchemaTooOld, ScholiumError, TooLarge
from api.domain.fields import InvalidValue, check_text
from api.domain.states import PENDING, Edit, Stamp
from api.store import ledger, objects, papers
from api.store.arrivals import shelve
from api.store.batches import open_batch
from api.store.database import Tx


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


class _Sent(Struct):
    """One op of the batch as far as it could be read."""

    id: str
    group: str | None = None
    edit: Edit | None = None
    arrival: Arrival | None = None
    code: str | None = None


async def push_changes(desk: Desk, who: Who, wish: PushWish) -> PushAnswer:
    """Take a batch of ops; the answer means that everything it says is on the disk."""
    _check_envelope(who, wish)
    now = desk.now()
    sent = [_read(raw, wish, index, now) for index, raw in enumerate(wish.ops)]
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
    return answer


def _check_envelope(who: Who, wish: PushWish) -> None:
    if wish.schema != SCHEMA:
        raise SchemaTooOld(f"schema {wish.schema} is not taken", minimum=SCHEMA)
    if wish.library_id != who.library_id:
        raise NotAllowed("this library is not yours")
    if len(wish.ops) > MOST_OPS:
        raise TooLarge(f"a push may hold {MOST_OPS} ops")


def _read(raw: Raw, wish: PushWish, index: int, now: int) -> _Sent:
    sent = _Sent(op_id(raw))
    try:
        op = read_op(raw)
        sent.group = op.group
        rest = {name: value for name, value in op.set.items() if name != "saved_from"}
        if "saved_from" in op.set and op.type == "entry":
            sent.arrival = _arrival(op)
        else:
            rest = op.set
        stamp = Stamp(PENDING, clamped(op.hlc, now), wish.device_id, wish.first_seq + index)
        sent.edit = read_edit(structs.replace(op, set=rest), {}, stamp, rfc3339(now))
    except ScholiumError as refusal:
        sent.code = refusal.code
    return sent


def _arrival(op: WireOp) -> Arrival:
    try:
        wish = msgspec.json.decode(op.set["saved_from"], type=SavedFromWish)
    except UnicodeDecodeError:
        raise BadText("saved_from is not valid UTF-8") from None
    except (msgspec.DecodeError, RecursionError) as wrong:
        raise InvalidValue(f"saved_from: {wrong}") from None
    check_text("saved_from", wish.url)
    return arrive(wish.url, wish.page)


async def _take(
    tx: Tx, desk: Desk, who: Who, wish: PushWish, sent: list[_Sent], now: int, due: list[str]
) -> PushAnswer:
    await tx.lock(f"library:{who.library_id}")
    head = await ledger.head(tx, who.library_id)
    if wish.epoch is not None and wish.epoch != head.epoch:
        raise Resync("the server was restored", reason="epoch")
    await _check_device(tx, who, wish, [one.id for one in sent])
    first = await ledger.results(tx, who.library_id, [one.id for one in sent])
    fresh = _fresh(sent, first)
    due += await _shelve(tx, desk, fresh, now)
    await _check_papers(tx, fresh)
    batch = await open_batch(tx, who.library_id, [one.edit for one in fresh if one.edit])
    outcomes = _apply(batch, fresh)
    await objects.save(tx, who.library_id, batch, now)
    taken = {one.id: batch.result(outcome) for one, outcome in zip(fresh, outcomes, strict=True)}
    ids = [one.id for one in sent]
    acked = await ledger.record(tx, who.library_id, wish.device_id, wish.first_seq, ids, taken, now) if ids else 0
    version = (await ledger.head(tx, who.library_id)).version
    return PushAnswer(head.epoch, version, rfc3339(now), acked, tuple(_in_order(sent, first, taken)))


def _fresh(sent: list[_Sent], first: dict[str, Result]) -> list[_Sent]:
    """The ops that were never taken, each id once."""
    fresh: dict[str, _Sent] = {}
    for one in sent:
        if one.id not in first:
            fresh.setdefault(one.id, one)
    return list(fresh.values())


def _in_order(sent: list[_Sent], first: dict[str, Result], taken: dict[str, Result]) -> list[Result]:
    answered: set[str] = set()
    results: list[Result] = []
    for one in sent:
        result = taken.get(one.id) or first[one.id]
        if one.id in first or one.id in answered:
            result = structs.replace(result, status="duplicate")
        answered.add(one.id)
        results.append(result)
    return results


async def _check_device(tx: Tx, who: Who, wish: PushWish, ids: list[str]) -> None:
    if wish.device_id != who.device_id:
        session = await ledger.session_of(tx, who.library_id, wish.device_id)
        if session != who.device_id:
            raise NotAllowed("this device is not the one that is signed in")
    before = await ledger.sequences(tx, who.library_id, wish.device_id, wish.first_seq, len(ids))
    if any(before.get(seq, op) != op for seq, op in enumerate(ids, wish.first_seq)):
        raise DeviceForked("this sequence was used for another op: the profile was cloned")


async def _shelve(tx: Tx, desk: Desk, fresh: list[_Sent], now: int) -> list[str]:
    """Give each save its paper."""
    saves = [(one, one.edit, one.arrival) for one in fresh if one.edit and one.arrival and not one.code]
    shelved = await shelve(tx, [arrival for _, _, arrival in saves], now, desk.new_id)
    for (one, edit, arrival), paper_id in zip(saves, shelved.paper_ids, strict=True):
        values = {"paper_id": paper_id, "saved_from": {"url": arrival.url, "version": arrival.identity.version}}
        one.edit = structs.replace(edit, set=edit.set | values)
    return shelved.due


async def _check_papers(tx: Tx, fresh: list[_Sent]) -> None:
    """Refuse entries of papers that nobody knows."""
    named = {one.id: one.edit.set["paper_id"] for one in fresh if one.edit and "paper_id" in one.edit.set}
    known = await papers.get_many(tx, named.values())
    for one in fresh:
        if one.id in named and named[one.id] not in known:
            one.edit, one.code = None, "unknown_paper"


def _apply(batch: Batch, fresh: list[_Sent]) -> list[Outcome]:
    outcomes: list[Outcome] = []
    groups: set[str] = set()
    for group, run in groupby(fresh, key=lambda one: one.group or one.id):
        members = list(run)
        mark = batch.mark()
        results = [_one(batch, one) for one in members]
        whole = members[0].group is None or (group not in groups and not any(map(_refused, results)))
        if not whole:
            batch.back_to(mark)
            results = [r if _refused(r) else _rejected(one, "group") for one, r in zip(members, results, strict=True)]
        groups.add(group)
        outcomes += results
    return outcomes


def _one(batch: Batch, sent: _Sent) -> Outcome:
    if sent.edit is None:
        return _rejected(sent, sent.code or "invalid_value")
    return batch.take(sent.id, sent.edit)


def _refused(outcome: Outcome) -> bool:
    return outcome.result.status == "rejected"


def _rejected(sent: _Sent, code: str) -> Outcome:
    return Outcome(Result(sent.id, "rejected", code=code), "")
