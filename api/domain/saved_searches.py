"""A search that a person keeps by name: words and filters, as the library page writes them into its address."""

from __future__ import annotations

from msgspec import Struct

MOST_SEARCHES = 100  # of one library
LONGEST_NAME = 100
LONGEST_QUERY = 8192  # characters of a query string


class SavedSearch(Struct, frozen=True):
    """Its name, its filters as a query string without a place in the list, and when it was made (Unix ms)."""

    id: str
    name: str
    query: str
    created_at: int
