"""What there is to tell a reader, read from their library and from what trends.

Refuses what they have, in the trash or not, as news; and news about a paper that is as old as the saving of it.
"""

from __future__ import annotations

from collections.abc import Sequence

from api.domain.clock import read_rfc3339, rfc3339
from api.domain.issues import Material, Own
from api.domain.papers import Paper
from api.domain.taste import Shelved
from api.domain.trending import DAY_MS, Trend
from api.store import digest_issues, papers, tags, trends
from api.store.database import Row, Tx, Value, in_list

NEWS_MS = 30 * DAY_MS  # how long it is news that a paper has code or is published
_SETTLED_MS = DAY_MS  # what was found within a day of saving was known from the start
WAITS_MS = 30 * DAY_MS  # how long a paper waits to be read before a reader is reminded
_MOST_TRENDING, _MOST_NEWS, _MOST_SHELF = 100, 200, 300
_LIVE = "o.library_id = :library_id AND o.type = 'entry' AND o.deleted = 0 AND o.merged_into IS NULL"


async def material(tx: Tx, library_id: str, now_ms: int) -> Material:
    """All that a reader could be told at a moment."""
    told = await digest_issues.told(tx, library_id)
    return Material(
        trending=await _trending(tx, library_id),
        code=await _news(tx, library_id, "code_at", now_ms),
        published=await _news(tx, library_id, "published_at", now_ms),
        waiting=await _waiting(tx, library_id, now_ms, [paper for part, paper in told if part == "waiting"]),
        shelf=await _shelf(tx, library_id),
        told=told,
    )


async def _trending(tx: Tx, library_id: str) -> list[tuple[Paper, Trend]]:
    ranking = await trends.ranking(tx, "week", _MOST_TRENDING)
    text, values = in_list("p", [one.paper_id for one in ranking])
    rows = await tx.rows(
        f"SELECT paper_id FROM object WHERE library_id = :library_id AND type = 'entry' AND paper_id IN ({text})",
        library_id=library_id,
        **values,
    )
    has = {row["paper_id"] for row in rows}
    found = await papers.get_many(tx, [one.paper_id for one in ranking], library_id)
    return [(found[o.paper_id], o) for o in ranking if o.paper_id in found and o.paper_id not in has]


async def _news(tx: Tx, library_id: str, column: str, now_ms: int) -> list[Own]:
    """Own papers that became so lately, and a while after they were saved; the newest first."""
    rows = await tx.rows(
        f"SELECT o.key, o.paper_id, o.saved_at, p.{column} AS at FROM paper p "
        f"JOIN object o ON o.paper_id = p.id WHERE {_LIVE} AND p.{column} > :since "
        f"ORDER BY p.{column} DESC, o.key LIMIT :most",
        library_id=library_id,
        since=now_ms - NEWS_MS,
        most=_MOST_NEWS,
    )
    return await _own(tx, library_id, [row for row in rows if row["at"] > _saved(row) + _SETTLED_MS])


async def _waiting(tx: Tx, library_id: str, now_ms: int, told: list[str]) -> list[Own]:
    """Own papers that wait to be read, the longest waiting first; without those that were told."""
    text, values = in_list("t", told)
    unless: dict[str, Value] = {"before": rfc3339(now_ms - WAITS_MS), "most": _MOST_NEWS, **values}
    but = f"AND o.paper_id NOT IN ({text}) " if told else ""
    rows = await tx.rows(
        f"SELECT o.key, o.paper_id FROM object o WHERE {_LIVE} AND COALESCE(o.saved_at, '') < :before "
        f"AND COALESCE(o.status, 'to_read') = 'to_read' {but}ORDER BY COALESCE(o.saved_at, ''), o.key LIMIT :most",
        library_id=library_id,
        **unless,
    )
    return await _own(tx, library_id, rows)


async def _own(tx: Tx, library_id: str, rows: Sequence[Row]) -> list[Own]:
    wanted = {row["paper_id"]: row["key"] for row in rows}
    found = await papers.get_many(tx, list(wanted), library_id)
    return [Own(found[paper_id], key) for paper_id, key in wanted.items() if paper_id in found]


async def _shelf(tx: Tx, library_id: str) -> list[Shelved]:
    """The papers with tags that were saved last, the last one first."""
    rows = await tx.rows(
        "SELECT o.key, p.search_text, m.member FROM object o JOIN paper p ON p.id = o.paper_id "
        "JOIN member m ON m.library_id = o.library_id AND m.key = o.key AND m.field = 'tags' AND m.present = 1 "
        f"WHERE {_LIVE} ORDER BY COALESCE(o.saved_at, '') DESC, o.key, m.member LIMIT :most",
        library_id=library_id,
        most=_MOST_SHELF,
    )
    names = await tags.names(tx, library_id)
    shelf: dict[str, tuple[str, list[str]]] = {}
    for row in rows:
        if row["member"] in names:
            shelf.setdefault(row["key"], (row["search_text"], []))[1].append(names[row["member"]])
    return [Shelved(text, tuple(sorted(of_paper))) for text, of_paper in shelf.values()]


def _saved(row: Row) -> int:
    try:
        return read_rfc3339(row["saved_at"] or "")
    except ValueError:
        return 0
