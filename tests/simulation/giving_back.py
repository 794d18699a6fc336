"""What brings a server back to a row that a device holds, as the extension makes it: one op of what the row said.

A second writing of `extension/src/giveback.js`, for the devices of the simulation. Refuses to bring back what was
merged into something else; the server merges again.
"""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import UNSET, Struct

from api.domain.changes import Change

FIXED = frozenset({"saved_from", "saved_at", "created_at", "entry_id", "manifestation", "selectors"})
SETS = ("tags", "lists")
WRITTEN = {
    "entry": ("saved_from", "saved_at", "status", "starred", "rating", "position", "citekey", "note", "last_read"),
    "highlight": ("entry_id", "manifestation", "selectors", "created_at", "color", "anchor", "comment"),
    "tag": ("created_at", "name", "color"),
    "list": ("created_at", "name", "color", "position", "public", "description"),
}
UNTIL_SAID = frozenset({"last_read", "citekey"})  # once there is one, nothing takes it away
METAS = (("doi", "citation_doi"), ("arxiv", "citation_arxiv_id"), ("pmid", "citation_pmid"))


class Gift(Struct, frozen=True):
    """What an op says that gives something back."""

    op: str
    set: dict[str, Any] = {}
    add: dict[str, tuple[str, ...]] = {}


def give_back(was: Change, there: Change | None, paper: Change | None) -> Gift | None:
    """The op that says how this row was, with what the server holds already: an older device must not win there.

    None for what was merged.
    """
    if was.merged_into or (there is not None and there.merged_into):
        return None
    if was.deleted:
        return Gift("delete")
    data = data_of(was)
    values = {name: data[name] for name in WRITTEN[was.type] if _is_said(name, data.get(name), there)}
    if "saved_from" in values:
        page = _page(paper)
        values["saved_from"] = {"url": values["saved_from"]["url"], **({"page": page} if page else {})}
    return Gift("put", values, {field: tuple(data[field]) for field in SETS if data.get(field)})


def data_of(row: Change) -> dict[str, Any]:
    """The fields of a row as JSON."""
    data: dict[str, Any] = {} if row.data is UNSET else msgspec.to_builtins(row.data)
    return data


def _is_said(name: str, value: Any, there: Change | None) -> bool:
    """What an object is born with is said where the server shows none; what is for ever, where there is some."""
    if name in FIXED:
        return value is not None and (there is None or there.deleted)
    return value is not None or name not in UNTIL_SAID


def _page(paper: Change | None) -> dict[str, Any] | None:
    """What the paper's record can say in the place of the page that it was saved from."""
    data = data_of(paper) if paper else {}
    known = data.get("identifiers") or {}
    metas = [(name, known[scheme][0]) for scheme, name in METAS if known.get(scheme)]
    if not metas:
        return None
    title = data.get("title") or ""
    metas += [("citation_title", title)] if title else []
    metas += [("citation_author", _name(one)) for one in data.get("authors") or ()]
    return {"title": title, "metas": metas, "jsonld": [], "links": [], "text": ""}


def _name(person: dict[str, str]) -> str:
    parts = [person.get(name) for name in ("given", "particle", "family", "suffix")]
    return person.get("literal") or " ".join(part for part in parts if part)
