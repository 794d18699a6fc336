"""What the page of a paper says of its identity: who claims what, what might be the same, and how it may come apart.

Identifiers that follow from each other by rule are one line: nobody can take them apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from api.actions.get_paper import KnownPaper
from api.actions.split_paper import SplitView
from api.domain.claims import Claim, by_rule
from api.domain.disagreements import printed
from api.domain.fields import TextQuoteSelector
from api.domain.papers import Identifier, Paper
from api.domain.proposals import Proposal
from api.web.record import scheme_name, source_name
from api.web.rows import KINDS, day

_WHY = {"title": "the titles, an author and the year agree", "claim": "{} says so", "person": "you said so"}


class SplitLine(NamedTuple):
    """Identifiers that go together: the one that names them all to the server, their words, and who says so."""

    wanted: str
    names: str
    said: str


class Same(NamedTuple):
    """A paper that might be the same, in words."""

    paper_id: str
    path: str
    title: str
    where: str
    why: str


class Half(NamedTuple):
    """One of the two papers of a split, as it would be."""

    heading: str
    title: str
    authors: str
    where: str
    names: list[str]


class MarkLine(NamedTuple):
    """A highlight with whether it would go along."""

    key: str
    quote: str
    page: str
    goes: bool


def said_by(claims: Sequence[Claim], identifier: Identifier) -> str:
    """Who claims an identifier, the first that did so first."""
    own = sorted(
        (one.at, one.source) for one in claims if (one.scheme, one.value) == (identifier.scheme, identifier.value)
    )
    return "; ".join(f"{source_name(source)}, {day(at)}" for at, source in own)


def split_lines(known: KnownPaper) -> list[SplitLine]:
    """What a person can take apart, addresses last; empty where there is only one thing."""
    claims = known.claims.identifiers
    named = {Identifier(one.scheme, one.value) for one in claims if one.scheme != "text"}
    groups: list[list[Identifier]] = []
    for each in sorted(named, key=lambda one: (one.scheme == "url", one)):
        if not any(each in group for group in groups):
            groups.append(sorted(by_rule(each) & named))
    lines = [
        SplitLine(
            f"{group[0].scheme}:{group[0].value}",
            " and ".join(f"{scheme_name(one.scheme)} {one.value}" for one in group),
            said_by(claims, group[0]),
        )
        for group in groups
    ]
    return lines if len(lines) > 1 else []


def sames(proposals: Sequence[Proposal]) -> list[Same]:
    """The proposals in words."""
    return [
        Same(
            one.paper_id,
            f"/library/entries/{one.entry_id}",
            one.title,
            " · ".join(part for part in (KINDS[one.kind], one.venue, str(one.year or "")) if part),
            _WHY[one.why].format(source_name(one.source or "")),
        )
        for one in proposals
    ]


def halves(view: SplitView) -> list[Half]:
    """Both papers of a split in words."""
    return [_half("Stays", view.stay), _half("Becomes a paper of its own", view.go)]


def _half(heading: str, paper: Paper) -> Half:
    where = " · ".join(part for part in (KINDS[paper.kind], paper.venue, str(paper.year or "")) if part)
    names = [f"{scheme_name(scheme)} {value}" for scheme, values in paper.identifiers.items() for value in values]
    urls = [one.url for one in paper.manifestations]
    return Half(heading, paper.title, ", ".join(map(printed, paper.authors)), where, list(dict.fromkeys(names + urls)))


def mark_lines(view: SplitView) -> list[MarkLine]:
    """The highlights of a split in words."""
    return [
        MarkLine(mark.key, _quote(mark.fields.get("selectors") or []), mark.fields.get("manifestation") or "", goes)
        for mark, goes in view.marks
    ]


def _quote(selectors: Sequence[dict[str, str]]) -> str:
    quotes = [one["exact"] for one in selectors if one.get("type") == TextQuoteSelector.__name__]
    return quotes[0] if quotes else "(an area of a page)"
