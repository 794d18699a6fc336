"""Text as it stands in meta tags and JSON-LD, made plain.

Pages escape twice, leave tags in titles and control characters in anything. Refuses nothing: what cannot be kept
(NUL, unpaired surrogates) is dropped, because a database would refuse it later.
"""

from __future__ import annotations

import html
import re
import unicodedata

_TAG = re.compile(
    r"</?(?:[a-z]+:)?(?:i|b|u|s|em|strong|sub|sup|span|small|font|a|p|br|div|h\d|sc|tt|inf|italic|bold|title|sec|math|m[a-z]+)"
    r"(?:\s[^<>]*)?/?>",
    re.I | re.A,
)
_DROPPED = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u200b\u2060\ufeff\ud800-\udfff]")


def plain_text(text: str) -> str:
    """One line of text: entities decoded, inline tags and control characters gone, white space collapsed, NFC."""
    if "&" in text:
        text = html.unescape(text)
        if re.search("&(?:#[0-9]+|#x[0-9a-f]+|[a-z]+);", text, re.I | re.A):  # escaped twice is common enough
            text = html.unescape(text)
    if "<" in text:
        text = _TAG.sub("", text)
    text = unicodedata.normalize("NFC", _DROPPED.sub("", text))
    return " ".join(text.split())
