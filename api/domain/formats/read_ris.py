"""RIS becomes records: as the standard has it, and as the world writes it.

Takes one blank or two before the dash, tags in small letters, continued lines, numbers between records, and a record
whose end is missing. Refuses nothing but a record without a title.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from api.domain.formats.imported import SOURCE, Imported, Read, Unread, checked
from api.domain.formats.read_bib_fields import claims
from api.domain.formats.theses import type_named
from api.domain.markup import plain_text
from api.domain.papers import Author, Dates, Extra, Finding, Identifier, Kind

_TAG = re.compile(r"[ \t\ufeff]*([A-Za-z][A-Za-z0-9])[ \t]{1,3}-(?:[ \t](.*)|$)")
_KINDS: dict[Kind, str] = {
    "article": "JOUR JFULL MGZN NEWS EJOUR ABST INPR",
    "inproceedings": "CONF CPAPER",
    "preprint": "UNPB",
    "thesis": "THES",
    "book": "BOOK EDBOOK EBOOK SER",
    "chapter": "CHAP ECHAP",
    "report": "RPRT STAND PAT GOVDOC",
    "dataset": "DATA AGGR",
    "software": "COMP",
    "webpage": "ELEC BLOG GEN WEB",
}
_BY_TYPE: dict[str, Kind] = {name: kind for kind, names in _KINDS.items() for name in names.split()}
_DATE = re.compile(r"(\d{4})(?:[/-](\d{1,2}))?(?:[/-](\d{1,2}))?", re.ASCII)
MOST_LINES = 2000  # of one record


class _Fields(dict[str, list[str]]):
    """The values of a record by tag."""

    def first(self, *tags: str) -> str:
        """The first value of the first of these tags that has one."""
        return next((plain_text(value) for tag in tags for value in self.get(tag, ()) if value.strip()), "")

    def all(self, *tags: str) -> list[str]:
        """Every value of these tags."""
        return [text for tag in tags for value in self.get(tag, ()) if (text := plain_text(value))]


def read_ris(text: str) -> Iterator[Read]:
    """A record or a line for each `TY`."""
    for line, fields in _records(text):
        if fields is None:
            yield Unread(line, "too_large", f"a record may have {MOST_LINES:,} lines")
        else:
            yield checked(_record(line, fields))


def _records(text: str) -> Iterator[tuple[int, _Fields | None]]:
    fields, began, last = None, 0, ""
    size = 0
    for number, line in enumerate(text.splitlines(), 1):
        found = _TAG.match(line)
        tag = found[1].upper() if found else ""
        if tag == "TY":
            if fields is not None:
                yield began, fields if size <= MOST_LINES else None
            fields, began, size = _Fields(), number, 0
        if fields is None:
            continue
        size += 1
        if tag == "ER":
            yield began, fields if size <= MOST_LINES else None
            fields = None
        elif found and size <= MOST_LINES:
            fields.setdefault(tag, []).append((found[2] or "").strip())
            last = tag
        elif line.strip() and last and size <= MOST_LINES and fields.get(last):
            fields[last][-1] += " " + line.strip()
    if fields is not None:
        yield began, fields if size <= MOST_LINES else None


def _record(line: int, fields: _Fields) -> Imported:
    arxiv = claims("arxiv", fields.first("AN")) if "arxiv" in fields.first("AN").lower() else ()
    kind = _BY_TYPE.get(fields.first("TY").upper(), "article")
    if fields.first("TY").upper() == "GEN" and (arxiv or fields.first("M3") == "preprint"):
        kind = "preprint"
    seen = _date(fields.first("Y2")) if kind in ("webpage", "dataset") else None
    url = fields.first("UR", "L2", "L1", "LK")
    return Imported(
        line=line,
        finding=_finding(fields, kind, arxiv),
        citekey=fields.first("ID") or None,
        url=url if url.lower().startswith(("http://", "https://")) else None,
        tags=_tags(fields),
        note=" ".join(fields.all("N1")) or None,
        saved_at=f"{seen}T00:00:00.000Z" if seen and len(seen) == 10 else None,
    )


def _finding(fields: _Fields, kind: Kind, arxiv: tuple[Identifier, ...]) -> Finding:
    date = _date(fields.first("DA")) or _date(fields.first("PY", "Y1"))
    publisher = fields.first("PB")
    venue = fields.first("T2", "JO", "JF", "BT", "C3") if kind != "book" else fields.first("T3", "T2")
    return Finding(
        SOURCE,
        identifiers=tuple(dict.fromkeys((*claims("doi", fields.first("DO")), *arxiv))),
        kind=kind,
        title=fields.first("TI", "T1", "CT") or (fields.first("BT") if kind == "book" else "") or None,
        authors=_people(fields.all("AU", "A1")),
        abstract=fields.first("AB", "N2") or None,
        dates=Dates(preprinted=date) if kind == "preprint" else Dates(issued=date),
        venue=venue or None,
        volume=fields.first("VL") or None,
        issue=fields.first("IS") or None,
        pages=_pages(fields),
        publisher=None if publisher == "arXiv" and arxiv else publisher or None,
        language=fields.first("LA") or None,
        extra=_extra(fields, kind),
    )


def _extra(fields: _Fields, kind: Kind) -> Extra:
    number, said = fields.first("SN"), fields.first("M3")
    is_issn = re.match(r"\d{4}-?\d{3}[\dXx](?!\d)", number) is not None
    return Extra(
        editors=_people(fields.all("A2", "ED")),
        edition="" if kind == "software" else fields.first("ET"),
        software_version=fields.first("ET") if kind == "software" else "",
        series="" if kind == "book" else fields.first("T3"),
        place=fields.first("CY", "C1") if kind == "inproceedings" else fields.first("CY"),
        type=type_named(said),
        isbn="" if is_issn else number,
        issn=number if is_issn else "",
        short_venue=fields.first("J2", "JA"),
    )


def _tags(fields: _Fields) -> tuple[str, ...]:
    words = (word.strip()[:255] for value in fields.all("KW") for word in value.split(";"))
    return tuple(dict.fromkeys(word for word in words if word))


def _people(names: list[str]) -> tuple[Author, ...]:
    found = []
    for name in names:
        family, comma, rest = name.partition(",")
        given, _, suffix = rest.partition(",")
        if comma and family.strip() and given.strip():
            words = family.split()
            low = next((place for place, word in enumerate(words) if not word[0].islower()), len(words) - 1)
            particle = " ".join(words[:low]) or None
            found.append(Author(" ".join(words[low:]), given.strip(), particle, suffix.strip() or None))
        else:
            found.append(Author(literal=name.strip(" ,")))  # an organisation has no comma, as the format says
    return tuple(found)


def _date(text: str) -> str | None:
    found = _DATE.match(text)
    if found is None:
        return None
    parts = [found[1], *(f"{int(part):02}" for part in found.groups()[1:] if part and int(part))]
    return "-".join(parts)


def _pages(fields: _Fields) -> str | None:
    first, last = fields.first("SP"), fields.first("EP")
    return f"{first}-{last}" if first and last and "-" not in first else first or None
