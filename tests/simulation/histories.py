"""Plays histories, several at a time on one database, and shrinks the first one that breaks a promise."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from itertools import count

from msgspec import Struct, structs

from api.store.database import Database
from tests.simulation.steps import Plan
from tests.simulation.truth import Violation
from tests.simulation.world import World

WIDTH = 4  # histories at a time
_lanes = count(1)


class Broken(Struct, frozen=True):
    """A history that broke a promise, with as few steps as it needs."""

    plan: Plan
    why: str

    def __str__(self) -> str:
        parts = "\n".join(f"device {n}: {part}" for n, part in enumerate(self.plan.parts))
        steps = "\n".join(map(str, self.plan.steps))
        about = " --about homecoming" if self.plan.flavour == "homecoming" else ""
        again = f"python -m tests.simulation --seed {self.plan.seed} --histories 1{about}"
        return f"{self.why}\nseed {self.plan.seed}, {len(self.plan.steps)} steps:\n{parts}\n{steps}\nagain: {again}"


async def play(database: Database, plan: Plan) -> str:
    """Play one history in a new library; what it broke, or empty text."""
    try:
        await World(database, plan, next(_lanes)).play()
    except Violation as broken:
        return str(broken)
    except Exception as error:  # the server should have answered
        return f"error: {type(error).__name__}: {error}"
    return ""


async def broken(database: Database, plans: Iterable[Plan], done: Callable[[], None]) -> tuple[Plan, str] | None:
    """Play these histories until one breaks a promise; that one, and what it broke."""
    waiting = iter(plans)
    found: list[tuple[Plan, str]] = []

    async def play_on() -> None:
        for plan in waiting:
            why = await play(database, plan)
            done()
            if why:
                found.append((plan, why))
            if found:
                return

    await asyncio.gather(*(play_on() for _ in range(WIDTH)))
    return min(found, key=lambda one: one[0].seed) if found else None


async def search(database: Database, plans: Iterable[Plan], done: Callable[[], None] = lambda: None) -> Broken | None:
    """The first history of these that breaks a promise, shrunk; None where all keep them."""
    found = await broken(database, plans, done)
    return await shrunk(database, *found) if found else None


async def shrunk(database: Database, plan: Plan, why: str) -> Broken:
    """The same history without the steps that it does not need to break the same promise.

    Delta debugging: leave out ever smaller runs of steps, and start again while single ones still go.
    """
    rule, size = why.partition(":")[0], max(1, len(plan.steps) // 2)
    while size:
        start, before = 0, plan
        while start < len(plan.steps):
            fewer = structs.replace(plan, steps=plan.steps[:start] + plan.steps[start + size :])
            said = await play(database, fewer)
            if said.partition(":")[0] == rule:
                plan, why = fewer, said
            else:
                start += size
        if size > 1 or plan is before:
            size //= 2
    return Broken(plan, why)
