"""An instance whose API can be killed, run twice on one database, and asked how much memory it holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import unquote
from uuid import uuid4

import httpx
import pytest
import redis

from tests.conftest import SECRET, fresh_database
from tests.durability.browsers import Browser
from tests.durability.devices import HttpDevice
from tests.fakes import ReplayServer, Reply, not_found
from tests.journeys.conftest import PASSWORD, Instance
from tests.make import OFFLINE
from tests.workers.outside_world import atom
from tests.workers.test_recovery import kill

MEGABYTE = 1024 * 1024


class Service(Instance):
    """An instance started as a person would, and killed as no person would."""

    def kill(self, part: str = "api") -> None:
        """SIGKILL: nothing can be tidied up."""
        kill(self._running.pop(part))

    def resident(self, what: str = "VmRSS") -> int:
        """How many bytes the API holds (`VmHWM`: held at most), as the kernel says."""
        status = Path(f"/proc/{self._running['api'].pid}/status").read_text("ascii")
        line = next(line for line in status.splitlines() if line.startswith(f"{what}:"))
        return int(line.split()[1]) * 1024


def arxiv(path: str, query: str) -> Reply:
    """Answers for any id that is asked for."""
    if "id_list=" not in query:
        return not_found(path, query)
    numbers = unquote(query.split("id_list=")[1].split("&")[0]).split(",")
    return 200, {"Content-Type": "application/atom+xml"}, atom(numbers)


class Instances:
    """One instance for each database, started when a test first asks for it and running until the last test is over."""

    def __init__(self, address_of: Callable[[str], str], environment: dict[str, str]) -> None:
        self._address_of, self._environment = address_of, environment
        self._running: dict[str, Service] = {}

    def on(self, engine: str) -> Service:
        """The instance on `sqlite` or `postgres`, its API running."""
        if engine not in self._running:
            url = self._address_of(engine)
            self._running[engine] = Service(self._environment | {"SCHOLIUM_DATABASE_URL": url})
        if not self._running[engine].runs("api"):  # also where a test that failed left it dead
            self._running[engine].start("api")
        return self._running[engine]

    def close(self) -> None:
        """End them all."""
        for service in self._running.values():
            service.close()


@pytest.fixture(scope="session")
def instances(
    request: pytest.FixtureRequest, valkey_url: str, postgres_template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Instances]:
    """The instances that all tests of this folder share, each test with an account of its own.

    The server of the databases is asked for ahead, so that it ends after them.
    """
    with redis.Redis.from_url(valkey_url) as client:
        client.flushall()
    with ExitStack() as stack:
        sources = stack.enter_context(ReplayServer(arxiv))
        home = tmp_path_factory.mktemp("durability")

        def address_of(engine: str) -> str:
            return stack.enter_context(fresh_database(engine, request.getfixturevalue, home))

        running = Instances(address_of, told(sources.url, valkey_url, home))
        stack.callback(running.close)
        yield running


def told(sources: str, redis_url: str, home: Path) -> dict[str, str]:
    """What every process of an instance is told, but for its database."""
    return {
        **OFFLINE,
        "SCHOLIUM_REDIS_URL": redis_url,
        "SCHOLIUM_DATA_DIR": str(home),
        "SCHOLIUM_SECRET_KEY": SECRET,
        "SCHOLIUM_LIMITS": "off",
        "SCHOLIUM_REGISTRATION": "open",
        "SCHOLIUM_ARXIV_URL": sources,
        "SCHOLIUM_ARXIV_INTERVAL_SECONDS": "0.001",
        "SCHOLIUM_ALLOW_PRIVATE_SOURCES": "1",
        "SCHOLIUM_CONTACT_EMAIL": "admin@example.org",
    }


@pytest.fixture(params=["sqlite", "postgres"])
def service(request: pytest.FixtureRequest, instances: Instances) -> Service:
    """The instance on each database, running."""
    return instances.on(request.param)


@pytest.fixture
def sign_in(service: Service) -> Iterator[Callable[[str, str], HttpDevice]]:
    """Sign a device in at an address, to this test's own account; closed at the end."""
    email = f"ada-{uuid4()}@example.org"
    made = httpx.post(f"{service.url}/v1/accounts", json={"email": email, "password": PASSWORD})
    assert made.status_code == httpx.codes.CREATED, made.text
    devices: list[HttpDevice] = []

    def make(url: str, name: str = "device") -> HttpDevice:
        devices.append(HttpDevice(url, email, name))
        return devices[-1]

    yield make
    for device in devices:
        device.close()


@pytest.fixture
def browsers() -> Iterator[Callable[[], Browser]]:
    """Start browsers; ended at the end."""
    running: list[Browser] = []

    def start() -> Browser:
        running.append(Browser())
        return running[-1]

    yield start
    for browser in running:
        browser.close()
