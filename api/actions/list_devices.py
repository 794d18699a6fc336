"""List the devices that are signed in."""

from __future__ import annotations

from api.actions.desk import Desk
from api.domain.accounts import Device
from api.store import devices
from api.store.database import Tx


async def list_devices(desk: Desk, account_id: str) -> list[Device]:
    """The signed-in devices of an account, the latest seen first."""

    async def work(tx: Tx) -> list[Device]:
        return await devices.listed(tx, account_id)

    return await desk.database.read(work)
