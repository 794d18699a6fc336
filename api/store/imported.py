"""Papers for a batch of imported records, and what the library holds of them: a bounded number of statements.

Refuses to give one paper to two records of different identity, and to overwrite what a paper's sources said.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from api.domain.arrivals import paper_from
from api.domain.batch import Batch, Known
from api.domain.citekeys import folded
from api.domain.clock import rfc3339
from api.domain.formats.belongings import ImportedLabel
from api.domain.formats.imported import Imported, claims_of
from api.domain.ids import is_uuid
from api.domain.import_plan import Shelf, Versions, mark_id, with_versions
from api.domain.papers import Identifier, Paper, Provenance
from api.domain.tags import name_folded
from api.store import enrichment, highlights, objects, papers
from api.store.database import Tie, Tx
from api.store.enrichment import Observation


async def shelve_records(
    tx: Tx, records: Sequence[Imported], now_ms: int, new_id: Callable[[], str]
) -> tuple[list[str], list[str]]:
    """Find or make the paper of each record: their ids in order, and the ids of those that were made."""
    claims = [claims_of(record) for record in records]
    known = await papers.find(tx, {claim for own in claims for claim in own})
    made: dict[str, tuple[Paper, dict[str, Provenance]]] = {}
    seen: list[tuple[str, Observation]] = []
    new: dict[Identifier, str] = {}
    ids: list[str] = []
    for record, own in zip(records, claims, strict=True):
        paper_id = next((known[claim] for claim in own if claim in known), None)
        if paper_id is None:
            paper_id = new_id()
            made[paper_id] = paper_from(paper_id, [(rfc3339(now_ms), record.finding)], own)
            seen.append((paper_id, Observation("import", own[0].value, now_ms, 200, b"", record.finding)))
        fresh = {claim: paper_id for claim in own if claim not in known}
        new |= fresh
        known |= fresh
        ids.append(paper_id)
    await papers.insert(tx, list(made.values()), now_ms)
    if await papers.claim_identifiers(tx, new, "import", now_ms) < len(new):
        raise Tie("one of these identifiers was given to a paper meanwhile")
    await enrichment.observe(tx, seen)
    return ids, list(made)


async def shelf_of(
    tx: Tx, library_id: str, records: Sequence[Imported], paper_ids: Sequence[str], now_ms: int
) -> Shelf:
    """What the library holds of these records' papers, ids, tags, lists, citation keys and highlights."""
    own = {record.id for record in records if record.id}
    names = {name_folded(tag) for record in records for tag in record.tags}
    names |= {name_folded(tag) for record in records for mark in record.marks for tag in mark.tags}
    known = await objects.load(tx, library_id, own, set(paper_ids), names)
    marks = {
        mark_id(mark, known.entry_of_paper.get(paper_id, ""), now_ms)
        for record, paper_id in zip(records, paper_ids, strict=True)
        for mark in record.marks
    }
    if marks:
        known.states |= (await objects.load(tx, library_id, marks)).states
    wishes = {key for record in records if record.citekey for key in (record.citekey, folded(record.citekey))}
    await objects.load_citekeys(tx, library_id, known, wishes)
    lists = await _lists(tx, library_id, {name for record in records for name in record.lists})
    return Shelf(known, lists)


async def labels_of(tx: Tx, library_id: str, labels: Sequence[ImportedLabel]) -> Shelf:
    """What the library holds of these tags and lists, by id and by name."""
    names = {name_folded(one.name) for one in labels if one.type == "tag"}
    known = await objects.load(tx, library_id, {one.id for one in labels if is_uuid(one.id)}, (), names)
    return Shelf(known, await _lists(tx, library_id, {one.name for one in labels if one.type == "list"}))


def keep_versions(batch: Batch, known: Known, versions: Sequence[Versions]) -> None:
    """Put other versions of texts beside what objects have of them."""
    for one in versions:
        key = batch.survivor(one.key)
        state = batch.states.get(key) or known.states.get(key)
        if state is not None and (kept := with_versions(state, one.field, one.found)) is not state:
            batch.put(kept)


async def _lists(tx: Tx, library_id: str, names: set[str]) -> dict[str, str]:
    """The oldest list of each of these names."""
    found: dict[str, str] = {}
    for change in await highlights.lists(tx, library_id, "", highlights.ALL) if names else ():
        name = str((change.data or {}).get("name"))
        if name in names:
            found.setdefault(name, change.key)
    return found
