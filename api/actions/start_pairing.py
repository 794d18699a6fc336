"""Start pairing: a device without a keyboard for passwords asks to be let in (RFC 8628 3.1).

Refuses client names that are not public names, and the name of our own web pages.
"""

from __future__ import annotations

import re
import secrets

from api.actions.desk import Desk
from api.domain.accounts import WEB_CLIENT
from api.domain.errors import BadInput
from api.domain.fields import check_text
from api.domain.one_way import SECRET_BYTES, hashed
from api.domain.pairings import ALPHABET, LETTERS, LIFE_SECONDS, Grant, Pairing, user_code
from api.store import grants
from api.store.database import Tx

MOST_NAME = 100
_CLIENT = re.compile(r"[a-z0-9-]{1,64}")


async def start_pairing(desk: Desk, client_id: str, device_name: str = "") -> Pairing:
    """A secret to poll with and a code to show; raises BadInput for a client or device name that is not taken."""
    if not _CLIENT.fullmatch(client_id) or client_id == WEB_CLIENT:
        raise BadInput("client_id must be 1 to 64 of a-z, 0-9 and -")
    if len(device_name) > MOST_NAME:
        raise BadInput(f"device_name has at most {MOST_NAME} characters")
    check_text("device_name", device_name)
    now = desk.now()
    device_code = secrets.token_urlsafe(SECRET_BYTES)
    code = user_code([secrets.randbelow(len(ALPHABET)) for _ in range(LETTERS)])
    grant = Grant(code, client_id, device_name or client_id, "pending", None, now + LIFE_SECONDS * 1000, 0)

    async def work(tx: Tx) -> None:
        await grants.add(tx, hashed(device_code), grant, now)

    await desk.database.write(work)
    return Pairing(device_code, code)
