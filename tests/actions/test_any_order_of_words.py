"""A person's word, saves and answers in any order: the end is the same, whoever came first."""

from __future__ import annotations

import os
import random
from typing import Any

import msgspec
import pytest

from api.actions.desk import Desk
from api.actions.join_papers import OtherWish, keep_apart
from api.actions.split_paper import SplitWish, split_paper
from api.domain.accounts import Who
from api.domain.papers import Paper
from tests.actions.devices import Device
from tests.actions.speaking import ARXIV, DOI, SAID, enrich, is_known, papers_of, save, seen_by
from tests.conftest import Clock
from tests.make import LAPTOP, make_library

SEEDS = int(os.environ.get("SCHOLIUM_TEST_ORDERS", "2"))
STEPS = ("save preprint", "save article", "ask preprint", "ask article", "part")


async def part(desk: Desk, who: Who) -> bool:
    """Say that the two are two, in whatever way it can be said now; whether it could."""
    held = {scheme: paper for paper in await papers_of(desk, who) for scheme in paper.identifiers}
    if {"arxiv", "doi"} > set(held):
        return False
    if held["arxiv"].id == held["doi"].id:
        await split_paper(desk, who, held["doi"].id, SplitWish([f"doi:{DOI}"]))
    else:
        await keep_apart(desk, who, held["arxiv"].id, OtherWish(held["doi"].id))
    return True


async def played(desk: Desk, who: Who, clock: Clock, order: list[str]) -> bool:
    """Take these steps, each as often as the order names it; whether the person could speak."""
    spoke = False
    for step in order:
        clock.forward(90_000)
        verb, _, which = step.partition(" ")
        if verb == "save":
            await save(desk, who, which)
        elif verb == "ask" and await is_known(desk, SAID[which].identifiers[0]):
            await enrich(desk, which, again=True)
        elif verb == "part":
            spoke |= await part(desk, who)
    return spoke


def told(paper: Paper) -> dict[str, Any]:
    """A paper but for its ids and counters."""
    values: dict[str, Any] = msgspec.to_builtins(paper)
    return {name: value for name, value in values.items() if name not in ("id", "version", "enrich_state")}


@pytest.mark.parametrize("seed", range(SEEDS))
async def test_the_order_of_saves_answers_and_words_changes_nothing(desk: Desk, clock: Clock, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311
    ends = []
    for number in range(3):
        who = (await make_library(desk, f"reader {seed} {number}", {"one": LAPTOP}))["one"]
        order = [*chance.sample([*STEPS, *STEPS], 10), *chance.sample(STEPS, 5), "part"]
        assert await played(desk, who, clock, order)
        papers = await papers_of(desk, who)
        ends.append([told(paper) for paper in papers])
        device = Device(desk, who)
        await device.pull()
        assert set(seen_by(device, "paper")) == {paper.id for paper in papers}
        assert {one["paper_id"] for one in seen_by(device, "entry").values()} == set(seen_by(device, "paper"))
    assert [one["identifiers"] for one in ends[0]] == [{"arxiv": (ARXIV,)}, {"doi": (DOI,)}]
    assert ends[1:] == ends[:-1]
    assert [one["venue"] for one in ends[0]] == [None, "Journal of Slowness"]
