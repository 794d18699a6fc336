"""What is searched of a paper: the words of each of its parts, as one line with a blank before and after each.

Refuses to show to everybody what only a person's page or file told: that is of those who saved it.
Limits: of an abstract, a note and the highlights of one entry the first 60,000 characters of words each.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from msgspec import Struct

from api.domain.papers import Author, Paper, Provenance
from api.domain.search_query import PARTS
from api.domain.search_words import stem, words_of

MOST_CHARACTERS = 60_000  # of words in one part
_PRIVATE = ("page", "user", "import")  # sources that are a person's own


class Document(Struct, frozen=True):
    """The stems of a paper by part: ` one two `, or empty."""

    title: str = ""
    authors: str = ""
    venue: str = ""
    abstract: str = ""
    note: str = ""
    marks: str = ""

    @property
    def stems(self) -> set[str]:
        """All its stems, each once."""
        return {one for part in PARTS for one in getattr(self, part).split()}


class Seen(Struct):
    """Documents in the making, with one written form of each stem."""

    shown: dict[str, str] = {}

    def line(self, texts: Iterable[str]) -> str:
        """The stems of some texts in order."""
        found: list[str] = []
        left = MOST_CHARACTERS
        for text in texts:
            for word in words_of(text[: 2 * left]):
                left -= len(word) + 1
                if left < 0:
                    return f" {' '.join(found)} "
                one = stem(word)
                self.shown.setdefault(one, word)
                found.append(one)
        return f" {' '.join(found)} " if found else ""


def document_of(seen: Seen, paper: Paper, note: str = "", marks: Iterable[str] = ()) -> Document:
    """The document of an entry: its paper as the library sees it, its note, and the texts of its highlights."""
    return Document(
        seen.line([paper.title]),
        seen.line(map(author_name, paper.authors)),
        seen.line([paper.venue or ""]),
        seen.line([paper.abstract or ""]),
        seen.line([note]),
        seen.line(marks),
    )


def public_document_of(seen: Seen, paper: Paper, sources: Mapping[str, Provenance]) -> Document | None:
    """What public sources tell of a paper; None where not even its title comes from one."""

    if not is_public(sources, "title"):
        return None
    return Document(
        seen.line([paper.title]),
        seen.line(map(author_name, paper.authors)) if is_public(sources, "authors") else "",
        seen.line([paper.venue or ""]) if is_public(sources, "venue") else "",
        seen.line([paper.abstract or ""]) if is_public(sources, "abstract") else "",
    )


def is_public(sources: Mapping[str, Provenance], field: str) -> bool:
    """Whether a public source tells a field of a paper."""
    return field in sources and sources[field].source not in _PRIVATE


def counted(before: Iterable[Document], after: Iterable[Document]) -> dict[str, int]:
    """In how many documents more, or fewer, each stem is; those that stay are left out."""
    found: Counter[str] = Counter()
    for document in after:
        found.update(document.stems)
    for document in before:
        found.subtract(document.stems)
    return {one: n for one, n in sorted(found.items()) if n}


def author_name(author: Author) -> str:
    """A name in the order in which it is said."""
    return author.literal or " ".join(part for part in (author.given, author.particle, author.family) if part)
