"""The full-text index of each database, behind one door: what a match is called there, and how a document is put in.

Both get words ready made (`domain/search_words`), so that the same is found in both. Refuses text of people in a
match: every word is quoted, and was made of letters and digits alone.
"""

from __future__ import annotations

from typing import Protocol

from msgspec import structs

from api.domain.search_documents import Document
from api.domain.search_match import Match, Need
from api.domain.search_query import PARTS, Term
from api.store.database import Tx, Value, upsert

_MOST_PLACE = 16_383  # the last place of a word that PostgreSQL keeps
_MOST_PLACES = 256  # of one word
_TITLE = "="  # before a word of the title; no word has it


class Engine(Protocol):
    """An index as the search asks it: tables to read from, a condition with `:match`, and the match as text."""

    tables: str
    condition: str

    def match(self, library_id: str, wanted: Match) -> str:
        """The text for `:match`."""
        ...

    async def put(self, tx: Tx, library_id: str, documents: dict[str, Document]) -> None:
        """Put new documents in, by their keys; what was there was taken out before."""
        ...


class Fts5:
    """SQLite's FTS5, which triggers keep in step with `search_doc`."""

    # CROSS JOIN: SQLite would else walk over the library and ask the index about each of its documents.
    tables = "search_index CROSS JOIN search_doc d ON d.number = search_index.rowid"
    condition = "search_index MATCH :match"

    def match(self, library_id: str, wanted: Match) -> str:
        needs = [f'scope : "{_scope(library_id)}"', *map(self._need, wanted.needs)]
        text = " AND ".join(needs)
        return f"({text}) NOT ({' OR '.join(map(self._term, wanted.without))})" if wanted.without else text

    def _need(self, need: Need) -> str:
        text = f"({' OR '.join(map(self._term, need.any_of))})"
        return f"title : {text}" if need.in_title else text

    def _term(self, term: Term) -> str:
        whole = '"' + " ".join(term.stems) + '"'
        return f'({whole} OR "{" ".join((*term.stems[:-1], term.start))}" *)' if term.start else whole

    async def put(self, tx: Tx, library_id: str, documents: dict[str, Document]) -> None:
        last = await tx.row("SELECT MAX(number) AS n FROM search_doc WHERE library_id IS NOT NULL")
        first = (last["n"] or 0) + 1 if last else 1
        rows: list[dict[str, Value]] = [
            {"library_id": library_id, "key": key, "number": number, **structs.asdict(document)}
            for number, (key, document) in enumerate(documents.items(), first)
        ]
        await upsert(tx, "search_doc", ("library_id", "key"), rows)


class TextSearch:
    """PostgreSQL's own: a word of the title is in the index once more, with a mark before it.

    Weights would tell the same, but the index does not keep them: every document would be read to know.
    """

    tables = "search_doc d"
    condition = "d.words @@ CAST(CAST(:match AS text) AS tsquery)"

    def match(self, library_id: str, wanted: Match) -> str:
        needs = [f"'{_scope(library_id)}'", *map(self._need, wanted.needs)]
        return " & ".join(needs + [f"!({self._term(term)})" for term in wanted.without])

    def _need(self, need: Need) -> str:
        return "(" + " | ".join(self._in_title(one) if need.in_title else self._term(one) for one in need.any_of) + ")"

    def _term(self, term: Term) -> str:
        return _either([f"'{one}'" for one in term.stems], f"'{term.start}':*" if term.start else "", " <-> ")

    def _in_title(self, term: Term) -> str:
        """Whether its words stand beside each other is seen in the document."""
        begun = f"'{_TITLE}{term.start}':*" if term.start else ""
        return _either([f"'{_TITLE}{one}'" for one in term.stems], begun, " & ")

    async def put(self, tx: Tx, library_id: str, documents: dict[str, Document]) -> None:
        rows: list[dict[str, Value]] = [
            {"library_id": library_id, "key": key, **structs.asdict(document), "words": _vector(library_id, document)}
            for key, document in documents.items()
        ]
        await upsert(tx, "search_doc", ("library_id", "key"), rows)


_ENGINES: dict[str, Engine] = {"sqlite": Fts5(), "postgres": TextSearch()}


def engine_of(dialect: str) -> Engine:
    """The engine of a database."""
    return _ENGINES[dialect]


def _scope(library_id: str) -> str:
    """The word of the index that stands for a library; no text has it, for identifiers are no words of texts."""
    return "l" + library_id.replace("-", "")


def _vector(library_id: str, document: Document) -> str:
    places: dict[str, list[str]] = {}
    place = 0
    for part in PARTS:
        for word in getattr(document, part).split():
            place += 1
            if place <= _MOST_PLACE and len(found := places.setdefault(word, [])) < _MOST_PLACES:
                found.append(str(place))
        place += 1 if part == "title" else 0
    words = [f"'{word}':{','.join(found)}" if found else f"'{word}'" for word, found in places.items()]
    title = [f"'{_TITLE}{word}'" for word in dict.fromkeys(document.title.split())]
    return " ".join([f"'{_scope(library_id)}'", *words, *title])


def _either(words: list[str], begun: str, joint: str) -> str:
    """The words joined, or the same where the last one is only begun."""
    whole = f"({joint.join(words)})"
    return f"({whole} | ({joint.join([*words[:-1], begun])}))" if begun else whole
