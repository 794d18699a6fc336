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
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser as PlainBrowser
from playwright.sync_api import Page, sync_playwright

from tests.conftest import ROOT, SECRET, fresh_database
from tests.durability.scale import FULL
from tests.fakes import ReplayServer, Reply, not_found
from tests.journeys.browsers import CHROMIUM, Browser, profiles_of
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


# Each browser and each database once; in a whole run each browser with each database.
EACH = [("chromium", "postgres"), ("firefox", "sqlite")]
PAIRED = pytest.mark.parametrize(
    ("profiles", "database_url"),
    EACH + [("chromium", "sqlite"), ("firefox", "postgres")] * FULL,
    indirect=True,
)


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
            until(self._answers, 120, "the API")

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
        self.asked: list[str] = []

    def page(self, path: str, query: str) -> Reply:
        """A page by its whole address."""
        self.asked.append(path)
        body = self.pages.get(path)
        if body is None:
            return not_found(path, query)
        kind = "application/pdf" if body.startswith(b"%PDF") else "text/html; charset=utf-8"
        return 200, {"Content-Type": kind}, body

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


@pytest.fixture(params=["chromium", "firefox"])
def profiles(
    request: pytest.FixtureRequest, built_extension: Path, proxy: ReplayServer, tmp_path: Path
) -> Iterator[Callable[[str], Browser]]:
    """Makes profiles of one real browser, with the extension."""
    with profiles_of(request.param, tmp_path, built_extension, proxy.url) as make:
        yield make


@pytest.fixture
def chromium() -> Iterator[PlainBrowser]:
    """A Chromium of its own, without the extension."""
    with sync_playwright() as playwright:
        switches = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=switches)
        yield browser
        browser.close()


def enter(page: Page, instance: Instance, path: str = "/") -> None:
    """Open a page of the instance as Ada, who signs in on the way."""
    page.goto(instance.url + path)
    page.get_by_label("Email").fill(EMAIL)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(instance.url + path)


@pytest.fixture
def instance(world: World, database_url: str, redis_url: str, tmp_path: Path) -> Iterator[Instance]:
    """An instance with Ada's account, not started; its sources are `world.answers`."""
    with instance_in(tmp_path, database_url, redis_url, world) as made:
        yield made


@pytest.fixture(scope="module")
def kept_instance(
    request: pytest.FixtureRequest, valkey_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Instance]:
    """An instance on SQLite with Ada's account that answers, for all tests of a module."""
    folder = tmp_path_factory.mktemp("kept")
    with (
        fresh_database("sqlite", request.getfixturevalue, folder) as database_url,
        instance_in(folder, database_url, valkey_url, World()) as made,
    ):
        made.start("api")
        yield made


@contextmanager
def instance_in(folder: Path, database_url: str, redis_url: str, world: World) -> Iterator[Instance]:
    """An instance with Ada's account on these, its data in the folder."""
    with ReplayServer(lambda path, query: world.source(path, query)) as sources:
        made = Instance(
            {
                **OFFLINE,
                "SCHOLIUM_DATABASE_URL": database_url,
                "SCHOLIUM_REDIS_URL": redis_url,
                "SCHOLIUM_DATA_DIR": str(folder),
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
        try:
            yield made
        finally:
            made.close()


@pytest.fixture(scope="session")
def built_extension(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The extension as it is shipped, but with its hosts granted at install: nobody can click a prompt here."""
    return unpacked(tmp_path_factory.mktemp("extension") / "unpacked")


def unpacked(folder: Path) -> Path:
    """Build the extension into a new folder, with the hosts of these tests granted."""
    built = folder.with_name("built")  # not in the checkout, where others build at the same time
    subprocess.run(["node", "extension/build.mjs", str(built)], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    shutil.move(built / "extension", folder)
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    manifest["host_permissions"] = ["http://127.0.0.1/*", "http://arxiv.org/*"]
    # The outside world of these journeys speaks plain http, from which the extension would load nothing.
    policy = manifest["content_security_policy"]
    policy["extension_pages"] = policy["extension_pages"].replace(" https: ", " https: http://arxiv.org ")
    (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    return folder
