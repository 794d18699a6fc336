"""What the templates of the list and of one entry need, read from the library and put into words.

Names every variable that its template knows, so that none is ever undefined.
"""

from __future__ import annotations

from asyncio import gather
from collections.abc import Sequence
from typing import Any

from api.actions.cite_entry import cite_entry
from api.actions.count_entries import count_entries
from api.actions.desk import Desk
from api.actions.find_alike import find_alike
from api.actions.get_entries import get_entries
from api.actions.get_paper import get_paper
from api.actions.keep_searches import list_searches
from api.actions.list_entries import get_entry, list_entries
from api.actions.list_objects import list_lists, list_objects, list_tags
from api.actions.settle_held import count_held
from api.actions.slice_entries import slice_entries
from api.domain.accounts import Who
from api.domain.disagreements import printed
from api.domain.entries import ShelvedEntry
from api.domain.fields import COLOR_NAMES
from api.domain.ids import is_uuid
from api.references import STYLE_NAMES, Style
from api.web.correction import correction_of
from api.web.facets import facets_of
from api.web.findings import findings, no_pieces
from api.web.identity import sames, split_lines
from api.web.markdown_text import set_markdown
from api.web.queries import LibraryQuery
from api.web.record import mark_of, record_of
from api.web.rows import STATUS_NAMES, EntryRow, Labels, day, labels_of, row_of

ROWS = 50  # entries a page
FEW = 12  # entries of a page that grows as it is scrolled
MOST_MARKS = 200  # highlights that the page of one entry shows


async def library_context(
    desk: Desk, who: Who, query: LibraryQuery, *, top: str = "", new: bool = False, removed: str = "", few: bool = False
) -> dict[str, Any]:
    """The list; `top` is an entry to show first, `removed` one to offer back. Raises BadCursor.

    `few`: the rows of one window, for a page that asks for the others as it is scrolled.
    """
    found, tags, lists, searches, counts, held = await gather(  # at once: none waits for what another reads
        _found(desk, who, query, FEW if few else ROWS),
        list_tags(desk, who.library_id),
        list_lists(desk, who.library_id),
        list_searches(desk, who.library_id),
        count_entries(desk, who.library_id, query.filter),
        count_held(desk, who),
    )
    items, older, told = found
    first = await get_entries(desk, who.library_id, [top]) if top and not query.cursor else []
    labels = labels_of(tags, lists)
    return {
        "query": query,
        "heading": _heading(query, labels),
        "counts": counts,
        "rows": _rows(first + [one for one in items if one.entry.id != top], labels),
        "older": older,
        "tags": tags,
        "lists": lists,
        "choosing": True,
        "facets": facets_of(query, tags, lists, searches),
        "status_names": STATUS_NAMES,
        "colors": COLOR_NAMES,
        "said": _said(first[0], new) if first else "",
        "held": held,
        "done": None,
        "removed": removed if is_uuid(removed) else "",
        "wrong": "",
        "wrong_url": "",
        **told,
    }


async def _found(
    desk: Desk, who: Who, query: LibraryQuery, most: int
) -> tuple[list[ShelvedEntry], str | None, dict[str, Any]]:
    """A page of entries, where the next one begins, and what is said of a search."""
    if query.ranked:
        found, told = await findings(desk, who, query, most)
        return [hit.shelved for hit in found.items], found.cursor, told
    page = await list_entries(desk, who.library_id, query.filter, query.sort, most, query.cursor or None)
    return page.items, page.cursor, no_pieces()


async def slice_context(desk: Desk, who: Who, query: LibraryQuery, first: int) -> dict[str, Any]:
    """The rows of a list from a number on, as many as a page has."""
    shelved = await slice_entries(desk, who.library_id, query.filter, query.sort, first, ROWS)
    return await _rows_context(desk, who, shelved, query.at(""))


async def rows_context(desk: Desk, who: Who, keys: list[str], query: LibraryQuery) -> dict[str, Any]:
    """Rows by themselves, as they stand in the list that `query` names."""
    shelved = await get_entries(desk, who.library_id, keys)
    return await _rows_context(desk, who, shelved, query)


async def _rows_context(desk: Desk, who: Who, shelved: Sequence[ShelvedEntry], query: LibraryQuery) -> dict[str, Any]:
    labels = await _labels(desk, who)
    lists = list(labels.lists.values())
    return {
        "rows": _rows(shelved, labels),
        "query": query,
        "lists": lists,
        "choosing": True,
        "status_names": STATUS_NAMES,
        "colors": COLOR_NAMES,
        "pieces": {},
    }


async def paper_context(desk: Desk, who: Who, entry_id: str, style: Style | None = None) -> dict[str, Any]:
    """One entry with everything that is known of its paper, cited where a style is named; raises NotFound."""
    shelved = await get_entry(desk, who.library_id, entry_id)
    marks = await list_objects(desk, who.library_id, "highlight", MOST_MARKS, None, shelved.entry.id)
    known = await get_paper(desk, who.library_id, shelved.paper.id)
    return {
        "row": _rows([shelved], await _labels(desk, who))[0],
        "authors": [printed(author) for author in shelved.paper.authors],
        "version": shelved.entry.version,
        "note": shelved.entry.note or "",
        "note_set": set_markdown(shelved.entry.note or ""),
        "highlights": [mark_of(change) for change in marks.items],
        "record": record_of(shelved.entry, known),
        "correction": correction_of(known),
        "wrong_correction": "",
        "sames": sames(known.proposals),
        "apart": sames(known.apart),
        "split_lines": split_lines(known),
        "wrong_split": "",
        "colors": COLOR_NAMES,
        "styles": STYLE_NAMES,
        "cited": await cite_entry(desk, who.library_id, entry_id, style) if style else None,
        "failed": shelved.paper.enrich_state == "failed",
        "alike": [row_of(one, Labels()) for one in await find_alike(desk, who.library_id, entry_id)],
        "counts": None,
        "said": "",
        "wrong": "",
        "wrong_url": "",
        "wrong_note": "",
    }


async def _labels(desk: Desk, who: Who) -> Labels:
    return labels_of(await list_tags(desk, who.library_id), await list_lists(desk, who.library_id))


def _rows(shelved: Sequence[ShelvedEntry], labels: Labels) -> list[EntryRow]:
    return [row_of(one, labels) for one in shelved]


def _heading(query: LibraryQuery, labels: Labels) -> str:
    named = labels.lists.get(query.list_)
    parts = [named.name if named else "A list that is not there"] if query.list_ else []
    parts += [STATUS_NAMES[query.status]] if query.status else []
    parts += [f"#{tag}" for tag in query.tags]
    parts += [f"“{query.q}”"] if query.q else []
    return " · ".join(parts) or ("With " + ", ".join(query.has) if query.has else "All papers")


def _said(shelved: ShelvedEntry, new: bool) -> str:
    saved_on = day(shelved.entry.saved_at)
    return "Saved. Its details follow by themselves." if new else f"Already on your list, saved {saved_on}."
