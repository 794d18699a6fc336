"""An account whole: its library as our own JSON, with all that a person has beyond it as further members.

    {…the members of library_json…,
     "account":     {"id", "email", "library_id", "created_at"},
     "devices":     [{"id", "name", "client_id", "created_at", "seen_at"}],
     "tokens":      [{"id", "name", "scopes", "created_at", "expires_at", "used_at"}],
     "key_pattern": [parts of new citation keys],
     "former_keys": [[key, entry id]: taken for good, of entries that have another one now or are gone],
     "digest":      {"wish", "confirmed_at", "next_at", "next_date", "paused", …}: the daily mail,
     "told":        [[part, paper_id, why, made_at]: what it told of],
     "counted":     whether what is done here counts for what trends,
     "feeds":       [{"id", "name", "format", "tag", "list_", "q", "created_at"}],
     "searches":    [{"id", "name", "query", "created_at"}],
     "corrections": [{"paper_id", and as they are kept}],
     "identities":  [{"paper_id", "scheme", "value", "said_at"}: whose an identifier is, by the person's word],
     "apart":       [[paper_id, paper_id]: two that are not the same, by the person's word],
     "trash":       [{"type", "id", every field as in sync, "deleted_at", of an entry "paper" and "highlights"}]}

Times of accounts, devices, tokens, feeds and identities in Unix milliseconds. Who reads a library reads this file too,
with its corrections, trash, pattern and former keys, and passes over the rest, which speaks of another instance.
Refuses secrets: there are none, since only their hashes are kept.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

import msgspec

END = b"}\n"  # of a library's file: further members go before it


async def opened(library: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The bytes of a library's file without its end; raises ValueError where that is none of ours."""
    kept = b""
    async for piece in library:
        kept += piece
        yield kept[: -len(END)]
        kept = kept[-len(END) :]
    if kept != END:
        raise ValueError("this is no library as JSON")


def members(values: Mapping[str, Any]) -> bytes:
    """Further members of the open object, one a line."""
    return b"".join(b',\n"%s":%s' % (name.encode(), msgspec.json.encode(value)) for name, value in values.items())


def listed(items: Sequence[Any], *, first: bool) -> bytes:
    """Items of a list that is written piece by piece, one a line."""
    text = b",\n".join(msgspec.json.encode(item) for item in items)
    return text if first or not text else b",\n" + text
