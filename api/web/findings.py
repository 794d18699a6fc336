"""What a search found, as the library page prints it: rows with pieces of text whose hits are parts of their own.

Refuses to make markup of text: a piece is a list of plain strings, each a hit or not, and the template escapes them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from msgspec import structs

from api.actions.desk import Desk
from api.actions.search_library import search_library
from api.domain.accounts import Who
from api.domain.search_results import SearchPage
from api.domain.snippets import Snippet
from api.web.queries import LibraryQuery

_NAMES = {"marks": "Highlight"}
_SHOWN = ("abstract", "marks")  # all else stands in the row anyway
MOST_PIECES = 3


class Stretch(NamedTuple):
    """A stretch of text, and whether it was looked for."""

    text: str
    hit: bool


class Piece(NamedTuple):
    """A piece of one part, with the part's name where it is not the abstract."""

    name: str
    stretches: tuple[Stretch, ...]


class Instead(NamedTuple):
    """A word that nothing has, what was looked for in its place, and the search with that."""

    word: str
    instead: str
    path: str


async def findings(desk: Desk, who: Who, query: LibraryQuery, most: int) -> tuple[SearchPage, dict[str, Any]]:
    """A page of what a search finds, with what the template says of it; raises BadCursor."""
    facets = structs.replace(query.filter, words=())
    page = await search_library(desk, who.library_id, query.q, facets, most, query.cursor or None, whole_first=True)
    return page, {
        "pieces": {hit.shelved.entry.id: pieces_of(hit.snippets) for hit in page.items},
        "insteads": [_instead(query, one.word, one.instead) for one in page.corrections],
        "unread": page.unread,
        "found": page.total,
        "partly": page.partly,
    }


def pieces_of(snippets: Sequence[Snippet]) -> list[Piece]:
    """The pieces that a row shows beside its title."""
    shown = sorted((one for one in snippets if one.part in _SHOWN), key=lambda one: _SHOWN.index(one.part))
    return [Piece(_NAMES.get(one.part, ""), _stretches(one)) for one in shown[:MOST_PIECES]]


def _stretches(piece: Snippet) -> tuple[Stretch, ...]:
    before, after = piece.cut
    found = [Stretch("… ", False)] if before else []
    at = 0
    for start, end in piece.hits:
        found += [Stretch(piece.text[at:start], False), Stretch(piece.text[start:end], True)]
        at = end
    found.append(Stretch(piece.text[at:] + (" …" if after else ""), False))
    return tuple(one for one in found if one.text)


def _instead(query: LibraryQuery, word: str, instead: str) -> Instead:
    words = [instead if one.casefold().strip('"*') == word else one for one in query.q.split()]
    return Instead(word, instead, structs.replace(query, q=" ".join(words), cursor="").path)


def no_pieces() -> dict[str, Any]:
    """What the template knows where nothing was searched."""
    empty: Sequence[object] = ()
    return {"pieces": {}, "insteads": empty, "unread": empty, "found": None, "partly": False}
