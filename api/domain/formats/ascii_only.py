"""A bibliography in ASCII alone, for old engines and forms: what TeX can spell is spelled, the rest transliterated.

Works on the texts of a record, before they are escaped, so that nothing a transliteration holds is read as TeX.
Refuses to hide what it did: a .bib file says at its end how many characters are not what they were.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from string import printable
from typing import TypeVar
from urllib.parse import quote

from msgspec import Struct
from msgspec.structs import asdict, replace

from api.domain.citekeys import to_ascii
from api.domain.formats.latex import clean, name_to_tex, to_tex
from api.domain.formats.records import BibEntry
from api.domain.formats.texmath import MATH, plain_math
from api.domain.papers import Author

Writer = Callable[[Iterable[BibEntry]], Iterator[str]]
S = TypeVar("S", bound=Struct)
_MARK, _GREEK = r"\u0300-\u036f", r"\u0370-\u03ff\u1f00-\u1fff"
# A Greek word, which TeX has no letters for, as one; else a letter with its marks.
_SYMBOL = re.compile(rf"[{_GREEK}{_MARK}]{{2,}}|[A-Za-z][{_MARK}]+|[^\x00-\x7f][{_MARK}]*")
_MATH = re.compile(f"({MATH.pattern})")


def ascii_writer(render: Writer, *, tex: bool) -> Writer:
    """The writer, held to ASCII; with `tex`, where it writes TeX, letters and signs that TeX can spell are kept."""

    def rendered(entries: Iterable[BibEntry]) -> Iterator[str]:
        speller = _Speller(tex=tex)
        for text in render(map(speller.entry, entries)):
            yield text if text.isascii() else _SYMBOL.sub(lambda symbol: _in_tex(symbol[0]), text)
        if tex and speller.changed:
            yield f"% In ASCII: {speller.changed} characters are transliterated or left out.\n"

    return rendered


def _in_tex(symbol: str) -> str:
    tex = to_tex(symbol)
    return tex if tex.isascii() else to_tex(to_ascii(symbol))


class _Speller:
    def __init__(self, *, tex: bool) -> None:
        self._tex = tex
        self.changed = 0

    def entry(self, entry: BibEntry) -> BibEntry:
        paper = self._whole(entry.paper)
        named = {scheme: tuple(map(_percent, values)) for scheme, values in paper.identifiers.items()}
        editors = tuple(map(self._author, paper.extra.editors))
        paper = replace(
            paper,
            authors=tuple(map(self._author, paper.authors)),
            extra=replace(self._whole(paper.extra), editors=editors),
            identifiers=named,
        )
        return replace(entry, paper=paper, tags=tuple(map(self._text, entry.tags)), note=self._text(entry.note or ""))

    def _whole(self, whole: S) -> S:
        texts = {name: value for name, value in asdict(whole).items() if isinstance(value, str)}
        return replace(whole, **{name: self._text(value) for name, value in texts.items()})

    def _author(self, author: Author) -> Author:
        parts = {name: value for name, value in asdict(author).items() if value}
        return Author(**{name: self._spelled(value, name=True) for name, value in parts.items()})

    def _text(self, text: str) -> str:
        if text.isascii():
            return text
        pieces = _MATH.split(clean(text))  # text at even places, what may be mathematics at odd ones
        return "".join(
            piece if place % 2 and self._tex and plain_math(piece[1:-1]) else self._spelled(piece)
            for place, piece in enumerate(pieces)
        )

    def _spelled(self, text: str, *, name: bool = False) -> str:
        return text if text.isascii() else _SYMBOL.sub(lambda symbol: self._symbol(symbol[0], name=name), clean(text))

    def _symbol(self, symbol: str, *, name: bool) -> str:
        spelled = name_to_tex(Author(literal=symbol)) if name else to_tex(symbol)
        if self._tex and spelled.isascii() and spelled:
            return symbol
        self.changed += len(symbol)
        return to_ascii(symbol)


def _percent(value: str) -> str:
    return value if value.isascii() else quote(value, safe=printable)
