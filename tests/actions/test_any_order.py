"""One paper saved from seven addresses at once, told of by six sources in any order: one and the same record."""

from __future__ import annotations

import asyncio
import random

import pytest
from msgspec import structs

from api.actions.desk import Desk
from api.actions.enrich_paper import finish_paper, take_paper
from api.actions.list_entries import list_entries
from api.actions.save_paper import SaveWish, save_paper
from api.domain.accounts import Who
from api.domain.entries import EntryFilter
from api.domain.papers import Paper
from api.store.enrichment import Observation
from tests.conftest import Clock
from tests.domain.test_derive_orders import ARXIV, SIX
from tests.make import NOW, make_id

ADDRESSES = (
    f"https://arxiv.org/abs/{ARXIV.value}",
    f"https://arxiv.org/pdf/{ARXIV.value}v2",
    f"https://arxiv.org/html/{ARXIV.value}v1",
    f"https://doi.org/10.48550/arXiv.{ARXIV.value}",
    f"https://huggingface.co/papers/{ARXIV.value}",
    f"https://www.alphaxiv.org/abs/{ARXIV.value}",
    f"arXiv:{ARXIV.value}v1",
)


async def made(desk: Desk, who: Who, clock: Clock, chance: random.Random) -> Paper:
    """The library's only paper, after saves that meet and answers in two rounds of an order by chance."""
    addresses, said = chance.sample(ADDRESSES, 7), chance.sample(SIX, 6)
    await asyncio.gather(*(save_paper(desk, who, SaveWish(make_id(url), url)) for url in addresses))
    paper_id = (await list_entries(desk, who.library_id, EntryFilter())).items[0].paper.id
    cut = chance.randrange(7)
    for round_, wait in ((said[:cut], 0.0), (said[cut:], None)):
        task = await take_paper(desk, paper_id)
        assert task is not None
        seen = [Observation(f.source, f.source, NOW, 200, b"x", f) for f in round_]
        assert await finish_paper(desk, task, seen, wait)
        clock.forward(86_401)
    (only,) = (await list_entries(desk, who.library_id, EntryFilter())).items
    return only.paper


@pytest.mark.parametrize("seed", range(3))
async def test_the_order_of_saves_and_answers_changes_nothing(
    desk: Desk, ada: dict[str, Who], clock: Clock, seed: int
) -> None:
    paper = await made(desk, ada["laptop"], clock, random.Random(seed))  # noqa: S311
    assert paper.enrich_state == "done"
    assert (paper.kind, paper.title, paper.year) == ("article", "On Slow Light", 2025)
    assert (paper.venue, paper.volume, paper.pages) == ("Journal of Slowness", "8", "11-19")
    assert structs.asdict(paper.dates) == {"preprinted": "2024-01-02", "online": "2024-12-31", "issued": "2025-02"}
    assert paper.identifiers == {"arxiv": (ARXIV.value,), "doi": ("10.5555/slow.7",)}
    assert [author.given for author in paper.authors] == ["Ada"]
