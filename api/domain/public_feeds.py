"""Addresses that keep themselves up to date: what one shows, to whoever knows its secret.

Refuses formats that hold a reader's own words: an address is passed on, so notes and highlights stay out.
"""

from __future__ import annotations

from msgspec import Struct

from api.domain.entries import MOST_WORDS, EntryFilter
from api.domain.errors import BadInput, NotFound
from api.domain.formats.catalog import FORMATS, ExportWish, FormatName, export_wish

MOST_FEEDS = 100  # of one library


class PublicFeed(Struct, frozen=True):
    """An address: its name, its format, and the entries it shows (all, or of a tag, a list, a search)."""

    id: str
    name: str
    format: FormatName
    tag: str | None
    list_: str | None
    q: str | None
    created_at: int

    @property
    def wanted(self) -> EntryFilter:
        """The filter of its entries."""
        words = tuple((self.q or "").split()[:MOST_WORDS])
        return EntryFilter((self.tag,) if self.tag else (), self.list_, words=words)


class OpenFeed(Struct, frozen=True):
    """A feed that somebody opened: whose it is, where its library stands, and since when (Unix seconds)."""

    feed: PublicFeed
    library_id: str
    epoch: str
    version: int
    changed_at: int


def ending(format_: FormatName) -> str:
    """How the file name of a format ends: `bib`, `ris`, …"""
    return FORMATS[format_].filename.rpartition(".")[2]


def check_format(format_: FormatName) -> None:
    """Raises BadInput for a format that shows the reader's own words whatever is asked."""
    if FORMATS[format_].parts is None:
        raise BadInput(f"{format_} holds notes and highlights, which no open address shows")


def wish_for(feed: PublicFeed, filename: str) -> ExportWish:
    """What the address with this file name gives: the feed's format, or the first of ours with another ending.

    Raises NotFound for an ending that no open format has. Notes are never in it.
    """
    wanted = filename.rpartition(".")[2].lower()
    open_formats: list[FormatName] = [name for name, one in FORMATS.items() if one.parts is not None]
    for name in (feed.format, *open_formats):
        if ending(name) == wanted:
            return export_wish(name, "saved" if name == "atom" else "key", exclude=("note",))
    raise NotFound("no such file; it ends in .bib, .ris, .json, .md, .csv or .xml")
