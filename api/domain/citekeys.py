"""Citation keys: what people type in `\\cite{…}`, so they are made once and must be safe everywhere.

A key is a stored value: this file proposes one and finds the next free one, it never derives a key again from
changed fields. Refuses every character that breaks `\\cite`, a BibTeX reader or TeX itself.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import count, product
from string import ascii_lowercase

from anyascii import anyascii

from api.domain.key_pattern import USUAL, Part
from api.domain.papers import Author, Paper

_LONGEST_PART = 30  # a Chinese title is one word; spelled out it would make a key of a hundred letters
_ORGANISATION_WORDS = 3
_ALL_AUTHORS = 3  # of more, these and `etal`
_TITLE_WORDS = 3

_ENGLISH = "a an and are as at by for from in into is of on or over the to under via with"
_GERMAN = (
    "am auf aus bei das dem den der des die ein eine einem einen einer eines für im mit über und von vom zu zum zur"
)
_FRENCH = "au aux avec ce ces cette dans des du en et la le les par pour sous sur un une"
_SPANISH = "al como con del e el las lo los para por que sin sobre su una uno unas unos y"
_ITALIAN = "agli ai alla alle allo che dal dalla degli dei della delle di gli i il nel nella per su sul sulla tra"
_STOP_WORDS = frozenset(" ".join([_ENGLISH, _GERMAN, _FRENCH, _SPANISH, _ITALIAN]).split())

# Printable ASCII without the characters that end a key for some reader, and without `^`: TeX reads `^^5c` as a
# backslash wherever the key is typeset.
_SAFE = re.compile(r"""(?:(?!["#%'(),={}~\\^])[!-~])+""", re.ASCII)
_NOT_A_WORD = re.compile(r"\$[^$]*\$|</?(?:i|sub|sup)>")
_ELISION = re.compile(r"\b(?:d|l|qu|all|dall|dell|nell|sull)['’](?=\w)", re.IGNORECASE)  # articles of French, Italian
_WORD = re.compile(r"[^\W_](?:[\w'’\u0300-\u036f]|[-‐‑](?=\w))*")
_WEB = re.compile(r"^https?://(?:www\.)?")
_LATIN_ACCENT = re.compile(r"(?<=[A-Za-z])[\u0300-\u036f]+")


def propose(paper: Paper, pattern: Sequence[Part] = USUAL) -> str:
    """A key such as `vaswani2017attention`: by default author, year, first word of the title that says something.

    Only `[A-Za-z0-9]` and the pattern's separators, whatever the script; `anon` without an author or site, `nd` without
    a year. A paper of which only an identifier is known goes by it: `arxiv170603762`. The same paper gives the same
    key; two papers may share one, see `next_free`.
    """
    if not paper.authors and _goes_by_identifier(paper):
        return _letters(_WEB.sub("", paper.title))[:_LONGEST_PART] or "anonnd"
    return "".join(_part(paper, part) for part in pattern)


def _part(paper: Paper, part: Part) -> str:
    match part:
        case "author" | "Author":
            words = [_author_part(paper)]
        case "authors" | "Authors":
            more = ["et", "al"] if len(paper.authors) > _ALL_AUTHORS else []
            names = [_name(author)[:_LONGEST_PART] for author in paper.authors[:_ALL_AUTHORS]]
            words = [name for name in names if name] + more if any(names) else [_author_part(paper)]
        case "year" | "shortyear":
            year = str(paper.year) if paper.year and 0 < paper.year < 10_000 else "nd"
            return year[-2:] if part == "shortyear" else year
        case "title" | "Title":
            words = _title_words(paper.title)[:1]
        case "words" | "Words":
            words = _title_words(paper.title)[:_TITLE_WORDS]
        case separator:
            return separator
    return "".join(word.capitalize() if part[0].isupper() else word for word in words)


def next_free(base: str, taken: Callable[[str], bool] | Collection[str]) -> str:
    """The base itself when free, else the base with a, b, …, z, aa, … after it.

    Case makes no difference: a collection is folded here, a callable is asked with the folded candidate.
    """
    is_taken = taken if callable(taken) else {key.casefold() for key in taken}.__contains__
    return next(key for key in _candidates(base) if not is_taken(key.casefold()))


def is_safe(key: str) -> bool:
    """Whether the key can stand in a .bib file and in `\\cite` as it is: ASCII, no space, nothing TeX acts on."""
    return _SAFE.fullmatch(key) is not None


def folded(key: str) -> str:
    """The safe key closest to this one: transliterated, unsafe characters left out, case kept; maybe empty."""
    return "".join(_SAFE.findall(to_ascii(key)))


def _candidates(base: str) -> Iterator[str]:
    yield base
    for length in count(1):
        for letters in product(ascii_lowercase, repeat=length):
            yield base + "".join(letters)


def _goes_by_identifier(paper: Paper) -> bool:
    named = (
        value if scheme == "url" else f"{scheme}:{value}"
        for scheme in paper.identifiers
        for value in paper.identifiers[scheme]
    )
    return paper.title in named


def _author_part(paper: Paper) -> str:
    names = [_name(author) for author in paper.authors[:1]] + [_site(paper)]
    return next((name[:_LONGEST_PART] for name in names if name), "anon")


def _name(author: Author) -> str:
    if author.family:
        return _letters((author.particle or "") + author.family)
    if author.literal:
        return "".join(_letters(word) for word in author.literal.split()[:_ORGANISATION_WORDS])
    return _letters(author.given or "")


def _site(paper: Paper) -> str:
    return _letters("".join((paper.venue or "").split()[:_ORGANISATION_WORDS])) if paper.kind == "webpage" else ""


def _title_words(title: str) -> list[str]:
    words = _WORD.findall(_ELISION.sub("", _NOT_A_WORD.sub(" ", title)))
    telling = [word for word in words if word.casefold() not in _STOP_WORDS]
    folds = (_letters(word) for word in telling or words)
    return [fold[:_LONGEST_PART] for fold in folds if fold]


def _letters(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", to_ascii(text).lower())


def to_ascii(text: str) -> str:
    """The text in ASCII: accents gone from Latin letters, other scripts spelled out, what no letter spells left out."""
    # Accents go from Latin letters only: й without its breve is another letter, が without its mark another syllable.
    plain = _LATIN_ACCENT.sub("", unicodedata.normalize("NFKD", text))
    return anyascii(unicodedata.normalize("NFC", plain))
