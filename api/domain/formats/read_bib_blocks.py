"""The blocks of a .bib file, told apart: entries with their raw fields, and a line for each that is broken.

Reads once from front to back and recovers at the next `@word{` at the beginning of a line, so that one bad brace
costs one entry. Macros and `#` are resolved, each value held to a limit, for a few `@string`s can multiply without
end. Refuses to know what a field means.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from api.domain.formats.imported import Unread

MOST_VALUE = 1_000_000  # characters of a field
MOST_FIELDS = 500
_START = re.compile(r"@[ \t]*([^\W\d]\w*)\s*([({])")
_RESTART = re.compile(r"^[ \t]*@[ \t]*[^\W\d]\w*\s*[({]", re.MULTILINE)
_NAME = re.compile(r"\s*([^\s=,{}()\"#%@]+)\s*=\s*")
# A key may hold an accent in TeX (`garc{\'\i}a1987`), as Google Scholar writes them.
_KEY = re.compile(r"\s*((?:[^,={}()\n]++|\{[^{},=\n]{0,40}+\}){0,50}+)\s*(?:,|(?=[})]))")
_BRACE = re.compile(r"[{}]")
_QUOTED = re.compile(r'[{}"]')
_BARE = re.compile(r"[^\s,{}()\"#=]+")
_JOINT = re.compile(r"\s*#\s*")
_BLANK = re.compile(r"\s*")
_PATIENCE = 20  # broken entries, after which a value ends where the next entry begins, so that time stays linear
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


class Block(Struct, frozen=True):
    """One entry as it stands: type and field names in lower case, values as TeX without their delimiters."""

    line: int
    kind: str
    key: str
    fields: dict[str, str]


class _Broken(Exception):
    """This entry cannot be read on; the text says why."""


def blocks(text: str) -> Iterator[Block | Unread]:
    """The entries in their order; `@comment` and `@preamble` are passed over, `@string` is taken in."""
    macros: dict[str, str] = {month: month for month in _MONTHS}
    at, line, counted, broken = 0, 1, 0, 0
    while (start := _START.search(text, at)) is not None:
        line += text.count("\n", counted, start.start())
        counted = start.start()
        kind, begins = start[1].lower(), 0
        try:
            if broken >= _PATIENCE:  # a piece by itself, in which nothing can reach beyond
                begins = counted
                piece = text[begins : _next_start(text, start.end())]
                end, block = _block(piece, _START.match(piece) or start, kind, line, macros)
            else:
                end, block = _block(text, start, kind, line, macros)
        except _Broken as why:
            broken += 1
            at = _next_start(text, start.end())
            if kind not in ("comment", "preamble"):
                yield Unread(line, "unreadable", f"@{kind[:40]}: {why}")
            continue
        at = begins + end
        if block is not None:
            yield block


def _block(text: str, start: re.Match[str], kind: str, line: int, macros: dict[str, str]) -> tuple[int, Block | None]:
    if kind in ("comment", "preamble"):
        return _skip(text, start.end()), None
    if kind == "string":
        end, fields = _fields(text, start.end(), macros, start[2])
        macros |= fields
        return end, None
    key = _KEY.match(text, start.end())
    if key is None:
        raise _Broken("no citation key followed by a comma")
    end, fields = _fields(text, key.end(), macros, start[2])
    return end, Block(line, kind, key[1].rstrip(), fields)


def _skip(text: str, at: int) -> int:
    return _braced(text, at)


def _next_start(text: str, at: int) -> int:
    found = _RESTART.search(text, at)
    return found.start() if found else len(text)


def _fields(text: str, at: int, macros: dict[str, str], opened: str) -> tuple[int, dict[str, str]]:
    fields: dict[str, str] = {}
    close = "}" if opened == "{" else ")"
    while True:
        at = _space(text, at)
        if at >= len(text):
            raise _Broken("the file ends inside it")
        if text[at] == close:
            return at + 1, fields
        if text[at] == ",":
            at += 1
            continue
        name = _NAME.match(text, at)
        if name is None:
            raise _Broken(f"no field where there should be one: {' '.join(text[at : at + 30].split())!r}")
        at, value = _value(text, name.end(), macros)
        fields.setdefault(name[1].lower(), value)
        if len(fields) > MOST_FIELDS:
            raise _Broken(f"more than {MOST_FIELDS} fields")
        at = _end_of_field(text, at, close)


def _end_of_field(text: str, at: int, close: str) -> int:
    after = _space(text, at)
    if after < len(text) and text[after] not in (",", close) and _NAME.match(text, after) is None:
        raise _Broken(f"neither a comma nor its end after a value: {' '.join(text[after : after + 30].split())!r}")
    return after


def _value(text: str, at: int, macros: dict[str, str]) -> tuple[int, str]:
    parts: list[str] = []
    size = 0
    while True:
        at, part = _part(text, at, macros)
        parts.append(part)
        size += len(part)
        if size > MOST_VALUE:
            raise _Broken(f"a field of more than {MOST_VALUE:,} characters")
        joint = _JOINT.match(text, at)
        if joint is None:
            return at, "".join(parts)
        at = joint.end()


def _part(text: str, at: int, macros: dict[str, str]) -> tuple[int, str]:
    first = text[at : at + 1]
    if first == "{":
        end = _braced(text, at + 1)
        return end, text[at + 1 : end - 1]
    if first == '"':
        end = _quoted(text, at + 1)
        return end, text[at + 1 : end - 1]
    bare = _BARE.match(text, at)
    if bare is None:
        raise _Broken("a field without a value")
    word = bare[0]
    return bare.end(), macros.get(word.lower(), word)  # an undefined macro stays as its name


def _braced(text: str, at: int) -> int:
    """The place behind the brace that closes; a whole new entry on a line of its own says that none does."""
    depth = 1
    for brace in _BRACE.finditer(text, at, at + MOST_VALUE + 2):
        if brace[0] == "{":
            depth += 1
            continue
        if depth == 1 and text[brace.start() - 1] == "\\" and _is_inner(text, brace.end()):
            continue
        depth -= 1
        if not depth:
            return brace.end()
    raise _Broken("its braces do not pair")


def _is_inner(text: str, after: int) -> bool:
    # `\}` in a value counts as a brace for BibTeX; where the value clearly goes on behind it, it was meant as a sign.
    rest = text[after : after + 40].lstrip()
    return bool(rest) and rest[0] not in ",}#" and _NAME.match(text, after) is None


def _quoted(text: str, at: int) -> int:
    depth = 0
    for mark in _QUOTED.finditer(text, at, at + MOST_VALUE + 2):
        if mark[0] == '"' and not depth:
            return mark.end()
        depth += {"{": 1, "}": -1}.get(mark[0], 0)
        if depth < 0:
            break
    raise _Broken("a quoted value without its end")


def _space(text: str, at: int) -> int:
    while True:
        blank = _BLANK.match(text, at)
        end = blank.end() if blank else at
        if text[end : end + 1] != "%":
            return end
        line_end = text.find("\n", end)
        at = len(text) if line_end < 0 else line_end
