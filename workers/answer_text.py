"""Text as sources send it, made fit to keep: no tags but the light markup, no entities, no control characters.

Sources mix HTML, JATS and MathML, escaped once, twice or not at all. Refuses to guess what an unknown tag means:
it stays as the text it is, since `a <b and c> d` is mathematics more often than markup. One pass, so that no text
takes longer than its length.
"""

from __future__ import annotations

import html
import re
import unicodedata

_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u200b\u2060\ufeff\ufffe\uffff\ud800-\udfff]")
_TAG = re.compile(
    r"<(/?)(?:[a-z][a-z0-9]{0,9}:)?"
    r"(i|em|italic|sub|sup|inf|b|bold|strong|u|underline|sc|scp|strike|monospace|tt|span|font|roman|styled-content"
    r"|p|br|break|title|sec|abstract|list|list-item|ol|ul|li|div|label|h[1-6]|disp-quote|fn"
    r"|ext-link|xref|a|email|uri|named-content|bdi|q"
    r"|alternatives|inline-formula|disp-formula|inline-graphic|graphic|tex-math|annotation|semantics"
    r"|m(?:ath|row|i|n|o|text|sub|sup|subsup|frac|sqrt|root|over|under|underover|fenced|space|style|padded|phantom"
    r"|table|tr|td|multiscripts|prescripts))"
    r"(?:\s[^<>=]*=[^<>]*|\s*/?)>",
    re.I | re.A,
)
_LIGHT = {"i": "i", "em": "i", "italic": "i", "sub": "sub", "inf": "sub", "sup": "sup"}
_BREAKS = frozenset(("p", "br", "break", "title", "sec", "abstract", "list", "list-item", "ol", "ul", "li", "div"))
_SCRIPTS = {("msup", 2): "sup", ("msub", 2): "sub", ("msubsup", 2): "sub", ("msubsup", 3): "sup"}
_MARK = re.compile(r"<(/?)(i|sub|sup)>")
_HEADING = re.compile(r"(?:abstract|summary)\s?[:.]?\n\n", re.I)


def clean(text: str) -> str:
    """One line in NFC without control characters, soft hyphens, zero-width spaces or unpaired surrogates."""
    return " ".join(unicodedata.normalize("NFC", _CONTROL.sub("", text)).split())


def plain(text: str) -> str:
    """One line without markup."""
    return clean(_MARK.sub("", _Reading(text).converted()))


def marked(text: str) -> str:
    """One line whose only markup is `<i>`, `<sub>` and `<sup>`, properly nested; a broken one loses it."""
    light = clean(_Reading(text).converted())
    return light if _is_nested(light) else _MARK.sub("", light)


def paragraphs(text: str) -> str:
    """Paragraphs without markup, a blank line between them; a heading that only says "Abstract" is dropped."""
    parts = (clean(part) for part in _MARK.sub("", _Reading(text).converted()).split("\n\n"))
    return _HEADING.sub("", "\n\n".join(part for part in parts if part), count=1)


class _Reading:
    """One pass over a text: tags become light markup, blank lines or nothing; formulas are said once."""

    def __init__(self, text: str) -> None:
        self._text = " ".join(html.unescape(html.unescape(text)).split())
        self._out: list[str] = []
        self._tex_from: int | None = None
        self._tex_twice = "math" in (found.group(2).lower() for found in _TAG.finditer(self._text))
        self._elements: list[tuple[str, int, str]] = []  # open MathML: name, children so far, mark to close

    def converted(self) -> str:
        """The text with light markup, and a blank line where a block ends."""
        at = 0
        for tag in _TAG.finditer(self._text):
            between = self._text[at : tag.start()]
            if self._tex_from is None and not (self._elements and between == " "):
                self._out.append(between)
            self._take(tag)
            at = tag.end()
        self._out.append(self._text[at:])
        return "".join(self._out)

    def _take(self, tag: re.Match[str]) -> None:
        closes, name, empty = bool(tag.group(1)), tag.group(2).lower(), tag.group().endswith("/>")
        if name in ("tex-math", "annotation"):
            self._take_tex(closes, tag)
        elif self._tex_from is not None:
            return
        elif name in _LIGHT:
            self._out.append(f"<{tag.group(1)}{_LIGHT[name]}>")
        elif name in _BREAKS or name.startswith("h"):
            self._out.append("\n\n")
        elif name.startswith("m") and name != "monospace":
            if not closes:
                self._open(name)
            if closes or empty:
                self._close(name)

    def _take_tex(self, closes: bool, tag: re.Match[str]) -> None:
        if not closes:
            self._tex_from = tag.end() if self._tex_from is None else self._tex_from
            return
        if self._tex_from is not None and not self._tex_twice:
            self._out.append(_formula(self._text[self._tex_from : tag.start()]))
        self._tex_from = None

    def _open(self, name: str) -> None:
        mark = ""
        if self._elements:
            parent, children, closing = self._elements[-1]
            self._elements[-1] = (parent, children + 1, closing)
            mark = _SCRIPTS.get((parent, children + 1), "")
        self._elements.append((name, 0, mark))
        self._out.append(f"<{mark}>" if mark else "")

    def _close(self, name: str) -> None:
        if self._elements and self._elements[-1][0] == name:
            mark = self._elements.pop()[2]
            self._out.append(f"</{mark}>" if mark else "")


def _formula(tex: str) -> str:
    """TeX in one pair of dollars, without the document that some publishers wrap around it."""
    _, begin, rest = tex.partition(r"\begin{document}")
    body = rest.partition(r"\end{document}")[0] if begin else tex
    return f"${body.strip().strip('$').strip()}$"


def _is_nested(text: str) -> bool:
    open_marks: list[str] = []
    for close, name in _MARK.findall(text):
        if not close:
            open_marks.append(name)
        elif not open_marks or open_marks.pop() != name:
            return False
    return not open_marks
