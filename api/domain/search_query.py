"""What a person asks when searching, read from one line of text: the grammar of `docs/search.md`.

Never raises and never refuses: a field word that is none, or whose value says nothing, is searched as words and named
in `unread`. Limits: 500 characters, 20 words, 20 field words; what goes beyond is left out.
"""

from __future__ import annotations

import re
from typing import Literal, TypeVar, get_args

from msgspec import Struct, structs

from api.domain.entries import Condition
from api.domain.search_words import IDLE, stem, words_of

Part = Literal["title", "authors", "venue", "abstract", "note", "marks"]
PARTS: tuple[Part, ...] = get_args(Part)
MOST_QUERY = 500  # characters
MOST_WORDS = 20
MOST_FIELDS = 20
SHORTEST_START = 2  # characters that the beginning of a word needs

_FIELDS: dict[str, Part] = {
    "title": "title",
    "author": "authors",
    "authors": "authors",
    "venue": "venue",
    "journal": "venue",
    "abstract": "abstract",
    "note": "note",
    "highlight": "marks",
}
_HAS = {"code": "code", "pdf": "pdf", "note": "note", "notes": "note", "highlight": "highlights"}
_IS = {"unread": "to_read", "to_read": "to_read", "reading": "reading", "read": "read", "archived": "archived"}
_PIECE = re.compile(r'(?P<minus>-)?(?:(?P<field>[A-Za-z]+):)?(?:"(?P<phrase>[^"]*)(?:"|$)|(?P<word>[^\s"]+))')
_YEARS = re.compile(r"(?P<sign>[<>]=?|=)?(?P<from>\d{4})(?:(?:\.\.|-)(?P<to>\d{4})?)?|\.\.(?P<until>\d{4})")
T = TypeVar("T")


class Term(Struct, frozen=True):
    """Words that stand beside each other, without their endings; the last may be the `start` of a word.

    `shown` is what the person typed, folded.
    """

    stems: tuple[str, ...]
    start: str = ""
    shown: str = ""


class Within(Struct, frozen=True):
    """Words that one part of a paper has to hold."""

    part: Part
    term: Term


class SearchQuery(Struct, frozen=True):
    """Words, of which many are better than few; what has to be there, and what must not; conditions on the entry."""

    words: tuple[Term, ...] = ()
    phrases: tuple[Term, ...] = ()
    within: tuple[Within, ...] = ()
    without: tuple[Term, ...] = ()
    not_within: tuple[Within, ...] = ()
    conditions: tuple[Condition, ...] = ()
    unread: tuple[str, ...] = ()

    @property
    def asks_text(self) -> bool:
        """Whether anything is to be looked for in the text."""
        return bool(self.words or self.phrases or self.within or self.without or self.not_within)

    @property
    def said(self) -> str:
        """The words and phrases as they were typed, folded."""
        return " ".join(term.shown for term in (*self.words, *self.phrases))


def read_search(text: str) -> SearchQuery:
    """The query in a line; a word that is still being typed, the last one, may be the start of a longer one."""
    line = text[:MOST_QUERY].replace("“", '"').replace("”", '"').replace("„", '"')
    query = SearchQuery()
    for piece in _PIECE.finditer(line):
        query = _with_field(query, piece) or _with_words(query, piece)
    open_end = bool(line) and not line[-1].isspace() and line[-1] != '"'
    return _cut(query, open_end)


def _with_field(query: SearchQuery, piece: re.Match[str]) -> SearchQuery | None:
    """The query with what a field word says; None where it is none."""
    name, minus = (piece["field"] or "").lower(), bool(piece["minus"])
    if not name:
        return None
    value = (piece["phrase"] if piece["word"] is None else piece["word"]).strip()
    if name in _FIELDS:
        term = _term(value)
        if term is None:
            return query
        found = Within(_FIELDS[name], term)
        if minus:
            return structs.replace(query, not_within=(*query.not_within, found))
        return structs.replace(query, within=(*query.within, found))
    condition = _condition(name, value, minus)
    if condition is not None:
        return structs.replace(query, conditions=(*query.conditions, condition))
    return structs.replace(_with_words(query, piece), unread=(*query.unread, piece.group().strip()))


def _condition(name: str, value: str, minus: bool) -> Condition | None:
    lower = value.lower()
    if name in ("tag", "list") and value:
        return Condition(name, value[:255], not_=minus)  # type: ignore[arg-type]  # one of the two names
    if name == "has" and (lower in _HAS or lower.removesuffix("s") in _HAS):
        return Condition("has", _HAS.get(lower) or _HAS[lower.removesuffix("s")], not_=minus)
    if name == "is" and lower in ("starred", "star"):
        return Condition("starred", "", not_=minus)
    if name in ("is", "status") and lower in _IS:
        return Condition("status", _IS[lower], not_=minus)
    years = _YEARS.fullmatch(value) if name == "year" else None
    return _years(years, minus) if years else None


def _years(said: re.Match[str], minus: bool) -> Condition:
    first, last = 0, 9999
    if said["until"]:
        last = int(said["until"])
    elif said["sign"] in (">", ">="):
        first = int(said["from"]) + (said["sign"] == ">")
    elif said["sign"] in ("<", "<="):
        last = int(said["from"]) - (said["sign"] == "<")
    else:
        first = int(said["from"])
        ranged = len(said.group()) > 4 and not said["sign"]
        last = int(said["to"]) if said["to"] else 9999 if ranged else first
    return Condition("year", "", not_=minus, first=min(first, last), last=max(first, last))


def _with_words(query: SearchQuery, piece: re.Match[str]) -> SearchQuery:
    """The query with a phrase, a word, or one that must not be there."""
    text = piece["phrase"] if piece["word"] is None else piece["word"]
    if piece["field"]:
        text = f"{piece['field']} {text}"
    term = _term(text)
    if term is None:
        return query
    if piece["minus"]:
        return structs.replace(query, without=(*query.without, term))
    if piece["word"] is None:
        return structs.replace(query, phrases=(*query.phrases, term))
    return structs.replace(query, words=(*query.words, *_apart(term)))


def _term(text: str) -> Term | None:
    """The words of a text beside each other; a star at its end leaves the last one open."""
    words = words_of(text)
    if not words:
        return None
    start = words[-1] if text.endswith("*") and len(words[-1]) >= SHORTEST_START else ""
    return Term(tuple(stem(word) for word in words), start, " ".join(words))


def _apart(term: Term) -> list[Term]:
    """The words of an unquoted piece such as `state-action`, each by itself."""
    shown = term.shown.split(" ")
    last = len(shown) - 1
    return [Term((one,), term.start if i == last else "", shown[i]) for i, one in enumerate(term.stems)]


def _cut(query: SearchQuery, open_end: bool) -> SearchQuery:
    words = list(dict.fromkeys(query.words))[:MOST_WORDS]
    if open_end and words and words[-1] == query.words[-1] and len(words[-1].shown) > SHORTEST_START:
        words[-1] = structs.replace(words[-1], start=words[-1].shown)
    telling = [one for one in words if one.shown not in IDLE]
    return structs.replace(
        query,
        words=tuple(telling or words),
        phrases=_first(query.phrases, MOST_FIELDS),
        within=_first(query.within, MOST_FIELDS),
        without=_first(query.without, MOST_FIELDS),
        not_within=_first(query.not_within, MOST_FIELDS),
        conditions=_first(query.conditions, MOST_FIELDS),
        unread=_first(query.unread, MOST_FIELDS),
    )


def _first(held: tuple[T, ...], most: int) -> tuple[T, ...]:
    return tuple(dict.fromkeys(held))[:most]
