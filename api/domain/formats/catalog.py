"""Which formats a library can be taken out in: their names, media types, file names, and what one can ask of them.

Refuses to know how any of them is written; that is a module each.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from api.domain.errors import BadInput
from api.domain.formats.records import BibEntry

FormatName = Literal[
    "bibtex", "biblatex", "ris", "csl-json", "markdown", "markdown-notes", "csv", "atom", "webannotation", "json"
]
Part = Literal["abstract", "note", "tags", "url"]
Order = Literal["key", "saved"]
IN_ASCII: tuple[FormatName, ...] = ("bibtex", "biblatex", "ris")  # of which there is a form in ASCII alone
PARTS: tuple[Part, ...] = ("abstract", "note", "tags", "url")
_SHARED: frozenset[Part] = frozenset({"abstract", "tags", "url"})  # notes are the reader's own: only when asked for


class Format(Struct, frozen=True):
    """A format: its media type, its file's name, and the parts of a record written by default (None: no choice)."""

    media_type: str
    filename: str
    parts: frozenset[Part] | None = _SHARED
    detail: str = "charset=utf-8"  # said beside the media type, but of text/*, whose charset the HTTP library names

    @property
    def content_type(self) -> str:
        """The media type with its parameter."""
        said = self.detail and not self.media_type.startswith("text/")
        return f"{self.media_type}; {self.detail}" if said else self.media_type


FORMATS: dict[FormatName, Format] = {
    "bibtex": Format("application/x-bibtex", "scholium.bib"),
    "biblatex": Format("application/x-biblatex", "scholium-biblatex.bib"),
    "ris": Format("application/x-research-info-systems", "scholium.ris"),
    "csl-json": Format("application/vnd.citationstyles.csl+json", "scholium.csl.json", detail=""),
    "markdown": Format("text/markdown", "scholium.md", frozenset({"tags", "url"})),
    "markdown-notes": Format("application/zip", "scholium-notes.zip", None, ""),
    "csv": Format("text/csv", "scholium.csv", frozenset(PARTS)),
    "atom": Format("application/atom+xml", "scholium.xml"),
    "webannotation": Format(
        "application/ld+json", "scholium.jsonld", None, 'profile="http://www.w3.org/ns/anno.jsonld"'
    ),
    "json": Format("application/json", "scholium.json", None, ""),
}


class ExportWish(Struct, frozen=True):
    """What an export is asked for: the format, the order of its records, and the parts that each record has."""

    format: FormatName = "bibtex"
    order: Order = "key"
    parts: frozenset[Part] = _SHARED
    ascii_only: bool = False


def export_wish(
    format_: FormatName,
    order: Order = "key",
    fields: tuple[Part, ...] = (),
    exclude: tuple[Part, ...] = (),
    *,
    ascii_only: bool = False,
) -> ExportWish:
    """The wish that these options name: `fields` stand for the format's own choice, `exclude` is taken from it.

    Raises BadInput where a format leaves no choice, and for ASCII in a format that has no spelling for it.
    """
    usual = FORMATS[format_].parts
    if usual is None and (fields or exclude):
        raise BadInput(f"{format_} is always whole: neither fields nor exclude")
    if ascii_only and format_ not in IN_ASCII:
        raise BadInput(f"{format_} is UTF-8: ascii is for {', '.join(IN_ASCII)}")
    return ExportWish(format_, order, frozenset(fields or usual or ()) - frozenset(exclude), ascii_only)


def in_order_of(found: Iterable[tuple[str, str | None, str | None]], order: Order) -> list[str]:
    """Entries by citation key, or the last saved first, of their keys, citation keys and times of saving."""
    if order == "saved":
        return [key for _, key in sorted(((saved or "", key) for key, _, saved in found), reverse=True)]
    return [key for _, key in sorted((citekey.casefold(), key) for key, citekey, _ in found if citekey)]


def trimmed(entry: BibEntry, parts: frozenset[Part]) -> BibEntry:
    """The record with these parts alone, beside what a record always has."""
    paper = entry.paper
    if "abstract" not in parts:
        paper = replace(paper, abstract=None)
    if "url" not in parts:
        paper = replace(paper, identifiers={k: v for k, v in paper.identifiers.items() if k != "url"})
    return replace(
        entry,
        paper=paper,
        tags=entry.tags if "tags" in parts else (),
        url=entry.url if "url" in parts else None,
        note=entry.note if "note" in parts else None,
    )
