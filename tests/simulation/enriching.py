"""The workers of a history: papers taken and finished between other steps, and the sources that they hear.

Each work has a preprint and a published version; a source that knows both may say so, and two records become one.
"""

from __future__ import annotations

from api.actions.desk import Desk
from api.actions.enrich_paper import Task, finish_paper, take_paper
from api.domain.papers import Author, Dates, Finding, Identifier
from api.store.enrichment import Observation

WORKS = 3


def identities(lane: int, work: int) -> tuple[Identifier, Identifier]:
    """A work's preprint and its published version; no two lanes share one."""
    number = lane * WORKS + work
    block, rest = divmod(number, 90_000)
    year, month = divmod(block, 12)
    return (
        Identifier("arxiv", f"{15 + year % 10}{1 + month:02}.{10_000 + rest:05}"),
        Identifier("doi", f"10.5555/lane.{lane}.{work}"),
    )


def addresses_of(lane: int) -> list[str]:
    """Where the works can be saved from, several addresses each."""
    found: list[str] = []
    for work in range(WORKS):
        preprint, published = identities(lane, work)
        found.append(f"https://arxiv.org/abs/{preprint.value}")
        found.append(f"https://arxiv.org/pdf/{preprint.value}v2")
        found.append(f"https://doi.org/{published.value}")
        found.append(f"http://dx.doi.org/{published.value.upper()}")
    return found


class Workers:
    """Every worker of a history, with the papers that they hold."""

    def __init__(self, desk: Desk, lane: int) -> None:
        self._desk = desk
        self._lane = lane
        self.tasks: list[Task] = []

    async def take(self, paper_id: str) -> None:
        """Take a paper, if it is due and nobody holds it."""
        task = await take_paper(self._desk, paper_id)
        if task is not None:
            self.tasks.append(task)

    async def finish(self, pick: int, *, knows_both: bool, wait: float | None = None) -> None:
        """Put down what the sources said of one of the papers held; forget it only once that is done."""
        task = self.tasks[pick % len(self.tasks)]
        found = self._finding(task, knows_both=knows_both)
        seen = [Observation(found.source, "https://example.org/ask", self._desk.now(), 200, b"{}", found)]
        await finish_paper(self._desk, task, seen, wait)
        self.tasks.remove(task)

    def _finding(self, task: Task, *, knows_both: bool) -> Finding:
        for work in range(WORKS):
            preprint, published = identities(self._lane, work)
            if preprint in task.identifiers or published in task.identifiers:
                break
        arxiv = preprint in task.identifiers
        both = (preprint, published) if knows_both else ((preprint,) if arxiv else (published,))
        return Finding(
            "arxiv" if arxiv else "crossref",
            identifiers=both,
            kind="preprint" if arxiv else "article",
            title=f"The simulated {('alpha', 'beta decay', 'gamma rays of stars')[work]}",
            authors=(Author(family="Simon", given="Uma"),),
            dates=Dates(issued="2020"),
        )
