"""Addresses that keep themselves up to date: what one shows, to whoever knows its secret.

Refuses formats that hold a reader's own words: an address is passed on, so notes and highlights stay out.
"""

from __future__ import annotations

import re
import unicodedata

from msgspec import Struct

from api.domain.entries import MOST_WORDS, EntryFilter
from api.domain.errors import BadInput, NotFound
from api.domain.formats.catalog import FORMATS, ExportWish, FormatName, Part, export_wish

MOST_FEEDS = 100  # of one library
OPEN_FORMATS: tuple[FormatName, ...] = tuple(name for name, one in FORMATS.items() if one.parts is not None)


class PublicFeed(Struct, frozen=True):
    """An address: its name, its format, and the entries it shows (all, or of a tag, a list, a search).

    `slug` stands in the address of an open link in place of a secret.
    """

    id: str
    name: str
    format: FormatName
    tag: str | None
    list_: str | None
    q: str | None
    created_at: int
    slug: str | None = None

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


def slug_of(name: str, chance: str) -> str:
    """What stands in an open link: the letters and digits of a name, and something that nobody else has."""
    plain = unicodedata.normalize("NFKD", name).lower().encode("ascii", "ignore").decode()
    words = re.sub("[^a-z0-9]+", "-", plain)[:40].strip("-")
    return "-".join(part for part in (words, chance) if part)


def ending(format_: FormatName) -> str:
    """How the file name of a format ends: `bib`, `ris`, …"""
    return FORMATS[format_].filename.rpartition(".")[2]


def check_format(format_: FormatName) -> None:
    """Raises BadInput for a format that shows the reader's own words whatever is asked."""
    if format_ not in OPEN_FORMATS:
        raise BadInput(f"{format_} holds notes and highlights, which no open address shows")


def wish_for(feed: PublicFeed, filename: str) -> ExportWish:
    """What the address with this file name gives: the feed's format, or the first of ours with another ending.

    Raises NotFound for an ending that no open format has. Notes are never in it, and tags not in an open link.
    """
    wanted = filename.rpartition(".")[2].lower()
    for name in (feed.format, *OPEN_FORMATS):
        if ending(name) == wanted:
            hidden: tuple[Part, ...] = ("note", "tags") if feed.slug else ("note",)
            return export_wish(name, "saved" if name == "atom" else "key", exclude=hidden)
    raise NotFound("no such file; it ends in .bib, .ris, .json, .md, .csv or .xml")
