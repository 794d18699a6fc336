"""What the words around an address claim: that it is this paper's own and there, promised, or another's.

English only, as abstracts are. Refuses to decide from one word: a promise needs a future verb of publishing, a claim
a verb of giving, and the word nearest to the address wins: "our code, built on A, is available at B".
"""

from __future__ import annotations

import re

from api.domain.link_hosts import Place
from api.domain.papers import LinkKind, LinkStatus

# How sure each kind of evidence makes us that the resource is this paper's own.
OFFICIAL = 0.95
UNSTATED = 0.6
MENTION = 0.2

_CODE = (
    r"(?:source[- ]?)?codes?|code ?base|implementations?|repositor(?:y|ies)|repos?|software|scripts?|toolkit|library"
)
_DATA = r"data|data ?sets?|benchmarks?|corpus|corpora|annotations?"
_MODEL = r"models?|checkpoints?|weights"
_PAGE = r"(?:project|web|home)[- ]?(?:page|site)s?"
_DEMO = r"demos?|demonstrations?"
_VIDEO = r"videos?"
_THING = (
    rf"\b(?:{_CODE}|{_DATA}|{_MODEL}|{_PAGE}|{_DEMO}|{_VIDEO}|materials?|supplement\w*|project|package|framework|tool|app|"
    r"simulator|environments?|notebooks?)\b"
)
_ADVERBS = r"(?:(?:\w+ly|also|all|soon|made|fully|open) ){0,3}"
_GIVEN = r"(?:available|released|open[- ]?sourced?|published|public|provided|shared|posted|hosted|accessible|uploaded)"
_GIVE = r"(?:release|open[- ]?source|publish|share|make|provide|upload|post|open)"

_PROMISE = re.compile(
    rf"\b(?:will|shall|'ll|to) {_ADVERBS}be {_ADVERBS}{_GIVEN}\b"
    rf"|\b(?:will|shall|plan to|intend to|going to) (?:\w+ ){{0,2}}{_GIVE}\b"
    r"|\b(?:upon|on|after|following|once|pending) (?:\w+ ){0,3}(?:acceptance|publication|accepted|published)\b"
    r"|\b(?:coming|available|released|online) soon\b",
    re.IGNORECASE,
)
_READY = re.compile(
    r"(?<!not )(?<!not yet )\bavailable\b|\breleas(?:e[sd]?|ing)\b|\bopen[- ]?sourc(?:e[sd]?|ing)\b"
    r"|\b(?:can|may) be (?:\w+ )?(?:found|accessed|downloaded|obtained|viewed|seen)\b|\bfound (?:at|in|on|here)\b"
    r"|\baccessible\b|\bpublish(?:ed)?\b|\bpublic(?:ly)?\b|\bprovide[sd]?\b|\bhost(?:ed|s)?\b|\bdownload(?:ed)?\b"
    r"|\bwe (?:also )?share\b|\bshared (?:at|on|via)\b|\b(?:is|are|lives?) (?:\w+ly |now |also )?(?:at|on|in|under)\b"
    r"|\b(?:see|visit|refer to)\b",
    re.IGNORECASE,
)
_LABEL = re.compile(
    rf"(?<!baseline )(?<!original )(?<!their ){_THING}(?: (?:url|link|here|is|are))?"
    r"\s*(?:[:(\[–—-]+|\b(?:at|on|in|via)\b)?\s*$",
    re.IGNORECASE,
)
_MENTION = re.compile(
    r"\b(?:based|buil(?:ds?|ding|t)|rel(?:y|ies|ying)|implemented) (?:up)?on\b|\bon top of\b"
    r"|\b(?:using|uses?|utili[sz]\w+|adopt\w*|employ\w*)\b(?! (?:this|the) (?:link|url))|\bused(?! (?:in|to|for)\b)"
    r"|\bcompar(?:e[sd]?|ing|isons?)\b|\bbaselines?\b"
    r"|\b(?:adapted|forked|modified|borrowed|derived|taken|obtained|collected) from\b|\bfork of\b|\bthanks? to\b"
    r"|\bfollow(?:s|ing)? (?:the )?(?:code|work|implementation|protocol|setup)\b|\binspired by\b|\bsuch as\b|\be\.g\.",
    re.IGNORECASE,
)
_NEAR = 80  # characters before the address in which a mention counts

_CLAIMED_CODE = re.compile(
    r"\b(?:source[- ]?)?codes?\b|\bcode ?base\b|\bimplementation\b"
    r"|\bopen[- ]?sourced? (?:framework|library|toolkit|implementation|package|software)\b",
    re.IGNORECASE,
)
_CLAIM = re.compile(
    rf"\b(?:is|are|been|be|made) {_ADVERBS}{_GIVEN}\b|\bavailable (?:online|here|at|on|from|via|upon)\b"
    r"|\bwe (?:\w+ ){0,2}(?:release|open[- ]?source|publish|provide|share|contribute|make)\b",
    re.IGNORECASE,
)
_THINGS = re.compile(_THING, re.IGNORECASE)
_PAGES = re.compile(rf"\b(?:{_PAGE})\b", re.IGNORECASE)
_KINDS: tuple[tuple[LinkKind, re.Pattern[str]], ...] = (
    ("project", _PAGES),
    ("code", re.compile(rf"\b(?:{_CODE})\b", re.IGNORECASE)),
    ("dataset", re.compile(rf"\b(?:{_DATA})\b", re.IGNORECASE)),
    ("model", re.compile(rf"\b(?:{_MODEL})\b", re.IGNORECASE)),
    ("demo", re.compile(rf"\b(?:{_DEMO})\b", re.IGNORECASE)),
    ("video", re.compile(rf"\b(?:{_VIDEO})\b", re.IGNORECASE)),
)


def standing_of(place: Place, before: str, after: str, sentence: str) -> tuple[LinkStatus, float]:
    """Status and confidence of an address from the words before and after it and its whole sentence.

    `before` and `after` reach to the neighbouring addresses or the sentence's ends; addresses are blanked out.
    """
    if place.standing == "shared":
        return "shared", MENTION
    if place.standing == "profile" or _is_mention(before):
        return "mention", MENTION
    status = _status(place, before, after)
    if status == "unknown" or not _THINGS.search(sentence):
        return status, UNSTATED
    return status, OFFICIAL


def kind_of(place: Place, before: str, sentence: str) -> LinkKind:
    """The host's kind where the host is sure, else the kind that the words name, nearest words first."""
    if place.sure:
        return place.kind
    for words in (before, sentence):
        for kind, named in _KINDS:
            if named.search(words):
                return kind
    return place.kind


def claims_code(sentence: str) -> bool:
    """Whether the sentence says that this paper's code is there or will be."""
    return _CLAIMED_CODE.search(sentence) is not None and (_CLAIM.search(sentence) is not None or is_promise(sentence))


def is_promise(words: str) -> bool:
    """Whether the words put it into the future."""
    return _PROMISE.search(words) is not None


def _status(place: Place, before: str, after: str) -> LinkStatus:
    if is_promise(before):
        return "promised"
    if _READY.search(before) or (place.kind == "project" and _PAGES.search(before)):
        return "available"
    if is_promise(after):
        return "promised"
    return "available" if _LABEL.search(before) or _READY.search(after) else "unknown"


def _is_mention(before: str) -> bool:
    near = before[-_NEAR:]
    ends = [match.end() for match in _MENTION.finditer(near)]
    given = [match.end() for pattern in (_READY, _LABEL) for match in pattern.finditer(near)]
    return bool(ends) and max(ends) > max(given, default=-1)
