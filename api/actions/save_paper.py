"""Save: one click puts a paper on the list, at once, without any network.

Refuses what is not an address or identifier; a paper that is there already stays one entry.
"""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from api.actions.desk import Desk
from api.domain.accounts import Who
from api.domain.arrivals import Arrival, arrive
from api.domain.batch import Batch
from api.domain.clock import read_rfc3339, rfc3339
from api.domain.edits import edit_now
from api.domain.entries import Entry, ShelvedEntry, entry_of
from api.domain.errors import Conflict
from api.domain.fields import InvalidValue, Json, Name, Note, Status, Time, Uuid, check_text
from api.domain.page_meta import Page
from api.domain.papers import Paper
from api.domain.tags import name_folded
from api.store import entries, objects, own_papers
from api.store.arrivals import shelve
from api.store.database import Tx


class SaveWish(Struct, frozen=True, forbid_unknown_fields=True):
    """What a client sends to save a page; `id` is the entry's key, made by the client."""

    id: Uuid
    url: Annotated[str, Meta(max_length=8192)]
    page: Page | None = None
    tags: Annotated[list[Name], Meta(max_length=50)] = []
    lists: Annotated[list[Uuid], Meta(max_length=50)] = []
    status: Status | None = None
    note: Note | None = None
    saved_at: Time | None = None


class Saved(Struct, frozen=True):
    """The entry and its paper; `new` says whether this save made the entry."""

    entry: Entry
    paper: Paper
    version: int
    new: bool


async def save_paper(desk: Desk, who: Who, wish: SaveWish) -> Saved:
    """Put a paper on the list, or find that it is there; saving it twice is the same as once."""
    now = desk.now()
    for name, text in (("note", wish.note), ("tags", wish.tags)):
        check_text(name, text)
    arrival = arrive(wish.url, wish.page)
    saved_at = _time(wish.saved_at, now)
    due: list[str] = []

    async def work(tx: Tx) -> Saved:
        due.clear()
        await tx.lock(f"library:{who.library_id}")
        seen = await entries.find(tx, who.library_id, wish.id)
        if seen is not None:
            return _as_before(seen, arrival)
        shelved = await shelve(tx, [arrival], now, desk.new_id)
        due.extend(shelved.due)
        (stands,) = await own_papers.standing(tx, who.library_id, [arrival.claims], shelved.paper_ids, now)
        return await _insert(tx, desk, who, wish, _fields(wish, arrival, stands, saved_at), shelved.made.get(stands))

    saved = await desk.database.write(work)
    desk.remind(due)
    desk.poke(who.library_id)
    return saved


def _time(text: str | None, now: int) -> str:
    try:
        return rfc3339(now if text is None else read_rfc3339(text))
    except ValueError as wrong:
        raise InvalidValue(f"saved_at: {wrong}") from None


def _as_before(seen: ShelvedEntry, arrival: Arrival) -> Saved:
    """The answer to a late copy of a save: what there is now."""
    named = {(scheme, value) for scheme, values in seen.paper.identifiers.items() for value in values}
    if not named & {(claim.scheme, claim.value) for claim in arrival.claims}:
        raise Conflict("this id is another entry's")
    return Saved(seen.entry, seen.paper, seen.entry.version, new=False)


def _fields(wish: SaveWish, arrival: Arrival, paper_id: str, saved_at: str) -> dict[str, Json]:
    values: dict[str, Json] = {
        "paper_id": paper_id,
        "saved_at": saved_at,
        "saved_from": {"url": arrival.url, "version": arrival.identity.version},
    }
    if wish.status:
        values["status"] = wish.status
    if wish.note:
        values["note"] = wish.note
    return values


async def _insert(tx: Tx, desk: Desk, who: Who, wish: SaveWish, values: dict[str, Json], made: Paper | None) -> Saved:
    now = desk.now()
    # All that these edits may meet: they take nothing out of a set, and name no citation key and no other entry.
    folded = {name_folded(name): name for name in wish.tags}
    paper_id = values["paper_id"]
    known = await objects.load(tx, who.library_id, {wish.id, paper_id, *wish.lists}, {paper_id}, folded)
    tags = {fold: known.tag_of_name.get(fold) or desk.new_id() for fold in folded}
    edits = [
        edit_now("tag", tags[fold], who.device_id, now, set_={"name": folded[fold]}, base=0, index=index)
        for index, fold in enumerate(fold for fold in folded if fold not in known.tag_of_name)
    ]
    add = {field: ids for field, ids in (("tags", tuple(tags.values())), ("lists", tuple(wish.lists))) if ids}
    edits.append(edit_now("entry", wish.id, who.device_id, now, set_=values, add=add, base=0, index=len(edits)))
    batch = Batch(known)
    for edit in edits:
        batch.take(desk.new_id(), edit)
    await objects.save(tx, who.library_id, batch, now)
    key = batch.survivor(wish.id)
    if made is not None and key == wish.id:  # all of it is new, and known
        state = batch.states[key]
        return Saved(entry_of(state, now), made, state.version, new=True)
    shelved = (await entries.get_many(tx, who.library_id, [key]))[key]
    return Saved(shelved.entry, shelved.paper, shelved.entry.version, new=key == wish.id)
