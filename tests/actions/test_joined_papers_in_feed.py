"""What the feed says of a record that turned out to be another one; found by the simulation."""

from __future__ import annotations

from api.actions.desk import Desk
from api.actions.enrich_paper import finish_paper, take_paper
from api.actions.pull_changes import pull_changes
from api.actions.save_paper import SaveWish, save_paper
from api.domain.accounts import Who
from api.domain.papers import Author, Finding, Identifier
from api.store.enrichment import Observation
from tests.make import NOW, make_id

ARXIV, DOI = "1706.03762", "10.1234/journal.5678"
BOTH = Finding(
    "arxiv",
    identifiers=(Identifier("arxiv", ARXIV), Identifier("doi", DOI)),
    kind="preprint",
    title="Attention Is All You Need",
    authors=(Author(family="Vaswani"),),
)


async def test_a_joined_record_is_gone_and_names_its_survivor(desk: Desk, ada: dict[str, Who]) -> None:
    who = ada["laptop"]
    saves = (("one", f"https://arxiv.org/abs/{ARXIV}"), ("other", f"https://doi.org/{DOI}"))
    ids = [(await save_paper(desk, who, SaveWish(make_id(name), url))).paper.id for name, url in saves]
    task = await take_paper(desk, ids[0])
    assert task is not None
    await finish_paper(desk, task, [Observation("arxiv", "https://example.org/ask", NOW, 200, b"<raw/>", BOTH)])
    survivor, loser = sorted(ids)
    page = await pull_changes(desk, who, None, 100)
    shown = {change.key: change for change in page.changes if change.type == "paper"}
    assert (shown[loser].deleted, shown[loser].merged_into) == (True, survivor)
    assert not shown[survivor].deleted
