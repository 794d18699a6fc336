"""When two records turn out to be one paper, and what becomes of a library's two entries of it.

Refuses to join on a title alone: a source that is trusted must name both identities, and the titles must agree.
Nothing is dropped: tags and lists are united, a second note is kept as another version, the reading status is the
furthest, and highlights follow the entry that they were made on.
"""

from __future__ import annotations

from difflib import SequenceMatcher

from msgspec import structs

from api.domain.fields import Json
from api.domain.papers import Finding, Identifier, Paper
from api.domain.states import Member, OtherVersion, Stamp, State
from api.domain.titles import title_fold

TRUSTED = frozenset(("arxiv", "crossref"))  # sources whose word on "the same work" counts
ALIKE = 0.9  # least likeness of two folded titles, 0 to 1
_FURTHER = ("to_read", "reading", "read", "archived")


def bridges(findings: list[Finding]) -> set[Identifier]:
    """The identifiers that trusted sources claim for the paper."""
    return {i for f in findings if f.source in TRUSTED for i in f.identifiers}


def same_work(one: Paper, other: Paper) -> bool:
    """Whether two records with a bridge between them may be one: their titles agree, or one has none yet."""
    if _nameless(one) or _nameless(other):
        return True
    first, second = title_fold(one.title), title_fold(other.title)
    return SequenceMatcher(None, first, second, autojunk=False).ratio() >= ALIKE


def _nameless(paper: Paper) -> bool:
    """A paper that still goes by its identifier."""
    return not paper.authors and any(
        paper.title in (f"{scheme}:{value}", value) for scheme, values in paper.identifiers.items() for value in values
    )


def joined_entry(survivor: State, loser: State, at: str) -> State:
    """The entry that lives on, with what the other one held."""
    fields, stamps = dict(survivor.fields), dict(survivor.stamps)
    others = {n: survivor.other_versions.get(n, ()) + texts for n, texts in loser.other_versions.items()}
    others = dict(survivor.other_versions) | others
    for name, value in loser.fields.items():
        if name == "note" and value and fields.get("note") and fields["note"] != value:
            kept = OtherVersion(str(value), loser.stamps["note"].device, at)
            others["note"] = (*others.get("note", ()), kept)
        elif name not in ("paper_id", "saved_at", "saved_from", "citekey") and _says_more(name, fields, value):
            fields[name], stamps[name] = value, loser.stamps[name]
    members = {field: dict(rows) for field, rows in survivor.members.items()}
    for field, rows in loser.members.items():
        for name, row in rows.items():
            mine = members.setdefault(field, {})
            mine[name] = _united(mine.get(name), row)
    return structs.replace(
        survivor,
        fields=fields,
        stamps=stamps,
        members=members,
        other_versions=others,
        deleted=survivor.deleted and loser.deleted,
    )


def _says_more(name: str, fields: dict[str, Json], value: Json) -> bool:
    if name == "status":
        return _FURTHER.index(value) > _FURTHER.index(fields.get("status", "to_read"))
    return value is not None and not fields.get(name)


def _united(one: Member | None, other: Member) -> Member:
    if one is None:
        return other

    def all_of(first: tuple[Stamp, ...], second: tuple[Stamp, ...]) -> tuple[Stamp, ...]:
        return tuple(dict.fromkeys((*first, *second)))

    return Member(all_of(one.added, other.added), all_of(one.removed, other.removed))
