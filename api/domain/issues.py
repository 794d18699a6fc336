"""An issue of the daily mail: what is told of which paper, chosen from what there is to tell.

Refuses to tell anything twice: what was told before is left out by its paper, whichever version or page it came from.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from msgspec import Struct

from api.domain.digest import DigestWish, Part
from api.domain.papers import Paper
from api.domain.taste import Shelved, Taste
from api.domain.titles import title_fold
from api.domain.trending import Trend

MOST_WAITING = 3  # papers of the reader's own list that an issue reminds of
Told = Collection[tuple[Part, str]]


class Item(Struct, frozen=True):
    """A paper in an issue: why it is there, and the reader's entry where it is theirs."""

    part: Part
    paper: Paper
    why: str
    entry_id: str = ""


class Issue(Struct, frozen=True):
    """What one mail tells: a date of the reader's and its papers, part by part."""

    date: str
    items: tuple[Item, ...]

    def of(self, part: Part) -> tuple[Item, ...]:
        """The papers of a part, in order."""
        return tuple(item for item in self.items if item.part == part)


class Own(Struct, frozen=True):
    """One of the reader's own papers that there is something to tell of, with its entry."""

    paper: Paper
    entry_id: str


class Material(Struct, frozen=True):
    """What there is to tell: what trends and the reader lacks, in order; own papers that now have code, that are now
    published, that wait to be read, the longest waiting first; the reader's shelf; what was told before."""

    trending: Sequence[tuple[Paper, Trend]]
    code: Sequence[Own]
    published: Sequence[Own]
    waiting: Sequence[Own]
    shelf: Sequence[Shelved]
    told: Told


def choose(material: Material, wish: DigestWish, date: str) -> Issue:
    """The issue of a date; without items where there is nothing to tell."""
    parts: dict[Part, list[Item]] = {
        "trending": _trending(material),
        "code": [Item("code", own.paper, "Its code is available now", own.entry_id) for own in material.code],
        "published": [Item("published", own.paper, _published(own.paper), own.entry_id) for own in material.published],
        "waiting": [Item("waiting", own.paper, "It waits on your list", own.entry_id) for own in material.waiting],
    }
    items: list[Item] = []
    for part, found in parts.items():
        if part in wish.parts:
            new = [item for item in found if (part, item.paper.id) not in material.told]
            items += new[: MOST_WAITING if part == "waiting" else wish.most]
    return Issue(date, tuple(items))


def words_of(paper: Paper) -> str:
    """A paper's title and abstract as folded words, to be compared with a taste."""
    return title_fold(f"{paper.title} {paper.abstract or ''}")


def _trending(material: Material) -> list[Item]:
    """What trends, that which is near to the reader's tags first."""
    texts = [words_of(paper) for paper, _ in material.trending]
    taste = Taste(material.shelf, texts)
    top = max((trend.score for _, trend in material.trending), default=0) or 1
    found: list[tuple[float, int, Item]] = []
    for place, ((paper, trend), text) in enumerate(zip(material.trending, texts, strict=True)):
        near = taste.nearest(text)
        why = [f"Matches your tag {near[0]}"] if near else []
        item = Item("trending", paper, " · ".join([*why, *trend.reasons]))
        found.append((-trend.score / top - (near[1] if near else 0), place, item))
    return [item for _, _, item in sorted(found, key=lambda one: one[:2])]


def _published(paper: Paper) -> str:
    return f"It is published now: {paper.venue}" if paper.venue else "It is published now"
