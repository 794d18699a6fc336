"""Work to do on papers, as states in the database: claimed for a time, fenced by the number of the attempt.

Refuses a result of a claim that ran out and was taken by another worker.
"""

from __future__ import annotations

import zlib
from collections.abc import Collection, Iterable
from typing import NamedTuple

import msgspec
from msgspec import Struct, structs

from api.domain.papers import Finding
from api.domain.retries import MOST_STARTS, rest_ms
from api.store.database import Tx, Value, in_list, upsert
from api.tracing import current_request

PARSER = 1  # raise it when a reader learns something, to read kept answers again


class Observation(Struct, frozen=True):
    """One source's answer, kept raw: what was asked, when, and what was understood of it.

    `packed`: `raw` is compressed already, as it is kept.
    """

    source: str
    asked: str
    asked_at: int
    status: int
    raw: bytes
    finding: Finding | None
    packed: bool = False


class Told(Struct, frozen=True):
    """What was understood of one source's answer."""

    source: str
    asked: str
    asked_at: int
    finding: Finding


class Claim(NamedTuple):
    """A paper taken: the number of this attempt, and the request that its work goes back to."""

    attempt: int
    request_id: str | None


async def due(tx: Tx, now_ms: int, limit: int) -> list[str]:
    """Papers whose time has come and that no worker holds, oldest first; no dead letters."""
    rows = await tx.rows(
        "SELECT id FROM paper WHERE enrich_state <> 'done' AND next_try_at <= :now AND dead_at = 0 "
        "AND starts < :starts AND lease_until <= :now AND redirect_to IS NULL ORDER BY next_try_at, id LIMIT :most",
        now=now_ms,
        starts=MOST_STARTS,
        most=limit,
    )
    return [row["id"] for row in rows]


async def stale(tx: Tx, now_ms: int, limit: int) -> list[str]:
    """Papers that are done and whose time to look again has come, that nobody holds and somebody still has."""
    rows = await tx.rows(
        "SELECT id FROM paper WHERE again_at > 0 AND again_at <= :now AND enrich_state = 'done' AND dead_at = 0 "
        "AND lease_until <= :now AND redirect_to IS NULL AND EXISTS (SELECT 1 FROM object "
        "WHERE object.paper_id = paper.id AND object.type = 'entry' AND object.deleted = 0) "
        "ORDER BY again_at, id LIMIT :most",
        now=now_ms,
        most=limit,
    )
    return [row["id"] for row in rows]


async def looks(tx: Tx, paper_id: str) -> int:
    """How often a paper was done."""
    row = await tx.row("SELECT looks FROM paper WHERE id = :paper_id", paper_id=paper_id)
    return row["looks"] if row else 0


async def paced(tx: Tx, paper_id: str) -> int:
    """How many attempts at a paper ended only because it was not its turn."""
    row = await tx.row("SELECT paced FROM paper WHERE id = :paper_id", paper_id=paper_id)
    return row["paced"] if row else 0


async def add_paced(tx: Tx, paper_id: str) -> None:
    """Count one more of them."""
    await tx.run("UPDATE paper SET paced = paced + 1 WHERE id = :paper_id", paper_id=paper_id)


async def claim(tx: Tx, paper_id: str, now_ms: int, lease_ms: int) -> Claim | None:
    """Take a paper that is due, or None: there is nothing to do.

    The start is counted before anything happens, for an attempt that kills its worker says nothing any more.
    """
    before = await tx.row("SELECT starts FROM paper WHERE id = :paper_id", paper_id=paper_id)
    row = await tx.row(
        "UPDATE paper SET lease_until = :until, attempts = attempts + 1, starts = starts + 1, "
        "trouble = 'its worker died' WHERE id = :paper_id AND dead_at = 0 AND starts < :starts "
        "AND ((enrich_state <> 'done' AND next_try_at <= :now) "
        "OR (enrich_state = 'done' AND again_at > 0 AND again_at <= :now)) "
        "AND lease_until <= :now AND redirect_to IS NULL RETURNING attempts, asked_by",
        until=now_ms + lease_ms + rest_ms(paper_id, before["starts"] if before else 0),
        starts=MOST_STARTS,
        paper_id=paper_id,
        now=now_ms,
    )
    return Claim(row["attempts"], row["asked_by"]) if row else None


async def stumble(tx: Tx, paper_id: str, trouble: str) -> None:
    """Write down why an attempt came to no end, while there is still somebody who can."""
    await tx.run(
        "UPDATE paper SET trouble = :trouble WHERE id = :paper_id AND starts > 0", trouble=trouble, paper_id=paper_id
    )


async def holds(tx: Tx, paper_id: str, attempt: int) -> bool:
    """Whether this attempt is still the paper's last one."""
    row = await tx.row("SELECT attempts FROM paper WHERE id = :paper_id", paper_id=paper_id)
    return row is not None and row["attempts"] == attempt


async def settle(tx: Tx, paper_id: str, state: str, next_try_at: int, again_at: int = 0) -> None:
    """End an attempt: the paper's new state, when to try again, and when to look again at one that is done."""
    await tx.run(
        "UPDATE paper SET enrich_state = :state, next_try_at = :at, again_at = :again, looks = looks + :done, "
        "lease_until = 0, starts = 0, trouble = NULL WHERE id = :paper_id",
        state=state,
        at=next_try_at,
        again=again_at,
        done=int(state == "done"),
        paper_id=paper_id,
    )


async def wake(tx: Tx, paper_ids: Collection[str], now_ms: int) -> None:
    """Make papers due now: there is something new to read."""
    text, values = in_list("id", sorted(paper_ids))
    await tx.run(
        f"UPDATE paper SET enrich_state = 'pending', next_try_at = :now, dead_at = 0, starts = 0, "
        f"asked_by = :asked_by WHERE id IN ({text})",
        now=now_ms,
        asked_by=current_request(),
        **values,
    )


async def hasten(tx: Tx, paper_id: str, now_ms: int) -> bool:
    """Make a paper due now that is not done and that nobody holds; says whether it is."""
    row = await tx.row(
        "UPDATE paper SET enrich_state = CASE enrich_state WHEN 'failed' THEN 'pending' ELSE enrich_state END, "
        "next_try_at = :now, dead_at = 0, starts = 0, asked_by = :asked_by "
        "WHERE id = :paper_id AND enrich_state <> 'done' AND lease_until <= :now RETURNING id",
        paper_id=paper_id,
        asked_by=current_request(),
        now=now_ms,
    )
    return row is not None


def packed(answer: Observation) -> Observation:
    """The same answer as it is kept: to be made before a transaction, which holds everybody up, and not in it."""
    return answer if answer.packed else structs.replace(answer, raw=zlib.compress(answer.raw), packed=True)


async def observe(tx: Tx, answers: Iterable[tuple[str, Observation]]) -> None:
    """Keep answers about papers (ids); a later one to the same question takes the place of an earlier one."""
    kept = {(paper_id, o.source, o.asked): o for paper_id, o in answers}
    rows: list[dict[str, Value]] = [
        {
            "paper_id": paper_id,
            "source": source,
            "asked": asked,
            "asked_at": o.asked_at,
            "status": o.status,
            "raw": packed(o).raw,
            "finding": msgspec.json.encode(o.finding).decode() if o.finding else None,
            "parser_version": PARSER,
        }
        for (paper_id, source, asked), o in kept.items()
    ]
    await upsert(tx, "observation", ("paper_id", "source", "asked"), rows)


async def move(tx: Tx, old: str, new: str, only: Told | None = None) -> None:
    """Let answers about a paper (all, or one) be about another, where they do not overwrite what was said of it."""
    which = "" if only is None else " AND source = :source AND asked = :asked"
    values: dict[str, Value] = {} if only is None else {"source": only.source, "asked": only.asked}
    await tx.run(
        "INSERT INTO observation (paper_id, source, asked, asked_at, status, raw, finding, parser_version) "
        "SELECT :new, source, asked, asked_at, status, raw, finding, parser_version FROM observation "
        f"WHERE paper_id = :old{which} ON CONFLICT (paper_id, source, asked) DO NOTHING",
        old=old,
        new=new,
        **values,
    )
    await tx.run(f"DELETE FROM observation WHERE paper_id = :old{which}", old=old, **values)


async def answered(tx: Tx, paper_id: str, since_ms: int) -> frozenset[str]:
    """The questions (URLs) about a paper whose answer is not older than this, also where it was "none"."""
    rows = await tx.rows(
        "SELECT asked FROM observation WHERE paper_id = :paper_id AND asked_at > :since",
        paper_id=paper_id,
        since=since_ms,
    )
    return frozenset(row["asked"] for row in rows)


async def heard(tx: Tx, paper_id: str) -> bool:
    """Whether any outside source ever told anything about a paper itself; some tell of its links alone."""
    row = await tx.row(
        "SELECT 1 AS one FROM observation WHERE paper_id = :paper_id AND finding IS NOT NULL "
        "AND source NOT IN ('page', 'user', 'import', 'github', 'huggingface_link', 'datacite_link') LIMIT 1",
        paper_id=paper_id,
    )
    return row is not None


async def told(tx: Tx, paper_id: str) -> list[Told]:
    """All that was understood of answers about a paper, oldest first; the answers themselves stay where they are."""
    rows = await tx.rows(
        "SELECT source, asked, asked_at, finding FROM observation WHERE paper_id = :paper_id AND finding IS NOT NULL "
        "ORDER BY asked_at, source, asked",
        paper_id=paper_id,
    )
    return [
        Told(row["source"], row["asked"], row["asked_at"], msgspec.json.decode(row["finding"], type=Finding))
        for row in rows
    ]
