"""What brings a server back to a row that a device holds, as the extension makes it: one op of what the row said.

A second writing of `extension/src/giveback.js`, for the devices of the simulation. Refuses to bring back what was
merged into something else; the server merges again.
"""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import UNSET, Struct

from api.domain.changes import Change
from tests.simulation.device import Waiting

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
    """What an op says that gives something back; `revives` goes with a restore before it."""

    op: str
    set: dict[str, Any] = {}
    add: dict[str, tuple[str, ...]] = {}
    remove: dict[str, tuple[str, ...]] = {}
    revives: bool = False


def give_back(was: Change, there: Change | None, paper: Change | None) -> Gift | None:
    """The op that makes the server hold this row again, with what it holds already: an older device must not win there.

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
    held = data_of(there) if there else {}
    revives = there is not None and there.deleted
    return Gift("put", values, _members(data, held), _members(held, data), revives)


def beside(gift: Gift | None, waiting: list[Waiting]) -> Gift | None:
    """The gift without what waiting edits write: the server may have taken those already, and never does twice."""
    if gift is None or not waiting:
        return gift
    if gift.op != "put":
        return None if any(op.op != "put" for op in waiting) else gift
    written = {name for op in waiting for said in (op.set, op.add, op.remove) for name in _names_in(said)}
    return Gift(
        "put",
        {name: value for name, value in gift.set.items() if name not in written},
        _without(gift.add, written),
        _without(gift.remove, written),
        gift.revives and all(op.op == "put" for op in waiting),
    )


def data_of(row: Change) -> dict[str, Any]:
    """The fields of a row as JSON."""
    data: dict[str, Any] = {} if row.data is UNSET else msgspec.to_builtins(row.data)
    return data


def _names_in(said: dict[str, Any]) -> set[str]:
    return {
        name
        for key, value in said.items()
        for name in (key, *(value if isinstance(value, (list, tuple)) else ()))
        if isinstance(name, str)
    }


def _without(sets: dict[str, tuple[str, ...]], written: set[str]) -> dict[str, tuple[str, ...]]:
    free = {field: tuple(one for one in members if one not in written) for field, members in sets.items()}
    return {field: members for field, members in free.items() if members}


def _is_said(name: str, value: Any, there: Change | None) -> bool:
    """Nothing is said of what never was, where the server has no such object; what is for ever is said only there."""
    if there is None or name in UNTIL_SAID:
        return value is not None and (there is None or name not in FIXED)
    return name not in FIXED


def _members(of: dict[str, Any], without: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    found = {field: tuple(m for m in of.get(field, ()) if m not in without.get(field, ())) for field in SETS}
    return {field: members for field, members in found.items() if members}


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
