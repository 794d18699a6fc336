"""The best documents of some libraries for a query: found by the index in steps, from the strictest on, then ranked.

Refuses to rank more than 300 documents of a library: in a large one those with every word in the title come first, then
those with every word, then those with the rarest words. Where fewer match, all are ranked, and both databases agree.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct, structs

from api.domain.entries import EVERY_ENTRY, EntryFilter
from api.domain.search_documents import Document
from api.domain.search_match import Match, Need, any_word, in_title
from api.domain.search_query import SearchQuery, Term
from api.domain.search_ranks import Asked, answers, rarity, score, scored, telling
from api.domain.search_words import IDLE
from api.store import entry_filters, search_vocabulary
from api.store.database import Row, Tx, Value, in_list
from api.store.search_docs import COLUMNS, document_in, get_document, read_to
from api.store.search_engines import engine_of

MOST_RANKED = 300
MOST_WALKED = 5000  # documents that the index walks over for words that need not all be there; the rarest word always


class Found(Struct, frozen=True):
    """A document that answers: whose it is, its key (an entry's, or a paper's with everybody), and how well.

    `whole`: it has every word, and not some of them. `near`: it was found by its meaning alone.
    `document` is what was compared.
    """

    library_id: str
    key: str
    score: float
    whole: bool
    document: Document
    near: bool = False


class Ranked(Struct, frozen=True):
    """What answers, the best first, and the words that were looked for."""

    found: tuple[Found, ...]
    asked: tuple[Asked, ...]


async def rank(tx: Tx, libraries: Sequence[str], query: SearchQuery, wanted: EntryFilter = EVERY_ENTRY) -> Ranked:
    """What answers a query among the entries that a filter names."""
    asked, expected = await _asked(tx, libraries, query)
    required = tuple(Need((t,)) for t in query.phrases)
    required += tuple(Need((one.term,), one.part == "title") for one in query.within)
    steps = steps_of(asked, expected, required, query.without)
    named = set(query.phrases) | {one.term for one in query.within}
    all_asked = (*asked, *await _told_by(tx, libraries, named))
    found: list[Found] = []
    for library_id in libraries:
        documents = await candidates(tx, library_id, steps, wanted)
        for key, document in documents.items():
            if answers(document, query):
                found.append(Found(library_id, key, *scored(document, all_asked, len(asked)), document))
    by_key = sorted(found, key=lambda one: one.key, reverse=True)  # of equals the one that was saved last
    return Ranked(tuple(sorted(by_key, key=lambda one: -one.score)), all_asked)


async def alike(tx: Tx, library_id: str, key: str) -> list[str]:
    """The entries of a library that share the most telling words with one of them, the likest first."""
    document = await get_document(tx, library_id, key)
    if document is None:
        return []
    counts = await search_vocabulary.counts(tx, [library_id], document.stems)
    asked = telling(document, counts, (await read_to(tx, library_id)).docs)
    if not asked:
        return []
    needs = [Need(tuple(_sought(one) for one in asked[: len(asked) // 2])), Need(tuple(map(_sought, asked)))]
    found = await candidates(tx, library_id, [Match((need,)) for need in needs if need.any_of])
    scored = sorted(((score(other, asked), other_key) for other_key, other in found.items()), reverse=True)
    return [other_key for n, other_key in scored if other_key != key and n > 0]


def steps_of(
    asked: Sequence[Asked], expected: Sequence[int], required: tuple[Need, ...] = (), without: tuple[Term, ...] = ()
) -> list[Match]:
    """What to ask the index, one after the other, until there is enough; `expected` documents have each word."""
    if not asked:
        return [Match(required, without)]
    order = sorted(range(len(asked)), key=lambda i: expected[i])
    needs = tuple(Need((_sought(asked[i]),)) for i in order)
    everything = Match((*required, *any_word(Match(needs)).needs), without)
    if sum(expected) <= MOST_RANKED:
        return [everything]
    steps = [Match((*required, *in_title(Match(needs)).needs), without), Match((*required, *needs), without)]
    if len(needs) > 2:
        steps.append(Match((*required, *needs[:-1]), without))
    for most in (MOST_RANKED, MOST_WALKED):
        some = [need for place, need in enumerate(needs) if not place or _within(expected, order[: place + 1], most)]
        steps.append(Match((*required, *any_word(Match(tuple(some))).needs), without))
    return list(dict.fromkeys(steps))


def _within(expected: Sequence[int], places: Sequence[int], most: int) -> bool:
    return sum(expected[i] for i in places) <= most


async def candidates(
    tx: Tx, library_id: str, steps: Sequence[Match], wanted: EntryFilter = EVERY_ENTRY
) -> dict[str, Document]:
    """Up to 300 documents of a library, by their keys."""
    engine = engine_of(tx.dialect)
    where, values = await _named(tx, library_id, wanted)
    found: dict[str, Document] = {}
    for step in steps:
        if len(found) >= MOST_RANKED:
            break
        rows: Sequence[Row] = await tx.rows(
            f"SELECT d.key, {COLUMNS} FROM {engine.tables} WHERE {engine.condition} AND {where} LIMIT :most",
            **(values | {"match": engine.match(library_id, step), "most": MOST_RANKED}),
        )
        for row in rows:
            if row["key"] not in found and len(found) < MOST_RANKED:
                found[row["key"]] = document_in(row)
    return found


async def get(tx: Tx, library_id: str, keys: Sequence[str], wanted: EntryFilter = EVERY_ENTRY) -> dict[str, Document]:
    """Those of the documents with these keys that a filter names."""
    where, values = await _named(tx, library_id, wanted)
    text, named = in_list("k", keys)
    rows = await tx.rows(
        f"SELECT d.key, {COLUMNS} FROM search_doc d WHERE d.key IN ({text}) AND {where}", **values, **named
    )
    return {row["key"]: document_in(row) for row in rows}


async def _named(tx: Tx, library_id: str, wanted: EntryFilter) -> tuple[str, dict[str, Value]]:
    """The condition of being a document of a library that a filter names."""
    here = "d.library_id = :library_id"
    if wanted == EVERY_ENTRY:
        return here, {"library_id": library_id}
    filtered, values = await entry_filters.where(tx, library_id, wanted)
    # OFFSET 0: PostgreSQL would else join all entries that the filter names before it looks for the first.
    each = f"SELECT 1 FROM {entry_filters.TABLES} WHERE {filtered} AND o.key = d.key LIMIT 1 OFFSET 0"
    return f"{here} AND EXISTS ({each})", values


async def _asked(tx: Tx, libraries: Sequence[str], query: SearchQuery) -> tuple[tuple[Asked, ...], list[int]]:
    """The words with how rare each is, slips corrected; and how many documents have each."""
    documents = sum([(await read_to(tx, each)).docs for each in libraries])
    counts = await search_vocabulary.counts(tx, libraries, [term.stems[0] for term in query.words])
    asked: list[Asked] = []
    expected: list[int] = []
    for term in query.words:
        n, meant = counts.get(term.stems[0], 0), ""
        if term.start:
            n = max(n, await search_vocabulary.count_started(tx, libraries, term.start))
        if not n:
            near = await search_vocabulary.nearest_to(tx, libraries, term)
            meant, n = near or ("", await search_vocabulary.count_started(tx, libraries, term.shown))
            term = structs.replace(term, start=term.shown if n and not meant else "")
        asked.append(Asked(term, rarity(documents, n), meant))
        expected.append(n)
    return tuple(asked), expected


async def _told_by(tx: Tx, libraries: Sequence[str], terms: set[Term]) -> list[Asked]:
    """The words of phrases and fields, which have to be there, as they weigh in the order."""
    words = {one: shown for t in terms for one, shown in zip(t.stems, t.shown.split(" "), strict=True)}
    telling = sorted(one for one, shown in words.items() if shown not in IDLE)
    documents = sum([(await read_to(tx, each)).docs for each in libraries])
    counts = await search_vocabulary.counts(tx, libraries, telling)
    return [Asked(Term((one,), "", words[one]), rarity(documents, counts.get(one, 0))) for one in telling]


def _sought(one: Asked) -> Term:
    return Term((one.meant,)) if one.meant else one.term
