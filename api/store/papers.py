"""Papers: found by any of their identifiers, written as one derived record with its provenance.

Refuses to let one identifier name two papers (the primary key of `paper_identifier`).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence

import msgspec
from msgspec import Raw, structs

from api.domain.claims import Claim
from api.domain.clock import rfc3339
from api.domain.corrections import Corrections, corrected
from api.domain.papers import Identifier, Paper, Provenance
from api.domain.titles import title_fold
from api.store.database import Row, Tx, Value, in_list, insert_missing, upsert
from api.tracing import current_request

_COLUMNS = "p.id, p.record, p.enrich_state, p.version, p.redirect_to, c.fields AS corrected"
CORRECTED = "LEFT JOIN correction c ON c.library_id = {} AND c.paper_id = p.id"  # what a library says of a paper `p`
# Of an object `o` that stands for a paper: how far that was enriched, a blank, and its record, where this is what the
# library is shown: neither merged nor corrected, in today's form. A join might make a planner walk all papers; so
# does `o.key`, whose collation is another one.
IN_FULL = (
    "(SELECT p.enrich_state || ' ' || p.record FROM paper p WHERE o.type = 'paper' AND p.id = o.paper_id "
    "AND p.in_full = 1 AND p.redirect_to IS NULL AND (p.for_library IS NULL OR p.for_library = o.library_id) "
    "AND NOT EXISTS (SELECT 1 FROM correction c WHERE c.library_id = o.library_id AND c.paper_id = p.id))"
)
# As a record has them; nothing before it can look the same, for a quote within a text is escaped.
_STANDING = re.compile(r'"enrich_state":"[a-z]+","version":\d+')
FIRST_VERSION = 1  # of a record
_THERE = ("available", "shared", "moved", "archived", "unknown")  # not merely promised, mentioned or gone


async def find(tx: Tx, identifiers: Collection[Identifier]) -> dict[Identifier, str]:
    """Which paper each of these identifiers names now; unknown ones are left out."""
    found: dict[Identifier, str] = {}
    wanted = sorted(set(identifiers))
    for start in range(0, len(wanted), 10_000):
        text, given = among(wanted[start : start + 10_000], "i.")
        rows = await tx.rows(
            f"SELECT i.scheme, i.value, COALESCE(p.redirect_to, p.id) AS paper_id "
            f"FROM paper_identifier i JOIN paper p ON p.id = i.paper_id WHERE {text}",
            **given,
        )
        for row in rows:
            found[Identifier(row["scheme"], row["value"])] = row["paper_id"]
    return {i: found[i] for i in wanted if i in found}


def among(identifiers: Collection[Identifier], prefix: str = "") -> tuple[str, dict[str, Value]]:
    """A condition that these identifiers meet, by the key of their table, and that a few others may: who asks looks.

    Values alone would walk over the whole table.
    """
    schemes, given = in_list("s", sorted({each.scheme for each in identifiers}))
    values, more = in_list("v", sorted({each.value for each in identifiers}))
    return f"{prefix}scheme IN ({schemes}) AND {prefix}value IN ({values})", given | more


async def get_many(tx: Tx, ids: Collection[str], library_id: str = "") -> dict[str, Paper]:
    """The papers with these ids; a merged one comes under the id that was asked for, as its survivor.

    Of a library, with its corrections and its own papers; else as everyone sees them.
    """
    papers, redirects = await _select(tx, ids, library_id)
    if redirects:
        survivors, _ = await _select(tx, redirects.values(), library_id)
        papers |= {old: survivors[new] for old, new in redirects.items() if new in survivors}
    return papers


async def _select(tx: Tx, ids: Iterable[str], library_id: str) -> tuple[dict[str, Paper], dict[str, str]]:
    papers: dict[str, Paper] = {}
    redirects: dict[str, str] = {}
    wanted = sorted(set(ids))
    if not wanted:
        return papers, redirects
    text, values = in_list("id", wanted)
    sql = (
        f"SELECT {_COLUMNS} FROM paper p {CORRECTED.format(':library_id')} WHERE p.id IN ({text}) "
        "AND (p.for_library IS NULL OR p.for_library = :library_id)"
    )
    for row in await tx.rows(sql, library_id=library_id, **values):
        if row["redirect_to"]:
            redirects[row["id"]] = row["redirect_to"]
        else:
            papers[row["id"]] = paper_of(row)
    return papers, redirects


def paper_of(row: Row, version: int | None = None) -> Paper:
    """The paper in a row with record, enrich_state, version, and what was corrected."""
    paper = msgspec.json.decode(row["record"], type=Paper)
    if row["corrected"]:
        paper = corrected(paper, msgspec.json.decode(row["corrected"], type=Corrections))
    return structs.replace(
        paper, enrich_state=row["enrich_state"], version=row["version"] if version is None else version
    )


def as_shown(kept: str, version: int) -> Raw:
    """What `IN_FULL` found, as it is shown: with how far it was enriched, under this version."""
    state, _, record = kept.partition(" ")
    return Raw(_STANDING.sub(f'"enrich_state":"{state}","version":{version}', record, 1).encode())


async def provenance(tx: Tx, paper_id: str) -> dict[str, Provenance]:
    """Where each field of a paper comes from."""
    row = await tx.row("SELECT provenance FROM paper WHERE id = :paper_id", paper_id=paper_id)
    return msgspec.json.decode(row["provenance"], type=dict[str, Provenance]) if row else {}


async def record(tx: Tx, paper_id: str) -> Paper:
    """A paper as it was derived last, before corrections; raises LookupError."""
    row = await tx.row(
        "SELECT record, enrich_state, version, NULL AS corrected FROM paper WHERE id = :paper_id", paper_id=paper_id
    )
    if row is None:
        raise LookupError("no such paper")
    return paper_of(row)


async def insert(
    tx: Tx, papers: Sequence[tuple[Paper, dict[str, Provenance]]], at_ms: int, for_library: str | None = None
) -> None:
    """Add new papers, due for enrichment at once; or papers of one library's own, which are done."""
    rows: list[dict[str, Value]] = [
        {
            "id": paper.id,
            **_derived(paper, fields),
            "enrich_state": paper.enrich_state,
            "next_try_at": at_ms,
            "created_at": at_ms,
            "asked_by": current_request(),
            "for_library": for_library,
            "version": FIRST_VERSION,
        }
        for paper, fields in papers
    ]
    await upsert(tx, "paper", ("id",), rows)


async def update(tx: Tx, paper: Paper, fields: dict[str, Provenance], at_ms: int) -> None:
    """Write a paper's derived record anew, under its next version; since when it has code or is published, once."""
    columns = _derived(paper, fields)
    sets = ", ".join(f"{name} = :{name}" for name in columns)
    await tx.run(
        f"UPDATE paper SET {sets}, version = version + 1, "
        "code_at = CASE WHEN code_at = 0 AND has_code < :has_code THEN :at ELSE code_at END, "
        "published_at = CASE WHEN published_at = 0 AND kind = 'preprint' "
        "AND :kind IN ('article', 'inproceedings', 'chapter', 'book') THEN :at ELSE published_at END WHERE id = :id",
        id=paper.id,
        at=at_ms,
        **columns,
    )


async def claim_identifiers(tx: Tx, claims: Mapping[Identifier, str], source: str, at_ms: int) -> int:
    """Record that a source says whose these identifiers are (paper ids), and say how many were new.

    One that names another paper stays there.
    They go in sorted, so that two writers that claim the same ones wait for each other and never in a circle.
    """
    rows: list[dict[str, Value]] = [
        {"scheme": i.scheme, "value": i.value, "paper_id": claims[i], "source": source, "claimed_at": at_ms}
        for i in sorted(claims)
    ]
    return await insert_missing(tx, "paper_identifier", ("scheme", "value"), rows)


async def identifiers_of(tx: Tx, paper_id: str) -> tuple[Identifier, ...]:
    """All identifiers that name a paper, sorted."""
    rows = await tx.rows(
        "SELECT scheme, value FROM paper_identifier WHERE paper_id = :paper_id ORDER BY scheme, value",
        paper_id=paper_id,
    )
    return tuple(Identifier(row["scheme"], row["value"]) for row in rows)


async def first_claims(tx: Tx, identifiers: Collection[Identifier]) -> list[Claim]:
    """Who named these identifiers first, and when."""
    wanted = set(identifiers)
    text, values = among(wanted)
    rows = await tx.rows(f"SELECT scheme, value, source, claimed_at FROM paper_identifier WHERE {text}", **values)
    return [
        Claim(row["scheme"], row["value"], row["source"], rfc3339(row["claimed_at"]))
        for row in rows
        if Identifier(row["scheme"], row["value"]) in wanted
    ]


def _derived(paper: Paper, fields: dict[str, Provenance]) -> dict[str, Value]:
    authors = " ".join(a.literal or f"{a.given or ''} {a.particle or ''} {a.family or ''}" for a in paper.authors)
    text = " ".join((paper.title, authors, paper.venue or "", paper.abstract or ""))
    return {
        "kind": paper.kind,
        "title": paper.title,
        "title_folded": title_fold(paper.title),
        "year": paper.year,
        "venue": paper.venue,
        "has_code": int(any(link.kind == "code" and link.status in _THERE for link in paper.links)),
        "has_pdf": int(any(m.kind == "pdf" for m in paper.manifestations)),
        "record": msgspec.json.encode(paper).decode(),
        "in_full": 1,
        "provenance": msgspec.json.encode(fields).decode(),
        "search_text": title_fold(text),
    }
