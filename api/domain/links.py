"""Addresses in running text: found, cleaned, and judged by the words around them.

Abstracts carry left-overs of LaTeX, of line breaks and of punctuation; what is found here is what the authors meant.
Refuses to visit anything: that a promised repository has come is for a worker to see.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from typing import Literal

from msgspec import Struct

from api.domain.link_hosts import Place, place_of
from api.domain.link_words import claims_code, is_promise, kind_of, standing_of
from api.domain.papers import Link

LONGEST_ADDRESS = 2_000
LONGEST_EVIDENCE = 500
LONGEST_TEXT = 50_000
_WINDOW = 500  # characters on each side of an address that are read

_HOSTS = (
    r"(?:github|gitlab|gitee)\.com|bitbucket\.org|codeberg\.org|huggingface\.co|hf\.co|zenodo\.org|osf\.io|youtu\.be|"
    r"(?:[a-z0-9-]+\.)+(?:github|gitlab)\.io|anonymous\.4open\.science"
)
_ESCAPED = r"\\[_%#&~]|\{\\?[_~]\}|\\textasciitilde|\$\\sim\$|(?<=~)\{\}"
_STOPS = r"""\s<>"{}|\\^`“”„«»\u200b\u3000-\u303f\uff00-\uffef\u3040-\u30ff\u4e00-\u9fff"""
_ADDRESS = re.compile(
    rf"(?:https?://|(?<![\w@./:-])(?:www\.(?=[\w-]+\.)|(?=(?:{_HOSTS})(?:/|[\s.,;:)]|$))))"
    rf"(?:{_ESCAPED}|(?!https?://)[^{_STOPS}]){{1,{LONGEST_ADDRESS}}}",
    re.IGNORECASE,
)
_UNESCAPED = (
    (re.compile(r"\\textasciitilde(?:\{\})?|\$\\sim\$|\{\\?~\}|\\?~(?:\{\})?"), "~"),
    (re.compile(r"\{?\\?_\}?"), "_"),
    (re.compile(r"\\([%#&])"), r"\1"),
)
_NEXT_SENTENCE = re.compile(r"\.+(?:We|Our|This|The|These|Moreover|However|Furthermore)$")  # glued to the address
_TAIL = frozenset(".,;:!?'*\"…’‘”")
_CLOSERS = {")": "(", "]": "["}

_BREAK = re.compile(
    r"(?<!\be\.g)(?<!\bi\.e)(?<!\bal)(?<!\bFig)(?<!\bEq)(?<!\bcf)(?<!\bvs)[.!?]"
    r"(?:[\"'”’)\]]*\s+(?=[\"'“(\[]?[A-Z0-9])|(?<=[\w)%]{2}[.!?])(?=[A-Z][a-z]))|\n\s*\n"
)
_JOINT = re.compile(r"\W*(?:and|or)?\W*")  # between the addresses of one list


class _Spot(Struct, frozen=True):
    start: int
    end: int
    url: str


def find_links(text: str, source: str) -> tuple[Link, ...]:
    """The outside resources that the text names, one for each canonical address, in the order of the text.

    `source` is who gave the text. Where an address comes twice, the more confident reading stays. Of a text longer
    than 50,000 characters only the beginning is read.
    """
    text = text[:LONGEST_TEXT]
    everywhere = list(_spots(text))
    found: dict[str, Link] = {}
    for sentence, masked, spots in _sentences(text, everywhere) if everywhere else ():
        before = ""
        for number, spot in enumerate(spots):
            words = masked[spots[number - 1].end if number else 0 : spot.start]
            before = before if number and _JOINT.fullmatch(words) else words[-_WINDOW:]
            after = masked[spot.end : spots[number + 1].start if number + 1 < len(spots) else None][:_WINDOW]
            around = masked[max(0, spot.start - _WINDOW) : spot.end + _WINDOW]
            place = place_of(spot.url)
            if place is None:
                continue
            link = _link(place, (before, after, around), _evidence(sentence, spot), source)
            if place.key not in found or found[place.key].confidence < link.confidence:
                found[place.key] = link
    return tuple(found.values())


def code_claim(text: str) -> Literal["promised_no_link", "claimed_no_link"] | None:
    """Whether the text promises or claims code of its own but gives no address at all."""
    text = text[:LONGEST_TEXT]
    if any(_spots(text)):
        return None
    claims = [sentence for sentence, _, _ in _sentences(text, []) if claims_code(sentence)]
    if not claims:
        return None
    return "claimed_no_link" if any(not is_promise(claim) for claim in claims) else "promised_no_link"


def _link(place: Place, words: tuple[str, str, str], evidence: str, source: str) -> Link:
    before, after, sentence = words
    status, confidence = standing_of(place, before, after, sentence)
    return Link(kind_of(place, before, sentence), place.url, status, confidence, evidence, source)


def _sentences(text: str, spots: list[_Spot]) -> Iterator[tuple[str, str, list[_Spot]]]:
    """Each sentence as written, the same with its addresses blanked out, and where these are in it."""
    masked = _masked(text, spots)
    start, first = 0, 0
    for end in [*(match.end() for match in _BREAK.finditer(masked)), len(text)]:
        last = bisect_left(spots, end, lo=first, key=lambda spot: spot.start)
        inside = [_Spot(spot.start - start, spot.end - start, spot.url) for spot in spots[first:last]]
        yield text[start:end], masked[start:end], inside
        start, first = end, last


def _masked(text: str, spots: list[_Spot]) -> str:
    """The text with its addresses blanked out, so that their dots and words say nothing."""
    parts, at = [], 0
    for spot in spots:
        parts += [text[at : spot.start], "x" * (spot.end - spot.start)]
        at = spot.end
    return "".join([*parts, text[at:]])


def _spots(text: str) -> Iterator[_Spot]:
    for match in _ADDRESS.finditer(text):
        raw = _trimmed(_NEXT_SENTENCE.sub("", _trimmed(match.group())))
        url = raw
        for pattern, plain in _UNESCAPED:
            url = pattern.sub(plain, url)
        if not url.lower().startswith("http"):
            url = f"https://{url}"
        yield _Spot(match.start(), match.start() + len(raw), url)


def _trimmed(address: str) -> str:
    """Without the punctuation at the end that belongs to the sentence; a bracket goes if its partner is outside."""
    while address:
        last = address[-1]
        partner = _CLOSERS.get(last)
        if last not in _TAIL and (partner is None or address.count(last) <= address.count(partner)):
            break
        address = address[:-1]
    return address


def _evidence(sentence: str, spot: _Spot) -> str:
    """The sentence on one line; of a long one the part that ends with the address."""
    if len(sentence) > LONGEST_EVIDENCE:
        sentence = sentence[max(0, spot.end - LONGEST_EVIDENCE) : max(spot.end, LONGEST_EVIDENCE)]
    return _trimmed(" ".join(sentence.split()))
