"""The clock work in turns: each slot of a round is taken by one ticker, however many there are.

Refuses a slot that was taken, and one before it; only where a clock was set far ahead by mistake it goes back.
"""

from __future__ import annotations

from api.domain.jobs import Round
from api.store.database import Tx

FAR_SLOTS = 120  # ahead of the present: nobody's clock is that wrong for long


async def take(tx: Tx, name: str, slot: int, now_ms: int) -> bool:
    """Take a slot; says whether it is ours."""
    row = await tx.row(
        "INSERT INTO clock_round (name, slot, began_at) VALUES (:name, :slot, :now) ON CONFLICT (name) DO UPDATE "
        "SET slot = excluded.slot, began_at = excluded.began_at, ended_at = NULL, found = 0, trouble = NULL "
        "WHERE clock_round.slot < excluded.slot OR clock_round.slot > excluded.slot + :far RETURNING slot",
        name=name,
        slot=slot,
        now=now_ms,
        far=FAR_SLOTS,
    )
    return row is not None


async def end(tx: Tx, name: str, slot: int, now_ms: int, found: int, trouble: str | None = None) -> None:
    """Write down what a slot came to."""
    await tx.run(
        "UPDATE clock_round SET ended_at = :now, found = :found, trouble = :trouble "
        "WHERE name = :name AND slot = :slot",
        now=now_ms,
        found=found,
        trouble=trouble,
        name=name,
        slot=slot,
    )


async def last(tx: Tx) -> list[Round]:
    """The last round of each name."""
    rows = await tx.rows("SELECT name, began_at, ended_at, found, trouble FROM clock_round ORDER BY name")
    return [Round(row["name"], row["began_at"], row["ended_at"], row["found"], row["trouble"]) for row in rows]
