"""What strangers send: bodies that are no JSON, tokens that are none, texts that break programs, and markup.

Written for this project, by kind; the tests say how many of each there are at least.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator

_SCALARS = (b"null", b"true", b"false", b"0", b"-1", b"1e400", b'"text"', b'""', b"[]", b"[[]]", b"[{}]", b"[null]")
_BROKEN = (
    b"", b" ", b"\n", b"{", b"}", b"[", b"]", b":", b",", b'"', b"'", b"{]", b"[}", b"{}{}", b"{} {}", b"[] []", b"{},",
    b",{}", b"{,}", b'{"a"}', b'{"a":}', b'{"a":1,}', b"{:1}", b"{1:1}", b"{a:1}", b"{'a':1}", b'{"a" 1}', b'{"a"::1}',
    b'{"a":1 "b":2}', b'{"a":[1,}', b'{"a":[1,]}', b'{"a":"}', b'{"a":"\\"}', b'{"a":"\\x"}', b'{"a":"\\u12"}',
    b'{"a":"\\u12G4"}', b'{"a":"\t"}', b'{"a":"\n"}', b'{"a":"\x00"}', b"{\x00}", b'{"a":01}', b'{"a":+1}', b'{"a":.5}',
    b'{"a":1.}', b'{"a":1e}', b'{"a":1e+}', b'{"a":0x1}', b'{"a":1_000}', b'{"a":--1}', b'{"a":NaN}', b'{"a":nan}',
    b'{"a":Infinity}', b'{"a":-Infinity}', b'{"a":nul}', b'{"a":nulll}', b'{"a":True}', b'{"a":None}', b'{"a":undefined}',
    b'{"a":tru', b'{"a":fals', b"// note\n{}", b"/* note */{}", b"{} // note", b"# note\n{}", b"a=1&b=2", b"<a>1</a>",
    b"%PDF-1.7", b"PK\x03\x04", b"\x1f\x8b\x08\x00", b"---\na: 1\n", b"()", b"{}\x00", b"\x00{}", b"{}\xff", b"\xff", b"\xfe\xff",
)  # fmt: skip
_ENCODED = (
    "{}".encode("utf-16"), "{}".encode("utf-16-le"), "{}".encode("utf-32"), b"\xef\xbb\xbf{}", b"\xc0\x80", b'{"\xc3\x28":1}',
    b'{"a":"\xed\xa0\x80"}', b'{"a":"\xf4\x90\x80\x80"}', b'{"a":"\xc0\xaf"}', b'{"a":"\x80"}', b'{"a":"\xe2\x82"}',
)  # fmt: skip


def bad_json() -> list[bytes]:
    """Bodies that no route with a JSON object may take: broken, of another kind, too deep, too large in their numbers."""
    deep = [opening * many for many in (100, 5_000, 100_000) for opening in (b"[", b'{"a":', b'[{"a":')]
    whole = [b"[" * many + b"]" * many for many in (33, 1_000, 100_000)]
    numbers = [b'{"a":' + text + b"}" for text in (b"9" * 400, b"1e999999", b"-" + b"9" * 50, b"0." + b"1" * 5_000)]
    names = [
        json.dumps({name: 1}).encode()
        for name in ("__proto__", "constructor", "", "\u0000", "a" * 5_000, "ﬁ", "\ud800")
    ]
    return [*_SCALARS, *_BROKEN, *_ENCODED, *deep, *whole, *numbers, *names]


def tokens(good: str) -> list[str]:
    """What may stand after `Bearer` and opens nothing, made of nothing and of an access token that is good."""
    head, body, signature = good.split(".")
    cut = [good[:n] for n in range(1, len(good), len(good) // 25)]
    flipped = [
        good[:n] + ("A" if good[n] != "A" else "B") + good[n + 1 :] for n in range(0, len(good) - 2, len(good) // 25)
    ]
    glued = [
        f"{head}.{body}",
        f"{head}..{signature}",
        f".{body}.{signature}",
        f"{good}.",
        f".{good}",
        f"{good}.{signature}",
        "..",
        ".",
    ]
    heads = [_head(**each) for each in _HEADS]
    words = [
        "null",
        "undefined",
        "true",
        "0",
        "Bearer",
        "admin",
        "sch_",
        "sch_" + "A" * 43,
        "*",
        "%00",
        "A" * 5_000,
        "🔑",
        "é",
    ]
    return [
        *cut,
        *flipped,
        *glued,
        *(f"{one}.{body}.{signature}" for one in heads),
        *(f"{one}.{body}." for one in heads),
        *words,
    ]


_HEADS: tuple[dict[str, object], ...] = (
    {"alg": "none"}, {"alg": "None"}, {"alg": "NONE"}, {"alg": ""}, {"alg": "HS384"}, {"alg": "RS256"}, {"alg": None}, {},
    {"alg": "HS256", "kid": "../../dev/null"}, {"alg": "HS256", "kid": "' OR 1=1"}, {"alg": "HS256", "jku": "https://evil.example"},
    {"alg": "HS256", "crit": ["x"], "x": 1}, {"alg": "HS256", "b64": False, "crit": ["b64"]}, {"alg": "HS256", "typ": "at+jwt"},
)  # fmt: skip


def _head(**claims: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode()


def texts() -> list[str]:
    """Texts of many scripts and of all that breaks programs; those with NUL or half a pair are to be refused."""
    return [*_WORDS, *_points(), *_long(), *_REFUSED]


def is_plain(text: str) -> bool:
    """Whether every database keeps this text."""
    return "\0" not in text and not any("\ud800" <= letter <= "\udfff" for letter in text)


_WORDS = (
    "plain", " lead and trail ", "tab\tand\nnew\r\nlines", "Ελληνικά", "Русский", "العربية", "עברית", "हिन्दी", "ไทย", "中文", "日本語", "한국어",
    "e\u0301 and \u00e9", "ﬁ ﬂ ﬀ", "ẞ ß ſ", "İ i I ı", "Ǆ ǅ ǆ", "👩‍👩‍👧‍👦", "🏳️‍🌈", "𝕬𝖑𝖕𝖍𝖆", "𠜎𠜱", "a\u200bb", "a\u200db", "\ufeffbom", "\u202eright to left",
    "\u2066isolated\u2069", "Z̸̡̛a̵l̶g̷o̸", "\u00a0", "\u3000", "\u2028line", "\u2029paragraph", "\u0085next", "\x1b[31mred", "\x07bell", "\x7f", "\x01\x02",
    "'", '"', "`", "\\", "\\\\", "/", "%", "%s%n%x", "{0}{1}", "${jndi:ldap://x}", "$(id)", "`id`", "; DROP TABLE entry; --", "' OR '1'='1",
    "1' UNION SELECT 1--", "\\'; x", "!_%", "a!b_c%d", "../../etc/passwd", "..\\..\\x", "C:\\CON", "file:///etc/passwd", "javascript:alert(1)",
    "<script>alert(1)</script>", "</textarea>", "<!--", "]]>", "&amp;&lt;", "&#0;", "=1+1", "@SUM(A1)", "-2+3", "+cmd", "\\input{x}", "\\write18{id}",
    "$x^2$", "{\\\"o}", "%00", "%ff", "\\u0000", "\\x00", "null", "undefined", "NaN", "true", "0", "-0", "1e309", "９", "½", "٣", "[]", "{}", "()",
    "\r\nSet-Cookie: a=b", "\nBcc: all@example.org", "a@b", "http://[::1]/", "data:text/html,x", "🔥" * 50, "a,b;c|d", "'''", '"""', "--", "/*", "#", "?q=1&r=2",
)  # fmt: skip
_REFUSED = ("\0", "a\0b", "\0" * 10, "\ud800", "a\udc00b", "\udc00\ud800", "ok\ud83d", "\ude00ok")


def _points() -> Iterator[str]:
    """One text for each of many code points at the edges of what encodings hold."""
    for point in (
        0x20,
        0x7E,
        0x80,
        0xFF,
        0x100,
        0x7FF,
        0x800,
        0xD7FF,
        0xE000,
        0xFDD0,
        0xFFFD,
        0xFFFE,
        0xFFFF,
        0x10000,
        0x1FFFF,
        0xE0001,
        0x10FFFF,
    ):
        yield f"<{chr(point)}>"


def _long() -> Iterator[str]:
    yield from (
        "a" * 255,
        "é" * 255,
        "🔥" * 255,
        "a" * 10_000,
        "\n" * 1_000,
        "e" + "\u0301" * 500,
        "(" * 5_000,
        "\\" * 999,
    )


def markup() -> list[str]:
    """Titles, notes and names that would be markup, script, an address of script or a style if a page forgot to quote."""
    scripts = [
        f"<{tag} {on}=alert(1)>"
        for tag in ("img src=x", "svg", "body", "input", "video", "details open")
        for on in _EVENTS
    ]
    links = [f'"><a href="{address}">x</a>' for address in _ADDRESSES]
    return [*scripts, *links, *_BREAKING]


_EVENTS = (
    "onerror",
    "onload",
    "onfocus autofocus",
    "ontoggle",
    "onmouseover",
    "ONLOAD",
    "on\u0000load",
    "onanimationstart",
)
_ADDRESSES = (
    "javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\tscript:alert(1)", " javascript:alert(1)", "data:text/html,<script>alert(1)</script>",
    "vbscript:x", "//evil.example", "\\\\evil.example",
)  # fmt: skip
_BREAKING = (
    "<script>alert(1)</script>", "</script><script>alert(1)</script>", "<scr<script>ipt>", "<script src=//evil.example>", "</title><script>x</script>",
    "</textarea><script>x</script>", "</style><script>x</script>", "--><script>x</script>", "]]><script>x</script>", "'><script>x</script>",
    '"><script>x</script>', "' onmouseover='alert(1)", '" onmouseover="alert(1)', "` onmouseover=`x", "{{7*7}}", "{% raw %}", "${7*7}", "#{7*7}", "<%= 7 %>",
    "<iframe src=javascript:alert(1)>", "<object data=x>", "<embed src=x>", "<base href=//evil.example>", "<meta http-equiv=refresh content=0;url=//evil.example>",
    "<form action=//evil.example>", "<button formaction=javascript:x>", "<link rel=stylesheet href=//evil.example>", "<style>@import '//evil.example'</style>",
    "<math><mtext></mtext><script>x</script></math>", "<template><script>x</script></template>", "<noscript><p title='</noscript><script>x</script>'>",
    "&lt;script&gt;alert(1)&lt;/script&gt;", "&#60;script&#62;", "\u003cscript\u003e", "＜script＞",
)  # fmt: skip
