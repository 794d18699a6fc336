"""A library's own papers, where a person said that sources are wrong about identity: rows derived from shared answers.

Nothing is copied: each is derived anew from what the sources said of the shared papers beneath it, and of itself where
they were asked about its identifiers alone. Refuses to show one library's own papers to another. A library that spoke
about an identifier of a shared paper speaks about all of them: its entries are never of that shared paper.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence

from msgspec import structs

from api.domain.arrivals import paper_from
from api.domain.claims import Answer, adopted, bare, part
from api.domain.clock import rfc3339
from api.domain.ids import uuid7
from api.domain.papers import Finding, Identifier, Paper, Provenance
from api.store import citekeys, enrichment, entries, libraries, own_identifiers, papers
from api.store.database import Tx, in_list
from api.store.entry_joins import join_in


async def library_of(tx: Tx, paper_id: str) -> str | None:
    """The library whose own a paper is; None of a shared one."""
    row = await tx.row("SELECT for_library FROM paper WHERE id = :paper_id", paper_id=paper_id)
    found: str | None = row["for_library"] if row else None
    return found


async def is_own(tx: Tx, library_id: str, paper_id: str) -> bool:
    """Whether a paper is one of the library's own."""
    return await library_of(tx, paper_id) == library_id


async def identifiers_of(tx: Tx, library_id: str, paper_id: str) -> tuple[Identifier, ...]:
    """All identifiers that name a paper in a library, sorted."""
    if await is_own(tx, library_id, paper_id):
        return await own_identifiers.of_paper(tx, library_id, paper_id)
    return await papers.identifiers_of(tx, paper_id)


async def beneath(tx: Tx, library_id: str, paper_id: str) -> list[str]:
    """The papers of whose answers a paper of a library is made: itself, and the shared ones of its identifiers."""
    found = await papers.find(tx, await own_identifiers.of_paper(tx, library_id, paper_id))
    return sorted({paper_id, *found.values()})


async def answers(tx: Tx, paper_ids: Collection[str]) -> list[Answer]:
    """What sources said of papers."""
    seen = [one for paper_id in sorted(paper_ids) for one in await enrichment.told(tx, paper_id)]
    return [Answer(one.asked, rfc3339(one.asked_at), one.finding) for one in seen]


async def others_of(
    tx: Tx, library_id: str, own: Collection[Identifier], below: Collection[str], said: Sequence[Answer]
) -> set[Identifier]:
    """The identifiers around a paper that are other papers' by the library's word."""
    named = {each for answer in said for each in answer.finding.identifiers}
    for paper_id in below:
        named |= set(await papers.identifiers_of(tx, paper_id))
    return set(await own_identifiers.owners(tx, library_id, named - set(own)))


async def told_of(tx: Tx, library_id: str, paper_id: str) -> tuple[list[tuple[str, Finding]], frozenset[Identifier]]:
    """What sources said of one of the library's own papers (when, finding), and the identifiers that are others'."""
    own = await own_identifiers.of_paper(tx, library_id, paper_id)
    below = await beneath(tx, library_id, paper_id)
    said = await answers(tx, below)
    others = frozenset(await others_of(tx, library_id, own, below, said))
    return part(said, own, others), others


async def would_be(
    tx: Tx, library_id: str, whole: str, own: Sequence[Identifier], apart: Collection[Identifier], now_ms: int
) -> Paper:
    """The record of a part of a paper, had it these identifiers and were those that are `apart` another's."""
    below = await beneath(tx, library_id, whole)
    said = await answers(tx, below)
    others = await others_of(tx, library_id, [*own, *apart], below, said) | set(apart)
    return _made(whole, part(said, own, others), own, now_ms)[0]


def _made(
    paper_id: str, said: list[tuple[str, Finding]], own: Sequence[Identifier], now_ms: int
) -> tuple[Paper, dict[str, Provenance]]:
    """The record; one of which nobody said anything yet is what its identifiers tell by themselves."""
    return paper_from(paper_id, said or [(rfc3339(now_ms), bare(own))], tuple(own))


async def write(tx: Tx, library_id: str, paper_id: str, now_ms: int) -> bool:
    """Derive one of the library's own papers anew, or for the first time; says whether its record changed."""
    said, _ = await told_of(tx, library_id, paper_id)
    paper, fields = _made(paper_id, said, await own_identifiers.of_paper(tx, library_id, paper_id), now_ms)
    if not await is_own(tx, library_id, paper_id):
        await papers.insert(tx, [(paper, fields)], now_ms, library_id)
        return True
    before = structs.replace(await papers.record(tx, paper_id), enrich_state=paper.enrich_state, version=paper.version)
    if before != paper:
        await papers.update(tx, paper, fields, now_ms)
    return before != paper


async def take_over(tx: Tx, library_id: str, paper_id: str, other: str, now_ms: int) -> None:
    """Let the library's own paper `paper_id`, there or new, take the place of another one, shared or its own."""
    named = await identifiers_of(tx, library_id, other)
    await own_identifiers.give(tx, library_id, dict.fromkeys(named, paper_id), now_ms)
    if await is_own(tx, library_id, other):
        await enrichment.move(tx, other, paper_id)
        await tx.run(
            "UPDATE paper SET redirect_to = :paper_id, attempts = attempts + 1 WHERE for_library = :library_id "
            "AND (id = :other OR redirect_to = :other)",
            paper_id=paper_id,
            library_id=library_id,
            other=other,
        )
    await write(tx, library_id, paper_id, now_ms)
    await ask_anew(tx, [paper_id], now_ms)
    await own_identifiers.merge_apart(tx, library_id, other, paper_id, now_ms)
    await join_in(tx, library_id, paper_id, other, now_ms)


async def ask_anew(tx: Tx, paper_ids: Sequence[str], now_ms: int) -> None:
    """Make own papers due whose identifiers changed; who asks about one now is late."""
    text, values = in_list("p", paper_ids)
    await tx.run(f"UPDATE paper SET attempts = attempts + 1, lease_until = 0 WHERE id IN ({text})", **values)
    await enrichment.wake(tx, paper_ids, now_ms)


async def detach(tx: Tx, library_id: str, shared: str, now_ms: int) -> str:
    """Give a library a paper of its own in the place of a shared one that it holds; returns its id."""
    paper_id = uuid7(now_ms, secrets.token_bytes(10))
    await take_over(tx, library_id, paper_id, shared, now_ms)
    return paper_id


async def refresh(tx: Tx, library_id: str, shared: str, now_ms: int) -> bool:
    """Let a library's own papers hear what sources said anew of a shared one; says whether any changed.

    Identifiers that came to the shared paper go to the own paper of whose they are by the sources' word.
    """
    named = await papers.identifiers_of(tx, shared)
    owners = await own_identifiers.owners(tx, library_id, named)
    fresh = set(named) - set(owners)
    if not owners:
        return False
    if fresh:
        said = await answers(tx, [shared])
        await own_identifiers.give(tx, library_id, adopted(fresh, said, owners, min(owners.values())), now_ms)
    changed = [paper_id for paper_id in sorted(set(owners.values())) if await write(tx, library_id, paper_id, now_ms)]
    for paper_id in changed:
        if await libraries.shows(tx, library_id, paper_id):
            await libraries.touch_paper(tx, library_id, paper_id, now_ms)
            await give_key(tx, library_id, paper_id, now_ms)
    return bool(changed)


async def give_key(tx: Tx, library_id: str, paper_id: str, now_ms: int) -> None:
    """Give the entry of one of the library's own papers a citation key, if it has none and its authors are known.

    A key is for ever: one that goes by its identifier gets it once the sources were asked.
    """
    if (await papers.record(tx, paper_id)).authors:
        wanting = await entries.without_citekey(tx, library_id, paper_id)
        await citekeys.give(tx, library_id, wanting, now_ms)


async def standing(
    tx: Tx, library_id: str, claims: Sequence[Sequence[Identifier]], paper_ids: Sequence[str], now_ms: int
) -> list[str]:
    """The papers that stand in a library for shared ones which were found or made for what arrived, by its claims.

    Costs one statement where the library never spoke, and the same few however much arrived.
    """
    if not paper_ids or not await own_identifiers.speaks(tx, library_id):
        return list(paper_ids)
    named = {each for own in claims for each in own}
    shared = await papers.find(tx, named)
    owners = await own_identifiers.owners(tx, library_id, named)
    over = await own_identifiers.over(tx, library_id, set(paper_ids))
    fresh: dict[Identifier, str] = {}
    found: list[str] = []
    for own, paper_id in zip(claims, paper_ids, strict=True):
        mine = [each for each in own if shared.get(each) == paper_id]
        said = next((owners[each] for each in mine if each in owners), None)
        stands = said or next(iter(over.get(paper_id, ())), paper_id)
        if paper_id in over:
            fresh |= {each: stands for each in mine if each not in owners}
        found.append(stands)
    await own_identifiers.give(tx, library_id, fresh, now_ms)
    return found
