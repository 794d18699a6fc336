"""Keep, rename and drop searches by name.

Refuses more than a hundred for one library, and a name or a query that is too long or none.
"""

from __future__ import annotations

from msgspec import structs

from api.actions.desk import Desk
from api.domain.errors import BadInput, NotFound
from api.domain.fields import check_text
from api.domain.saved_searches import LONGEST_NAME, LONGEST_QUERY, MOST_SEARCHES, SavedSearch
from api.store import saved_searches
from api.store.database import Tx


async def list_searches(desk: Desk, library_id: str) -> list[SavedSearch]:
    """The searches of a library, by name."""
    return await desk.database.read(lambda tx: saved_searches.listed(tx, library_id))


async def keep_search(desk: Desk, library_id: str, name: str, query: str) -> SavedSearch:
    """Keep a new one; raises BadInput."""
    search = SavedSearch(desk.new_id(), _name(name), query, desk.now())
    check_text("query", query)
    if not query or len(query) > LONGEST_QUERY:
        raise BadInput("a saved search has words or filters, and not too many")

    async def work(tx: Tx) -> None:
        await tx.lock(f"searches {library_id}")
        if len(await saved_searches.listed(tx, library_id)) >= MOST_SEARCHES:
            raise BadInput(f"a library has at most {MOST_SEARCHES} saved searches; delete one first")
        await saved_searches.put(tx, library_id, search)

    await desk.database.write(work)
    return search


async def rename_search(desk: Desk, library_id: str, search_id: str, name: str) -> None:
    """Give one another name; raises BadInput, NotFound."""
    new = _name(name)

    async def work(tx: Tx) -> None:
        search = await _get(tx, library_id, search_id)
        await saved_searches.put(tx, library_id, structs.replace(search, name=new))

    await desk.database.write(work)


async def drop_search(desk: Desk, library_id: str, search_id: str) -> SavedSearch:
    """Drop one, and say what it was, so that it can be kept anew; raises NotFound."""

    async def work(tx: Tx) -> SavedSearch:
        search = await _get(tx, library_id, search_id)
        await saved_searches.remove(tx, library_id, search_id)
        return search

    return await desk.database.write(work)


async def _get(tx: Tx, library_id: str, search_id: str) -> SavedSearch:
    await tx.lock(f"searches {library_id}")
    for search in await saved_searches.listed(tx, library_id):
        if search.id == search_id:
            return search
    raise NotFound("no such saved search")


def _name(text: str) -> str:
    check_text("name", text)
    name = " ".join(text.split())
    if not name or len(name) > LONGEST_NAME:
        raise BadInput(f"a saved search has a name of 1 to {LONGEST_NAME} characters")
    return name
