"""The authors that a page prints below the title of its work, for pages whose tags do not name them.

Read only where the page says where the names begin and where they end: by a label, or by the form of a
reference right after the title (`Harper QK 1 , Li X 2 .`). Refuses everything else; text is full of other people.
"""

from __future__ import annotations

import re

from api.domain.names import author
from api.domain.papers import Author

_HEAD = 20_000  # characters
_LONGEST = 4000
_MARKS = r"(?:\s*(?:\b[a-z]\b|\b\d{1,2}\b|[*∗†‡§¶,](?=\s*(?:[a-z]|\d{1,2})\b)))*"
_AFTER_MARKS = re.compile(rf"{_MARKS}\s*[*∗†‡§¶]*\s*$")
_LABELLED = re.compile(
    rf"Author links open overlay panel (?P<names>.{{3,{_LONGEST}}}?)"
    r" (?:Show more|Add to Mendeley|Outline|Cite|Abstract)\b"
)
_FAMILY = r"(?:(?:van|von|de|del|der|den|di|da|la|le) )*[A-ZÀ-ÖØ-Þ][\w'’-]+(?: [\w'’-]+){0,3}?"
_CITED_NAME = rf"{_FAMILY} [A-Z]{{1,3}}(?: ?\d{{1,2}}(?: ?, ?\d{{1,2}})*)?"
_CITED = re.compile(rf"\.? ?(?P<names>{_CITED_NAME}(?: ?, {_CITED_NAME}){{0,200}}) ?\.(?= )")


def byline(title: str, text: str) -> tuple[Author, ...]:
    """The authors printed on the page, in their order; none where the page does not say who they are."""
    head = " ".join(text[:_HEAD].split())
    if match := _LABELLED.search(head):
        return _several(match.group("names"))
    before, known, rest = head.partition(title or "\0")
    if not known or len(before) > _HEAD // 2:
        return ()
    match = _CITED.match(rest[:_LONGEST])
    return _several(re.sub(r"\b\d{1,2}\b", "", match.group("names"))) if match else ()


def _several(names: str) -> tuple[Author, ...]:
    """The people between commas, without the letters and numbers that point to their affiliations."""
    people = (author(_AFTER_MARKS.sub("", name)) for name in re.split(r"\s*,\s+", names))
    return tuple(person for person in people if person is not None and person.family)
