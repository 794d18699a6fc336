"""What the templates of the list and of one entry need, read from the library and put into words.

Names every variable that its template knows, so that none is ever undefined.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from api.actions.cite_entry import cite_entry
from api.actions.count_entries import count_entries
from api.actions.desk import Desk
from api.actions.get_entries import get_entries
from api.actions.get_paper import get_paper
from api.actions.list_entries import get_entry, list_entries
from api.actions.list_objects import list_objects, list_tags
from api.actions.settle_held import count_held
from api.domain.accounts import Who
from api.domain.disagreements import printed
from api.domain.entries import ShelvedEntry
from api.domain.ids import is_uuid
from api.references import STYLE_NAMES, Style
from api.store.tags import TagCount
from api.web.correction import correction_of
from api.web.facets import facets_of
from api.web.identity import sames, split_lines
from api.web.queries import LibraryQuery
from api.web.record import mark_of, record_of
from api.web.rows import STATUS_NAMES, EntryRow, day, row_of

ROWS = 50  # entries a page
MOST_MARKS = 200  # highlights that the page of one entry shows


async def library_context(
    desk: Desk, who: Who, query: LibraryQuery, *, top: str = "", new: bool = False, removed: str = ""
) -> dict[str, Any]:
    """The list; `top` is an entry to show first, `removed` one to offer back. Raises BadCursor."""
    page = await list_entries(desk, who.library_id, query.filter, query.sort, ROWS, query.cursor or None)
    first = await get_entries(desk, who.library_id, [top]) if top and not query.cursor else []
    tags = await list_tags(desk, who.library_id)
    return {
        "query": query,
        "heading": _heading(query),
        "counts": await count_entries(desk, who.library_id, query.filter),
        "rows": _rows(first + [one for one in page.items if one.entry.id != top], tags),
        "older": page.cursor,
        "tags": tags,
        "facets": facets_of(query, tags),
        "status_names": STATUS_NAMES,
        "said": _said(first[0], new) if first else "",
        "held": await count_held(desk, who),
        "removed": removed if is_uuid(removed) else "",
        "wrong": "",
        "wrong_url": "",
    }


async def rows_context(desk: Desk, who: Who, keys: list[str], query: LibraryQuery) -> dict[str, Any]:
    """Rows by themselves, as they stand in the list that `query` names."""
    shelved = await get_entries(desk, who.library_id, keys)
    tags = await list_tags(desk, who.library_id)
    return {"rows": _rows(shelved, tags), "query": query, "status_names": STATUS_NAMES}


async def paper_context(desk: Desk, who: Who, entry_id: str, style: Style | None = None) -> dict[str, Any]:
    """One entry with everything that is known of its paper, cited where a style is named; raises NotFound."""
    shelved = await get_entry(desk, who.library_id, entry_id)
    marks = await list_objects(desk, who.library_id, "highlight", MOST_MARKS, None, shelved.entry.id)
    known = await get_paper(desk, who.library_id, shelved.paper.id)
    return {
        "row": _rows([shelved], await list_tags(desk, who.library_id))[0],
        "authors": [printed(author) for author in shelved.paper.authors],
        "version": shelved.entry.version,
        "note": shelved.entry.note or "",
        "highlights": [mark_of(change) for change in marks.items],
        "record": record_of(shelved.entry, known),
        "correction": correction_of(known),
        "wrong_correction": "",
        "sames": sames(known.proposals),
        "apart": sames(known.apart),
        "split_lines": split_lines(known),
        "wrong_split": "",
        "styles": STYLE_NAMES,
        "cited": await cite_entry(desk, who.library_id, entry_id, style) if style else None,
        "failed": shelved.paper.enrich_state == "failed",
        "counts": None,
        "said": "",
        "wrong": "",
        "wrong_url": "",
        "wrong_note": "",
    }


def _rows(shelved: Sequence[ShelvedEntry], tags: Sequence[TagCount]) -> list[EntryRow]:
    names = {tag.id: tag.name for tag in tags}
    return [row_of(one, names) for one in shelved]


def _heading(query: LibraryQuery) -> str:
    parts = [STATUS_NAMES[query.status]] if query.status else []
    parts += [f"#{tag}" for tag in query.tags]
    parts += [f"“{query.q}”"] if query.q else []
    return " · ".join(parts) or ("With " + ", ".join(query.has) if query.has else "All papers")


def _said(shelved: ShelvedEntry, new: bool) -> str:
    saved_on = day(shelved.entry.saved_at)
    return "Saved. Its details follow by themselves." if new else f"Already on your list, saved {saved_on}."
