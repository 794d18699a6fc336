"""A whole service on this machine: two APIs behind the shipped proxy, a worker and a ticker, of any folder of code."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import httpx
import msgspec

from tests.conftest import ROOT
from tests.durability.proxies import proxy_before
from tests.hosts.test_hosts import Watcher
from tests.hosts.traffic import Verdict
from tests.journeys.conftest import until

APIS, PARTS = ("api1", "api2"), ("api1", "api2", "worker", "ticker")
START_SECONDS = 180  # of a process on a busy machine


class Site:
    """Two APIs, a worker and a ticker of either version, and a proxy; each process is started with a folder of code."""

    def __init__(self, stack: ExitStack, home: Path, environment: dict[str, str]) -> None:
        self.home, self._running = home, dict[str, subprocess.Popen[bytes]]()
        self.ports = {name: free_port() for name in (*APIS, "proxy")}
        self.url = f"http://127.0.0.1:{self.ports['proxy']}"
        more = {"SCHOLIUM_BASE_URL": self.url, "SCHOLIUM_TRUSTED_PROXIES": "127.0.0.1"}
        self._environment = os.environ | environment | more
        stack.callback(self.close)

    def start(self, part: str, program: Path) -> None:
        """Start a part from this folder; an API answers when this returns."""
        words = [sys.executable, "-m", "api.cli", part.rstrip("12")]
        self._run(part, words, program)
        if part in APIS:
            until(lambda: self.answers(part), START_SECONDS, part)

    def stop(self, part: str) -> None:
        """SIGTERM, and wait for its end."""
        process = self._running.pop(part)
        process.terminate()
        process.wait(120)

    def migrate(self, program: Path) -> str:
        """The schema of this version."""
        words = [sys.executable, "-m", "api.cli", "migrate"]
        ended = subprocess.run(words, env=self._environment, cwd=program, capture_output=True, text=True)
        assert ended.returncode == 0, ended.stderr
        return ended.stdout

    def start_proxy(self) -> None:
        """The Caddyfile that is shipped, in front of both APIs."""
        words = proxy_before(self.home, self.url, [self.ports[api] for api in APIS])
        self._run("proxy", words, self.home)
        until(lambda: self.answers("proxy"), what="the proxy")

    def start_traffic(self) -> Watcher:
        """People who save, push, pull, read and listen until they are told to stop."""
        self._run("traffic", [sys.executable, "-m", "tests.hosts.traffic", self.url, str(self.home)], ROOT)
        return Watcher(self.home / "requests.jsonl")

    def verdict(self) -> Verdict:
        """End the traffic, and hear what it found."""
        process = self._running.pop("traffic")
        process.terminate()
        assert process.wait(180) == 0
        return msgspec.json.decode((self.home / "verdict.json").read_bytes(), type=Verdict)

    def answers(self, part: str, what: str = "live") -> bool:
        """Whether a process says that it is there, or ready."""
        try:
            return httpx.get(f"http://127.0.0.1:{self.ports[part]}/health/{what}", timeout=10).status_code == 200
        except httpx.HTTPError:
            return False

    def held(self, part: str) -> tuple[int, int]:
        """How many bytes and how many descriptors a process holds, as the kernel says."""
        folder = Path(f"/proc/{self._running[part].pid}")
        lines = (folder / "status").read_text("ascii").splitlines()
        resident = next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:"))
        return resident * 1024, len(list((folder / "fd").iterdir()))

    def close(self) -> None:
        """End everything."""
        for part in list(self._running):
            self.stop(part)

    def _run(self, part: str, words: list[str], program: Path) -> None:
        port = {"SCHOLIUM_PORT": str(self.ports[part])} if part in APIS else {"HOME": str(self.home)}
        self._running[part] = subprocess.Popen(words, env=self._environment | port, cwd=program)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
