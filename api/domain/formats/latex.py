"""Text becomes TeX: escaping, accents, light markup, the capitals of titles, people's names, verbatim addresses.

A value is text, never TeX: whatever it holds, it stays inside its braces and runs no command. Refuses to trust its
input: braces always balance, no backslash or `^^` gets through, math passes only if `texmath` knows all of it.
The forms are those that most readers (pandoc, pybtex, pylatexenc, citation-js) read back right.
Letters are spelled in two ways: `tex` for engines that count bytes, `utf8` for those that know Unicode.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from string import ascii_letters, digits, punctuation
from typing import Literal
from urllib.parse import quote

from api.domain.formats.texmath import GREEK, MATH, plain_math
from api.domain.papers import Author

Script = Literal["tex", "utf8"]
"""How letters beyond ASCII are written: Latin ones and lone Greek ones as TeX, or all as they are."""

_LETTERS = ("ss", "i", "o", "O", "l", "L", "ae", "AE", "oe", "OE", "dj", "DJ", "dh", "DH", "th", "TH", "ng", "NG")
_SYMBOLS = {
    "\\": r"{\textbackslash}",
    "~": r"{\textasciitilde}",
    "^": r"{\textasciicircum}",
    "{": r"{\textbraceleft}",  # never `\{`, which BibTeX counts as a brace
    "}": r"{\textbraceright}",
    "<": r"{\textless}",
    ">": r"{\textgreater}",
    "|": r"{\textbar}",
}
_SYMBOLS |= {char: "\\" + char for char in "&%#_$"}
_SYMBOLS |= zip("‐‑–—“”‘’", ["-", "-", "--", "---", "``", "''", "`", "'"], strict=True)
_UTF8_SPECIAL = re.compile(f"[{re.escape(''.join(_SYMBOLS))}]")
_SYMBOLS |= {letter: f"{{\\{command}}}" for letter, command in zip("ßıøØłŁæÆœŒđĐðÐþÞŋŊ", _LETTERS, strict=True)}
# Combining grave, acute, circumflex, tilde, macron, dot, diaeresis; then those whose command is a letter: breve, ring,
# double acute, caron, dot below, cedilla, ogonek, line below.
_ACCENTS = dict(zip("\u0300\u0301\u0302\u0303\u0304\u0307\u0308", "`'^~=.\"", strict=True))
_ACCENTS |= zip("\u0306\u030a\u030b\u030c\u0323\u0327\u0328\u0331", "urHvdckb", strict=True)
_LATIN = r"\u00c0-\u024f\u1e00-\u1eff"
_MARK = r"\u0300-\u036f"
_SPECIAL = re.compile(rf"[A-Za-z{_LATIN}][{_MARK}]+|[{_LATIN}{re.escape(''.join(_SYMBOLS))}]")
_ANY_GREEK = r"\u0370-\u03ff\u1f00-\u1fff"
_LONE_GREEK = re.compile(rf"(?<![{_ANY_GREEK}])[{''.join(GREEK)}](?![{_ANY_GREEK}{_MARK}])")

_MARKUP = {"<i>": r"\textit{", "<sub>": r"\textsubscript{", "<sup>": r"\textsuperscript{"}
_PIECE = re.compile(rf"({MATH.pattern}|</?(?:i|sub|sup)>)")
_DEEPEST_MARKUP = 4

_PART = rf"[^\W_](?:[^\W_]|[{_MARK}]|['’](?=[^\W_]))*"
_WORD = re.compile(rf"{_PART}(?:[-‐‑–&/+.]{_PART})*")
_JOINT = re.compile(r"([-‐‑–&/+.])")
_LONG_WORD = 4
_PLAIN_TITLE = re.compile(r"(?:A (?=[a-z])|[A-Z][a-z][a-z0-9]*)?[a-z0-9 ,.:;()'/+-]*")

_AND = re.compile(r"(?:^| )and(?: |$)", re.IGNORECASE)
_ADDRESS = "".join(set(ascii_letters + digits + punctuation) - set('{}\\"<>^|`'))


def clean(text: str) -> str:
    """The text on one line in NFC: without control, zero-width and soft-hyphen characters, with single spaces."""
    if not text:
        return ""
    if not text.isprintable():
        text = "".join(char for char in text if not _is_hidden(char))
    elif text.isascii() and "  " not in text and text[0] != " " != text[-1]:
        return text  # as nearly every text is
    return " ".join((text if text.isascii() else unicodedata.normalize("NFC", text)).split())


def to_tex(text: str, script: Script = "tex") -> str:
    """The text as TeX that typesets as it reads; Latin letters become ASCII, other scripts stay UTF-8."""
    return _assemble(clean(text), lambda run, _: _escape_text(run, script)) if text else ""


def title_to_tex(title: str, script: Script = "tex") -> str:
    """The same, with braces around what a style must not put into lower case.

    That is words with a capital after their first letter and lone capitals; and in a title that is in sentence case
    every capitalised word but the first, since a capital there means a proper name.
    """
    text = clean(title)
    if _PLAIN_TITLE.fullmatch(text):  # in sentence case, with nothing to escape or to protect
        return text
    names_too = _is_sentence_case(_WORD.findall(_PIECE.sub(" ", text)))
    return _assemble(text, lambda run, first: _protect(run, first, names_too, script))


def name_to_tex(author: Author, script: Script = "tex") -> str:
    """`particle Family, Suffix, Given`, or in braces what has no such parts; empty for a nameless author.

    In the script `tex` a part that stays non-Latin becomes `{\\relax …}`: BibTeX takes that for one letter, and does
    not cut a character in two when a style abbreviates it.
    """
    particle, family = clean(author.particle or ""), clean(author.family or "")
    given, suffix = clean(author.given or ""), clean(author.suffix or "")
    if not (family and given):
        single = " ".join(part for part in (given, particle, family) if part) or clean(author.literal or "")
        return _in_braces(", ".join(part for part in (single, suffix) if part), script)
    last = " ".join(_name_part(part, script) for part in (particle, family) if part)
    return ", ".join([last, *(_name_part(part, script) for part in (suffix, given) if part)])


def verbatim_url(url: str) -> str:
    """The address for a verbatim field: what breaks TeX, BibTeX or RFC 3986 percent-encoded, `%20` left as it is."""
    return _percent_encode(url, _ADDRESS)


def verbatim_doi(doi: str) -> str:
    """The bare DOI for a verbatim field: as it is, `<>` and all, but for braces, backslashes and non-ASCII."""
    return _percent_encode(doi, _ADDRESS + '"<>')


def _is_hidden(char: str) -> bool:
    if char.isspace():
        return False
    code = ord(char)
    no_character = code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF
    return no_character or unicodedata.category(char) in ("Cc", "Cf", "Cs")


def _percent_encode(text: str, safe: str) -> str:
    shown = text.strip()
    if not shown.isprintable():
        shown = "".join(char for char in shown if not _is_hidden(char) and char not in "\t\r\n")
    return quote(shown, safe=safe)


def _assemble(text: str, escape: Callable[[str, bool], str]) -> str:
    if "$" not in text and "<" not in text:
        return escape(text, True)
    pieces = _PIECE.split(text)  # text at even places; math and tags at odd ones
    markup = _paired_tags(pieces)
    return "".join(markup.get(place) or _math(piece) or escape(piece, place == 0) for place, piece in enumerate(pieces))


def _math(piece: str) -> str | None:
    formula = plain_math(piece[1:-1]) if MATH.fullmatch(piece) else None
    return formula and f"{{${formula}$}}"


def _paired_tags(pieces: list[str]) -> dict[int, str]:
    # Tags that nest rightly, and not too deep for TeX; all the others are text.
    paired: dict[int, str] = {}
    opened: list[int] = []
    for place in range(1, len(pieces), 2):
        tag = pieces[place]
        if tag in _MARKUP and len(opened) < _DEEPEST_MARKUP:
            opened.append(place)
        elif opened and tag == pieces[opened[-1]].replace("<", "</"):
            start = opened.pop()
            paired |= {start: _MARKUP[pieces[start]], place: "}"}
    return paired


def _escape_text(text: str, script: Script) -> str:
    tex = _escape(text, script)
    if script == "utf8" or tex.isascii():
        return tex
    return _LONE_GREEK.sub(lambda match: f"{{$\\{GREEK[match[0]]}$}}", tex)


def _escape(text: str, script: Script) -> str:
    if text.isascii() and text.isalnum():
        return text
    plain = script == "utf8" or text.isascii()  # the smaller set holds every ASCII symbol, and is read much faster
    return (_UTF8_SPECIAL if plain else _SPECIAL).sub(lambda match: _symbol_to_tex(match[0]), text)


@lru_cache(maxsize=4096)
def _symbol_to_tex(symbol: str) -> str:
    if symbol in _SYMBOLS:
        return _SYMBOLS[symbol]
    base, *marks = list(unicodedata.normalize("NFD", symbol))
    if not 1 <= len(marks) <= 2 or not (base in _SYMBOLS or base.isascii()) or not _ACCENTS.keys() >= set(marks):
        return symbol
    tex = _SYMBOLS.get(base, base).strip("{}")
    for mark in marks:
        accent = _ACCENTS[mark]
        tex = f"\\{accent}{tex}" if len(tex) == 1 and not accent.isalpha() else f"\\{accent}{{{tex}}}"
    return f"{{{tex}}}"


def _is_sentence_case(words: list[str]) -> bool:
    long = [word for word in words[1:] if len(word) >= _LONG_WORD and not _has_own_capitals(word)]
    return sum(word[0].isupper() for word in long) * 2 < len(long)


def _has_own_capitals(part: str) -> bool:
    if part.islower() or part[1:].islower():
        return False
    letters = [char for char in part if char.isalpha()]
    return any(char.isupper() for char in letters[1:]) or (len(letters) == 1 and letters[0].isupper())


def _protect(run: str, first: bool, names_too: bool, script: Script) -> str:
    tex, end = "", 0
    for word in _WORD.finditer(run):
        gap = run[end : word.start()]
        opens = (first and not end) or gap == ": "
        tex += gap if gap == " " else _escape_text(gap, script)
        tex += _protect_word(word[0], opens, names_too and not (first and not end), script)
        end = word.end()
    return tex + _escape_text(run[end:], script)


def _protect_word(word: str, opens: bool, names_too: bool, script: Script) -> str:
    if word.islower() or (not names_too and word.isalpha() and word[1:].islower()):
        return _escape_text(word, script)
    parts = _JOINT.split(word)
    held = [
        place
        for place, part in enumerate(parts)
        if (_has_own_capitals(part) and part not in GREEK and not (opens and word == "A"))
        or (names_too and part[0].isupper())
    ]
    if not held:
        return _escape_text(word, script)
    # The rest of the name comes along (CIFAR-10, U-Net), a plain word before or after it does not (non-IID).
    last = max(place for place in range(held[0], len(parts), 2) if place in held or not parts[place][0].islower())
    before, name, after = ("".join(part) for part in (parts[: held[0]], parts[held[0] : last + 1], parts[last + 1 :]))
    return f"{_escape_text(before, script)}{{{_escape_text(name, script)}}}{_escape_text(after, script)}"


def _name_part(part: str, script: Script) -> str:
    # A lower-case word in the middle would be read as a particle, a comma or an `and` as the end of the part.
    if part.isascii() and part.rstrip(".").isalpha() and part.casefold() != "and":
        return part
    words = part.split()
    particle_inside = words[0][0].isupper() and any(word[0].islower() for word in words[1:-1])
    tex = _escape(part, script)
    if "," in part or _AND.search(part) or particle_inside or not _is_whole(tex, script):
        return _in_braces(part, script)
    return tex


def _in_braces(text: str, script: Script) -> str:
    tex = _escape(text, script)
    if not _is_whole(tex, script):
        return f"{{\\relax {tex}}}"
    return f"{{{{{tex}}}}}" if tex.startswith("\\") else f"{{{tex}}}" if tex else ""


def _is_whole(tex: str, script: Script) -> bool:
    return script == "utf8" or tex.isascii()  # no letter of several bytes, which an old engine may cut
