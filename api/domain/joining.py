"""When two records turn out to be one paper, and what becomes of a library's two entries of it.

Refuses to join on a title alone: a source that is trusted must name both identities, and the titles must agree. A
source that merges others' records is trusted only where its title and an author are the paper's own.
Nothing is dropped: tags and lists are united, a second note is kept as another version, the reading status is the
furthest, and highlights follow the entry that they were made on.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import SequenceMatcher

from msgspec import structs

from api.domain.fields import Json
from api.domain.liveness import turned
from api.domain.papers import Author, Finding, Identifier, Paper
from api.domain.states import Member, OtherVersion, Stamp, State
from api.domain.titles import is_gated_title, title_fold

TRUSTED = frozenset(("arxiv", "biorxiv", "crossref", "datacite"))  # they keep the record that names the other half
ID_MAPS = frozenset(("europepmc", "openalex", "pubmed", "s2"))  # they match records of others, now and then wrongly
ALIKE = 0.9  # least likeness of two folded titles, 0 to 1
_ONE_A_PAPER = ("arxiv", "pmid", "pmcid")
_NUMBER = re.compile(r"\d+|[ivx]+", re.A)  # part I is not part II
_ABOUT = re.compile(
    r"(?:author |publisher )?"
    r"(?:correction|corrigend(?:um|a)|errat(?:um|a)|retract(?:ion|ed)|reply|response|comments?)\b"
)
_FURTHER = ("to_read", "reading", "read", "archived")


def bridges(findings: list[Finding], known: list[Finding]) -> set[Identifier]:
    """The identifiers that trusted sources claim for the paper, of which `known` is what was said before."""
    said = [*known, *findings]
    return {i for f in findings if f.source in TRUSTED | ID_MAPS for i in claimable(f, said)}


def claimable(finding: Finding, known: Iterable[Finding]) -> tuple[Identifier, ...]:
    """The identifiers that a finding may give to the paper, given all else that is known of it.

    A map of ids is believed where title and a family name agree with one who keeps records, or where nobody else said
    anything; but never about a second arXiv id or PMID of a paper that has one.
    """
    if finding.source not in ID_MAPS:
        return finding.identifiers
    others = [one for one in known if one.source not in ID_MAPS and one.title and not is_gated_title(one.title)]
    if others and not any(_agree(finding, one) for one in others):
        return ()
    taken = {identifier.scheme for one in others for identifier in one.identifiers if identifier.scheme in _ONE_A_PAPER}
    own = {identifier for one in others for identifier in one.identifiers}
    return tuple(each for each in finding.identifiers if each.scheme not in taken or each in own)


def _agree(one: Finding, other: Finding) -> bool:
    families = {_family(author) for author in one.authors} & {_family(author) for author in other.authors}
    return alike(one.title or "", other.title or "") and bool(families or not one.authors or not other.authors)


def _family(author: Author) -> str:
    return title_fold(author.family or (author.literal or "").rpartition(" ")[2])


def alike(one: str, other: str) -> bool:
    """Whether two titles are those of one work: nearly the same words, the same numbers, neither about the other."""
    first, second = title_fold(one), title_fold(other)
    if _numbers(first) != _numbers(second) or bool(_ABOUT.match(first)) != bool(_ABOUT.match(second)):
        return False
    return SequenceMatcher(None, first, second, autojunk=False).ratio() >= ALIKE


def _numbers(title: str) -> list[str]:
    return [word for word in title.split() if _NUMBER.fullmatch(word)]


def same_work(one: Paper, other: Paper) -> bool:
    """Whether two records with a bridge between them may be one: their titles agree, or one has none yet."""
    if _nameless(one) or _nameless(other):
        return True
    return alike(one.title, other.title)


def _nameless(paper: Paper) -> bool:
    """A paper that still goes by its identifier."""
    return not paper.authors and any(
        paper.title in (f"{scheme}:{value}", value) for scheme, values in paper.identifiers.items() for value in values
    )


def merged_key(entry: State, into: str) -> State:
    """What remains of an entry that became part of another one: its key, with what it had should they part again."""
    fields = {name: value for name, value in entry.fields.items() if name != "paper_id"}
    return structs.replace(entry, deleted=True, merged_into=into, fields=fields)


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
    joined = structs.replace(survivor, fields=fields, stamps=stamps, members=members, other_versions=others)
    if loser.deleted:
        return joined
    return turned(joined, structs.replace(loser.liveness, turned=survivor.liveness.turned))


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
