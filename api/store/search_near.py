"""What was meant, beside what was said: documents whose vectors point as the query's, fused with those its words find.

Refuses what the query's conditions leave out: words that must not be there, phrases and filters hold here too.
"""

from __future__ import annotations

from collections.abc import Sequence

from api.domain.entries import EVERY_ENTRY, EntryFilter
from api.domain.fusion import fused
from api.domain.search_query import SearchQuery
from api.domain.search_ranks import answers
from api.meaning import Sought
from api.store import meanings, search_matches
from api.store.database import Tx
from api.store.search_docs import read_to
from api.store.search_matches import Found, Ranked

MOST_NEAR = 20
LEAST_LIKE = 0.2  # a cosine, under which texts of one field are alike by chance


async def rank(
    tx: Tx,
    libraries: Sequence[str],
    query: SearchQuery,
    wanted: EntryFilter = EVERY_ENTRY,
    sought: Sought | None = None,
) -> Ranked:
    """What answers a query by its words and, where a vector is sought too, by its meaning."""
    ranked = await search_matches.rank(tx, libraries, query, wanted)
    if sought is None:
        return ranked
    found = {(one.library_id, one.key): one for one in ranked.found}
    orders = [list(found)]
    for library_id in libraries:
        keys = await near(tx, library_id, sought)
        fresh = [key for key in keys if (library_id, key) not in found]
        for key, document in (await search_matches.get(tx, library_id, fresh, wanted)).items():
            if answers(document, query):
                found[library_id, key] = Found(library_id, key, 0.0, whole=False, document=document, near=True)
        orders.append([(library_id, key) for key in keys if (library_id, key) in found])
    return Ranked(tuple(found[one] for one in fused(*orders)), ranked.asked)


async def near(tx: Tx, library_id: str, sought: Sought) -> list[str]:
    """The keys of up to twenty documents whose vectors point most like one, the most alike first."""
    shelf = sought.meaning.shelf(library_id, (await read_to(tx, library_id)).epoch)
    shelf.add(await meanings.newer(tx, library_id, sought.meaning.name, shelf.last))
    found = shelf.nearest(sought.vector, MOST_NEAR, LEAST_LIKE)
    still = await meanings.numbers(tx, library_id, sought.meaning.name, list(found))
    return [key for key, number in found.items() if still.get(key) == number]


async def alike(tx: Tx, library_id: str, key: str, sought: Sought | None) -> list[str]:
    """The entries of a library that are most like one by their words and, where its vector is given, its meaning."""
    by_words = await search_matches.alike(tx, library_id, key)
    by_meaning = await near(tx, library_id, sought) if sought else []
    return fused(by_words, [one for one in by_meaning if one != key])
