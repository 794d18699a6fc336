"""Enrich: take a paper that is due, and put down what the sources said. The asking itself is the workers' part.

Refuses the late result of an attempt that another worker has taken over: each paper ends enriched once.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct, structs

from api.actions.desk import Desk
from api.domain.arrivals import paper_from
from api.domain.clock import rfc3339
from api.domain.joining import bridges, claimable, same_work
from api.domain.look_again import look_again
from api.domain.papers import EnrichState, Finding, Identifier, Paper
from api.domain.retries import spread
from api.store import answers, citekeys, enrichment, entries, libraries, own_identifiers, own_papers, papers
from api.store.answers import KeptAnswer
from api.store.database import Tx
from api.store.enrichment import Observation
from api.store.joins import join
from api.tracing import follow

MOST_TRIES = 5  # with sources that are down, before a paper counts as failed
RETRY_MS = (10_000, 60_000, 300_000, 900_000)  # waits between tries, unless a source asks for more
FRESH_MS = 86_400_000  # how long a source's answer is not asked for again
AGAIN_MS = 86_400_000  # a paper that some sources never answered for is tried again after a day, then after two, four …
MOST_DOUBLINGS = 5  # to 32 days
TURN_MS = (5_000, 10_000, 20_000, 40_000, 80_000, 160_000, 320_000, 640_000)  # waits for a turn at busy sources
MOST_TURNS = 24  # that did not come, over four hours; more of them are tries


class Task(Struct, frozen=True):
    """A paper to ask sources about, and what they said so far; `attempt` fences the result.

    `answered` are the questions (URLs) that got an answer within a day. `foreign` are identifiers of other papers, by
    the word of the library whose own this paper is, whatever sources say.
    """

    paper_id: str
    attempt: int
    identifiers: tuple[Identifier, ...]
    answered: frozenset[str]
    findings: tuple[Finding, ...] = ()
    foreign: frozenset[Identifier] = frozenset()


async def take_paper(desk: Desk, paper_id: str) -> Task | None:
    """Take a paper that is due and that nobody holds, and follow the request that asked for it; None: nothing to do."""
    lease = desk.settings.enrich_lease_seconds * 1000

    claim = await desk.database.write(lambda tx: enrichment.claim(tx, paper_id, desk.now(), lease))
    if claim is None:
        return None
    follow(claim.request_id)
    attempt, since = claim.attempt, desk.now() - FRESH_MS
    return await desk.database.read(lambda tx: _task(tx, paper_id, attempt, since))


async def _task(tx: Tx, paper_id: str, attempt: int, since: int) -> Task:
    library_id = await own_papers.library_of(tx, paper_id)
    if library_id is not None:
        return await _own_task(tx, library_id, paper_id, attempt, since)
    answered = await enrichment.answered(tx, paper_id, since)
    known = tuple(await _findings(tx, paper_id))
    return Task(paper_id, attempt, await papers.identifiers_of(tx, paper_id), answered, known)


async def _own_task(tx: Tx, library_id: str, paper_id: str, attempt: int, since: int) -> Task:
    """The task of one library's own paper: what was asked about the shared ones beneath it is not asked again."""
    answered: frozenset[str] = frozenset()
    for each in await own_papers.beneath(tx, library_id, paper_id):
        answered |= await enrichment.answered(tx, each, since)
    said, others = await own_papers.told_of(tx, library_id, paper_id)
    own = await own_identifiers.of_paper(tx, library_id, paper_id)
    return Task(paper_id, attempt, own, answered, tuple(finding for _, finding in said), others)


async def finish_paper(
    desk: Desk,
    task: Task,
    observations: list[Observation],
    wait_seconds: float | None = None,
    *,
    paced: bool = False,
    kept: Sequence[KeptAnswer] = (),
) -> bool:
    """Put down what sources said, derive the paper anew, and tell every library that holds it.

    `wait_seconds` is how long the sources that could not answer ask to wait, None if all answered; `paced`: they could
    not only because it was not this paper's turn, which is no failure. `kept` is remembered for other papers. Returns
    False, having changed nothing, if another worker has taken the paper meanwhile.
    """

    told: list[str] = []
    heard = [(task.paper_id, enrichment.packed(one)) for one in observations]
    remembered = [answers.packed(one) for one in kept]

    async def work(tx: Tx) -> bool:
        told.clear()
        own = await own_papers.library_of(tx, task.paper_id)
        others = [] if own else await _twins(tx, task.paper_id, observations)
        holders = await _lock(tx, [task.paper_id, *others])
        if not await enrichment.holds(tx, task.paper_id, task.attempt):
            return False
        before = await papers.record(tx, task.paper_id)
        await enrichment.observe(tx, heard)
        await answers.keep(tx, remembered)
        paper = await _derive(tx, task.paper_id, desk.now(), own)
        if paced and wait_seconds is not None:
            await enrichment.add_paced(tx, task.paper_id)
        state = await _settle(tx, desk, task, paper, wait_seconds, paced)
        survivor = await _join(tx, paper, others, desk.now())
        as_before = not others and structs.replace(paper, enrich_state=state, version=before.version) == before
        for library_id in [one for one in await libraries.holding(tx, survivor) if one in holders]:
            if not as_before:  # seen again and found as it was is no news
                await libraries.touch_paper(tx, library_id, survivor, desk.now())
            if paper.authors or wait_seconds is None:  # a key is for ever: not while all sources are away
                wanting = await entries.without_citekey(tx, library_id, survivor)
                await citekeys.give(tx, library_id, wanting, desk.now())
        for library_id in await own_identifiers.speaking(tx, [survivor]):
            await tx.lock(f"library:{library_id}")  # it may have spoken meanwhile
            await own_papers.refresh(tx, library_id, survivor, desk.now())
        told.extend(holders)
        return True

    done = await desk.database.write(work)
    desk.poke(*told)
    return done


async def _twins(tx: Tx, paper_id: str, observations: list[Observation]) -> list[str]:
    """Other papers that a trusted source says are this one."""
    named = bridges([o.finding for o in observations if o.finding is not None], await _findings(tx, paper_id))
    return sorted(set((await papers.find(tx, named)).values()) - {paper_id})


async def _findings(tx: Tx, paper_id: str) -> list[Finding]:
    return [one.finding for one in await enrichment.told(tx, paper_id)]


async def _lock(tx: Tx, paper_ids: list[str]) -> list[str]:
    """Lock the libraries that hold one of these papers, or have papers of their own made of it; returns them."""
    holders = {library for paper_id in paper_ids for library in await libraries.holding(tx, paper_id)}
    locked = sorted(holders.union(await own_identifiers.speaking(tx, paper_ids)))
    for library_id in locked:
        await tx.lock(f"library:{library_id}")
    return locked


async def _join(tx: Tx, paper: Paper, others: list[str], now: int) -> str:
    """Join the records that are one work; the oldest id survives, and is derived from everything known."""
    known = await papers.get_many(tx, others)
    same = [other for other in others if same_work(paper, known[other])]
    survivor, *losers = sorted([paper.id, *same])
    for loser in losers:
        await join(tx, survivor, loser, now)
    if losers:
        await _derive(tx, survivor, now)
    return survivor


async def _derive(tx: Tx, paper_id: str, now: int, own: str | None = None) -> Paper:
    """The paper derived anew, by the claims of sources or, where it is a library's `own`, by that library's word."""
    if own is not None:
        await own_papers.write(tx, own, paper_id, now)
        return await papers.record(tx, paper_id)
    seen = await enrichment.told(tx, paper_id)
    findings = [(rfc3339(one.asked_at), one.finding) for one in seen]
    known = [finding for _, finding in findings]
    for finding in known:
        claims = dict.fromkeys(claimable(finding, known), paper_id)
        await papers.claim_identifiers(tx, claims, finding.source, now)
    paper, fields = paper_from(paper_id, findings, await papers.identifiers_of(tx, paper_id))
    await papers.update(tx, paper, fields, now)
    return paper


async def _settle(tx: Tx, desk: Desk, task: Task, paper: Paper, wait_seconds: float | None, paced: bool) -> EnrichState:
    """End the attempt in the database; returns the paper's new state."""
    state, at, again = await _outcome(tx, desk, task, paper, wait_seconds, paced)
    await enrichment.settle(tx, task.paper_id, state, at, again)
    return state


async def _outcome(
    tx: Tx, desk: Desk, task: Task, paper: Paper, wait_seconds: float | None, paced: bool
) -> tuple[EnrichState, int, int]:
    if wait_seconds is None:
        looks = await enrichment.looks(tx, task.paper_id)
        return "done", desk.now(), look_again(paper, looks + 1, desk.now())
    turns = await enrichment.paced(tx, task.paper_id)
    tries = task.attempt - min(turns, MOST_TURNS)
    got = await enrichment.heard(tx, task.paper_id)
    again = AGAIN_MS * 2 ** min(max(tries - MOST_TRIES - 1, 0), MOST_DOUBLINGS)
    if tries > MOST_TRIES and not got:
        return "failed", desk.now() + again, 0
    wait = _turn_ms(turns) if paced and turns <= MOST_TURNS else _retry_ms(tries, again)
    at = desk.now() + max(spread(wait, task.paper_id, tries), int(wait_seconds * 1000))
    return "partial" if got else "pending", at, 0


def _turn_ms(turns: int) -> int:
    return TURN_MS[min(turns, len(TURN_MS)) - 1]


def _retry_ms(tries: int, again: int) -> int:
    return RETRY_MS[min(tries, len(RETRY_MS)) - 1] if tries <= MOST_TRIES else again
