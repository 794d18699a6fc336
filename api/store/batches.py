"""Opens a batch on a library: everything that the batch's edits may meet, loaded in a bounded number of statements."""

from __future__ import annotations

from collections.abc import Sequence

from api.domain.batch import Batch
from api.domain.following import survivor
from api.domain.states import Edit
from api.domain.tags import name_folded
from api.store import epochs, ledger, objects
from api.store.database import Tx


async def open_batch(tx: Tx, library_id: str, edits: Sequence[Edit]) -> Batch:
    """A batch that knows the objects, papers, tag names and citation keys that these edits name, and highlights' homes.

    The library is locked until the transaction ends, so what was loaded stays true.
    """
    await tx.lock(f"library:{library_id}")
    keys: set[str] = set()
    for edit in edits:
        keys.add(edit.key)
        keys.update(m for members in (*edit.add.values(), *edit.remove.values()) for m in members)
        keys.update(v for v in (edit.set.get("entry_id"), edit.set.get("paper_id")) if v)
    papers = {e.set["paper_id"] for e in edits if e.type == "entry" and "paper_id" in e.set}
    names = {name_folded(e.set["name"]) for e in edits if e.type == "tag" and "name" in e.set}
    known = await objects.load(tx, library_id, keys, papers, names)
    back = {name_folded(s.fields["name"]) for s in known.states.values() if s.type == "tag" and s.fields.get("name")}
    if back - names:  # tags that this batch may bring back, or give their old name
        more = await objects.load(tx, library_id, (), (), back - names)
        known.states |= {k: s for k, s in more.states.items() if k not in known.states}
        known.tag_of_name |= more.tag_of_name
    await objects.load_citekeys(tx, library_id, known, (e.set["citekey"] for e in edits if e.set.get("citekey")))
    if removed := {survivor(known.states, member) for member in _removed(edits)}:
        # a tag that this batch may merge brings its other names with it
        known.aliases = await objects.aliases_of(tx, library_id, removed | set(known.tag_of_name.values()))
    if lost := {edit.seen.epoch for edit in edits if edit.seen}:
        known.floor, known.ends = (await ledger.head(tx, library_id)).floor, await epochs.ends(tx, library_id, lost)
    if homes := {s.fields["entry_id"] for s in known.states.values() if "entry_id" in s.fields} - set(known.states):
        known.states |= (await objects.load(tx, library_id, homes)).states
    return Batch(known)


def _removed(edits: Sequence[Edit]) -> set[str]:
    """Members that may go, by whichever name; what is given back is compared with the names that the set has."""
    sets = [members for e in edits for members in (*e.remove.values(), *(e.add.values() if e.whole else ()))]
    return {member for members in sets for member in members}
