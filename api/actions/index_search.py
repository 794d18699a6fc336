"""Read for searching what changed since: the clock work of the search, a few hundred objects in a transaction.

A search reads what is left of its own library first, so that it finds what was just saved. Refuses to hold the
database's writer for long: each step is one transaction, and a library that is far behind takes many.
"""

from __future__ import annotations

from api.actions.desk import Desk
from api.store import search_reading

STEP = 200  # changes of a library, or papers, in one transaction
MOST_STEPS = 100  # of one round; the next one goes on


async def index_search(desk: Desk) -> int:
    """Read on in every library that is behind, and in the papers that all share; returns the number of steps."""
    steps = 0
    for library_id in await desk.database.read(lambda tx: search_reading.behind(tx, MOST_STEPS)):
        done = False
        while not done and steps < MOST_STEPS:
            done = await desk.database.write(lambda tx, one=library_id: search_reading.read_on(tx, one, STEP))  # type: ignore[misc]
            steps += 1
    done = False
    while not done and steps < MOST_STEPS:
        done = await desk.database.write(lambda tx: search_reading.read_papers(tx, STEP))
        steps += 1
    return steps
