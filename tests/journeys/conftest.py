"""A whole instance as real processes, the outside world on loopback, and what real browsers need to see both."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.conftest import ROOT, SECRET
from tests.fakes import ReplayServer, Reply, not_found
from tests.make import OFFLINE

EMAIL, PASSWORD = "ada@example.org", "correct horse battery"
SHARED = ROOT.parent / "shared"


def until(holds: Callable[[], Any], seconds: float = 30, what: str = "it") -> Any:
    """Look often until something holds; returns what it was."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = holds()
        if found:
            return found
        time.sleep(0.05)
    raise TimeoutError(f"{what} did not come about in {seconds} s")


class Instance:
    """The API and a worker as processes of their own, started and stopped as the journey goes."""

    def __init__(self, environment: dict[str, str]) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = environment | {"SCHOLIUM_PORT": str(self.port), "SCHOLIUM_BASE_URL": self.url}
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._clients: list[httpx.Client] = []

    def command(self, *words: str, said: str = "") -> str:
        """Run one `scholium` command to its end."""
        run = [sys.executable, "-m", "api.cli", *words]
        environment = os.environ | self.environment
        ended = subprocess.run(run, input=said, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=60)
        assert ended.returncode == 0, ended.stderr
        return ended.stdout

    def start(self, part: str) -> None:
        """Start `api`, `worker` or `ticker`, and wait for the API to answer."""
        run = [sys.executable, "-m", "api.cli", part]
        self._running[part] = subprocess.Popen(run, env=os.environ | self.environment, cwd=ROOT)
        if part == "api":
            until(self._answers, what="the API")

    def runs(self, part: str) -> bool:
        """Whether a part was started, and has not ended since."""
        return part in self._running and self._running[part].poll() is None

    def stop(self, part: str) -> None:
        """End a part by its process id, where it runs."""
        if process := self._running.pop(part, None):
            process.terminate()
            process.wait(20)

    def close(self) -> None:
        """End everything that runs."""
        for client in self._clients:
            client.close()
        for part in list(self._running):
            self.stop(part)

    def session(self) -> httpx.Client:
        """A script's client, signed in."""
        client = httpx.Client(base_url=self.url)
        self._clients.append(client)
        wish = {"email": EMAIL, "password": PASSWORD, "device": "script"}
        answer = client.post("/v1/sessions", json=wish)
        assert answer.status_code in (200, 201), answer.text
        client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
        return client

    def _answers(self) -> bool:
        try:
            return httpx.get(f"{self.url}/health/live").status_code == 200
        except httpx.HTTPError:
            return False


class World:
    """What the outside says: pages for the browser (as its proxy), and the sources' answers for the worker."""

    def __init__(self) -> None:
        self.pages: dict[str, bytes] = {}
        self.answers: dict[str, Reply] = {}

    def page(self, path: str, query: str) -> Reply:
        """A page by its whole address."""
        body = self.pages.get(path)
        if body is None:
            return not_found(path, query)
        return 200, {"Content-Type": "text/html; charset=utf-8"}, body

    def source(self, path: str, query: str) -> Reply:
        """A source's answer by a word in the question."""
        for word, reply in self.answers.items():
            if word in f"{path}?{query}":
                return reply
        return not_found(path, query)


@pytest.fixture
def world() -> World:
    """An outside world that knows nothing yet."""
    return World()


@pytest.fixture
def proxy(world: World) -> Iterator[ReplayServer]:
    """The browser's way out: every plain-http address is answered from `world.pages`."""
    with ReplayServer(lambda path, query: world.page(path, query)) as server:
        yield server


@pytest.fixture
def instance(world: World, database_url: str, redis_url: str, tmp_path: Path) -> Iterator[Instance]:
    """An instance with Ada's account, not started; its sources are `world.answers`."""
    with ReplayServer(lambda path, query: world.source(path, query)) as sources:
        made = Instance(
            {
                **OFFLINE,
                "SCHOLIUM_DATABASE_URL": database_url,
                "SCHOLIUM_REDIS_URL": redis_url,
                "SCHOLIUM_DATA_DIR": str(tmp_path),
                "SCHOLIUM_SECRET_KEY": SECRET,
                "SCHOLIUM_LIMITS": "off",
                "SCHOLIUM_ARXIV_URL": sources.url,
                "SCHOLIUM_CROSSREF_URL": sources.url,
                "SCHOLIUM_ARXIV_INTERVAL_SECONDS": "0.01",
                "SCHOLIUM_CROSSREF_INTERVAL_SECONDS": "0.01",
                "SCHOLIUM_ALLOW_PRIVATE_SOURCES": "1",
                "SCHOLIUM_CONTACT_EMAIL": "admin@example.org",
            }
        )
        made.command("user", "add", EMAIL, said=PASSWORD + "\n")
        yield made
        made.close()


@pytest.fixture(scope="session")
def built_extension(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The extension as it is shipped, but with its hosts granted at install: nobody can click a prompt here."""
    subprocess.run(["node", "extension/build.mjs"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    folder = tmp_path_factory.mktemp("extension") / "unpacked"
    shutil.copytree(ROOT / "dist" / "extension", folder)
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    manifest["host_permissions"] = ["http://127.0.0.1/*", "http://arxiv.org/*"]
    (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    return folder
