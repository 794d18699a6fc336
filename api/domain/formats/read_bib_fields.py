"""What the fields of a .bib entry mean: kind, dates, pages, identifiers, of both dialects at once.

Refuses to guess a month or a kind that the entry does not name; a `@misc` is what its other fields say.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from api.domain import schemes
from api.domain.formats.read_tex import tex_to_text, verbatim
from api.domain.papers import Identifier, Kind

_KINDS: dict[Kind, str] = {
    "article": "article periodical suppperiodical review",
    "inproceedings": "inproceedings conference conference_paper",
    "book": "book mvbook collection mvcollection reference mvreference proceedings mvproceedings booklet",
    "chapter": "inbook incollection bookinbook suppbook suppcollection inreference book_section",
    "thesis": "phdthesis mastersthesis thesis",
    "report": "techreport report manual patent standard",
    "software": "software computer_program",
    "dataset": "dataset data",
    "preprint": "unpublished preprint",
    "webpage": "online electronic www webpage internet",
}
KINDS: dict[str, Kind] = {name: kind for kind, names in _KINDS.items() for name in names.split()}
TYPES = {"mastersthesis": "Master's thesis", "manual": "Manual", "patent": "Patent", "standard": "Standard"}
PRINTED_KIND = re.compile(r"(Software|Dataset|Thesis|Report)(?:, (.*))?", re.DOTALL)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DATE = re.compile(r"(\d{4})(?:[-/](\d\d?)(?:[-/](\d\d?))?)?(?!\d)", re.ASCII)
_YEAR = re.compile(r"(?<!\d)(\d{4})(?!\d)", re.ASCII)
_NUMBER = re.compile(r"\d+", re.ASCII)
_RESOLVER = re.compile(r"^(?:https?://(?:dx\.)?doi\.org/|doi:\s*)", re.IGNORECASE)
_ARXIV_SAID = re.compile(r"(?:arxiv[:\s]*(?:preprint\s+)?)+(\d{4}\.\d{4,5})", re.IGNORECASE)
_ARXIV_OLD = re.compile(r"(?:arxiv:\s*)?([a-z-]+(?:\.[A-Za-z-]+)?/\d{7}|\d{4}\.\d{4,5})(?:v\d+)?", re.IGNORECASE)


def kind_of(kind: str, fields: Mapping[str, str]) -> Kind:
    """The kind of an entry of this type (lower case)."""
    named = KINDS.get(kind)
    said = PRINTED_KIND.fullmatch(tex_to_text(fields.get("howpublished", "")))
    if named is None and said:
        printed: dict[str, Kind] = {"S": "software", "D": "dataset", "T": "thesis", "R": "report"}
        return printed[said[1][0]]
    if named in (None, "webpage") and arxiv_of(fields):
        return "preprint"
    if named is None and (fields.get("journal") or fields.get("journaltitle")):
        return "article"
    is_page = verbatim(fields.get("howpublished", "")).lower().startswith(("http://", "https://"))
    return named or ("webpage" if is_page and not fields.get("doi") else "article")


def date_of(fields: Mapping[str, str]) -> str | None:
    """`YYYY`, `YYYY-MM` or `YYYY-MM-DD` of the first day of what is said; None where there is no year."""
    found = _DATE.match(tex_to_text(fields.get("date", "")).strip(" ~")) if fields.get("date") else None
    if found:
        return _joined(found[1], int(found[2] or 0), int(found[3] or 0))
    year = _YEAR.search(tex_to_text(fields.get("year", "")))
    if year is None:
        return None
    month, day = _month(fields.get("month", ""), fields.get("day", ""))
    return _joined(year[1], month, day)


def day_of(text: str) -> str | None:
    """A whole day, as `urldate` has it; None for anything less."""
    found = _DATE.match(tex_to_text(text))
    day = _joined(found[1], int(found[2] or 0), int(found[3] or 0)) if found else ""
    return day if len(day) == 10 else None


def _joined(year: str, month: int, day: int) -> str:
    if not 1 <= month <= 12:
        return year
    return f"{year}-{month:02}-{day:02}" if 1 <= day <= 31 else f"{year}-{month:02}"


def _month(month: str, day: str) -> tuple[int, int]:
    text = tex_to_text(month).lower()
    named = [place for place, name in enumerate(_MONTHS, 1) if name in text]
    numbers = [int(number) for number in _NUMBER.findall(text)[:3]]
    days = _NUMBER.findall(tex_to_text(day))[:1]
    if named:
        return named[0], int(days[0]) if days else numbers[0] if numbers else 0
    return (numbers[0] if len(numbers) == 1 and text.isdecimal() else 0), int(days[0]) if days else 0


def pages_of(fields: Mapping[str, str]) -> str | None:
    """Pages with a hyphen in each range; else the article's number."""
    pages = tex_to_text(fields.get("pages", "") or fields.get("eid", "") or fields.get("articleno", ""))
    return re.sub(r"\s*[‐‑‒–—−-]+\s*", "-", pages).strip("- ") or None


def arxiv_of(fields: Mapping[str, str]) -> Identifier | None:
    """The arXiv id, where `eprint` holds one or another field says so."""
    kind = (fields.get("eprinttype", "") or fields.get("archiveprefix", "")).strip("{} ").lower()
    eprint = verbatim(fields.get("eprint", ""))
    if eprint and kind in ("", "arxiv"):
        found = _ARXIV_OLD.fullmatch(eprint)
        return next(iter(claims("arxiv", found[1])), None) if found else None
    said = [fields[name] for name in ("journal", "arxiv", "arxivid") if name in fields]
    text = " ".join(said)
    named = _ARXIV_SAID.search(text) if said and not eprint and len(text) < 500 else None
    return next(iter(claims("arxiv", named[1])), None) if named else None


def identifiers_of(fields: Mapping[str, str]) -> tuple[Identifier, ...]:
    """DOI, arXiv id, PMID and PMCID with what follows from them by rule, as far as they are well formed."""
    found = list(claims("doi", verbatim(fields.get("doi", ""))))
    arxiv = arxiv_of(fields)
    found += [arxiv] if arxiv else []
    if "pubmed" in fields.get("eprinttype", "").lower():
        found += claims("pmid", verbatim(fields.get("eprint", "")))
    for scheme in ("pmid", "pmcid"):
        found += claims(scheme, verbatim(fields.get(scheme, "")))
    return tuple(dict.fromkeys(found))


def claims(scheme: str, value: str) -> tuple[Identifier, ...]:
    """The identifiers that a value says, with or without its resolver's address; none where it breaks the grammar."""
    value = _RESOLVER.sub("", value.strip())
    claim = schemes.claim(scheme, value) if value and len(value) < 2000 else None
    return claim.identifiers if claim else ()


# The macros for journals of AASTeX, which stand in every file of ADS and are in no file themselves.
JOURNALS = {
    r"\aap": "Astronomy & Astrophysics",
    r"\aj": "The Astronomical Journal",
    r"\ao": "Applied Optics",
    r"\apj": "The Astrophysical Journal",
    r"\apjl": "The Astrophysical Journal Letters",
    r"\apjs": "The Astrophysical Journal Supplement Series",
    r"\apss": "Astrophysics and Space Science",
    r"\araa": "Annual Review of Astronomy and Astrophysics",
    r"\grl": "Geophysical Research Letters",
    r"\icarus": "Icarus",
    r"\jcap": "Journal of Cosmology and Astroparticle Physics",
    r"\jgr": "Journal of Geophysical Research",
    r"\mnras": "Monthly Notices of the Royal Astronomical Society",
    r"\nat": "Nature",
    r"\pasa": "Publications of the Astronomical Society of Australia",
    r"\pasj": "Publications of the Astronomical Society of Japan",
    r"\pasp": "Publications of the Astronomical Society of the Pacific",
    r"\physrep": "Physics Reports",
    r"\planss": "Planetary and Space Science",
    r"\pra": "Physical Review A",
    r"\prb": "Physical Review B",
    r"\prc": "Physical Review C",
    r"\prd": "Physical Review D",
    r"\pre": "Physical Review E",
    r"\prl": "Physical Review Letters",
    r"\solphys": "Solar Physics",
    r"\ssr": "Space Science Reviews",
}
