"""A person's corrections of a paper, for their own library: they beat every source, until they are withdrawn.

Refuses blank texts, dates that are none, and authors without a name: what a source may not say, a person may not
either. Nothing is repaired; a text stays as it was sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from msgspec import UNSET, Meta, Struct, UnsetType, structs

from api.domain.fields import InvalidValue, check_text
from api.domain.papers import Author, Dates, Kind, Paper, Provenance
from api.domain.source_ranks import PERSON

DATE = r"^[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$"
MOST_AUTHORS = 5000
_NAMES = ("issued", "online", "preprinted")  # the order in which dates make the year

Line = Annotated[str, Meta(min_length=1, max_length=2000)]
Part = Annotated[str, Meta(min_length=1, max_length=255)]
Date = Annotated[str, Meta(pattern=DATE)]
Year = Annotated[int, Meta(ge=1000, le=2999)]


class AuthorWish(Struct, frozen=True, forbid_unknown_fields=True):
    """An author as a person gives it: a family name with what belongs to it, or a `literal`."""

    family: Part | None = None
    given: Part | None = None
    particle: Part | None = None
    suffix: Part | None = None
    literal: Part | None = None


class DatesWish(Struct, frozen=True, forbid_unknown_fields=True):
    """Dates to correct; null withdraws one."""

    preprinted: Date | UnsetType | None = UNSET
    online: Date | UnsetType | None = UNSET
    issued: Date | UnsetType | None = UNSET


class CorrectionWish(Struct, frozen=True, forbid_unknown_fields=True):
    """What a person corrects: what is left out stays, null withdraws the correction of that field."""

    kind: Kind | UnsetType | None = UNSET
    title: Line | UnsetType | None = UNSET
    authors: Annotated[tuple[AuthorWish, ...], Meta(min_length=1, max_length=MOST_AUTHORS)] | UnsetType | None = UNSET
    abstract: Annotated[str, Meta(min_length=1, max_length=100000)] | UnsetType | None = UNSET
    year: Year | UnsetType | None = UNSET
    dates: DatesWish | UnsetType | None = UNSET
    venue: Line | UnsetType | None = UNSET
    volume: Part | UnsetType | None = UNSET
    issue: Part | UnsetType | None = UNSET
    pages: Part | UnsetType | None = UNSET
    publisher: Line | UnsetType | None = UNSET
    language: Annotated[str, Meta(min_length=2, max_length=35)] | UnsetType | None = UNSET


class Corrections(Struct, frozen=True, omit_defaults=True):
    """What stands corrected; `at` says when, by field (RFC 3339), the dates by `dates.issued` and so on."""

    kind: Kind | None = None
    title: str | None = None
    authors: tuple[Author, ...] | None = None
    abstract: str | None = None
    year: int | None = None
    preprinted: str | None = None
    online: str | None = None
    issued: str | None = None
    venue: str | None = None
    volume: str | None = None
    issue: str | None = None
    pages: str | None = None
    publisher: str | None = None
    language: str | None = None
    at: dict[str, str] = {}


_SHOWN = {name: f"dates.{name}" for name in _NAMES}  # how `at` and provenance call a field


def correct(before: Corrections, wish: CorrectionWish, at: str) -> Corrections:
    """The corrections after a wish; raises InvalidValue or BadText."""
    given = {n: v for n, v in structs.asdict(wish).items() if v is not UNSET and n != "dates"}
    if wish.dates is None:
        given |= dict.fromkeys(_NAMES)
    elif wish.dates is not UNSET:
        given |= {n: v for n, v in structs.asdict(wish.dates).items() if v is not UNSET}
    for name, value in given.items():
        _check(name, value)
    if given.get("authors"):
        given["authors"] = tuple(Author(**structs.asdict(one)) for one in given["authors"])
    times = {n: t for n, t in before.at.items() if n not in {_SHOWN.get(g, g) for g in given}}
    times |= {_SHOWN.get(name, name): at for name, value in given.items() if value is not None}
    return structs.replace(before, **given, at=times)


def _check(name: str, value: Any) -> None:
    if isinstance(value, str):
        check_text(name, value)
        if not value.strip():
            raise InvalidValue(f"{name} is blank; null withdraws a correction")
    for author in value if name == "authors" and value else ():
        for part in structs.astuple(author):
            _check("an author's name", part)
        if bool(author.literal) == bool(author.family) or (author.literal and (author.given or author.particle)):
            raise InvalidValue("an author has a family name with what belongs to it, or a literal")


def corrected(paper: Paper, said: Corrections) -> Paper:
    """The paper as the library shows it; a corrected year stands for the date of issue where that has another."""
    dates = structs.replace(paper.dates, **{n: getattr(said, n) for n in _NAMES if getattr(said, n)})
    if said.year and not (dates.issued or "").startswith(str(said.year)):
        dates = structs.replace(dates, issued=str(said.year))
    values: dict[str, Any] = {
        name: getattr(said, name)
        for name in Corrections.__struct_fields__
        if name not in (*_NAMES, "at", "year") and getattr(said, name) is not None
    }
    return structs.replace(paper, dates=dates, year=said.year or _year(dates, paper.year), **values)


def _year(dates: Dates, otherwise: int | None) -> int | None:
    date = next((getattr(dates, name) for name in _NAMES if getattr(dates, name)), None)
    return int(date[:4]) if date else otherwise


def with_person(sources: Mapping[str, Provenance], said: Corrections) -> dict[str, Provenance]:
    """The provenance of a corrected paper's fields."""
    shown = dict(sources) | {name: Provenance(PERSON, at) for name, at in said.at.items()}
    year = next((shown[f"dates.{n}"] for n in _NAMES if f"dates.{n}" in said.at), None)
    if year and "year" not in said.at and (said.issued or not sources.get("dates.issued")):
        shown["year"] = year
    return dict(sorted(shown.items()))
