"""Export an account: the library's file completed with all else that a person has here, streamed.

Refuses to hold more than a chunk of the trash in memory.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from functools import partial
from typing import Any

import msgspec
from msgspec.structs import replace

from api.actions.desk import Desk
from api.domain.accounts import Who
from api.domain.changes import shown
from api.domain.clock import rfc3339
from api.domain.formats.account_json import END, listed, members, opened
from api.store import (
    accounts,
    citekeys,
    corrections,
    devices,
    digest_issues,
    digest_wishes,
    highlights,
    library_settings,
    own_identifiers,
    papers,
    public_feeds,
    saved_searches,
    signals,
    tokens,
    trash,
)
from api.store.database import Tx
from api.store.objects import load_members
from api.store.trash import Trashed

MOST_TOLD = 100_000  # papers of the daily mail
CHUNK = 200  # objects of the trash held in memory at a time


async def export_account(desk: Desk, who: Who, library: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Everything of an account after its `library`, which is the export of it as JSON."""
    async for piece in opened(library):
        if piece:
            yield piece
    yield members(await desk.database.read(partial(_beside, who)))
    yield b',\n"trash":[\n'
    after: tuple[int, str] | None = None
    while found := await desk.database.read(partial(trash.page, library_id=who.library_id, after=after, limit=CHUNK)):
        yield listed(await desk.database.read(partial(_told, who.library_id, found)), first=after is None)
        after = found[-1].updated_at, found[-1].state.key
    yield b"\n]" + END


async def _beside(who: Who, tx: Tx) -> dict[str, Any]:
    said = await corrections.every(tx, who.library_id)
    named = await own_identifiers.every(tx, who.library_id)
    return {
        "account": await accounts.by_id(tx, who.account_id),
        "devices": await devices.listed(tx, who.account_id),
        "tokens": await tokens.listed(tx, who.account_id),
        "key_pattern": await library_settings.key_pattern(tx, who.library_id),
        "digest": await digest_wishes.get(tx, who.library_id),
        "told": await digest_issues.last_told(tx, who.library_id, MOST_TOLD),
        "counted": await signals.is_counted(tx, who.library_id),
        "searches": await saved_searches.listed(tx, who.library_id),
        "feeds": await public_feeds.listed(tx, who.library_id),
        "corrections": [{"paper_id": paper_id, **msgspec.to_builtins(one)} for paper_id, one in said],
        "identities": [
            {"paper_id": paper_id, "scheme": each.scheme, "value": each.value, "said_at": at}
            for each, paper_id, at in named
        ],
        "former_keys": await citekeys.former(tx, who.library_id),
        "apart": await own_identifiers.every_pair(tx, who.library_id),
    }


async def _told(library_id: str, found: list[Trashed], tx: Tx) -> list[dict[str, Any]]:
    states = {one.state.key: replace(one.state, members={}) for one in found}
    await load_members(tx, library_id, states)
    entries = [state for state in states.values() if state.type == "entry"]
    records = await papers.get_many(tx, {s.fields.get("paper_id", "") for s in entries}, library_id)
    marks = await highlights.of_entries(tx, library_id, [state.key for state in entries])
    told = []
    for one in found:
        state = states[one.state.key]
        item = {"type": state.type, "id": state.key, **shown(state), "deleted_at": rfc3339(one.updated_at)}
        if state.type == "entry":
            own = [{"id": m.key, **(m.data or {})} for m in marks if (m.data or {}).get("entry_id") == state.key]
            item |= {"paper": records.get(state.fields.get("paper_id", "")), "highlights": own}
        told.append(item)
    return told
