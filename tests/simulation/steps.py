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
GUARDED_EDITS = {"clear": 3, "clear_group": 2}
LOST = {"save": 3, "tag": 4, "untag": 3, "enlist": 2, "make_tag": 2, "name_tag": 3, "note": 1, "delete": 4, "sync": 12}
SINCE = {"save": 2, "tag": 1, "untag": 2, "note": 2, "delete": 3, "purge": 1, "pull": 4, "sync": 8}
FLAVOURS = {"plain": 56, "restored": 12, "by hand": 6, "purged": 10, "guarded": 10, "all": 6}
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
    """A whole history; its flavour says what it knows beside edits and traffic."""

    seed: int
    parts: tuple[Part, ...]
    steps: tuple[Step, ...]
    flavour: str = "plain"

    @property
    def by_hand(self) -> bool:
        """Whether nobody tells the server that it was restored."""
        return self.flavour == "by hand"

    @property
    def guarded(self) -> bool:
        """Whether a handful of deletions is held."""
        return self.flavour in ("guarded", "all")


def plan_of(seed: int) -> Plan:
    """The history of a seed, for ever the same."""
    random = Random(seed)  # noqa: S311  histories are to be the same again, not secret
    parts = [Part(random.choice(SKEWS), random.random() < 0.6) for _ in range(random.choice((2, 2, 2, 3, 3, 4, 5, 6)))]
    if random.random() < 0.25:
        parts.append(Part(random.choice(SKEWS), heeds=True, library=1))
    kinds = EDITS | TRAFFIC
    names = random.choices(list(kinds), list(kinds.values()), k=random.randint(10, 30))
    steps = [_step(random, kind, len(parts)) for kind in names]
    first = _prologue(random, len(parts))
    flavour = random.choices(list(FLAVOURS), list(FLAVOURS.values()))[0]
    steps = first + _flavoured(random, flavour, steps, len(parts))
    return Plan(seed, tuple(parts), tuple(structs.replace(step, n=n) for n, step in enumerate(steps)), flavour)


def homecoming_of(seed: int) -> Plan:
    """A history of a seed that is all about giving back: a backup, a little of everything that is lost, and then what
    devices, people and purges do while one after the other comes back."""
    random = Random(f"homecoming {seed}")  # noqa: S311
    parts = tuple(Part(random.choice(SKEWS), random.random() < 0.6) for _ in range(random.choice((2, 3, 3, 4))))
    known = ["save", "make_tag", "make_list", "tag", "sync", *["sync"] * len(parts), "back_up"]
    lost = random.choices(list(LOST), list(LOST.values()), k=random.randint(6, 14))
    since = random.choices(list(SINCE), list(SINCE.values()), k=random.randint(6, 14))
    steps = [_step(random, kind, len(parts)) for kind in (*known, *lost, "set_back", *since)]
    for n, step in enumerate(steps[5 : 5 + len(parts)]):
        steps[5 + n] = structs.replace(step, device=n)
    for n in range(5):
        steps[n] = structs.replace(steps[n], device=0)
    return Plan(seed, parts, tuple(structs.replace(step, n=n) for n, step in enumerate(steps)), "homecoming")


def _prologue(random: Random, devices: int) -> list[Step]:
    """Mostly, all devices know a paper and a tag before anything goes wrong: they shall get in each other's way."""
    if random.random() < 0.2:
        return []
    first = [
        _step(random, kind, 1) for kind in ("save", "make_tag", random.choice(("mark", "make_list", "tag")), "sync")
    ]
    return first + [Step(0, "sync", n, 40, 0) for n in range(1, devices)]


def _flavoured(random: Random, flavour: str, steps: list[Step], devices: int) -> list[Step]:
    """The steps with those that make the flavour, each at a moment of chance but after the backup."""
    steps = list(steps)
    extra: list[str] = []
    if flavour in ("guarded", "all"):
        extra += [*random.choices(list(GUARDED_EDITS), list(GUARDED_EDITS.values()), k=random.randint(2, 4))]
        extra += ["sync", "sync", "settle", random.choice(("settle", "settle_all"))]
    if flavour in ("purged", "all"):
        extra += ["delete", "delete", "sync", *["purge"] * random.randint(1, 3)]
    for kind in extra:
        steps.insert(random.randint(0, len(steps)), _step(random, kind, devices))
    if flavour in ("restored", "by hand", "all"):
        # a device that comes back from a copy has forgotten what only it could have told
        steps = [structs.replace(step, kind="sync") if step.kind == "return" else step for step in steps]
        for kinds in [("back_up", "set_back")] * random.choice((1, 1, 1, 2)):
            places = sorted(random.randint(0, len(steps)) for _ in kinds)
            for place, kind in reversed(list(zip(places, kinds, strict=True))):
                steps.insert(place, _step(random, kind, devices))
    return steps


def _step(random: Random, kind: str, devices: int) -> Step:
    fault = ""
    if kind == "push":
        fault = random.choice(PUSH_FAULTS)
    elif kind == "pull":
        fault = random.choice(PULL_FAULTS)
    elif kind == "finish":
        fault = random.choice(("", "", "crash"))
    return Step(0, kind, random.randrange(devices), random.randrange(1000), random.randrange(1000), fault)
