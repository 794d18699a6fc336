"""Searching by meaning: what is found whose words nobody typed, and what stays left out.

A small model that knows three subjects stands for the real one, which is asked itself where its packages are there.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np
import pytest

from api.actions.correct_paper import correct_paper
from api.actions.desk import Desk
from api.actions.edit_object import EditWish, edit_object
from api.actions.find_alike import find_alike
from api.actions.import_library import run_import, start_import
from api.actions.index_search import index_search
from api.actions.read_meaning import read_meaning, wait_for_meaning
from api.actions.search_library import search_library
from api.actions.search_papers import search_papers
from api.domain.accounts import Who
from api.domain.corrections import CorrectionWish
from api.meaning import Meaning, WordLlamaModel, is_installed
from tests.actions.test_search import shelve
from tests.actions.test_search_papers import told
from tests.conftest import SHARED

SUBJECTS = (("cat", "feline", "kitten"), ("sleep", "nap", "slumber"), ("lattice", "crystal", "solid"))
SEED = SHARED / "fixtures" / "seed" / "papers.json"


class Subjects:
    """A model of three subjects and the rest of the world."""

    name = "subjects 1"

    def embed(self, texts: Sequence[str]) -> np.ndarray:
        """Which of them a text names."""
        rows = [[float(any(word in text.lower() for word in words)) for words in SUBJECTS] for text in texts]
        matrix = np.array([[*row, 0.1] for row in rows])
        return matrix / np.linalg.norm(matrix, axis=1, keepdims=True)


async def keys_of(desk: Desk, who: Who, text: str) -> list[str]:
    """The entries that answer, the best first."""
    return [hit.shelved.entry.id for hit in (await search_library(desk, who.library_id, text)).items]


async def read_to_the_end(desk: Desk) -> int:
    """All vectors that are missing."""
    await index_search(desk)
    return sum([await read_meaning(desk, one) for one in await wait_for_meaning(desk)])


@pytest.fixture
def knowing(desk: Desk) -> Desk:
    """A desk with the small model."""
    return msgspec.structs.replace(desk, meaning=Meaning(Subjects()))


async def test_what_is_meant_is_found_without_its_words(knowing: Desk, desk: Desk, ada: dict[str, Who]) -> None:
    who = ada["laptop"]
    cats = await shelve(knowing, who, "Feline slumber")
    solids = await shelve(knowing, who, "On solids", tags=["physics"])
    assert await keys_of(knowing, who, "kitten") == []  # its vector is still to be made
    assert await read_to_the_end(knowing) == 2
    assert await read_to_the_end(knowing) == 0
    assert await keys_of(knowing, who, "kitten nap") == [cats]
    assert await keys_of(knowing, who, "crystal ") == [solids]
    assert await keys_of(knowing, who, "zebra") == []
    assert await keys_of(desk, who, "kitten nap") == []


async def test_what_a_query_leaves_out_stays_out(knowing: Desk, ada: dict[str, Who]) -> None:
    who = ada["laptop"]
    await shelve(knowing, who, "Feline slumber", year=2019)
    solids = await shelve(knowing, who, "On solids", tags=["physics"], year=2023)
    await read_to_the_end(knowing)
    assert await keys_of(knowing, who, "kitten -slumber") == []
    assert await keys_of(knowing, who, 'kitten "feline rest"') == []
    assert await keys_of(knowing, who, "kitten year:>2020") == []
    assert await keys_of(knowing, who, "crystal tag:physics year:>2020") == [solids]


async def test_words_and_meaning_count_together(knowing: Desk, ada: dict[str, Who]) -> None:
    who = ada["laptop"]
    by_meaning = await shelve(knowing, who, "Feline slumber")
    by_words = await shelve(knowing, who, "Rest of dogs")
    both = await shelve(knowing, who, "Rest of a cat that naps")
    await read_to_the_end(knowing)
    found = await keys_of(knowing, who, "kitten nap rest")
    assert found[0] == both
    assert set(found) == {both, by_words, by_meaning}


async def test_a_text_that_changed_gets_another_vector(knowing: Desk, ada: dict[str, Who]) -> None:
    who = ada["laptop"]
    key = await shelve(knowing, who, "Feline things")
    await read_to_the_end(knowing)
    paper_id = (await search_library(knowing, who.library_id, "kitten")).items[0].shelved.paper.id
    await correct_paper(knowing, who, paper_id, CorrectionWish(title="Lattices"))
    assert await keys_of(knowing, who, "kitten") == []
    assert await read_to_the_end(knowing) == 1
    assert await keys_of(knowing, who, "crystal") == [key]
    await edit_object(knowing, who, EditWish("entry", key, op="delete"))
    assert await keys_of(knowing, who, "crystal") == []
    assert await vectors(knowing) == 0


async def test_nobody_finds_by_meaning_what_is_in_another_library(knowing: Desk, ada: dict[str, Who], bob: Who) -> None:
    await shelve(knowing, ada["laptop"], "Feline slumber")
    await read_to_the_end(knowing)
    assert await keys_of(knowing, bob, "kitten") == []
    assert (await search_papers(knowing, bob.library_id, "kitten")).items == ()


async def test_of_a_paper_of_others_only_what_is_public_has_a_meaning(
    knowing: Desk, ada: dict[str, Who], bob: Who
) -> None:
    paper_id = await told(knowing, ada["laptop"], "Feline things", "They slumber.")
    assert await read_to_the_end(knowing) == 2
    page = await search_papers(knowing, bob.library_id, "kitten nap")
    assert [(hit.id, hit.entry_id) for hit in page.items] == [(paper_id, None)]


async def test_papers_like_one_are_those_that_mean_the_same(knowing: Desk, ada: dict[str, Who]) -> None:
    who = ada["laptop"]
    one = await shelve(knowing, who, "Feline slumber")
    other = await shelve(knowing, who, "Kittens that nap")
    await shelve(knowing, who, "On solids")
    await read_to_the_end(knowing)
    assert [found.entry.id for found in await find_alike(knowing, who.library_id, one)] == [other]


@pytest.mark.skipif(not is_installed(), reason="the packages of scholium[semantic] are not installed")
@pytest.mark.skipif(not SEED.exists(), reason="the seed's papers in ../shared are not there")
async def test_the_real_model_finds_what_is_meant_in_the_seed(desk: Desk, ada: dict[str, Who]) -> None:
    who, knowing = ada["laptop"], msgspec.structs.replace(desk, meaning=Meaning(WordLlamaModel()))
    import_id = await start_import(desk, who.account_id, who.library_id, "papers.json", SEED.read_bytes())
    await run_import(desk, who.library_id, import_id)
    assert await read_to_the_end(knowing) >= 70
    meant = {"medical operations": "SurgLaVi", "self-driving cars": "VDT-Auto", "computer games": "MineWorld"}
    for text, title in meant.items():
        page = await search_library(knowing, who.library_id, text, limit=5)
        assert any(hit.shelved.paper.title.startswith(title) for hit in page.items), text


async def vectors(desk: Desk) -> int:
    """How many there are."""
    return int((await desk.database.read(lambda tx: tx.rows("SELECT COUNT(*) AS n FROM search_vector")))[0]["n"])
