"""The last ranking, kept whole, and what it is made from beside readers' signals: facts of papers and outside lists."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import msgspec

from api.domain.papers import Dates
from api.domain.trending import Facts, Pick, Span, Trend, first_day
from api.store.database import Row, Tx, Value, in_list, insert_missing, upsert

_KNOWN = "p.for_library IS NULL AND p.redirect_to IS NULL AND p.title <> '' AND p.kind <> 'webpage'"
_CHUNK = 500  # records read at a time


async def facts(tx: Tx, paper_ids: Collection[str]) -> dict[str, Facts]:
    """What counts of these papers; those that nobody can be shown are left out: one library's own, and web pages."""
    found: dict[str, Facts] = {}
    wanted = sorted(set(paper_ids))
    for start in range(0, len(wanted), _CHUNK):
        text, values = in_list("p", wanted[start : start + _CHUNK])
        rows = await tx.rows(
            f"SELECT p.id, p.has_code, p.record FROM paper p WHERE {_KNOWN} AND p.id IN ({text})", **values
        )
        found |= {row["id"]: _facts(row) for row in rows}
    return found


async def picks(tx: Tx, after_ms: int) -> list[Pick]:
    """What outside lists said after a moment, of the papers as they are now."""
    rows = await tx.rows(
        "SELECT COALESCE(p.redirect_to, p.id) AS paper_id, o.source, o.share, o.at, o.words "
        "FROM outside_pick o JOIN paper p ON p.id = o.paper_id WHERE o.at > :after",
        after=after_ms,
    )
    return [Pick(row["paper_id"], row["source"], row["share"], row["at"], row["words"]) for row in rows]


async def keep_picks(tx: Tx, source: str, day: str, found: Sequence[Pick]) -> None:
    """Keep an outside list of a day in place of what it said that day before."""
    await tx.run("DELETE FROM outside_pick WHERE source = :source AND day = :day", source=source, day=day)
    rows: list[dict[str, Value]] = [
        {"source": source, "day": day, "paper_id": o.paper_id, "share": o.share, "words": o.words, "at": o.at}
        for o in found
    ]
    await upsert(tx, "outside_pick", ("source", "day", "paper_id"), rows)


async def forget_picks(tx: Tx, before_ms: int) -> None:
    """Forget what outside lists said before a moment."""
    await tx.run("DELETE FROM outside_pick WHERE at < :before", before=before_ms)


async def keep(tx: Tx, span: Span, ranking: Sequence[Trend], at_ms: int) -> None:
    """Put a ranking in the place of the one before."""
    await tx.run("DELETE FROM trend WHERE span = :span", span=span)
    rows: list[dict[str, Value]] = [
        {
            "span": span,
            "place": place,
            "paper_id": one.paper_id,
            "score": one.score,
            "people": one.people,
            "reasons": msgspec.json.encode(one.reasons).decode(),
            "days": msgspec.json.encode(one.days).decode(),
            "ranked_at": at_ms,
        }
        for place, one in enumerate(ranking)
    ]
    await insert_missing(tx, "trend", ("span", "place"), rows)


async def ranking(tx: Tx, span: Span, most: int) -> list[Trend]:
    """The last ranking, the first first; of papers that everyone may still see."""
    rows = await tx.rows(
        "SELECT t.paper_id, t.score, t.people, t.reasons, t.days FROM trend t JOIN paper p ON p.id = t.paper_id "
        f"WHERE t.span = :span AND {_KNOWN} ORDER BY t.place LIMIT :most",
        span=span,
        most=most,
    )
    return [
        Trend(
            row["paper_id"],
            row["score"],
            row["people"],
            msgspec.json.decode(row["reasons"], type=tuple[str, ...]),
            msgspec.json.decode(row["days"], type=tuple[int, ...]),
        )
        for row in rows
    ]


class _Dated(msgspec.Struct):
    dates: Dates = Dates()


def _facts(row: Row) -> Facts:
    dates = msgspec.json.decode(row["record"], type=_Dated).dates
    told = [day for day in map(first_day, (dates.preprinted, dates.online, dates.issued)) if day is not None]
    return Facts(bool(row["has_code"]), min(told, default=None))
