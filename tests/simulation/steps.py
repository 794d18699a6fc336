"""What happens in one history: a few devices and a list of steps, all from one integer.

A step is plain values and makes sense whatever became of the steps before it, so that any of them may be left out:
what it names it names by a number, taken modulo what there is when its turn comes.
"""

from __future__ import annotations

from random import Random

from msgspec import Struct, structs

HOUR = 3_600_000
YEAR = 365 * 24 * HOUR
SKEWS = (0, 0, 0, 1000, -1000, HOUR, -HOUR, 20 * YEAR, -20 * YEAR)

EDITS = {
    "save": 4,
    "note": 6,
    "status": 4,
    "star": 1,
    "rate": 1,
    "cite": 1,
    "read": 1,
    "make_tag": 3,
    "name_tag": 3,
    "color_tag": 1,
    "tag": 5,
    "untag": 5,
    "make_list": 1,
    "describe": 2,
    "enlist": 1,
    "unlist": 1,
    "mark": 3,
    "comment": 4,
    "recolor": 1,
    "delete": 4,
    "restore": 2,
    "group": 2,
    "wrong": 1,
}
TRAFFIC = {
    "push": 22,
    "pull": 14,
    "sync": 14,
    "deliver": 3,
    "door": 1,
    "take": 4,
    "finish": 4,
    "wait": 2,
    "clock": 2,
    "copy": 2,
    "return": 1,
    "clone": 2,
}
PUSH_FAULTS = ("", "", "", "", "dropped", "lost", "lost", "doubled", "late", "crash", "crash")
PULL_FAULTS = ("", "", "", "lost", "short")


class Step(Struct, frozen=True):
    """One thing that happens. `pick` and `more` choose among what there is; `fault` is what the network does to it."""

    n: int
    kind: str
    device: int
    pick: int
    more: int
    fault: str = ""

    def __str__(self) -> str:
        fault = f" [{self.fault}]" if self.fault else ""
        return f"{self.n:3} {self.kind:9} device {self.device} ({self.pick}, {self.more}){fault}"


class Part(Struct, frozen=True):
    """A device: how wrong its clock is, whether it heeds the server's, and whose library it is of."""

    skew_ms: int
    heeds: bool
    library: int = 0


class Plan(Struct, frozen=True):
    """A whole history."""

    seed: int
    parts: tuple[Part, ...]
    steps: tuple[Step, ...]


def plan_of(seed: int) -> Plan:
    """The history of a seed, for ever the same."""
    random = Random(seed)  # noqa: S311  histories are to be the same again, not secret
    parts = [Part(random.choice(SKEWS), random.random() < 0.6) for _ in range(random.choice((2, 2, 2, 3, 3, 4, 5, 6)))]
    if random.random() < 0.25:
        parts.append(Part(random.choice(SKEWS), heeds=True, library=1))
    kinds = EDITS | TRAFFIC
    names = random.choices(list(kinds), list(kinds.values()), k=random.randint(10, 30))
    steps = [_step(random, kind, len(parts)) for kind in names]
    steps = _prologue(random, len(parts)) + steps
    return Plan(seed, tuple(parts), tuple(structs.replace(step, n=n) for n, step in enumerate(steps)))


def _prologue(random: Random, devices: int) -> list[Step]:
    """Mostly, all devices know a paper and a tag before anything goes wrong: they shall get in each other's way."""
    if random.random() < 0.2:
        return []
    first = [
        _step(random, kind, 1) for kind in ("save", "make_tag", random.choice(("mark", "make_list", "tag")), "sync")
    ]
    return first + [Step(0, "sync", n, 40, 0) for n in range(1, devices)]


def _step(random: Random, kind: str, devices: int) -> Step:
    fault = ""
    if kind == "push":
        fault = random.choice(PUSH_FAULTS)
    elif kind == "pull":
        fault = random.choice(PULL_FAULTS)
    elif kind == "finish":
        fault = random.choice(("", "", "crash"))
    return Step(0, kind, random.randrange(devices), random.randrange(1000), random.randrange(1000), fault)
