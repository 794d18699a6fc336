"""What a search answers with. Limits: 200 results a page, the best 300 of all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct, structs

from api.domain.entries import ShelvedEntry
from api.domain.papers import Author, Kind, Paper, Provenance
from api.domain.search_documents import Document, author_name, is_public
from api.domain.search_query import PARTS, Part
from api.domain.search_ranks import Asked, count
from api.domain.snippets import Snippet, snippet_of

MOST_SNIPPETS = 8  # of one result


class Correction(Struct, frozen=True):
    """A word that nothing has, and the one that was looked for in its place."""

    word: str
    instead: str


class Hit(Struct, frozen=True):
    """An entry that answers, and where its words stand."""

    shelved: ShelvedEntry
    snippets: tuple[Snippet, ...]


class PaperHit(Struct, frozen=True):
    """A paper that answers, with the entry of the one who asks where there is one.

    Of a paper that is not in the asker's library it holds what public sources tell, and no more.
    """

    id: str
    kind: Kind
    title: str
    authors: tuple[Author, ...]
    year: int | None
    venue: str | None
    identifiers: dict[str, tuple[str, ...]]
    entry_id: str | None
    snippets: tuple[Snippet, ...]


class SearchPage(Struct, frozen=True):
    """A page of results; `total` are all that are ranked, `unread` field words that say nothing to us.

    `partly`: none of all results has every word.
    """

    items: tuple[Hit, ...]
    cursor: str | None
    total: int
    partly: bool = False
    corrections: tuple[Correction, ...] = ()
    unread: tuple[str, ...] = ()


class PaperPage(Struct, frozen=True):
    """A page of papers, as above."""

    items: tuple[PaperHit, ...]
    cursor: str | None
    total: int
    corrections: tuple[Correction, ...] = ()
    unread: tuple[str, ...] = ()


def snippets_of(
    asked: Sequence[Asked], paper: Paper, note: str = "", marks: Sequence[str] = (), found: Document | None = None
) -> tuple[Snippet, ...]:
    """The pieces of a paper that hold words of the query, the title first.

    Where the document that was found is given, only the parts are looked through in which it has them.
    """
    stems = [one.stem for one in asked]
    starts = [one.term.start for one in asked if one.term.start and not one.meant]
    texts: list[tuple[Part, str]] = [
        ("title", paper.title),
        ("authors", ", ".join(map(author_name, paper.authors))),
        ("venue", paper.venue or ""),
        ("abstract", paper.abstract or ""),
        ("note", note),
        *(("marks", text) for text in marks),
    ]
    parts = {part for part in PARTS if found is None or any(count(getattr(found, part), one) for one in asked)}
    pieces = [snippet_of(part, text, stems, starts) for part, text in texts if text and part in parts]
    return tuple(one for one in pieces if one is not None)[:MOST_SNIPPETS]


def paper_hit(asked: Sequence[Asked], paper: Paper, entry_id: str) -> PaperHit:
    """A paper of the asker's own library."""
    return _paper_hit(paper, entry_id, snippets_of(asked, paper))


def public_hit(asked: Sequence[Asked], paper: Paper, sources: Mapping[str, Provenance]) -> PaperHit:
    """A paper of nobody's, or of other people, as public sources tell it."""
    shown = structs.replace(
        paper,
        authors=paper.authors if is_public(sources, "authors") else (),
        venue=paper.venue if is_public(sources, "venue") else None,
        abstract=paper.abstract if is_public(sources, "abstract") else None,
        identifiers={scheme: values for scheme, values in paper.identifiers.items() if scheme != "url"},
    )
    return _paper_hit(shown, None, snippets_of(asked, shown))


def _paper_hit(paper: Paper, entry_id: str | None, snippets: tuple[Snippet, ...]) -> PaperHit:
    values = {name: getattr(paper, name) for name in PaperHit.__struct_fields__[:7]}
    return PaperHit(**values, entry_id=entry_id, snippets=snippets)
