"""The seed's 70 abstracts, read carefully once: every address is found, cleaned and judged."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from api.domain.links import code_claim, find_links
from api.domain.papers import LinkKind, LinkStatus

SEED = Path(__file__).parents[3] / "shared/fixtures/seed/papers.json"

# What a careful reader finds in the seed: the record's number from 1, kind, status, address.
SEED_LINKS: list[tuple[int, LinkKind, LinkStatus, str]] = [
    (3, "code", "available", "https://github.com/sweetice/BEER-ICLR2024"),
    (5, "code", "available", "https://github.com/Zheng0428/MORE_"),
    (7, "code", "available", "https://github.com/ycwfs/Figure-Skating-Action-Quality-Assessment"),
    (8, "code", "available", "https://github.com/maoyunyao/MAMP"),
    (9, "project", "available", "https://robots-pretrain-robots.github.io/"),
    (10, "code", "available", "https://github.com/facebookresearch/mtm"),
    (11, "code", "available", "https://github.com/HATS-ICT/x-ego"),
    (19, "code", "available", "https://github.com/TencentARC/AnimeGamer"),
    (24, "project", "available", "https://yliu1082.github.io/ANUBIS/"),
    (26, "code", "available", "https://github.com/firework8/BRL"),
    (27, "code", "promised", "https://github.com/PremierTACO/premier-taco"),
    (29, "code", "available", "https://github.com/AndongDeng/BEAR"),
    (31, "project", "available", "https://spatial-forcing.github.io/"),
    (35, "code", "promised", "https://github.com/FrankZheng2022/PRISE"),
    (39, "project", "available", "https://statler-lm.github.io/"),
    (47, "project", "available", "https://portal-cornell.github.io/motion_track_policy/"),
    (61, "project", "available", "https://badvla-project.github.io/"),
    (66, "project", "available", "https://egozero-robot.github.io"),
    (67, "code", "shared", "https://github.com/google-research/scenic"),
    (69, "project", "available", "https://evla-survey.github.io/"),
]
SEED_CLAIMS = {
    12: "promised_no_link",
    15: "claimed_no_link",
    16: "claimed_no_link",
    42: "promised_no_link",
    58: "claimed_no_link",
    68: "claimed_no_link",
}


@pytest.fixture
def seed() -> list[dict[str, str]]:
    """The 70 records of the seed, where they are."""
    if not SEED.exists():
        pytest.skip("shared fixtures are not here: the seed's abstracts are their authors'")
    return msgspec.json.decode(SEED.read_bytes(), type=list[dict[str, str]])


def test_every_address_of_the_seed_is_found_cleaned_and_judged(seed: list[dict[str, str]]) -> None:
    found = [
        (number, link.kind, link.status, link.url)
        for number, record in enumerate(seed, 1)
        for link in find_links(record["abstract"], "import")
    ]
    assert found == SEED_LINKS


def test_every_claim_without_an_address_in_the_seed_is_flagged(seed: list[dict[str, str]]) -> None:
    claims = {number: code_claim(record["abstract"]) for number, record in enumerate(seed, 1)}
    assert {number: claim for number, claim in claims.items() if claim} == SEED_CLAIMS
