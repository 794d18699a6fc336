"""Titles as keys, and titles that are none: what to compare, and what to refuse.

The title that people see stays as it was written, damaged LaTeX included; only the copy for search and matching is
folded. Refuses to repair a title: what is gated here is dropped by those who ask, never rewritten.
"""

from __future__ import annotations

import re
import unicodedata

_TAG = re.compile(r"</?(?:i|b|em|strong|sub|sup|inf|scp|tt|u|span|(?:mml:)?m[a-z]+)(?:\s[^<>]*)?/?>", re.IGNORECASE)
_ACCENT_COMMAND = re.compile(r"\\(?:[\"'`^~=.]|[Hckuvbdr](?![A-Za-z]))\s*\{?\s*\\?([A-Za-z])\s*\}?")
_STYLE_COMMAND = re.compile(r"\\(?:text|math|operatorname|emph|bf|it|rm|sc|tt|left|right)[a-z]*(?![A-Za-z])")
_GLUE = re.compile(r"[{}\\$_^'’‘`ʼ\u00ad\u200b-\u200d\u2060\ufeff]")  # belongs to a word without parting it
_GREEK = r"\u0370-\u03ff\u1f00-\u1fff"
_LONE_GREEK = re.compile(rf"(?<![{_GREEK}])[{_GREEK}](?![{_GREEK}])")
_NO_WORD_IN_ASCII = re.compile(r"[^a-z0-9]+")
_LATIN_ACCENT = re.compile(r"[\u0300-\u036f]+")

_DOTS = r"\s*(?:\.{2,}|…)?"
_SITE = r"(?:\s+[|·–—-]\s+.*)?"  # `Access denied | example.org`; a colon makes it a title, such as that of a book
_REFUSED = (
    r"(?:(?:page|file|document|paper|item|article|resource) )?(?:can ?not be found|not found)|forbidden|unauthorized"
    r"|bad gateway|internal server error|service (?:temporarily )?unavailable|too many requests|gateway time-?out"
)
_GATES = (
    r"microsoft (?:word|powerpoint|excel) - .*",
    rf"(?:(?:just a|one) moment|please wait|loading|redirecting|checking your browser)(?:,? please)?\.?{_DOTS}{_SITE}",
    rf"checking (?:if the site connection is secure|your browser before accessing .*){_DOTS}",
    rf"(?:attention required!?|access (?:is |was )?denied|access to this page has been denied)\.?{_SITE}",
    r"(?:are you (?:a robot|human)|verify(?:ing)? (?:that )?you are (?:a )?human)\W*",
    r"(?:client|robot|security|bot) (?:challenge|check|verification)(?: screen)?",
    rf"(?:http )?(?:(?:error|status):? )?[45]\d\d\W+(?:error|{_REFUSED})[.!]?{_SITE}",
    r"(?:http |error:? )+[45]\d\d",
    rf"(?:(?:an |server |internal server )?error(?: (?:page|occurred))?|{_REFUSED})[.!]?{_SITE}",
    r"(?:full[ -]?text(?: pdf)?|download(?: pdf)?|view pdf|pdf(?: full text)?|article|document|manuscript|title)",
    r"(?:untitled(?: (?:document|page))?|no title|new tab|about:blank|index|null|none|undefined)(?:[ -]?\d+)?",
    rf"(?:sign|log) ?in(?: (?:required|to .*))?{_SITE}|cookies? (?:required|absent|disabled)",
    r"(?:arxiv:?\s*)?\d{4}\.\d{4,5}(?:v\d+)?(?:\.pdf)?",
    r"(?:arxiv:?\s*)?[a-z-]+(?:\.[a-z]{2})?/\d{7}(?:v\d+)?",
    r"(?:doi:?\s*)?10\.\d{4,9}/\S+",
    r"(?:https?|file)://\S+",
    r"\S+\.(?:pdf|docx?|pptx?|tex|dvi|e?ps|indd|html?)",
)
_GATED = re.compile("|".join(f"(?:{gate})" for gate in _GATES), re.IGNORECASE)


def title_fold(title: str) -> str:
    """The title as words for search and matching: NFKD, case-folded, without accents, LaTeX, markup, punctuation.

    Every dash and sign parts words by one blank, apostrophes vanish; a lone Greek letter becomes its name, so that
    `$\\pi_0$` and `π₀` agree. Compare without blanks where `pre-train` shall equal `pretrain`. Idempotent.
    """
    text = _ACCENT_COMMAND.sub(r"\1", _TAG.sub("", title))
    text = _GLUE.sub("", unicodedata.normalize("NFKD", _STYLE_COMMAND.sub("", text)))
    text = _LATIN_ACCENT.sub("", unicodedata.normalize("NFKD", text.casefold()))
    if text.isascii():
        return _NO_WORD_IN_ASCII.sub(" ", text).strip()
    words = "".join(char if _is_word_char(char) else " " for char in text).split()
    # Greek comes last: folding makes new Greek letters, as of the iota below a vowel
    return unicodedata.normalize("NFC", _LONE_GREEK.sub(_greek_name, " ".join(words)))


def is_gated_title(title: str) -> bool:
    """Whether this names no paper: a bot check, an error page, a file name, a bare identifier, or nothing at all."""
    text = " ".join(title.split())
    return not any(char.isalnum() for char in text) or _GATED.fullmatch(text) is not None


def _is_word_char(char: str) -> bool:
    return char.isalnum() or unicodedata.category(char) in ("Mn", "Mc")


def _greek_name(match: re.Match[str]) -> str:
    name = unicodedata.name(match.group(), "")
    _, found, letter = name.partition(" LETTER ")
    return letter.split(" ")[0].lower() if found else match.group()
