"""The form that corrects a paper: what it shows, and the wish that it sends.

Refuses to take for a correction what the person left as it stood, though the paper changed since the form was shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec
from msgspec import structs

from api.actions.get_paper import KnownPaper
from api.domain.corrections import CorrectionWish
from api.domain.disagreements import shown_value
from api.domain.errors import BadInput
from api.domain.names import author
from api.domain.papers import Author, Paper
from api.domain.source_ranks import PERSON

_LABELS = {
    "title": "Title",
    "authors": "Authors, one a line: Family, Given",
    "venue": "Venue",
    "dates.issued": "Issued (YYYY, YYYY-MM or YYYY-MM-DD)",
    "volume": "Volume",
    "issue": "Issue",
    "pages": "Pages",
    "publisher": "Publisher",
}


class FormLine(NamedTuple):
    """One field of the form; `by_you` where its value is a correction, `stood` what it was."""

    name: str
    label: str
    value: str
    by_you: bool
    stood: str


def correction_of(known: KnownPaper) -> list[FormLine]:
    """The fields that the form offers, with the values that stand."""

    def by_you(name: str) -> bool:
        return name in known.provenance and known.provenance[name].source == PERSON

    return [
        FormLine(name, label, value, by_you(name), value)
        for name, label in _LABELS.items()
        for value in [_value(known.paper, name)]
    ]


def read_correction(form: Mapping[str, Any], paper: Paper) -> CorrectionWish:
    """The wish in a sent form: an emptied field withdraws, an untouched one is left out. Raises BadInput."""
    wish: dict[str, Any] = {}
    for name in _LABELS:
        given, before = (_lines(str(form.get(key, ""))) for key in (name, f"was.{name}"))
        if given == before:
            continue
        value: Any = given or None
        if name == "authors" and given:
            value = _people(given, paper)
        if name == "dates.issued":
            wish["dates"] = {"issued": value}
        else:
            wish[name] = value
    try:
        return msgspec.convert(wish, CorrectionWish)
    except msgspec.ValidationError as wrong:
        raise BadInput(str(wrong)) from None


def _value(paper: Paper, name: str) -> str:
    return "\n".join(map(_line, paper.authors)) if name == "authors" else shown_value(paper, name)


def _line(one: Author) -> str:
    if one.literal:
        return one.literal
    family = " ".join(part for part in (one.particle, one.family) if part)
    return ", ".join(part for part in (family, one.suffix, one.given) if part)


def _people(text: str, paper: Paper) -> list[dict[str, str]]:
    """Authors by line; a line that stood there before is the same person, however it would be read."""
    known = {_line(one): one for one in paper.authors}
    found: list[dict[str, str]] = []
    for line in text.split("\n"):
        one = known.get(line) or author(line)
        if one is None:
            raise BadInput(f"{line!r} is no author's name")
        found.append({name: part for name, part in structs.asdict(one).items() if part})
    return found


def _lines(text: str) -> str:
    return "\n".join(line.strip() for line in text.replace("\r\n", "\n").split("\n") if line.strip())
