"""TeX in a field of a .bib file becomes text: accents, symbols and escapes as characters, a little markup, math kept.

One pass from left to right with a stack, linear in the text however deep its braces. Refuses to run anything: an
unknown command keeps its name, and braces that do not pair vanish.
"""

from __future__ import annotations

import html
import re
import unicodedata

from api.domain.formats.texmath import GREEK

_MARKS = dict(zip("`'^~=.\"", "\u0300\u0301\u0302\u0303\u0304\u0307\u0308", strict=True))
_MARKS |= dict(zip("urHvdckbt", "\u0306\u030a\u030b\u030c\u0323\u0327\u0328\u0331\u0361", strict=True))
_ALL_MARKS = "".join(_MARKS.values())
_NAMED = """
ss ß o ø O Ø l ł L Ł ae æ AE Æ oe œ OE Œ aa å AA Å i ı j ȷ dj đ DJ Đ dh ð DH Ð th þ TH Þ ng ŋ NG Ŋ textless <
textgreater > textbar | textasciitilde ~ textasciicircum ^ textbackslash \\ textbraceleft { textbraceright }
textunderscore _ textquotedblleft “ textquotedblright ” textquoteleft ‘ textquoteright ’ textendash –
textemdash — textellipsis … ldots … dots … textregistered ® textcopyright © copyright © texttrademark ™
textdegree ° degree ° S § P ¶ pounds £ textsterling £ euro € texteuro € EUR € textordmasculine º
textquotesingle ' textquotedbl " slash / lbrace { rbrace } textperiodcentered · textexclamdown ¡
textquestiondown ¿ guillemotleft « guillemotright » textdollar $ TeX TeX LaTeX LaTeX BibTeX BibTeX LaTeXe
LaTeX2e
"""  # command and character by turns
_WORDS = _NAMED.split()
_SYMBOLS = {**dict(zip(_WORDS[::2], _WORDS[1::2], strict=True)), "newline": " ", "quad": " "}
_NAMELESS = """
relax textrm textsf texttt textsc textup textmd textnormal mbox text bf it em rm sc tt sf bfseries itshape
scshape ensuremath url path href protect uppercase MakeUppercase nolinebreak textbf boldsymbol mkbibquote
nocite
"""
_SILENT = frozenset(_NAMELESS.split())
_MARKUP = {
    "textit": "i",
    "emph": "i",
    "textsl": "i",
    "mkbibemph": "i",
    "textsubscript": "sub",
    "textsuperscript": "sup",
}
_LETTER = {command: glyph for glyph, command in GREEK.items()}
_SPOKEN = re.compile(r"[\\{}$~%`'&-]")
_TOKEN = re.compile(r"\\(?:[A-Za-z]+\*?[ \t\n]*|.)|[{}]|\$[^$]{1,2000}\$|~|---?|``|''|`|[^\\{}$~`'-]+|.", re.DOTALL)
_ENTITY = re.compile(r"(?<!\\)&(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|[A-Za-z]{2,8});")
_TAG = re.compile(
    r"</?(?:b|strong|span|scp|sc|p|u|tt|font|div|br|jats:[a-z-]+|mml:[a-z-]+)(?:\s[^<>]{0,500})?/?>", re.I
)
_EMPHASIS = re.compile(r"<(/?)(?:em|italic)>", re.I)
_OTHER_MATH = re.compile(r"(?<!\\)\\\(([^$]{1,2000}?)\\\)|\\ensuremath\s*\{([^{}$]{1,200})\}")
_UNPRINTED = re.compile(r"\\(?:noop|noopsort|SortNoop|sortnoop)\s*\{[^{}]{0,200}\}")  # for the order of names and years
_LONE_GREEK = re.compile(r"\$\s*\\([A-Za-z]+)\s*\$")
_PLAIN = {"~": "\u00a0", "--": "–", "---": "—", "``": "“", "''": "”", "`": "‘"}


def tex_to_text(tex: str) -> str:
    """The text as one reads it, on one line and in NFC; light markup as `<i>`, `<sub>`, `<sup>`, math as it stands."""
    if "<" in tex:  # registries send tags; what a person wrote as a sign is TeX by now
        tex = _EMPHASIS.sub(r"<\1i>", _TAG.sub("", tex))
    if _SPOKEN.search(tex):
        tex = _ENTITY.sub(lambda found: html.unescape(found[0]), tex) if "&" in tex else tex
        if "\\" in tex:
            tex = _OTHER_MATH.sub(lambda found: f"${found[1] or found[2]}$", _UNPRINTED.sub("", tex))
        tex = _Reading().of(tex)
    text = unicodedata.normalize("NFC", tex) if not tex.isascii() else tex
    return " ".join(text.split())


def verbatim(tex: str) -> str:
    """An address or identifier: without `\\url{}`, braces around all of it, and the escapes people add to it."""
    if "\\" not in tex and "{" not in tex:
        return tex.strip()
    text = re.sub(r"^\s*\\(?:url|path|href)\s*", "", tex).strip()
    while text.startswith("{") and text.endswith("}"):
        text = text[1:-1].strip()
    text = re.sub(r"\{(\\?[_%&#$]|\\[~^]\{\})\}", r"\1", text)
    text = re.sub(r"\\([_%&#$~^{}])(?:\{\})?", r"\1", text)
    return text.replace(r"\textasciitilde", "~").replace("{~}", "~").strip()


class _Reading:
    """The text so far, what each open brace ends, and an accent or a tag that waits for what comes next."""

    def __init__(self) -> None:
        self._out: list[str] = []
        self._ends: list[tuple[int, str, str]] = []  # where the group began, its accent, its tag
        self._accent = ""
        self._tag = ""

    def of(self, tex: str) -> str:
        for match in _TOKEN.finditer(tex):
            self._take(match[0])
        while self._ends:
            self._close()
        return "".join(self._out)

    def _take(self, token: str) -> None:
        first = token[0]
        if first == "{":
            self._ends.append((len(self._out), self._accent, self._tag))
            self._accent = self._tag = ""
        elif first == "}":
            self._close()
        elif first == "\\":
            self._command(token[1:].rstrip(" \t\n"))
        elif first == "$" and len(token) > 1:
            self._put(_math(token))
        else:
            self._put(_PLAIN.get(token, token))

    def _close(self) -> None:
        if not self._ends:
            return
        start, accent, tag = self._ends.pop()
        self._accent = self._tag = ""
        if not (accent or tag):
            return
        text = "".join(self._out[start:])
        del self._out[start:]
        text = _accented(text, accent) if accent else text
        self._out.append(f"<{tag}>{text}</{tag}>" if tag and text else text)

    def _command(self, name: str) -> None:
        if name in _MARKS:
            self._accent += _MARKS[name]
        elif (plain := name.rstrip("*")) in _SYMBOLS:
            self._put(_SYMBOLS[plain])
        elif plain in _MARKUP:
            self._tag = _MARKUP[plain]
        elif name and name[0].isalpha():
            self._put("" if plain in _SILENT else _LETTER.get(plain, f"\\{plain} "))
        else:
            self._put(
                "" if name in ("-", "/", "(", ")", "[", "]", "@", "") else " " if name in ("\\", ",", ";") else name
            )

    def _put(self, text: str) -> None:
        if self._accent and text:
            text = _accented(text, self._accent)
            self._accent = ""
        if text:
            self._out.append(text)


def _accented(text: str, marks: str) -> str:
    base = text.lstrip()
    if not base:
        return text
    first = {"ı": "i", "ȷ": "j"}.get(base[0], base[0])
    rest = base[1:]
    own = len(rest) - len(
        rest.lstrip("\u0300\u0301\u0302\u0303\u0304\u0306\u0307\u0308\u030a\u030b\u030c\u0323\u0327\u0328\u0331")
    )
    return first + rest[:own] + marks[::-1] + rest[own:]


def _math(token: str) -> str:
    lone = _LONE_GREEK.fullmatch(token)
    return _LETTER.get(lone[1], token) if lone else token
