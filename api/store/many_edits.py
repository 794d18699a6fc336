"""What changes of many entries did, piece by piece, for as long as they can be undone."""

from __future__ import annotations

import msgspec
from msgspec import Struct

from api.domain.many_edits import ManyWish
from api.store.database import Tx, Value, upsert


class Piece(Struct, frozen=True):
    """A piece of a change: the wish, and the keys of the entries that it changed by what they had before."""

    wish: ManyWish
    was: dict[str, list[str]]


async def keep(tx: Tx, library_id: str, id_: str, number: int, piece: Piece, now_ms: int) -> None:
    """Keep one piece."""
    row: dict[str, Value] = {
        "library_id": library_id,
        "id": id_,
        "piece": number,
        "wish": msgspec.json.encode(piece.wish).decode(),
        "was": msgspec.json.encode(piece.was).decode(),
        "made_at": now_ms,
    }
    await upsert(tx, "many_edit", ("library_id", "id", "piece"), [row])


async def forget(tx: Tx, library_id: str, before_ms: int) -> None:
    """Forget what was done before."""
    await tx.run(
        "DELETE FROM many_edit WHERE library_id = :library_id AND made_at < :before",
        library_id=library_id,
        before=before_ms,
    )


async def drop(tx: Tx, library_id: str, id_: str) -> None:
    """Forget one: it was undone."""
    await tx.run("DELETE FROM many_edit WHERE library_id = :library_id AND id = :id", library_id=library_id, id=id_)


async def pieces(tx: Tx, library_id: str, id_: str) -> list[Piece]:
    """The pieces of one change in their order; none where nobody knows it."""
    rows = await tx.rows(
        "SELECT wish, was FROM many_edit WHERE library_id = :library_id AND id = :id ORDER BY piece",
        library_id=library_id,
        id=id_,
    )
    return [
        Piece(
            msgspec.json.decode(row["wish"], type=ManyWish), msgspec.json.decode(row["was"], type=dict[str, list[str]])
        )
        for row in rows
    ]
