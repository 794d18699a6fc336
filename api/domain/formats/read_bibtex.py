"""A .bib file, BibTeX or BibLaTeX, becomes records: fields mapped, TeX read, what entries inherit filled in.

Keys are kept as they are. Tools' own fields (`timestamp`, `groups`, `biburl`) and local files are left behind: they
say nothing of the paper. Refuses an entry only if nothing in it could be its title.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice

from api.domain.errors import TooLarge
from api.domain.formats.imported import SOURCE as IMPORT
from api.domain.formats.imported import Imported, Read, Unread, checked
from api.domain.formats.read_bib_blocks import Block, blocks
from api.domain.formats.read_bib_fields import (
    JOURNALS,
    PRINTED_KIND,
    TYPES,
    arxiv_of,
    date_of,
    day_of,
    identifiers_of,
    kind_of,
    pages_of,
)
from api.domain.formats.read_bib_names import people_of
from api.domain.formats.read_tex import tex_to_text, verbatim
from api.domain.formats.theses import type_named
from api.domain.papers import Author, Dates, Extra, Finding, Kind

MOST_BLOCKS = 50_001  # one more than a file may have records, so that the reader of files hears of too many
MOST_INHERITED = 5_000_000  # characters that all entries of a file have from others: 10,000 papers of proceedings
MOST_SIGNS = 2_500_000  # each costs time; of real files one character in 15 is one, so that 20 MB have half as many
_SIGNS = "\\{}$~`'-"
SHORT = 2_000  # characters of a value that is read once for all entries that have it
_NO_ENTRY = ("xdata", "set", "control")
_FROM_PARENT = {"title": "booktitle", "subtitle": "booksubtitle", "shorttitle": "", "key": "", "ids": "", "note": ""}
_GENERATIONS = 4  # of parents and xdata
_COST = 100  # characters that the asking of a parent counts as
_TITLES = ("title", "maintitle", "booktitle", "shorttitle", "note", "howpublished", "eventtitle")
_ACCESSED = re.compile(r"Accessed \d{4}-\d\d-\d\d")
_WEB = re.compile(r"https?://\S+", re.IGNORECASE)


def read_bibtex(text: str) -> Iterator[Read]:
    """A record or a line for each entry, in the file's order; raises TooLarge for more TeX than anybody writes."""
    if sum(map(text.count, _SIGNS)) > MOST_SIGNS:
        raise TooLarge(f"a file may have {MOST_SIGNS:,} braces, backslashes and other signs of TeX", limit=MOST_SIGNS)
    found = list(islice(blocks(text), MOST_BLOCKS))
    families = _Families(found)
    for one in found:
        if isinstance(one, Unread):
            yield one
        elif one.kind not in _NO_ENTRY:
            yield checked(_record(one, families.fields_of(one)))


class _Families:
    """What entries inherit by `crossref` and `xdata`: of all together no more than a file may hold, for few parents
    may have many children, and rings of them no end.
    """

    def __init__(self, found: Iterable[Block | Unread]) -> None:
        self._known = {one.key.casefold(): one for one in reversed([*found]) if isinstance(one, Block) and one.key}
        self._left = MOST_INHERITED

    def fields_of(self, block: Block, children: tuple[str, ...] = ()) -> dict[str, str]:
        """An entry's own fields and those that it inherits; `children` are the keys that the asking came by."""
        fields = dict(block.fields)
        if len(children) >= _GENERATIONS:
            return fields
        children = (*children, block.key.casefold())
        for name in fields.get("xdata", "").split(",")[:20]:
            for inherited, value in self._of_parent(name, children):
                fields.setdefault(inherited, value)
        for name, value in self._of_parent(fields.get("crossref", ""), children):
            given = _FROM_PARENT.get(name, name)
            if given == "booktitle" and block.kind in ("article", "suppperiodical"):
                given = "journaltitle"
            if given:
                fields.setdefault(given, value)
        return fields

    def _of_parent(self, key: str, children: tuple[str, ...]) -> Iterator[tuple[str, str]]:
        folded = key.strip().casefold()
        parent = self._known.get(folded)
        if parent is None or folded in children or self._left <= 0:
            return
        fields = self.fields_of(parent, children)
        self._left -= sum(map(len, fields.values())) + _COST
        yield from fields.items()


def _record(block: Block, fields: dict[str, str]) -> Imported:
    kind = kind_of(block.kind, fields)
    url = _url(fields)
    seen = day_of(fields.get("urldate", "")) if kind in ("webpage", "dataset") else None
    return Imported(
        line=block.line,
        finding=_finding(block.kind, kind, fields),
        citekey=(tex_to_text(block.key) if "\\" in block.key else block.key) or None,
        url=url,
        tags=_keywords(fields),
        note=_text(fields, "annote", "annotation") or None,
        saved_at=f"{seen}T00:00:00.000Z" if seen else None,
    )


def _finding(entry_type: str, kind: Kind, fields: dict[str, str]) -> Finding:
    date = date_of(fields)
    arxiv = arxiv_of(fields)
    venue, publisher = _home(kind, fields)
    return Finding(
        IMPORT,
        identifiers=identifiers_of(fields),
        kind=kind,
        title=_title(fields),
        authors=_people(fields.get("author", "")),
        abstract=_text(fields, "abstract") or None,
        dates=Dates(preprinted=date) if kind == "preprint" else Dates(issued=date),
        venue=venue or None,
        volume=_text(fields, "volume") or None,
        issue=_text(fields, "issue", "number") or None,
        pages=pages_of(fields),
        publisher=publisher or None,
        language=_text(fields, "langid", "language") or None,
        primary_class=verbatim(fields.get("primaryclass", "") or fields.get("eprintclass", "")) or None
        if arxiv
        else None,
        extra=_extra(entry_type, kind, fields),
    )


def _title(fields: dict[str, str]) -> str | None:
    name = next((one for one in _TITLES if _text(fields, one)), None)
    if name is None:
        return None
    title, more = _text(fields, name), _text(fields, {"booktitle": "booksubtitle"}.get(name, "subtitle"))
    return f"{title}: {more}" if more and name != "note" else title


def _home(kind: Kind, fields: dict[str, str]) -> tuple[str, str]:
    """Venue and publisher, wherever an entry of this kind keeps them."""
    book = _text(fields, "booktitle")
    if book and (more := _text(fields, "booksubtitle")):
        book = f"{book}: {more}"
    publisher = _text(fields, "publisher", "school", "institution", "organization")
    said = PRINTED_KIND.fullmatch(_text(fields, "howpublished"))
    venue = JOURNALS.get(fields.get("journal", "").strip()) or _text(fields, "journal", "journaltitle") or book
    if kind == "webpage" and not venue:
        venue, publisher = _text(fields, "organization"), _text(fields, "publisher")
    if kind in ("book", "thesis", "report") and not venue:
        venue = _text(fields, "series")
    if said and said[2]:
        venue, publisher = (said[2], publisher) if publisher else (venue, said[2])
    return venue, publisher


def _extra(entry_type: str, kind: Kind, fields: dict[str, str]) -> Extra:
    how, note = _text(fields, "howpublished"), _text(fields, "note", "addendum")
    only_address = _WEB.fullmatch(verbatim(fields.get("howpublished", ""))) is not None
    named = _text(fields, "type")
    in_series = kind in ("book", "thesis", "report")
    return Extra(
        editors=_people(fields.get("editor", "")),
        edition=_text(fields, "edition"),
        series="" if in_series and not fields.get("journal") else _text(fields, "series"),
        place=_text(fields, "address", "location", "venue"),
        organization=_text(fields, "organization") if fields.get("publisher") or fields.get("institution") else "",
        chapter=_text(fields, "chapter"),
        type=type_named(named) or TYPES.get(entry_type, ""),
        howpublished="" if only_address or PRINTED_KIND.fullmatch(how) else how,
        note="" if _ACCESSED.fullmatch(note) or note == "Untitled" else note,
        isbn=_text(fields, "isbn"),
        issn=_text(fields, "issn"),
        event=_text(fields, "eventtitle"),
        short_venue=_text(fields, "shortjournal"),
        software_version=_text(fields, "version"),
    )


def _url(fields: dict[str, str]) -> str | None:
    for name in ("url", "howpublished", "link", "bdsk-url-1"):
        found = _WEB.match(verbatim(fields.get(name, "")))
        if found:
            return found[0].rstrip("}")[:8192]
    return None


def _keywords(fields: dict[str, str]) -> tuple[str, ...]:
    tex = ", ".join(fields[name] for name in ("keywords", "mendeley-tags", "keyword") if fields.get(name))
    if not tex:
        return ()
    found: list[str] = []
    depth, start = 0, 0
    for place, char in enumerate(f"{tex},"):
        depth += (char == "{") - (char == "}")
        if char in ",;" and depth <= 0:
            found.append(tex_to_text(tex[start:place])[:255])
            start = place + 1
    return tuple(dict.fromkeys(tag for tag in found if tag))


def _text(fields: dict[str, str], *names: str) -> str:
    """The first of these fields that says something, as text."""
    for name in names:  # a plain loop: this is what reading spends most of its time in
        if (tex := fields.get(name)) and (text := _read_once(tex) if len(tex) < SHORT else tex_to_text(tex)):
            return text
    return ""


def _people(tex: str) -> tuple[Author, ...]:
    return _people_once(tex) if len(tex) < SHORT else people_of(tex)


_people_once = lru_cache(maxsize=1024)(people_of)


@lru_cache(maxsize=1024)
def _read_once(tex: str) -> str:
    return tex_to_text(tex)  # journals, publishers and what entries inherit come again and again
