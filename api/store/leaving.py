"""Everything of one account, erased: what it owns, what speaks for it, and what waits for it.

Refuses to touch shared papers and what sources said of them, which are everybody's. A test walks the schema, so that
no new table is forgotten here.
"""

from __future__ import annotations

from api.domain.accounts import Account
from api.domain.passwords import fold_email
from api.store.database import Tx

_OF_LIBRARY = (  # in the order of their keys: what refers to the library goes before it
    "member",
    "citekey",
    "object",
    "op",
    "sequence",
    "sync_device",
    "ack",
    "held_op",
    "delete_tally",
    "import_job",
    "correction",
    "own_identifier",
    "apart",
    "public_address",
    "saved_search",
    "many_edit",
    "digest",
    "digest_issue",
    "digest_paper",
    "mail",
    "signal",
    "signal_seen",
    "search_doc",
    "search_vector",
    "search_word",
    "search_gram",
    "search_place",
    "library_commit",
    "library_epoch",
)


async def erase(tx: Tx, account: Account) -> None:
    """Delete every row of the account and its library; a write that is under way comes first or fails."""
    await tx.take_time()
    await tx.lock(f"library:{account.library_id}")
    # The row that every push counts its versions in: who comes later finds no library.
    await tx.run("UPDATE library SET version = version + 1 WHERE id = :library_id", library_id=account.library_id)
    for table in _OF_LIBRARY:
        await tx.run(f"DELETE FROM {table} WHERE library_id = :library_id", library_id=account.library_id)
    await tx.run(
        "DELETE FROM observation WHERE paper_id IN (SELECT id FROM paper WHERE for_library = :library_id)",
        library_id=account.library_id,
    )
    await tx.run("DELETE FROM paper WHERE for_library = :library_id", library_id=account.library_id)
    await _erase_proofs(tx, account)
    await tx.run("DELETE FROM library WHERE id = :library_id", library_id=account.library_id)
    await tx.run("DELETE FROM account WHERE id = :id", id=account.id)


async def _erase_proofs(tx: Tx, account: Account) -> None:
    """Delete what lets somebody in, or would have."""
    await tx.run(
        "DELETE FROM refresh_token WHERE device_id IN (SELECT id FROM device WHERE account_id = :id)", id=account.id
    )
    for table in ("device", "access_token", "device_grant"):
        await tx.run(f"DELETE FROM {table} WHERE account_id = :id", id=account.id)
    for row in await tx.rows("SELECT token_hash, email FROM one_time_link WHERE email IS NOT NULL"):
        if fold_email(row["email"]) == fold_email(account.email):
            await tx.run("DELETE FROM one_time_link WHERE token_hash = :hash", hash=row["token_hash"])
