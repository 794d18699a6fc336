"""A library whole, as our own JSON: what no other format keeps is here, so that nothing is lost on the way out.

    {"format": "scholium-library", "version": 1,
     "tags":    [{"id", "name", "color", "created_at"}],
     "lists":   [{"id", "name", "color", "position", "public", "description", "created_at"}],
     "entries": [{"id", every field of an entry as in sync,
                  "paper": {as in the HTTP contract},
                  "highlights": [{"id", every field of a highlight as in sync}]}]}

One tag, list or entry a line. Fields are those of the sync feed, other versions of a text among them. Refuses the
time of the export and the counters of sync, so that an unchanged library gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from api.domain.changes import Change
from api.domain.fields import Json
from api.domain.formats.shelf import ShelfRecord

VERSION = 1
_OURS_ALONE = ("merged_into",)


def render(records: Iterable[ShelfRecord], tags: Iterable[Change], lists: Iterable[Change]) -> Iterator[str]:
    """The library piece by piece; tags and lists come in the order of their ids, entries as they are given."""
    yield f'{{"format":"scholium-library","version":{VERSION},\n"tags":[{_lines(tags)}],\n"lists":[{_lines(lists)}],\n'
    opening = '"entries":['
    for record in records:
        yield f"{opening}\n{_entry(record)}"
        opening = ","
    yield '"entries":[]}\n' if opening != "," else "\n]}\n"


def _entry(record: ShelfRecord) -> str:
    marks = [_object(mark.highlight.id, mark.fields) for mark in record.marks]
    return _json({**_object(record.id, record.fields), "paper": record.paper, "highlights": marks})


def _lines(changes: Iterable[Change]) -> str:
    ordered = sorted((change for change in changes if change.data), key=lambda change: change.key)
    lines = ",\n".join(_json(_object(change.key, change.data or {})) for change in ordered)
    return f"\n{lines}\n" if lines else ""


def _object(key: str, fields: dict[str, Json]) -> dict[str, Json]:
    return {"id": key, **{name: value for name, value in fields.items() if name not in _OURS_ALONE}}


def _json(value: Json) -> str:
    return msgspec.json.encode(value).decode()
