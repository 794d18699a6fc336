"""One instance as its processes see it: settings completed from the data folder, and the desk opened on them.

Every process completes the same settings to the same address, queue and key. Refuses a folder for sockets that
belongs to somebody else.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import tempfile
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from urllib.parse import quote

from msgspec.structs import replace

from api.actions.desk import Desk
from api.meaning import open_meaning
from api.pokes import Pokes
from api.queue import Reminders
from api.settings import PREFIX, Settings, read_settings
from api.store.database import open_database

MOST_SOCKET_BYTES = 100  # a Unix socket's path may have 104 bytes on macOS and 108 on Linux
KEY_FILE = "secret_key"
BACKUP_NOTE = "last_backup"


def read_instance(environment: Mapping[str, str]) -> Settings:
    """Settings with the folder absolute, and address and queue filled in where the environment names none."""
    settings = read_settings(environment)
    settings = replace(settings, data_dir=settings.data_dir.absolute())
    if PREFIX + "BASE_URL" not in environment:
        settings = replace(settings, base_url=f"http://{reachable(settings.host)}:{settings.port}")
    if not settings.redis_url:
        settings = replace(settings, redis_url=own_queue(settings.data_dir))
    return settings


def own_queue(data_dir: Path) -> str:
    """The address of the embedded queue of a data folder."""
    return f"unix://{quote(str(socket_path(data_dir)))}"


def with_secret_key(settings: Settings) -> Settings:
    """Settings with a key to sign with: the given one, or the data folder's, made on the first start (mode 0600)."""
    if settings.secret_key:
        return settings
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    path = settings.data_dir / KEY_FILE
    if not path.exists():
        _make_key(path)
    key = path.read_text("ascii").strip()
    if len(key) < 32:
        raise ValueError(f"the key in {path} is too short; restore it, or remove it and sign in again everywhere")
    return replace(settings, secret_key=key)


def own_key(settings: Settings) -> str:
    """The key that the data folder keeps; empty where the environment gives one, or none was made yet."""
    path = settings.data_dir / KEY_FILE
    return "" if settings.secret_key or not path.exists() else path.read_text("ascii").strip()


def keep_key(settings: Settings, key: str) -> None:
    """Let the data folder keep this key from now on (mode 0600); nothing where the environment gives one."""
    if key and not settings.secret_key:
        with tempfile.NamedTemporaryFile("w", dir=settings.data_dir, encoding="ascii", delete=False) as draft:
            draft.write(key)
        os.replace(draft.name, settings.data_dir / KEY_FILE)


def note_backup(data_dir: Path, path: Path, made_at: int) -> None:
    """Remember when the last backup was made (Unix milliseconds) and where it went."""
    data_dir.joinpath(BACKUP_NOTE).write_text(f"{made_at}\n{path.absolute()}\n", "utf-8")


def last_backup(data_dir: Path) -> tuple[int, str] | None:
    """When the last backup was made (Unix milliseconds) and where it went; None where there was none."""
    try:
        made_at, path = data_dir.joinpath(BACKUP_NOTE).read_text("utf-8").splitlines()
        return int(made_at), path
    except (FileNotFoundError, ValueError):
        return None


def socket_path(data_dir: Path) -> Path:
    """Where the embedded Valkey listens: in the data folder, or in a short private one where that path is too long."""
    beside = data_dir / "valkey.sock"
    if len(os.fsencode(beside)) <= MOST_SOCKET_BYTES:
        return beside
    name = hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"scholium-{os.getuid()}" / f"{name}.sock"


def make_socket_folder(folder: Path) -> None:
    """Make the folder of a socket for us alone; raises PermissionError if it is another user's."""
    folder.mkdir(parents=True, mode=0o700, exist_ok=True)
    if folder.is_symlink() or folder.stat().st_uid != os.getuid():
        raise PermissionError(f"{folder} belongs to another user")


def reachable(host: str) -> str:
    """The name by which this machine reaches what listens on `host`, as it stands in a URL."""
    if host in ("0.0.0.0", ""):  # noqa: S104  a name to compare with, nothing listens here
        return "127.0.0.1"
    if host == "::":
        return "[::1]"
    return f"[{host}]" if ":" in host else host


@asynccontextmanager
async def open_desk(settings: Settings, statement_seconds: float = 0) -> AsyncIterator[Desk]:
    """A desk on the instance's database and queue, with the machine's clock; closed at the end.

    No statement takes longer than `statement_seconds` (0: as long as it needs) where the database can see to that.
    """
    database = await open_database(settings.database, statement_seconds)
    try:
        reminders = Reminders(settings.redis_url)
        try:
            pokes = Pokes(settings.redis_url)
            try:
                yield Desk(database, reminders, settings, now, pokes, open_meaning(wanted=settings.semantic))
            finally:
                await pokes.close()
        finally:
            reminders.close()
    finally:
        await database.close()


def now() -> int:
    """The machine's clock, in Unix milliseconds."""
    return time.time_ns() // 1_000_000


def _make_key(path: Path) -> None:
    """Write a key beside the place and link it there, so that of two processes one wins and none reads half a key."""
    with tempfile.NamedTemporaryFile("w", dir=path.parent, encoding="ascii") as draft:  # mode 0600
        draft.write(secrets.token_urlsafe(48))
        draft.flush()
        os.fsync(draft.fileno())
        with suppress(FileExistsError):
            os.link(draft.name, path)
