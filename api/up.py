"""`scholium up`: the whole service on one machine, and nothing of it left when it ends.

Starts the queue (unless the address of one is set), then the API, a worker and the ticker, and starts again what
dies. Ends API and workers first and the queue last, within 15 seconds. Refuses a second instance on one data folder
and a port that is taken.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import logging
import os
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from api.actions.make_link import make_link
from api.children import Child
from api.console import say
from api.instance import open_desk, own_queue, reachable, socket_path, with_secret_key
from api.settings import PREFIX, Settings
from api.store import accounts
from api.store.migrate import migrate
from api.valkey import Valkey

log = logging.getLogger(__name__)

PARTS = {"api": ("api.cli", "api"), "worker": ("workers.main",), "ticker": ("workers.ticker",)}
PATIENCE = (5.0, 3.0)  # the first signal lets a request or a job end, the second cuts it; the sweep takes it up again
WATCH_SECONDS = 1.0


async def up(settings: Settings) -> None:
    """Run until SIGINT or SIGTERM; raises OSError or ValueError where the instance cannot start."""
    check_port(settings)
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    with _alone(settings.data_dir):
        settings = with_secret_key(settings)
        stop = _stop_on_signals()
        own = settings.redis_url == own_queue(settings.data_dir)
        valkey = Valkey(socket_path(settings.data_dir), settings.data_dir / "queue") if own else None
        try:
            if valkey is not None:
                valkey.ensure()
            link = await _prepare(settings)
            await _run(settings, valkey, link, stop)
        finally:
            if valkey is not None:
                valkey.stop()


def check_port(settings: Settings) -> None:
    """Raise OSError, in one clear line, if nothing can listen where the settings say."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM)[
            0
        ]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as wrong:
        where = f"{settings.host}:{settings.port}"
        raise OSError(f"cannot listen on {where}: {wrong.strerror}; set {PREFIX}PORT to another port") from None


@contextmanager
def _alone(data_dir: Path) -> Iterator[None]:
    """Hold the data folder; the lock goes with this process however it ends."""
    with open(data_dir / "up.lock", "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise OSError(f"another instance runs on {data_dir}; set {PREFIX}DATA_DIR to another folder") from None
        yield


def _stop_on_signals() -> asyncio.Event:
    stop = asyncio.Event()
    for sign in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(sign, stop.set)
    return stop


async def _prepare(settings: Settings) -> str | None:
    """Bring the schema up to date; returns a one-time link for the owner if nobody has an account yet."""
    async with open_desk(settings) as desk:
        await migrate(desk.database)
        if await desk.database.read(accounts.count) == 0:
            return await make_link(desk, "owner")
    return None


async def _run(settings: Settings, valkey: Valkey | None, link: str | None, stop: asyncio.Event) -> None:
    environment = _environment(settings)
    children = [Child(name, (sys.executable, "-m", *words), environment) for name, words in PARTS.items()]
    parts = [asyncio.create_task(child.keep()) for child in children]
    asides = [asyncio.create_task(_announce(settings, link))]
    if valkey is not None:
        asides.append(asyncio.create_task(_watch(valkey)))
    try:
        await stop.wait()
    finally:
        for aside in asides:
            aside.cancel()
        await asyncio.gather(*asides, return_exceptions=True)
        await asyncio.gather(*(child.stop(PATIENCE) for child in children))
        await asyncio.gather(*parts)


def _environment(settings: Settings) -> dict[str, str]:
    """What the parts are told beside our own environment: the settings that were completed here."""
    return os.environ | {
        PREFIX + "DATA_DIR": str(settings.data_dir),
        PREFIX + "REDIS_URL": settings.redis_url,
        PREFIX + "BASE_URL": settings.base_url,
    }


async def _announce(settings: Settings, link: str | None) -> None:
    """Print the address, and the owner's link on the first start, as soon as the API answers."""
    host = reachable(settings.host).strip("[]")
    while True:
        with contextlib.suppress(OSError):
            _, writer = await asyncio.open_connection(host, settings.port)
            writer.close()
            break
        await asyncio.sleep(0.1)
    say(f"Scholium runs at {settings.base_url}")
    if link is not None:
        say(f"Make the owner's account, once, at {link}")


async def _watch(valkey: Valkey) -> None:
    """Start the queue again when it dies; what it forgot, the ticker's sweep finds."""
    while True:
        await asyncio.sleep(WATCH_SECONDS)
        try:
            if await asyncio.to_thread(valkey.ensure):
                log.error("the queue had ended and was started again")
        except OSError as wrong:
            log.error("%s", wrong)
