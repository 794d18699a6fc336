"""An instance whose API can be killed, run twice on one database, and asked how much memory it holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest

from tests.conftest import SECRET
from tests.durability.browsers import Browser
from tests.durability.devices import HttpDevice
from tests.fakes import ReplayServer, Reply, not_found
from tests.journeys.conftest import EMAIL, PASSWORD, Instance
from tests.make import OFFLINE
from tests.workers.test_recovery import FEED, kill

MEGABYTE = 1024 * 1024


class Service(Instance):
    """The instance of a test, started as a person would, and killed as no person would."""

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
    head, entry = FEED.removesuffix("</feed>").split("<entry>", 1)
    entries = "".join("<entry>" + entry.format(id=number) for number in numbers)
    return 200, {"Content-Type": "application/atom+xml"}, f"{head}{entries}</feed>".encode()


@pytest.fixture
def environment(database_url: str, redis_url: str, tmp_path: Path) -> Iterator[dict[str, str]]:
    """What every process of the instance is told."""
    with ReplayServer(arxiv) as sources:
        yield {
            **OFFLINE,
            "SCHOLIUM_DATABASE_URL": database_url,
            "SCHOLIUM_REDIS_URL": redis_url,
            "SCHOLIUM_DATA_DIR": str(tmp_path),
            "SCHOLIUM_SECRET_KEY": SECRET,
            "SCHOLIUM_LIMITS": "off",
            "SCHOLIUM_ARXIV_URL": sources.url,
            "SCHOLIUM_ARXIV_INTERVAL_SECONDS": "0.001",
            "SCHOLIUM_ALLOW_PRIVATE_SOURCES": "1",
            "SCHOLIUM_CONTACT_EMAIL": "admin@example.org",
        }


@pytest.fixture
def service(environment: dict[str, str]) -> Iterator[Service]:
    """The API of an instance with Ada's account, running."""
    made = Service(environment)
    made.command("user", "add", EMAIL, said=PASSWORD + "\n")
    try:
        made.start("api")
        yield made
    finally:  # also where it did not come up in time
        made.close()


@pytest.fixture
def sign_in() -> Iterator[Callable[[str, str], HttpDevice]]:
    """Sign a device in at an address; closed at the end."""
    devices: list[HttpDevice] = []

    def make(url: str, name: str = "device") -> HttpDevice:
        devices.append(HttpDevice(url, name))
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
